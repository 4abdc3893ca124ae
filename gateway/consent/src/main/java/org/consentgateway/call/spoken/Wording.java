package org.consentgateway.call.spoken;

import java.util.List;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Parts;

/**
 * Immutable. How one question is put: at first, and when it is repeated.
 *
 * @param level id of the level it is about, or the empty string
 * @param bySpeech what is spoken at each attempt where the answer may be spoken
 * @param byKeys the same where keys only are understood
 */
public record Wording(String level, List<List<String>> bySpeech, List<List<String>> byKeys) {

    public static Wording ofLevel(Level level) {
        String id = level.id();
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
