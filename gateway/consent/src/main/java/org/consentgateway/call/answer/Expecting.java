package org.consentgateway.call.answer;

import java.util.Map;
import java.util.Set;

/**
 * Immutable. What counts as an answer to one question.
 *
 * @param keys key to what it means here
 * @param words what may be said; empty where the question listens to keys only
 * @param withdrawal keys that, one after the other, withdraw the consent in force; empty where
 *     there is none
 * @param yesWaits whether agreeing counts only once the question itself has been spoken; refusing
 *     counts at once, always
 */
public record Expecting(
        Map<Character, Meaning> keys, Set<Meaning> words, String withdrawal, boolean yesWaits) {
    public Expecting {
        keys = Map.copyOf(keys);
        words = Set.copyOf(words);
    }

    public Expecting(Map<Character, Meaning> keys, Set<Meaning> words, String withdrawal) {
        this(keys, words, withdrawal, false);
    }

    public Expecting(Map<Character, Meaning> keys, Set<Meaning> words) {
        this(keys, words, "");
    }

    /**
     * For a question that follows on an answer: who still presses the key of the one before has not
     * agreed to this one.
     */
    public Expecting afterAnAnswer() {
        return new Expecting(keys, words, withdrawal, true);
    }

    /** Keys only: speech is not listened to. */
    public Expecting keysOnly() {
        return new Expecting(keys, Set.of(), withdrawal, yesWaits);
    }
}
