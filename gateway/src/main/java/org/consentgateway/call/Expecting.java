package org.consentgateway.call;

import java.util.Map;
import java.util.Set;

/**
 * Immutable. What counts as an answer to one question.
 *
 * @param keys key to what it means here
 * @param words what may be said; empty where the question listens to keys only
 * @param withdrawal keys that, one after the other, withdraw the consent in force; empty where
 *     there is none
 */
public record Expecting(Map<Character, Meaning> keys, Set<Meaning> words, String withdrawal) {
    public Expecting {
        keys = Map.copyOf(keys);
        words = Set.copyOf(words);
    }

    public Expecting(Map<Character, Meaning> keys, Set<Meaning> words) {
        this(keys, words, "");
    }

    /** Keys only: speech is not listened to. */
    public Expecting keysOnly() {
        return new Expecting(keys, Set.of(), withdrawal);
    }
}
