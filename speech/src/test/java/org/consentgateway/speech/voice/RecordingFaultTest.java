package org.consentgateway.speech.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.speech.words.Languages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFaultTest {
    private static final Path SHIPPED =
            Path.of(System.getProperty("project.root")).resolve("config/prompts");

    private static final Languages NONE = new Languages(List.of());

    @TempDir Path temp;

    @Test
    void aToneIsNoPrompt() {
        assertThat(RecordingFault.of(new Wav(Tone.sine(440, 30_000, 9000), 8000)))
                .hasValueSatisfying(why -> assertThat(why).contains("tone"));
        assertThat(RecordingFault.of(new Wav(Tone.sine(440, 900, 9000), 8000))).isPresent();
    }

    @Test
    void silenceIsNoPrompt() {
        assertThat(RecordingFault.of(new Wav(new short[16_000], 8000))).contains("is silent");
    }

    @Test
    void whatIsTooLongIsNoPrompt() {
        assertThat(RecordingFault.of(new Wav(new short[61 * 8000], 8000)))
                .hasValueSatisfying(why -> assertThat(why).contains("takes 61 s"));
    }

    @Test
    void clippedSpeechIsToldFromLoudSpeech() throws IOException {
        short[] speech = Wav.readMono(shipped().getFirst()).samples();
        int peak = 0;
        for (short sample : speech) {
            peak = Math.max(peak, Math.abs(sample));
        }
        assertThat(RecordingFault.of(new Wav(times(speech, 32_000.0 / peak), 8000))).isEmpty();
        assertThat(RecordingFault.of(new Wav(times(speech, 4 * 32_767.0 / peak), 8000)))
                .hasValueSatisfying(why -> assertThat(why).contains("is clipped"));
    }

    @Test
    void everyShippedRecordingIsFit() throws IOException {
        for (Path file : shipped()) {
            assertThat(RecordingFault.of(Wav.readMono(file))).as(file.toString()).isEmpty();
        }
    }

    @Test
    void theLibraryTakesNoUnfitRecording() {
        PromptLibrary library = PromptLibrary.open(new VoiceSettings(temp, temp, false, NONE));
        Wav tone = new Wav(Tone.sine(440, 30_000, 9000), 8000);
        assertThatThrownBy(() -> library.adopt("de", "Guten Tag.", tone, "v", "l"))
                .isInstanceOf(IOException.class)
                .hasMessage("the recording is a tone, not speech");
        assertThat(temp.resolve("de")).doesNotExist();
    }

    private static List<Path> shipped() throws IOException {
        try (Stream<Path> files = Files.walk(SHIPPED)) {
            return files.filter(f -> f.toString().endsWith(".wav")).sorted().toList();
        }
    }

    private static short[] times(short[] x, double gain) {
        short[] y = new short[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (short) Math.clamp(Math.round(x[i] * gain), -32_768, 32_767);
        }
        return y;
    }
}
