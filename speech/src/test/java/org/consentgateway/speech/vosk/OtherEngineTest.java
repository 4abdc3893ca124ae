package org.consentgateway.speech.vosk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.SpeechSettings;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another recogniser than libvosk: found by its model, under the same rules as ours. */
@Timeout(60)
class OtherEngineTest {
    private static final int JA = 600;
    private static final int NEIN = 1000;
    private static final int ABER = 1500;
    private static final int STRANGE = 2200;

    @TempDir Path folder;
    private VoskRecogniser recogniser;

    @BeforeEach
    void open() throws Exception {
        Files.writeString(
                folder.resolve(ToneEngine.MODEL), "ja=600\nnein=1000\naber=1500\nokay=400\n");
        SpeechSettings shipped = Utterances.shipped();
        recogniser =
                VoskRecogniser.open(
                        new SpeechSettings(
                                Map.of("de", folder, "en", folder.resolve("none")),
                                shipped.lexicon(),
                                shipped.verification(),
                                1,
                                shipped.limits(),
                                Duration.ofSeconds(1)),
                        System::nanoTime);
    }

    @AfterEach
    void close() {
        recogniser.close();
    }

    private Heard said(int... tones) throws Exception {
        BlockingQueue<Heard> told = new LinkedBlockingQueue<>();
        short[] sound = Sounds.silence(300);
        for (int hertz : tones) {
            sound = Sounds.join(sound, Tone.sine(hertz, 300, 6000), Sounds.silence(60));
        }
        sound = Sounds.join(sound, Sounds.silence(900));
        try (Listening listening =
                Asked.by(
                        recogniser,
                        "de",
                        EnumSet.of(SpokenMeaning.AGREE, SpokenMeaning.REFUSE),
                        told::add)) {
            for (int at = 0; at < sound.length; at += PcmFrame.SAMPLES) {
                listening.hear(
                        new PcmFrame(
                                Arrays.copyOfRange(sound, at, at + PcmFrame.SAMPLES),
                                at / 8,
                                PcmFrame.Origin.RECEIVED));
            }
            Heard last = told.poll(10, TimeUnit.SECONDS);
            while (last instanceof Heard.SpeechStarted) {
                last = told.poll(10, TimeUnit.SECONDS);
            }
            return last;
        }
    }

    private static @Nullable SpokenMeaning meaning(Heard heard) {
        return heard instanceof Heard.Words words ? words.meaning() : null;
    }

    @Test
    void itIsFoundByItsModelAndTheOthersStayAsTheyAre() {
        assertThat(recogniser.state()).containsEntry("de", "ready");
        assertThat(recogniser.state().get("en")).startsWith("keys only: no folder");
        assertThat(recogniser.model("de")).isEqualTo("70".repeat(32));
    }

    @Test
    void whatItHearsCountsByTheSameRules() throws Exception {
        assertThat(meaning(said(JA))).isEqualTo(SpokenMeaning.AGREE);
        assertThat(meaning(said(NEIN))).isEqualTo(SpokenMeaning.REFUSE);
        assertThat(meaning(said(JA, ABER))).isNotEqualTo(SpokenMeaning.AGREE);
        assertThat(said(JA, STRANGE)).isInstanceOf(Heard.Nothing.class);
        assertThat(said(STRANGE)).isInstanceOf(Heard.Nothing.class);
        assertThat(said(400))
                .isInstanceOfSatisfying(
                        Heard.Words.class, okay -> assertThat(okay.weak()).isTrue());
        assertThat(List.of(recogniser.totals().crashed())).containsExactly(0L);
    }
}
