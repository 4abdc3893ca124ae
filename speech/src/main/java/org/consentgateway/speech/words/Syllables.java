package org.consentgateway.speech.words;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts syllables by vowels, with a list of words that do not follow the rule. Hyphenation
 * patterns would undercount: they do not split after a first letter ("aber"). Immutable.
 *
 * @param vowels each match is a syllable
 * @param rewrites made before that, in this order
 * @param words in lower case, to their syllables
 * @param letters that take more than one where a word is spelled letter by letter
 */
public record Syllables(
        Pattern vowels,
        List<Rewrite> rewrites,
        Map<String, Integer> words,
        Map<Character, Integer> letters) {
    private static final Pattern ACRONYM = Pattern.compile("\\p{Lu}{2,4}");

    public record Rewrite(Pattern pattern, String as) {}

    public Syllables {
        rewrites = List.copyOf(rewrites);
        words = Map.copyOf(words);
        letters = Map.copyOf(letters);
    }

    /** At least 1. Parts joined by a hyphen are counted one by one ("KI-Assistent": 2 + 3). */
    int in(String word, Locale language) {
        Integer known = words.get(word.toLowerCase(language));
        if (known != null) {
            return known;
        }
        int sum = 0;
        for (String part : word.split("-", -1)) {
            if (!part.isEmpty()) {
                sum += ofPart(part, language);
            }
        }
        return Math.max(1, sum);
    }

    private int ofPart(String part, Locale language) {
        if (ACRONYM.matcher(part).matches()) {
            // "KI" is said letter by letter.
            return part.chars().map(c -> letters.getOrDefault((char) c, 1)).sum();
        }
        String lower = part.toLowerCase(language);
        Integer known = words.get(lower);
        if (known != null) {
            return known;
        }
        for (Rewrite each : rewrites) {
            lower = each.pattern.matcher(lower).replaceAll(each.as);
        }
        Matcher m = vowels.matcher(lower);
        int n = 0;
        while (m.find()) {
            n++;
        }
        return Math.max(1, n);
    }
}
