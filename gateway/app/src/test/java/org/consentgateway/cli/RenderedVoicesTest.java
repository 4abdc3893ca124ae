package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.consentgateway.language.ShippedLanguages;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.NoticeUse;
import org.consentgateway.notice.TextSources;
import org.consentgateway.speech.voice.EspeakVoice;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.speech.voice.VoiceSettings;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code prompts render} leaves: recordings that a gateway starts with, or those before. */
class RenderedVoicesTest {
    private static final Path CONFIG =
            Path.of(System.getProperty("project.root")).resolve("config");

    @TempDir Path temp;

    private final StringWriter said = new StringWriter();
    private final StringWriter failed = new StringWriter();

    @BeforeEach
    void copyShipped() throws IOException {
        for (String folder : List.of("notices", "prompts")) {
            try (Stream<Path> files = Files.walk(CONFIG.resolve(folder))) {
                for (Path file : files.toList()) {
                    Files.copy(file, temp.resolve(CONFIG.relativize(file).toString()));
                }
            }
        }
    }

    @Test
    void allThatEspeakSpeaksInTurkishIsWithinWhatANoticeAllows() throws IOException {
        speaksAllByEspeak("tr");
    }

    @Nightly("10 s of texts that are spoken; Turkish, which takes longest, is in each run")
    @ParameterizedTest
    @ValueSource(strings = {"de", "en", "fr"})
    void allThatEspeakSpeaksIsWithinWhatANoticeAllows(String language) throws IOException {
        speaksAllByEspeak(language);
    }

    private void speaksAllByEspeak(String language) throws IOException {
        assumeTrue(new EspeakVoice().speaks(language), "espeak-ng is not installed");
        assertThat(render("--all", "--with", "espeak-ng", "--language", language))
                .as(failed.toString())
                .isZero();
        assertThat(voicesOf(language)).containsOnly("espeak-ng");
        assertThat(report().errors()).isEmpty();
    }

    @Nightly("5 s of texts that are spoken; Turkish is in each run")
    @Test
    void allThatFreeTtsSpeaksIsWithinWhatANoticeAllows() throws IOException {
        assertThat(render("--all", "--language", "en")).as(failed.toString()).isZero();
        assertThat(voicesOf("en")).containsOnly("freetts-kevin16");
        assertThat(report().errors()).isEmpty();
    }

    /** Of the first notice alone: a text that others share is held to what they allow as well. */
    @Test
    void aVoiceThatIsTooSlowForOneTextReplacesNoRecording() throws IOException {
        Map<String, byte[]> before = recordings();
        Path hiss = temp.resolve("hiss.wav");
        Files.write(hiss, hiss(7).octets());
        Path program = temp.resolve("slow.sh");
        Files.writeString(program, "#!/bin/sh\ncp " + hiss + " \"$1\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));

        int ended =
                render(
                        "--all",
                        "--language",
                        "tr",
                        "--with",
                        program + " {out}",
                        "--notice",
                        "demo");

        assertThat(ended).isEqualTo(1);
        assertThat(failed.toString())
                .contains(
                        "texts.remember: takes 7.1 s to say; 6 s are allowed",
                        "demo/tr/2026-11.yaml",
                        "No recording was changed.")
                .doesNotContain("no recording in");
        Map<String, byte[]> after = recordings();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((file, octets) -> assertThat(after.get(file)).as(file).isEqualTo(octets));
    }

    private int render(String... options) {
        String[] args =
                Stream.concat(Stream.of("render", "--any-language"), Stream.of(options))
                        .toArray(String[]::new);
        return PromptsCommand.with(this::place, () -> temp.resolve("none"), List::of)
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(failed))
                .execute(args);
    }

    private NoticeReport report() {
        return NoticeReport.of(place(), PromptLibrary.open(place().voice()));
    }

    private List<String> voicesOf(String language) {
        return report().rows().stream()
                .filter(row -> row.language().equals(language))
                .map(row -> row.sound().orElseThrow().voice())
                .toList();
    }

    private TextSources place() {
        return new TextSources(
                temp.resolve("notices"),
                new VoiceSettings(
                        temp.resolve("prompts"),
                        temp.resolve("cache"),
                        false,
                        ShippedLanguages.ALL),
                NoticeUse.none(LocalDate.of(2026, 11, 27)));
    }

    private Map<String, byte[]> recordings() throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(temp.resolve("prompts"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(file.toString(), Files.readAllBytes(file));
            }
        }
        return all;
    }

    /** Neither silence nor a tone. */
    private static Wav hiss(int seconds) {
        var random = new java.util.Random(1);
        short[] samples = new short[seconds * PcmFrame.SAMPLE_RATE];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (3000 * random.nextGaussian());
        }
        return new Wav(samples, PcmFrame.SAMPLE_RATE);
    }
}
