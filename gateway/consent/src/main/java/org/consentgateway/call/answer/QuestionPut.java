package org.consentgateway.call.answer;

import java.time.Duration;
import java.util.Map;

/**
 * Immutable. From the start of a prompt until it has put what can be agreed to: nobody agrees to
 * what was not said yet.
 *
 * @param question until its first question
 * @param choices until what is chosen by each number of a menu has been named
 */
public record QuestionPut(Duration question, Map<Meaning, Duration> choices) {
    public QuestionPut {
        choices = Map.copyOf(choices);
    }

    /** Of what is answered by yes or no. */
    public static QuestionPut after(Duration question) {
        return new QuestionPut(question, Map.of());
    }

    Duration of(Meaning meaning) {
        return choices.getOrDefault(meaning, question);
    }
}
