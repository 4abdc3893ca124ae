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
                    Duration.ofMillis(720));

    public AnswerTiming {
        if (rest.compareTo(LEAST_REST) < 0 || rest.compareTo(MOST_REST) > 0) {
            throw new IllegalArgumentException("a yes rests for 700 to 900 ms, not for " + rest);
        }
    }

    /** So long at least whoever has to read a question and type an answer is waited for. */
    static final Duration FIRST_INPUT_TYPED = Duration.ofSeconds(12);

    /** The same for another try. */
    static final Duration SECOND_TRY_TYPED = Duration.ofSeconds(8);

    /** The same for callers who read and type. */
    public AnswerTiming typing() {
        return new AnswerTiming(
                longer(firstInput, FIRST_INPUT_TYPED),
                longer(secondTry, SECOND_TRY_TYPED),
                settle,
                conflictWindow,
                speech,
                rest);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    public AnswerTiming withFirstInput(Duration other) {
        return new AnswerTiming(other, secondTry, settle, conflictWindow, speech, rest);
    }
}
