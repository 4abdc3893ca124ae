package org.consentgateway.call.spoken;

import java.util.List;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.Purpose;

/**
 * Immutable. How one question is put: at first, and when it is repeated.
 *
 * @param about id of the purpose it is about, or the empty string
 * @param bySpeech what is spoken at each attempt where the answer may be spoken
 * @param byKeys the same where keys only are understood
 */
public record Wording(String about, List<List<String>> bySpeech, List<List<String>> byKeys) {

    public static Wording of(Purpose purpose) {
        String id = purpose.id();
        return new Wording(
                id,
                List.of(
                        List.of(Parts.of(Parts.QUESTION, id)),
                        List.of(Parts.of(Parts.REPEAT_1, id)),
                        List.of(Parts.of(Parts.REPEAT_2, id))),
                List.of(
                        List.of(Parts.of(Parts.QUESTION_KEYS, id)),
                        List.of(Parts.of(Parts.REPEAT_1_KEYS, id)),
                        List.of(Parts.of(Parts.REPEAT_2_KEYS, id))));
    }

    public static Wording ofMenu() {
        return alike(
                List.of(
                        List.of(Parts.MENU),
                        List.of(Parts.MENU_REPEAT_1),
                        List.of(Parts.MENU_REPEAT_2)));
    }

    /** The same words for both ways of answering. */
    public static Wording alike(List<List<String>> attempts) {
        return new Wording("", attempts, attempts);
    }

    /**
     * @param attempt from 1; after the last wording it stays with that
     */
    public List<String> parts(int attempt, boolean speech) {
        List<List<String>> attempts = speech ? bySpeech : byKeys;
        return attempts.get(Math.min(attempt, attempts.size()) - 1);
    }
}
