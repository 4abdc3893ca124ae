package org.consentgateway.web;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/** Immutable. What the status page says, in one language. */
final class StatusWords {
    static final List<String> LANGUAGES = List.of("en", "de");

    private static final List<StatusWords> ALL = LANGUAGES.stream().map(StatusWords::new).toList();

    private final Properties texts = new Properties();

    private StatusWords(String language) {
        String name = "status_" + language + ".properties";
        try {
            texts.load(new StringReader(JarText.of(StatusWords.class, name)));
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read from the jar", e);
        }
    }

    /**
     * @param language one of {@link #LANGUAGES}
     */
    static StatusWords in(String language) {
        return ALL.get(LANGUAGES.indexOf(language));
    }

    /** The word itself where there is none for it, such as the name of a state to come. */
    String of(String kind, String word) {
        return texts.getProperty(kind + word, word);
    }

    /** A page of ours with its words in it: each stands there as {w.NAME}. */
    String into(String page) {
        String filled = page;
        for (String name : texts.stringPropertyNames()) {
            filled = filled.replace("{w." + name + "}", texts.getProperty(name));
        }
        return filled;
    }
}
