package org.consentgateway.demo;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Wav;

/** Immutable. What the demonstration's assistant can say, in each of its languages. */
public final class DemoSentences {
    static final String HELLO = "hello";

    private static final String TEXTS = "sentences.properties";
    private static final String USUAL = "de";

    private final Map<String, Map<String, Sentence>> languages;

    /** One of them, for those who hear and those who read. */
    public record Sentence(AudioClip spoken, String written) {}

    private DemoSentences(Map<String, Map<String, Sentence>> languages) {
        this.languages = languages;
    }

    /**
     * @param folder has one of each language, with a recording of each of its texts
     */
    public static DemoSentences in(Path folder) throws IOException {
        Map<String, Map<String, Sentence>> languages = new LinkedHashMap<>();
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path each : folders.sorted().toList()) {
                if (Files.exists(each.resolve(TEXTS))) {
                    languages.put(each.getFileName().toString(), read(each));
                }
            }
        }
        return new DemoSentences(languages);
    }

    private static Map<String, Sentence> read(Path folder) throws IOException {
        var texts = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve(TEXTS))) {
            texts.load(reader);
        }
        Map<String, Sentence> all = new LinkedHashMap<>();
        for (String name : texts.stringPropertyNames()) {
            AudioClip spoken = Wav.read(folder.resolve(name + ".wav")).clip();
            all.put(name, new Sentence(spoken, texts.getProperty(name)));
        }
        return all;
    }

    /** What it says first, by language. */
    public Map<String, Sentence> hello() {
        return languages.keySet().stream()
                .collect(Collectors.toMap(each -> each, each -> one(each, HELLO)));
    }

    Sentence one(String language, String name) {
        Map<String, Sentence> known = in(language);
        Sentence sentence = known.get(name);
        if (sentence == null) {
            throw new IllegalArgumentException("nothing to say for " + name);
        }
        return sentence;
    }

    boolean has(String language, String name) {
        return in(language).containsKey(name);
    }

    private Map<String, Sentence> in(String language) {
        return Optional.ofNullable(languages.get(language))
                .or(() -> Optional.ofNullable(languages.get(USUAL)))
                .orElse(Map.of());
    }
}
