package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;

/**
 * Immutable. Everything that the answer to an access request says, in one language: a file of the
 * folder {@code answers} beside this class.
 *
 * @param given of who got data: name, first and last time
 * @param told and when and how it confirmed to know of the end
 * @param events by the name of the entry
 * @param facts by their place in the record
 * @param values as records write them, where people would say them in other words
 */
record AnswerWords(
        String language,
        String title,
        String intro,
        String none,
        String when,
        String what,
        String details,
        String rights,
        String source,
        String given,
        String told,
        String untold,
        Map<String, String> events,
        Map<String, String> facts,
        Map<String, String> values) {
    private static final String USUAL = "en";
    private static final JsonMapper JSON = new JsonMapper();

    /** In English where there is no file for the language. */
    static AnswerWords in(String language) {
        String code = language.matches("[a-z]{2}.*") ? language.substring(0, 2) : USUAL;
        try (InputStream file =
                AnswerWords.class.getResourceAsStream("answers/" + code + ".json")) {
            if (file == null) {
                return in(USUAL);
            }
            return JSON.readValue(file, AnswerWords.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Locale locale() {
        return Locale.of(language);
    }
}
