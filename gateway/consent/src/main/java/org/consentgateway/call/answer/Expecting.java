package org.consentgateway.call.answer;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Immutable. What counts as an answer to one question.
 *
 * @param keys key to what it means here
 * @param words what may be said; empty where the question listens to keys only
 * @param withdrawal keys that, one after the other, withdraw the consent in force: the first of
 *     them means something else only after a second without the next; empty where there is none
 * @param counts from when on it does
 */
public record Expecting(
        Map<Character, Meaning> keys, Set<Meaning> words, String withdrawal, Starts counts) {
    /** From when on answers count. */
    public enum Starts {
        /** All of them at once: nothing is granted. */
        AT_ONCE,
        /** Agreeing once the question has been put, since it grants something; refusing at once. */
        YES_ONCE_PUT,
        /** Refusing as well: before that it may be said once more to what was asked before. */
        ONCE_PUT
    }

    /** What stops an announcement: a no, and what is no answer. */
    private static final Set<Meaning> IN_AN_ANNOUNCEMENT =
            EnumSet.of(
                    Meaning.REFUSE,
                    Meaning.HUMAN,
                    Meaning.WITHDRAW,
                    Meaning.ZERO,
                    Meaning.INFORMATION,
                    Meaning.OTHER_LANGUAGE);

    /** Listened for there all the same, so that it is not taken for the nearest of the others. */
    private static final Set<Meaning> HEARD_FOR_NOTHING = EnumSet.of(Meaning.AGREE, Meaning.HEDGED);

    public Expecting {
        keys = Map.copyOf(keys);
        words = Set.copyOf(words);
    }

    /** Where nothing is granted: every answer counts at once. */
    public Expecting(Map<Character, Meaning> keys, Set<Meaning> words) {
        this(keys, words, Starts.AT_ONCE);
    }

    /** Where no consent can end. */
    public Expecting(Map<Character, Meaning> keys, Set<Meaning> words, Starts counts) {
        this(keys, words, "", counts);
    }

    /** Whether agreeing grants something. */
    public boolean grants() {
        return counts == Starts.YES_ONCE_PUT;
    }

    /** Whether nothing counts as agreeing before the question has been put. */
    boolean yesWaits() {
        return counts != Starts.AT_ONCE;
    }

    /** Whether this answer counts only once the question has been put. */
    boolean waits(Meaning answer) {
        return switch (counts) {
            case AT_ONCE -> false;
            case YES_ONCE_PUT -> answer.agrees();
            case ONCE_PUT -> answer.agrees() || answer == Meaning.REFUSE || answer == Meaning.ZERO;
        };
    }

    /** The same while a consent can end by these keys. */
    public Expecting withdrawing(String withdrawalKeys) {
        return new Expecting(keys, words, withdrawalKeys, counts);
    }

    /** The keys that refuse. */
    public Set<Character> refusing() {
        return keys.entrySet().stream()
                .filter(key -> key.getValue().declines())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** "*" changes the language only when it is not the beginning of "*9". */
    boolean beginsWithdrawal(char digit) {
        return !withdrawal.isEmpty() && withdrawal.charAt(0) == digit;
    }

    /** What of it counts while something is announced that asks nothing. */
    public Expecting announcing() {
        var fewerKeys = new HashMap<>(keys);
        fewerKeys.values().retainAll(IN_AN_ANNOUNCEMENT);
        var fewerWords = EnumSet.copyOf(IN_AN_ANNOUNCEMENT);
        fewerWords.addAll(HEARD_FOR_NOTHING);
        fewerWords.retainAll(words);
        return new Expecting(fewerKeys, fewerWords, withdrawal, Starts.YES_ONCE_PUT);
    }

    /** This key, too, where nothing is granted: every answer counts at once. */
    public Expecting and(char key, Meaning meaning) {
        var moreKeys = new HashMap<>(keys);
        moreKeys.put(key, meaning);
        return new Expecting(moreKeys, words, withdrawal, Starts.AT_ONCE);
    }

    /** All but this. */
    public Expecting without(Meaning meaning) {
        var fewerKeys = new HashMap<>(keys);
        fewerKeys.values().remove(meaning);
        var fewerWords = new HashSet<>(words);
        fewerWords.remove(meaning);
        return new Expecting(fewerKeys, fewerWords, withdrawal, counts);
    }

    /** Keys only: speech is not listened to. */
    public Expecting keysOnly() {
        return new Expecting(keys, Set.of(), withdrawal, counts);
    }
}
