package org.consentgateway.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.Parts;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.Voice;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.speech.words.Readability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NoticeLibraryTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root"));
    private static final Path SHIPPED = ROOT.resolve("config/notices");
    private static final Path BAD = ROOT.resolve("gateway/app/src/test/resources/notices-bad");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 24);

    /** What the machine said is kept from one bad notice to the next. */
    @TempDir static Path cache;

    @TempDir Path temp;

    @Test
    void theShippedNoticesAreAllGreenAndSpokenByRecordings() throws BadNoticesException {
        NoticeLibrary notices = NoticeLibrary.load(SHIPPED, recordings());
        assertThat(NoticeReport.of(SHIPPED, recordings()).warnings()).isEmpty();
        for (String language : List.of("de", "en")) {
            Notice notice = notices.inForce("demo", language, TODAY).getFirst();
            assertThat(notices.levels(notice))
                    .containsExactly("basis", "komfort", "voll", "merken");
            assertThat(notices.clip(notice, Parts.OPENING).millis()).isBetween(10_000, 20_000);
            assertThat(notice.texts()).containsKeys("date-day.31", "date-month.12", "menu");
            assertThat(notice.textSha256()).matches("[0-9a-f]{64}");
            assertThat(notice.audioSha256()).isNotEqualTo(notice.textSha256());
        }
    }

    @Test
    void everyOpeningSaysWhoSpeaksForWhomAndHowToRefuseAndWithdraw() throws BadNoticesException {
        NoticeLibrary notices = NoticeLibrary.load(SHIPPED, recordings());
        assertThat(notices.inForce("demo", "de", TODAY).getFirst().texts().get(Parts.OPENING))
                .contains("KI-Assistent", "Musterfirma", "Nein", "Stern neun");
    }

    static List<Path> badNotices() throws IOException {
        try (Stream<Path> files = Files.list(BAD)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("badNotices")
    void aBadNoticeIsRefusedAndItsSentenceNamed(Path bad) throws IOException {
        List<String> lines = Files.readAllLines(bad);
        String language = lines.get(0).replace("# language: ", "");
        String[] expects = lines.get(1).replace("# expects: ", "").split(" \\| ?", -1);
        Path folder = temp.resolve("notices");
        Files.createDirectories(folder.resolve("common"));
        Files.copy(
                SHIPPED.resolve("common/" + language + ".yaml"),
                folder.resolve("common/" + language + ".yaml"));
        Path file = folder.resolve("demo/" + language + "/2026-11.yaml");
        Files.createDirectories(file.getParent());
        Files.copy(bad, file);

        var refused =
                catchThrowableOfType(
                        BadNoticesException.class,
                        () -> NoticeLibrary.load(folder, spokenByMachine()));

        assertThat(refused).as("nothing was found wrong").isNotNull();
        assertThat(refused.problems())
                .anySatisfy(problem -> {
                    assertThat(problem.key()).isEqualTo(expects[0]);
                    assertThat(problem.what()).contains(expects[1]);
                    if (!expects[2].isEmpty()) {
                        assertThat(problem.sentence()).isEqualTo(expects[2]);
                    }
                    assertThat(problem.file()).isEqualTo(file);
                    assertThat(lines.get(problem.line() - 1))
                            .contains(problem.key().replace("texts.", "") + ":");
                    assertThat(problem.example()).isNotEmpty();
                });
    }

    @Test
    void thereAreTenBadOnesAndSlipsInOneFileAreAllToldAtOnce() throws IOException {
        assertThat(badNotices()).hasSize(10);
        Path folder = temp.resolve("notices");
        Path file = folder.resolve("demo/de/2026-11.yaml");
        Files.createDirectories(file.getParent());
        Files.createDirectories(folder.resolve("common"));
        Files.copy(SHIPPED.resolve("common/de.yaml"), folder.resolve("common/de.yaml"));
        Files.copy(BAD.resolve("09-slips-of-the-pen.yaml"), file);
        assertThatThrownBy(() -> NoticeLibrary.load(folder, spokenByMachine()))
                .hasMessageContaining("valid-from: \"1.11.2026\" is no date")
                .hasMessageContaining("material-change: \"yes\" is not true or false")
                .hasMessageContaining("texts.question.assistant: is missing")
                .hasMessageContaining("for example: question.assistant")
                .hasMessageContaining(file.toString());
    }

    @Test
    void aChangedTextWithoutItsSoundIsRefusedWithACommandThatHelps() throws IOException {
        Path folder = copyOfShipped();
        Path file = folder.resolve("demo/de/2026-11.yaml");
        Files.writeString(
                file, Files.readString(file).replace("Danke. Ihr Ja ist", "Gut. Ihr Ja ist"));
        assertThatThrownBy(() -> NoticeLibrary.load(folder, recordings()))
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
        NoticeLibrary notices = NoticeLibrary.load(folder, recordings());

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
    }

    @Test
    void brokenYamlIsToldWithItsLine() throws IOException {
        Path folder = copyOfShipped();
        Path file = folder.resolve("demo/en/2026-11.yaml");
        Files.writeString(file, "version: 2026-11\ntexts:\n  opening: \"no end\n");
        assertThatThrownBy(() -> NoticeLibrary.load(folder, recordings()))
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
        return PromptLibrary.open(new VoiceSettings(ROOT.resolve("config/prompts"), cache, false));
    }

    /** A voice that needs 400 ms a word, as people do. */
    private PromptLibrary spokenByMachine() {
        var machine =
                new Voice() {
                    @Override
                    public String name() {
                        return "machine";
                    }

                    @Override
                    public boolean speaks(String language) {
                        return true;
                    }

                    @Override
                    public Wav say(String language, String text) {
                        int words = Readability.of(language, text).words();
                        short[] hum = new short[words * 3200];
                        for (int i = 0; i < hum.length; i++) {
                            hum[i] = (short) (8000 * Math.sin(i * 0.5));
                        }
                        return new Wav(hum, 8000);
                    }
                };
        return PromptLibrary.open(
                new VoiceSettings(temp.resolve("none"), cache, true), List.of(machine));
    }
}
