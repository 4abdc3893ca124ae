package org.consentgateway.call.answer;

import java.time.Duration;

/**
 * Immutable. How long a question waits, for what.
 *
 * @param firstInput how long to wait for an answer after the question has ended
 * @param secondTry how long to wait after something that was no answer
 * @param settle from the start of a question, in which nothing counts: nobody can have heard it
 * @param conflictWindow how long a key that was pressed while somebody speaks waits for the words
 * @param speech how long one utterance may be in flight
 * @param rest how long nothing else may be said after a spoken yes before it is final; {@link
 *     #LEAST_REST} to {@link #MOST_REST}
 */
public record AnswerTiming(
        Duration firstInput,
        Duration secondTry,
        Duration settle,
        Duration conflictWindow,
        Duration speech,
        Duration rest) {
    /** Whoever thinks aloud or corrects himself pauses for up to a second between two words. */
    public static final Duration LEAST_REST = Duration.ofMillis(700);

    /** Longer would be felt as waiting. */
    public static final Duration MOST_REST = Duration.ofMillis(900);

    public static final AnswerTiming DEFAULT =
            new AnswerTiming(
                    Duration.ofSeconds(6),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(300),
                    Duration.ofMillis(700),
                    Duration.ofSeconds(6),
                    Duration.ofMillis(780));

    public AnswerTiming {
        if (rest.compareTo(LEAST_REST) < 0 || rest.compareTo(MOST_REST) > 0) {
            throw new IllegalArgumentException("a yes rests for 700 to 900 ms, not for " + rest);
        }
    }

    public AnswerTiming withFirstInput(Duration other) {
        return new AnswerTiming(other, secondTry, settle, conflictWindow, speech, rest);
    }
}
