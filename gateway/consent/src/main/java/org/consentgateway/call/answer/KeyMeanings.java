package org.consentgateway.call.answer;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Immutable. What the keys 1 to 4, 0 and {@code *} mean in each kind of question, and which words
 * are understood beside them.
 */
public final class KeyMeanings {
    /** Understood in every question, and what people say instead of yes and no. */
    private static final Set<Meaning> ALWAYS =
            EnumSet.of(
                    Meaning.AGREE,
                    Meaning.REFUSE,
                    Meaning.HEDGED,
                    Meaning.REPEAT,
                    Meaning.HELP,
                    Meaning.INFORMATION,
                    Meaning.HUMAN,
                    Meaning.WITHDRAW);

    private KeyMeanings() {}

    /**
     * 1 agrees, 2 refuses, 0 asks for a human, 4 for the information.
     *
     * @param mayChangeLanguage whether {@code *} leads to another language
     */
    public static Expecting ofYesOrNo(boolean mayChangeLanguage) {
        return expecting(
                Map.of(
                        '1', Meaning.AGREE,
                        '2', Meaning.REFUSE,
                        '4', Meaning.INFORMATION,
                        '0', Meaning.HUMAN),
                ALWAYS,
                mayChangeLanguage);
    }

    /**
     * A digit chooses a level; 0 is none of them. A digit that chooses none is as in {@link
     * #ofYesOrNo}, but for 1 and 2.
     *
     * @param levels how many there are to choose from
     * @param mayChangeLanguage whether {@code *} leads to another language
     */
    public static Expecting ofMenu(int levels, boolean mayChangeLanguage) {
        var keys = new HashMap<Character, Meaning>();
        keys.put('4', Meaning.INFORMATION);
        for (int digit = 1; digit <= levels; digit++) {
            keys.put((char) ('0' + digit), Meaning.ofDigit(digit));
        }
        keys.put('0', Meaning.ZERO);
        var words = EnumSet.copyOf(ALWAYS);
        words.addAll(keys.values());
        return expecting(keys, words, mayChangeLanguage);
    }

    private static Expecting expecting(
            Map<Character, Meaning> keys, Set<Meaning> words, boolean mayChangeLanguage) {
        if (!mayChangeLanguage) {
            return new Expecting(keys, words, Expecting.Starts.YES_ONCE_PUT);
        }
        var allKeys = new HashMap<>(keys);
        allKeys.put('*', Meaning.OTHER_LANGUAGE);
        var allWords = EnumSet.copyOf(words);
        allWords.add(Meaning.OTHER_LANGUAGE);
        return new Expecting(allKeys, allWords, Expecting.Starts.YES_ONCE_PUT);
    }
}
