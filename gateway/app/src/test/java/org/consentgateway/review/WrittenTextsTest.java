package org.consentgateway.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.consentgateway.api.text.TextReview;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.language.LanguageFiles;
import org.consentgateway.notice.DataUse;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.VoiceSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of the texts is true now, and is not looked for again where nothing changed. */
class WrittenTextsTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("project.root")).resolve("config");
    private static final DataUse.Recipient OTHER =
            new DataUse.Recipient("Andere GmbH", Map.of(), "FR", List.of("assistant"));

    @TempDir private Path folder;

    private List<DataUse.Recipient> recipients = List.of();
    private final TextReview texts =
            new WrittenTexts(this::sources, () -> folder.resolve("languages"));

    @BeforeEach
    void copy() throws IOException {
        for (String each :
                List.of(
                        "notices/common/de.yaml",
                        "notices/profiles/de-2026-08.yaml",
                        "notices/demo/de",
                        "prompts/de",
                        "languages/de.yaml")) {
            try (Stream<Path> files = Files.walk(SHIPPED.resolve(each))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path to = folder.resolve(SHIPPED.relativize(file));
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to);
                }
            }
        }
    }

    /** Read anew each time, as those of a running gateway are. */
    private TextSources sources() {
        var level =
                Level.of(
                        "basis",
                        List.of(new Purpose("assistant")),
                        ValidityPeriod.parse("call"),
                        Period.ofYears(3),
                        false);
        var line =
                new NoticeUse.Speaking(
                        "line",
                        new NoticeUse.LineTexts("demo", List.of("de"), LocalDate.of(2026, 11, 28)),
                        "ladder",
                        List.of(level),
                        false);
        return new TextSources(
                folder.resolve("notices"),
                new VoiceSettings(
                        folder.resolve("prompts"),
                        folder.resolve("cache"),
                        false,
                        LanguageFiles.of(folder.resolve("languages"))),
                new NoticeUse(
                        List.of(line),
                        true,
                        LocalDate.of(2026, 11, 28),
                        new DataUse(recipients, Map.of(), List.of())));
    }

    private Path recording() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("prompts/de"))) {
            return all.filter(each -> each.toString().endsWith(".wav")).sorted().findFirst().get();
        }
    }

    private List<String> wrong() throws IOException {
        return texts.look().findings().stream()
                .filter(each -> each.kind().equals("wrong"))
                .map(TextReview.Finding::what)
                .toList();
    }

    @Test
    void aLookHoldsAsLongAsNothingHasChanged() throws Exception {
        assertThat(texts.look()).isSameAs(texts.look());
    }

    /** Found in the product before: "All texts are right", until midnight. */
    @Test
    void aRecordingThatIsGoneIsToldAndSoIsOneThatIsThereAgain() throws Exception {
        List<String> before = wrong();
        Path recording = recording();
        Path away = folder.resolve("away.wav");

        Files.move(recording, away);
        assertThat(wrong()).anyMatch(each -> each.contains("but not there"));
        Files.move(away, recording);
        assertThat(wrong()).isEqualTo(before);
    }

    @Test
    void anOlderFileInTheirPlaceIsLookedAt() throws Exception {
        List<String> before = wrong();
        Path recording = recording();

        Files.write(recording, new byte[] {1, 2, 3});
        Files.setLastModifiedTime(recording, FileTime.fromMillis(0));

        assertThat(wrong()).hasSizeGreaterThan(before.size());
    }

    @Test
    void whatTheConfigurationWantsSinceIsMissed() throws Exception {
        assertThat(wrong()).noneMatch(each -> each.contains("Andere GmbH"));

        recipients = List.of(OTHER);

        assertThat(wrong()).anyMatch(each -> each.contains("Andere GmbH"));
    }

    @Test
    void anotherFileOfALanguageIsLookedAt() throws Exception {
        TextReview.Review before = texts.look();

        Files.writeString(
                folder.resolve("languages/de.yaml"),
                Files.readString(folder.resolve("languages/de.yaml")) + "# read again\n");

        assertThat(texts.look()).isNotSameAs(before);
    }
}
