package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Immutable. Everything that the answer to an access request says, in one language: a file of
 * {@code config/languages/answers}.
 *
 * @param part of a page that does not tell all: from which entry to which, and of how many
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
        String part,
        String when,
        String what,
        String details,
        String rights,
        String source,
        String proofs,
        String given,
        String told,
        String untold,
        Map<String, String> events,
        Map<String, String> facts,
        Map<String, String> values) {
    private static final String USUAL = "en";
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * In English where there is no file for the language, or not all of it; and in the words of
     * this version where the folder, which is the operator's, has no English for it either.
     */
    static AnswerWords in(Path folder, String language) throws IOException {
        JsonNode words = builtIn();
        for (String code : List.of(USUAL, code(language))) {
            Path own = folder.resolve(code + ".json");
            if (Files.exists(own)) {
                words = JSON.readerForUpdating(words).readValue(own.toFile());
            }
        }
        return JSON.treeToValue(words, AnswerWords.class);
    }

    /** The same as en.json as it is shipped. */
    private static JsonNode builtIn() throws IOException {
        try (InputStream words = AnswerWords.class.getResourceAsStream("answers-en.json")) {
            return JSON.readTree(Objects.requireNonNull(words));
        }
    }

    /**
     * The keys of this version that are in English only, or in its own words: the whole file, where
     * there is none.
     */
    static List<String> lacking(Path folder, String language) throws IOException {
        Path own = folder.resolve(code(language) + ".json");
        if (!Files.exists(own)) {
            return List.of("all of it");
        }
        JsonNode words = JSON.readTree(own.toFile());
        return keys("", builtIn()).filter(key -> words.at(key).isMissingNode()).toList();
    }

    private static Stream<String> keys(String at, JsonNode words) {
        return words.isObject()
                ? words.propertyStream()
                        .flatMap(each -> keys(at + "/" + escaped(each.getKey()), each.getValue()))
                : Stream.of(at);
    }

    /** RFC 6901. */
    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private static String code(String language) {
        return language.matches("[a-z]{2}.*") ? language.substring(0, 2) : USUAL;
    }

    Locale locale() {
        return Locale.of(language);
    }
}
