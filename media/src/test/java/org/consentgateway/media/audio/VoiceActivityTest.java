package org.consentgateway.media.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.consentgateway.media.audio.VoiceActivity.Change;
import org.junit.jupiter.api.Test;

class VoiceActivityTest {
    private final VoiceActivity activity = new VoiceActivity(60, 400);
    private final Random random = new Random(9);
    private final List<String> changes = new ArrayList<>();
    private int frame;

    /** Noise of one level with, perhaps, a voice-like tone over it. */
    private void hear(int millis, double noise, double voice) {
        for (int i = 0; i < millis / 20; i++) {
            short[] pcm = new short[PcmFrame.SAMPLES];
            for (int k = 0; k < pcm.length; k++) {
                pcm[k] =
                        (short)
                                (noise * random.nextGaussian()
                                        + voice * Math.sin(2 * Math.PI * 180 * k / 8000));
            }
            Change change = activity.samples(pcm);
            if (change != Change.NONE) {
                changes.add(change + " " + frame * 20);
            }
            frame++;
        }
    }

    @Test
    void aWordInAQuietRoomStartsAndStops() {
        hear(1000, 20, 0);
        hear(500, 20, 3000);
        hear(1000, 20, 0);
        assertThat(changes).containsExactly("STARTED 1040", "STOPPED 1880");
    }

    @Test
    void aClickIsNoSpeech() {
        hear(1000, 20, 0);
        hear(40, 20, 8000);
        hear(1000, 20, 0);
        assertThat(changes).isEmpty();
    }

    @Test
    void aNoisyStreetBecomesBackgroundAndSpeechOverItIsHeard() {
        hear(15_000, 400, 0);
        assertThat(activity.speaking()).isFalse();
        changes.clear();
        hear(600, 400, 6000);
        hear(1000, 400, 0);
        assertThat(changes).hasSize(2);
    }

    @Test
    void aLongSentenceStaysOneAndPausesBetweenWordsDoNotSplitIt() {
        hear(1000, 20, 0);
        for (int i = 0; i < 20; i++) {
            hear(400, 20, 3000);
            hear(200, 20, 0);
        }
        hear(1000, 20, 0);
        assertThat(changes).hasSize(2);
    }

    @Test
    void silenceIsNeverSpeech() {
        hear(5000, 0, 0);
        assertThat(changes).isEmpty();
    }
}
