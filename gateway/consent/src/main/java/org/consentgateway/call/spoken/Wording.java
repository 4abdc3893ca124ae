package org.consentgateway.call.spoken;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.consent.Parts;
import org.consentgateway.consent.Purpose;

/**
 * Immutable. How one question is put: at first, and when it is repeated.
 *
 * @param about id of the purpose, or of the remembered level, it is about; else empty
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

    /**
     * Whether the remembered consent to a level holds in this call, too.
     *
     * @param level id
     */
    public static Wording ofKnown(String level) {
        return new Wording(
                level,
                List.of(
                        List.of(Parts.of(Parts.KNOWN, level)),
                        List.of(Parts.of(Parts.KNOWN_REPEAT, level))),
                List.of(List.of(Parts.of(Parts.KNOWN_KEYS, level))));
    }

    /** Whether the consent is to hold for later calls. */
    public static Wording ofRemember() {
        return new Wording(
                "",
                List.of(List.of(Parts.REMEMBER), List.of(Parts.REMEMBER_REPEAT)),
                List.of(List.of(Parts.REMEMBER_KEYS)));
    }

    /** The same question, naming before it what is new. */
    public Wording after(String part) {
        return new Wording(about, with(part, bySpeech), with(part, byKeys));
    }

    private static List<List<String>> with(String part, List<List<String>> attempts) {
        var longer = new ArrayList<>(attempts);
        var first = new ArrayList<>(List.of(part));
        first.addAll(attempts.getFirst());
        longer.set(0, first);
        return longer;
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

    /** What may be spoken at the first attempt, by whatever way it is answered. */
    public Stream<String> firstParts() {
        return Stream.concat(bySpeech.getFirst().stream(), byKeys.getFirst().stream());
    }

    /**
     * @param attempt from 1; after the last wording it stays with that
     */
    public List<String> parts(int attempt, boolean speech) {
        List<List<String>> attempts = speech ? bySpeech : byKeys;
        return attempts.get(Math.min(attempt, attempts.size()) - 1);
    }
}
