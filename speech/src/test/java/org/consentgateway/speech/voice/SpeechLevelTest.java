package org.consentgateway.speech.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SpeechLevelTest {
    private static final int RATE = 8000;

    @Test
    void aSteadySoundHasItsOwnRms() {
        SpeechLevel level = SpeechLevel.of(noise(4, 0.1), RATE);
        assertThat(level.activeDbov()).isCloseTo(-20, within(0.2));
        assertThat(level.activity()).isGreaterThan(0.99);
    }

    @Test
    void pausesChangeTheActivityAndNotTheLevel() {
        double[] x = new double[10 * RATE];
        for (int second = 0; second < 10; second += 2) {
            System.arraycopy(noise(1, 0.1), 0, x, second * RATE, RATE);
        }
        SpeechLevel level = SpeechLevel.of(x, RATE);
        assertThat(level.activeDbov()).isCloseTo(-20, within(1.2));
        // Of each second of silence the first 200 ms, and the fading of the envelope, still count.
        assertThat(level.activity()).isBetween(0.6, 0.68);
    }

    @Test
    void weakNoiseBetweenWordsIsNoSpeech() {
        double[] x = noise(10, 0.0005);
        for (int second = 0; second < 10; second += 2) {
            System.arraycopy(noise(1, 0.1), 0, x, second * RATE, RATE);
        }
        assertThat(SpeechLevel.of(x, RATE).activity()).isBetween(0.6, 0.68);
    }

    @Test
    void twiceAsLoudIsSixDecibelsMore() {
        double quiet = SpeechLevel.of(noise(3, 0.05), RATE).activeDbov();
        double loud = SpeechLevel.of(noise(3, 0.1), RATE).activeDbov();
        assertThat(loud - quiet).isCloseTo(6.02, within(0.1));
    }

    @Test
    void silenceHasNoLevel() {
        assertThat(SpeechLevel.of(new double[RATE], RATE).activeDbov())
                .isEqualTo(Double.NEGATIVE_INFINITY);
    }

    private static double[] noise(int seconds, double rms) {
        Random random = new Random(7);
        double[] x = new double[seconds * RATE];
        for (int i = 0; i < x.length; i++) {
            x[i] = rms * random.nextGaussian();
        }
        return x;
    }
}
