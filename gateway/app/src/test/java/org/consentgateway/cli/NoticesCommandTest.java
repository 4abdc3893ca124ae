package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.VoiceSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class NoticesCommandTest {
    private static final Path CONFIG =
            Path.of(System.getProperty("project.root")).resolve("config");

    @TempDir Path temp;

    private final StringWriter said = new StringWriter();

    @BeforeEach
    void copyWhatIsShipped() throws IOException {
        for (String folder : new String[] {"notices", "prompts"}) {
            try (Stream<Path> files = Files.walk(CONFIG.resolve(folder))) {
                for (Path file : files.toList()) {
                    Files.copy(file, temp.resolve(CONFIG.relativize(file).toString()));
                }
            }
        }
    }

    @Test
    void theShippedNoticesAreRightAndTheirScoresAreShown() {
        assertThat(notices("check")).isZero();
        assertThat(said.toString())
                .contains("demo/de/2026-11", "demo/en/2026-11", "All notices are right.")
                .containsPattern("opening +\\d\\d +\\d+ +\\d\\d +\\d\\.\\d +1\\d\\.\\d")
                .doesNotContain("date-day", "Wrong:", "Better");
    }

    @Test
    void aBadNoticeIsToldWithItsSentence() throws IOException {
        Path file = temp.resolve("notices/demo/en/2026-11.yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("I am a computer. Without", "I am a machine. Without"));
        assertThat(notices("check")).isEqualTo(1);
        assertThat(said.toString())
                .contains("Wrong:", "texts.help", "no recording", "> I am a machine. Without");
    }

    @Test
    void aNewVersionIsACopyWithItsOwnDateThatNeedsNoNewSound() {
        assertThat(
                        notices(
                                "new-version",
                                "demo",
                                "2026-12",
                                "--material",
                                "--valid-from",
                                "2026-12-01"))
                .isZero();
        assertThat(temp.resolve("notices/demo/de/2026-12.yaml"))
                .content()
                .contains("version: 2026-12", "valid-from: 2026-12-01", "material-change: true ");
        assertThat(notices("check")).isZero();
        assertThat(notices("new-version", "demo", "2026-10", "--valid-from", "2026-10-01"))
                .isNotZero();
    }

    @Test
    void aChangedTextIsRenderedAndThenAllIsRight() throws IOException {
        Path file = temp.resolve("notices/demo/en/2026-11.yaml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("I am a computer. Without", "I am a machine. Without"));
        assertThat(prompts("render")).isZero();
        assertThat(said.toString()).contains("by freetts-kevin16", "1 texts were spoken.");
        assertThat(notices("check")).isZero();
    }

    @Test
    void aStudioRecordingTakesThePlaceOfTheShippedOne() throws IOException {
        Path studio = temp.resolve("studio.wav");
        Files.write(studio, new Wav(Tone.sine(500, 1500, 9000), PcmFrame.SAMPLE_RATE).octets());
        assertThat(
                        prompts(
                                "adopt",
                                "--language",
                                "de",
                                "--voice",
                                "Frau Muster",
                                "--licence",
                                "ours",
                                "thanks",
                                studio.toString()))
                .isZero();
        assertThat(said.toString()).contains("spoken by Frau Muster", "Vielen Dank.");
        assertThat(temp.resolve("prompts/de/manifest.tsv")).content().contains("Frau Muster\tours");
        assertThat(notices("check")).isZero();
        assertThat(prompts("play", "--language", "de", "--out", temp + "/out", "thanks")).isZero();
        assertThat(temp.resolve("out/de-thanks.wav")).exists();
    }

    private int notices(String... args) {
        return run(NoticesCommand.with(this::place), args);
    }

    private int prompts(String... args) {
        return run(PromptsCommand.with(this::place), args);
    }

    private TextSources place() {
        return new TextSources(
                temp.resolve("notices"),
                new VoiceSettings(temp.resolve("prompts"), temp.resolve("cache"), false));
    }

    private int run(CommandLine line, String... args) {
        return line.setOut(new PrintWriter(said))
                .setErr(new PrintWriter(new StringWriter()))
                .execute(args);
    }
}
