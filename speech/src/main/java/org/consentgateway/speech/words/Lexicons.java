package org.consentgateway.speech.words;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

/** The words of all languages, for what is typed: no model is needed to read. Immutable. */
public final class Lexicons {
    private static final String SUFFIX = ".yaml";

    private final Map<String, Lexicon> byLanguage;

    private Lexicons(Map<String, Lexicon> byLanguage) {
        this.byLanguage = Map.copyOf(byLanguage);
    }

    /**
     * Reads every {@code LANG.yaml} of a folder.
     *
     * @throws IOException saying file and key where one holds something else
     */
    public static Lexicons load(Path folder) throws IOException {
        var byLanguage = new HashMap<String, Lexicon>();
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(SUFFIX)).toList();
        }
        for (Path file : files) {
            Lexicon lexicon = Lexicon.load(file);
            String name = file.getFileName().toString().replace(SUFFIX, "");
            if (!lexicon.language().equals(name)) {
                throw new IOException(
                        file + ": language: is not that of the file's name: language: " + name);
            }
            byLanguage.put(name, lexicon);
        }
        return new Lexicons(byLanguage);
    }

    /** None: only digits are understood. */
    public static Lexicons none() {
        return new Lexicons(Map.of());
    }

    public boolean knows(String language) {
        return byLanguage.containsKey(language);
    }

    /** As {@link Lexicon#understand}; empty where the language is not known. */
    public Optional<Understood> understand(
            String language, String utterance, Set<SpokenMeaning> accepted) {
        @Nullable Lexicon lexicon = byLanguage.get(language);
        return lexicon == null ? Optional.empty() : lexicon.understand(utterance, accepted);
    }
}
