package org.consentgateway.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Parts;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoticeLibraryTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root"));
    private static final Path SHIPPED = ROOT.resolve("config/notices");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 24);

    /** What the machine said is kept from one bad notice to the next. */
    @TempDir static Path cache;

    @TempDir Path temp;

    @Test
    void theShippedNoticesAreAllGreenAndSpokenByRecordings() throws BadNoticesException {
        NoticeLibrary notices = NoticeLibrary.load(at(SHIPPED), recordings());
        assertThat(notices.cautions()).isEmpty();
        for (String language : List.of("de", "en")) {
            Notice notice = notices.inForce("demo", language, TODAY).getFirst();
            assertThat(notices.levels(notice))
                    .containsExactly("basis", "komfort", "voll", "merken");
            assertThat(notices.clip(notice, Parts.OPENING).millis()).isBetween(2_000, 6_000);
            assertThat(notice.texts())
                    .containsKeys("known.merken", "remember", "information", "menu");
            assertThat(notice.purposes())
                    .containsOnlyKeys("assistant", "transcript", "recording", "learning");
            assertThat(notice.answerWithin()).isEqualTo(Period.ofMonths(1));
            assertThat(notice.textSha256()).matches("[0-9a-f]{64}");
            assertThat(notice.audioSha256()).isNotEqualTo(notice.textSha256());
        }
        assertThat(notices.inForce("tr", "tr", TODAY).getFirst().answerWithin())
                .as("KVKK Art. 13(2)")
                .isEqualTo(Period.ofDays(30));
    }

    @Test
    void aChangedTextWithoutItsSoundIsRefusedWithACommandThatHelps() throws IOException {
        Path folder = copyOfShipped();
        Path file = folder.resolve("demo/de/2026-11.yaml");
        Files.writeString(
                file,
                Files.readString(file).replace("confirm.basis: Danke.", "confirm.basis: Gut."));
        assertThatThrownBy(() -> NoticeLibrary.load(at(folder), recordings()))
                .hasMessageContaining("texts.confirm.basis")
                .hasMessageContaining("no recording")
                .hasMessageContaining("prompts render");
    }

    @Test
    void theNewestVersionThatHasBegunIsInForce() throws Exception {
        Path folder = copyOfShipped();
        for (String language : List.of("de", "en")) {
            Path old = folder.resolve("demo/" + language + "/2026-11.yaml");
            String text = Files.readString(old);
            Files.writeString(
                    old.resolveSibling("2026-12.yaml"),
                    text.replace("version: 2026-11", "version: 2026-12")
                            .replace("valid-from: 2026-11-01", "valid-from: 2026-12-01")
                            .replace("material-change: true", "material-change: false"));
            Files.writeString(
                    old.resolveSibling("2027-01.b.yaml"),
                    text.replace("version: 2026-11", "version: 2027-01")
                            .replace("variant: a", "variant: b")
                            .replace("weight: 1", "weight: 3")
                            .replace("valid-from: 2026-11-01", "valid-from: 2027-01-01"));
            Files.writeString(
                    old.resolveSibling("2027-01.yaml"),
                    text.replace("version: 2026-11", "version: 2027-01")
                            .replace("valid-from: 2026-11-01", "valid-from: 2027-01-01"));
        }
        NoticeLibrary notices = NoticeLibrary.load(at(folder), recordings());

        assertThat(versions(notices, LocalDate.of(2026, 10, 31))).isEmpty();
        assertThat(versions(notices, LocalDate.of(2026, 11, 30))).containsExactly("2026-11 a 1");
        assertThat(versions(notices, LocalDate.of(2026, 12, 1))).containsExactly("2026-12 a 1");
        assertThat(versions(notices, LocalDate.of(2027, 1, 1)))
                .containsExactlyInAnyOrder("2027-01 a 1", "2027-01 b 3");
        assertThat(notices.materiallyChanged("demo", "2026-11", "2026-11")).isFalse();
        assertThat(notices.materiallyChanged("demo", "2026-11", "2026-12")).isFalse();
        assertThat(notices.materiallyChanged("demo", "2026-11", "2027-01")).isTrue();
        assertThat(notices.materiallyChanged("demo", "2027-01", "2027-01")).isFalse();
        assertThat(notices.materiallyChanged("demo", "2025-01", "2027-01")).isTrue();
        List<String> versions = List.of("2025-01", "2026-11", "2026-12", "2027-01");
        for (String one : versions) {
            for (String other : versions) {
                assertThat(notices.materiallyChanged("demo", one, other))
                        .as(one + " and " + other)
                        .isEqualTo(notices.materiallyChanged("demo", other, one));
            }
        }
    }

    /** Two in a row: the newer one is material, and its name sorts before that of the older one. */
    @Test
    void aMaterialChangeCountsHoweverItsVersionIsCalled() throws Exception {
        Path folder = copyOfShipped();
        for (String language : List.of("de", "en")) {
            Path shipped = folder.resolve("demo/" + language + "/2026-11.yaml");
            Files.writeString(
                    shipped.resolveSibling("2026-9.yaml"),
                    Files.readString(shipped)
                            .replace("version: 2026-11", "version: 2026-9")
                            .replace("valid-from: 2026-11-01", "valid-from: 2026-09-01")
                            .replace("material-change: true", "material-change: false"));
        }
        NoticeLibrary notices = NoticeLibrary.load(at(folder), recordings());

        assertThat(versions(notices, LocalDate.of(2026, 10, 31))).containsExactly("2026-9 a 1");
        assertThat(versions(notices, LocalDate.of(2026, 11, 1))).containsExactly("2026-11 a 1");
        assertThat(notices.materiallyChanged("demo", "2026-9", "2026-11")).isTrue();
        assertThat(notices.materiallyChanged("demo", "2026-11", "2026-9"))
                .as("agreed to before midnight in another zone, or valid-from was postponed")
                .isTrue();
        assertThat(notices.materiallyChanged("demo", "2026-9", "2026-9")).isFalse();
        assertThat(notices.materiallyChanged("demo", "2026-9", "2026-12")).isTrue();
        assertThat(notices.cautions())
                .extracting(NoticeProblem::what)
                .contains(
                        "sorts before 2026-9, which is valid earlier: valid-from decides which is"
                                + " newer");
    }

    @Test
    void brokenYamlIsToldWithItsLine() throws IOException {
        Path folder = copyOfShipped();
        Path file = folder.resolve("demo/en/2026-11.yaml");
        Files.writeString(file, "version: 2026-11\ntexts:\n  opening: \"no end\n");
        assertThatThrownBy(() -> NoticeLibrary.load(at(folder), recordings()))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("is not YAML");
    }

    private List<String> versions(NoticeLibrary notices, LocalDate day) {
        return notices.inForce("demo", "de", day).stream()
                .map(n -> n.version() + " " + n.variant() + " " + n.weight())
                .toList();
    }

    private Path copyOfShipped() throws IOException {
        Path folder = temp.resolve("copy");
        try (Stream<Path> files = Files.walk(SHIPPED)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(SHIPPED.relativize(file).toString()));
            }
        }
        return folder;
    }

    private PromptLibrary recordings() {
        return PromptLibrary.open(
                new VoiceSettings(
                        ROOT.resolve("config/prompts"), cache, false, ShippedLanguages.ALL));
    }

    private static TextSources at(Path folder) {
        return new TextSources(
                folder,
                new VoiceSettings(
                        ROOT.resolve("config/prompts"), folder, false, ShippedLanguages.ALL),
                NoticeUse.none(TODAY));
    }
}
