package org.consentgateway.statistics.today;

import java.time.Instant;
import java.util.Map;

/**
 * Immutable. What callers answered within some time, such as a minute or an hour.
 *
 * @param at when it began
 */
public record AnswerCounts(Instant at, Map<Kind, Integer> answers) {

    /** What was answered. */
    public enum Kind {
        GIVEN,
        REFUSED,
        UNANSWERED,
        WITHDRAWN
    }

    public AnswerCounts {
        answers = Map.copyOf(answers);
    }

    public int of(Kind kind) {
        return answers.getOrDefault(kind, 0);
    }
}
