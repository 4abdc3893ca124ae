package org.consentgateway.call.spoken;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.QuestionPut;

/**
 * Immutable. A prompt whose last part asks.
 *
 * @param text of that part
 * @param before how long what is said before that part takes
 * @param itself how long that part takes
 */
public record AskingPrompt(String text, Duration before, Duration itself) {
    private static final Duration LAST_FRAMES = Duration.ofMillis(40);

    /** When it has put what can be agreed to by these answers. */
    public QuestionPut put(Expecting expecting) {
        Map<Meaning, Duration> choices = new EnumMap<>(Meaning.class);
        for (Meaning choice : expecting.keys().values()) {
            if (choice.digit() > 0) {
                choices.put(choice, put(FirstQuestion.shareOfChoice(text, choice.digit())));
            }
        }
        return new QuestionPut(put(), choices);
    }

    /** When it has put its first question. */
    public Duration put() {
        return put(FirstQuestion.share(text));
    }

    /**
     * At its last two frames at the latest.
     *
     * @param share of the part, until something is put
     */
    private Duration put(double share) {
        Duration put = before.plusMillis(Math.round(share * itself.toMillis()));
        Duration last = before.plus(itself).minus(LAST_FRAMES);
        return put.compareTo(last) < 0 ? put : last;
    }
}
