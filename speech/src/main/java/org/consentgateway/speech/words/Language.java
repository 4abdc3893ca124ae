package org.consentgateway.speech.words;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How texts of one language are read out and how hard they are, from {@code config/languages}.
 * Immutable.
 *
 * @param code ISO 639-1, such as "de"
 * @param name in English, for those who run the gateway
 * @param region that voices are asked for by, such as de-DE
 * @param shortened what is written shorter than it is said, to what is said
 * @param beforeNumbers the same where a number follows; elsewhere it means something else ("No.")
 * @param formulas of readability, the first one first; empty: texts have no score
 * @param examples names in the shipped texts that stand for nobody
 */
public record Language(
        String code,
        String name,
        String region,
        NumberWords numbers,
        Map<String, String> shortened,
        Map<String, String> beforeNumbers,
        Syllables syllables,
        PlainWords plain,
        List<Formula> formulas,
        List<String> examples) {
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final Pattern SIGN = Pattern.compile("[^\\p{L}\\p{Nd}]+");

    /**
     * What is plain in this language. Immutable.
     *
     * @param sentence words it may have at most
     * @param scored words a text needs before a formula says anything of it
     * @param syllables from which a word is long: has to be one that everybody knows
     */
    public record PlainWords(int sentence, int scored, int syllables) {}

    /** Whose letters it is written in: a Turkish I is not that of others. */
    public Locale locale() {
        return Locale.forLanguageTag(code);
    }

    /** A written text as a voice reads it: no digits, no abbreviations, no signs. */
    public String spoken(String written) {
        String text = SpokenText.canonical(written);
        for (var each : beforeNumbers.entrySet()) {
            text =
                    text.replaceAll(
                            "(?<![\\p{L}\\p{Nd}])" + Pattern.quote(each.getKey()) + "(?= ?\\d)",
                            Matcher.quoteReplacement(each.getValue()));
        }
        for (var each : shortened.entrySet()) {
            boolean sign = SIGN.matcher(each.getKey()).matches();
            text =
                    text.replace(
                            each.getKey(), sign ? " " + each.getValue() + " " : each.getValue());
        }
        text = DIGITS.matcher(text).replaceAll(digits -> numbers.spoken(digits.group()));
        return SpokenText.canonical(text).replaceAll(" (?=[.,])", "");
    }

    /** Without full stops that end no sentence. */
    String withoutAbbreviations(String written) {
        String text = written;
        for (var each : shortened.entrySet()) {
            text =
                    each.getKey().contains(".")
                            ? text.replace(each.getKey(), each.getValue())
                            : text;
        }
        return text;
    }
}
