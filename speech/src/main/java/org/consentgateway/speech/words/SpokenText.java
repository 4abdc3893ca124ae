package org.consentgateway.speech.words;

import java.text.Normalizer;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A written text as a voice reads it: no digits, no abbreviations, no signs. In languages other
 * than German and English all of these are left to the voice. Immutable.
 */
public final class SpokenText {
    private static final Pattern DIGITS = Pattern.compile("\\d+");

    /** What is written shorter than it is said. */
    private static final Map<String, Map<String, String>> SHORT =
            Map.of(
                    "de",
                    Map.of(
                            "z. B.", "zum Beispiel",
                            "z.B.", "zum Beispiel",
                            "d. h.", "das heißt",
                            "usw.", "und so weiter",
                            "bzw.", "beziehungsweise",
                            "Nr.", "Nummer",
                            "%", " Prozent",
                            "&", " und ",
                            "*", " Stern "),
                    "en",
                    Map.of(
                            "e.g.", "for example",
                            "i.e.", "that is",
                            "etc.", "and so on",
                            "No.", "number",
                            "%", " percent",
                            "&", " and ",
                            "*", " star "));

    private SpokenText() {}

    /** Unicode composed, white space single: what text hashes are made of. */
    public static String canonical(String written) {
        return Normalizer.normalize(written, Normalizer.Form.NFC).strip().replaceAll("\\s+", " ");
    }

    public static String of(String language, String written) {
        String text = canonical(written);
        for (var entry : SHORT.getOrDefault(language, Map.of()).entrySet()) {
            // "No." stands for number only before one; elsewhere it is a refusal.
            text =
                    entry.getKey().equals("No.")
                            ? text.replaceAll("\\bNo\\.(?= ?\\d)", entry.getValue())
                            : text.replace(entry.getKey(), entry.getValue());
        }
        // Voices know the numbers of their own language; only ours are spelled out the same by all.
        return NumberWords.knows(language)
                ? canonical(
                        DIGITS.matcher(text)
                                .replaceAll(m -> NumberWords.spoken(language, m.group())))
                : canonical(text);
    }
}
