package org.consentgateway.call.answer;

import java.time.Duration;

/**
 * Immutable. How long a question waits, for what.
 *
 * @param firstInput how long to wait for an answer after the question has ended
 * @param secondTry how long to wait after something that was no answer
 * @param settle from the start of a question, in which nothing counts: nobody can have heard it
 * @param conflictWindow how near a key and spoken words must be to compete
 * @param speech how long one utterance may be in flight
 * @param ring how long a target may ring
 */
public record AnswerTiming(
        Duration firstInput,
        Duration secondTry,
        Duration settle,
        Duration conflictWindow,
        Duration speech,
        Duration ring) {
    public static final AnswerTiming DEFAULT =
            new AnswerTiming(
                    Duration.ofSeconds(6),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(300),
                    Duration.ofMillis(700),
                    Duration.ofSeconds(6),
                    Duration.ofSeconds(30));
}
