package org.consentgateway.notice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.Voice;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.speech.words.Readability;

/**
 * Confined to a test. A copy of the shipped notices that the test spoils, spoken by a machine that
 * needs a third of a second a word.
 */
final class EditedNotices {
    static final LocalDate TODAY = LocalDate.of(2026, 11, 27);
    private static final Path SHIPPED =
            Path.of(System.getProperty("project.root")).resolve("config/notices");

    /** What the machine said is kept from one test to the next. */
    private static final Path SPOKEN = spoken();

    private final Path folder;
    private NoticeUse use = NoticeUse.none(TODAY);
    private int millisAWord = 330;

    /** The German ones alone: what is read is checked, and that takes its time. */
    EditedNotices(Path temp) throws IOException {
        this(
                temp,
                "common/de.yaml",
                "profiles/de-2026-08.yaml",
                "profiles/us-all-party.yaml",
                "demo/de/2026-11.yaml");
    }

    EditedNotices(Path temp, String... files) throws IOException {
        folder = temp.resolve("notices");
        for (String file : files) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.copy(SHIPPED.resolve(file), folder.resolve(file));
        }
    }

    private static Path spoken() {
        try {
            Path made = Files.createTempDirectory("spoken");
            made.toFile().deleteOnExit();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    EditedNotices spokenFor(NoticeUse wanted) {
        use = wanted;
        return this;
    }

    EditedNotices spokenAt(int millis) {
        millisAWord = millis;
        return this;
    }

    Path file(String language) {
        return folder.resolve("demo/" + language + "/2026-11.yaml");
    }

    /** The file that has this key: the notice, or what is common to its language. */
    Path fileOf(String language, String key) throws IOException {
        boolean own =
                Files.readAllLines(file(language)).stream()
                        .anyMatch(line -> line.strip().startsWith(key + ": "));
        return own ? file(language) : folder.resolve("common/" + language + ".yaml");
    }

    /** Gives a key (its last name is enough) another value. */
    EditedNotices with(String language, String key, String value) throws IOException {
        Path file = fileOf(language, key);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.replaceAll(line ->
                line.strip().startsWith(key + ": ")
                        ? line.substring(0, line.indexOf(key)) + key + ": \"" + value + "\""
                        : line);
        Files.write(file, lines);
        return this;
    }

    EditedNotices replace(String language, String from, String to) throws IOException {
        Files.writeString(file(language), Files.readString(file(language)).replace(from, to));
        return this;
    }

    EditedNotices replaceIn(String path, String from, String to) throws IOException {
        Path file = folder.resolve(path);
        Files.writeString(file, Files.readString(file).replace(from, to));
        return this;
    }

    /** Everything that is wrong, or to be known, a line each. */
    NoticeReport report() {
        return NoticeReport.of(sources(), machine());
    }

    NoticeLibrary load() throws BadNoticesException {
        return NoticeLibrary.load(sources(), machine());
    }

    List<String> wrong() {
        return report().errors().stream().map(NoticeProblem::toString).toList();
    }

    List<String> cautions() {
        return report().cautions().stream().map(NoticeProblem::toString).toList();
    }

    private TextSources sources() {
        return new TextSources(folder, voice(), use);
    }

    private VoiceSettings voice() {
        return new VoiceSettings(
                folder.resolve("none"),
                SPOKEN.resolve("at-" + millisAWord),
                true,
                ShippedLanguages.ALL);
    }

    private PromptLibrary machine() {
        return PromptLibrary.open(voice(), List.of(new Machine("machine", millisAWord)));
    }

    private record Machine(String name, int millisAWord) implements Voice {
        @Override
        public boolean speaks(String language) {
            return true;
        }

        @Override
        public Wav say(String language, String text) {
            int words =
                    Readability.of(ShippedLanguages.ALL.find(language).orElseThrow(), text).words();
            short[] hum = new short[words * millisAWord * 8];
            for (int i = 0; i < hum.length; i++) {
                hum[i] = (short) (8000 * Math.sin(i * 0.5));
            }
            return new Wav(hum, 8000);
        }
    }
}
