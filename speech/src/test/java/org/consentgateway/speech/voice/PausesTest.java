package org.consentgateway.speech.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.consentgateway.media.audio.Wav;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PausesTest {
    private static final int RATE = 22_050;

    @Test
    void whatIsSaidStaysAndLongPausesBetweenBecome220Millis() {
        Wav shorter = Pauses.shortened(sound(1500, -600, 1500, -600, 1500));

        assertThat(millis(shorter)).isCloseTo(4500 + 2 * 220, within(20.0));
        assertThat(loudMillis(shorter)).isCloseTo(4500, within(20.0));
    }

    /** The closure of a plosive is silent for up to 150 ms. */
    @ParameterizedTest
    @ValueSource(ints = {60, 150, 200})
    void silenceInsideAWordStays(int millis) {
        Wav spoken = sound(100, -millis, 100, -millis, 100, -millis, 100);

        assertThat(Pauses.shortened(spoken).samples()).isEqualTo(spoken.samples());
    }

    /** As in "One is yes. Two is no.": the soft ends of words count as pauses, too. */
    @Test
    void ofAFewWordsPausesBecomeShorterUntilTheyAreWithinWhatANoticeAllows() {
        Wav spoken = sound(300, -900, 300, -900, 300, -900, 300);
        for (int word = 0; word < 3; word++) {
            int end = RATE * (300 + word * 1200) / 1000;
            for (int i = end; i < end + RATE * 200 / 1000; i++) {
                spoken.samples()[i] = (short) (320 * Math.sin(i * 0.3));
            }
        }
        assertThat(pauses(spoken)).isGreaterThan(0.3);

        assertThat(pauses(Pauses.shortened(spoken))).isLessThan(Pauses.MOST);
    }

    /** What begins or ends at a cut does so from one sample to the next nowhere. */
    @Test
    void noCutClicks() {
        Wav spoken = sound(500, -900, 500);
        for (int i = 0; i < spoken.samples().length / 2; i++) {
            spoken.samples()[i] = (short) (spoken.samples()[i] + 200);
        }
        short[] y = Pauses.shortened(spoken).samples();
        int quietFrom = RATE * 505 / 1000;
        for (int i = quietFrom; i < quietFrom + RATE * 200 / 1000; i++) {
            assertThat(Math.abs(y[i + 1] - y[i])).as("sample " + i).isLessThan(20);
        }
    }

    @Test
    void silenceAndNothingAreNoFault() {
        assertThat(Pauses.shortened(new Wav(new short[0], RATE)).samples()).isEmpty();
        assertThat(Pauses.shortened(new Wav(new short[9000], RATE)).samples())
                .containsOnly((short) 0);
    }

    /** Noise for so many milliseconds, and silence where they are negative. */
    private static Wav sound(int... millis) {
        var random = new Random(1);
        int all = 0;
        for (int each : millis) {
            all += RATE * Math.abs(each) / 1000;
        }
        short[] samples = new short[all];
        int at = 0;
        for (int each : millis) {
            int length = RATE * Math.abs(each) / 1000;
            for (int i = 0; each > 0 && i < length; i++) {
                int loud = 4000 + random.nextInt(4000);
                samples[at + i] = (short) (random.nextBoolean() ? loud : -loud);
            }
            at += length;
        }
        return new Wav(samples, RATE);
    }

    private static double millis(Wav sound) {
        return sound.samples().length * 1000.0 / sound.rate();
    }

    private static double loudMillis(Wav sound) {
        int loud = 0;
        for (short sample : sound.samples()) {
            loud += Math.abs(sample) >= 4000 ? 1 : 0;
        }
        return loud * 1000.0 / sound.rate();
    }

    private static double pauses(Wav sound) {
        double[] x = TelephoneBand.ofFullScale(TelephoneBand.shape(sound));
        return 1 - SpeechLevel.of(x, 8000).activity();
    }
}
