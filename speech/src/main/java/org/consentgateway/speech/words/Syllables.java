package org.consentgateway.speech.words;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts syllables by vowel groups, with a list of words that do not follow the rule. Hyphenation
 * patterns would undercount: they do not split after a first letter ("aber"). Immutable.
 */
final class Syllables {
    private static final Pattern GERMAN =
            Pattern.compile("aa|ee|oo|au|äu|ai|ei|eu|ie|oi|ui|[aeiouyäöü]");
    private static final Pattern ENGLISH = Pattern.compile("[aeiouy]+");
    private static final Pattern ELSEWHERE =
            Pattern.compile("[aeiouœæ]+|(?<![aeiouœæ])y(?![aeiouœæ])");
    private static final Pattern ACRONYM = Pattern.compile("\\p{Lu}{2,4}");

    private static final Map<String, Integer> GERMAN_EXCEPTIONS =
            Map.ofEntries(
                    Map.entry("familie", 4),
                    Map.entry("ferien", 3),
                    Map.entry("linie", 3),
                    Map.entry("lilie", 3),
                    Map.entry("studie", 3),
                    Map.entry("medien", 3),
                    Map.entry("aktuell", 3),
                    Map.entry("ideen", 3),
                    Map.entry("e-mail", 2),
                    Map.entry("team", 1),
                    Map.entry("geimpft", 2),
                    Map.entry("geirrt", 2),
                    Map.entry("beinhaltet", 4),
                    Map.entry("beurteilen", 4));
    private static final Map<String, Integer> ENGLISH_EXCEPTIONS =
            Map.ofEntries(
                    Map.entry("idea", 3),
                    Map.entry("being", 2),
                    Map.entry("every", 2),
                    Map.entry("someone", 2),
                    Map.entry("something", 2),
                    Map.entry("sometimes", 2),
                    Map.entry("business", 2),
                    Map.entry("people", 2),
                    Map.entry("area", 3),
                    Map.entry("create", 2),
                    Map.entry("science", 2),
                    Map.entry("quiet", 2),
                    Map.entry("really", 2),
                    Map.entry("evening", 2),
                    Map.entry("therefore", 2),
                    Map.entry("erase", 2),
                    Map.entry("cooperate", 4),
                    Map.entry("reality", 4),
                    Map.entry("european", 4),
                    Map.entry("hour", 1),
                    Map.entry("interest", 3));

    private Syllables() {}

    /** At least 1. Parts joined by a hyphen are counted one by one ("KI-Assistent": 2 + 3). */
    static int in(String language, String word) {
        Integer known = exceptions(language).get(word.toLowerCase(Locale.ROOT));
        if (known != null) {
            return known;
        }
        int sum = 0;
        for (String part : word.split("-", -1)) {
            if (!part.isEmpty()) {
                sum += ofPart(language, part);
            }
        }
        return Math.max(1, sum);
    }

    private static Map<String, Integer> exceptions(String language) {
        return switch (language) {
            case "de" -> GERMAN_EXCEPTIONS;
            case "en" -> ENGLISH_EXCEPTIONS;
            default -> Map.of();
        };
    }

    private static int ofPart(String language, String part) {
        if (ACRONYM.matcher(part).matches()) {
            return spelled(language, part);
        }
        String lower = part.toLowerCase(Locale.ROOT);
        Integer known = exceptions(language).get(lower);
        if (known != null) {
            return known;
        }
        return Math.max(
                1,
                switch (language) {
                    case "de" -> german(lower);
                    case "en" -> english(lower);
                    default -> elsewhere(lower);
                });
    }

    /** "KI" is said letter by letter. Only W (English) and Y (German) take three syllables. */
    private static int spelled(String language, String letters) {
        char longOne = language.equals("de") ? 'Y' : 'W';
        return letters.chars().map(c -> c == longOne ? 3 : 1).sum();
    }

    private static int german(String word) {
        // The u of "qu" is no vowel.
        String w = word.replace("qu", "kw");
        return count(GERMAN, w);
    }

    /** A rough count for languages whose rules are not known here: vowel groups, accents aside. */
    private static int elsewhere(String word) {
        String plain = Normalizer.normalize(word, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
        return count(ELSEWHERE, plain.replace('ı', 'i'));
    }

    private static int english(String word) {
        String w = word.replaceAll("[^a-z]", "").replace("qu", "kw");
        // A last e is silent, but not in "table" and "the".
        if (w.matches(".*[aeiouy].*e") && !w.matches(".*[^aeiouy]le")) {
            w = w.substring(0, w.length() - 1);
        }
        w = w.replaceAll("(?<=[^tdaeiouy])ed$", "d");
        w = w.replaceAll("(?<=[^aeiouyszxcgh])es$", "s");
        w = w.replaceAll("(?<=[aeiouy][^aeiouyl])e(?=(ly|ful|less|ment|ness)$)", "");
        // "pri-o-ri", "me-di-um", "re-act": two vowels that are not one sound.
        w = w.replaceAll("i(?=[ou](?!u?s|n$))", "i-").replaceAll("^re(?=a(?!d|l|s|c?h))", "re-");
        return count(ENGLISH, w);
    }

    private static int count(Pattern vowels, String word) {
        Matcher m = vowels.matcher(word);
        int n = 0;
        while (m.find()) {
            n++;
        }
        return n;
    }
}
