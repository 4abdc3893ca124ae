package org.consentgateway.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.consentgateway.media.codec.G711;
import org.junit.jupiter.api.Test;

class ToneTest {
    @Test
    void aToneIsFoundAtItsFrequencyAndNowhereElse() {
        short[] tone = Tone.sine(700, 200, 10_000);
        assertThat(Tone.share(tone, 700)).isEqualTo(1, within(0.02));
        assertThat(Tone.share(tone, 900)).isLessThan(0.02);
        assertThat(Tone.share(new short[800], 700)).isZero();
        assertThat(Tone.level(tone)).isEqualTo(10_000 / Math.sqrt(2), within(50.0));
    }

    @Test
    void ringBackIsOneSecondOf425HertzInFive() {
        short[] pcm = G711.PCMA.decode(Tone.ringBack().octets(G711.PCMA));
        assertThat(pcm).hasSize(40_000);
        assertThat(Tone.share(Arrays.copyOf(pcm, 8000), 425)).isGreaterThan(0.98);
        assertThat(Tone.level(Arrays.copyOfRange(pcm, 8000, 40_000))).isLessThan(10);
    }

    @Test
    void aClipIsPaddedToWholeFramesWithSilence() {
        AudioClip clip = AudioClip.of(Tone.sine(400, 30, 9000));
        assertThat(clip.samples()).isEqualTo(320);
        assertThat(clip.millis()).isEqualTo(40);
        assertThat(clip.octets(G711.PCMA)[319]).isEqualTo(G711.PCMA.silence()[0]);
        assertThat(clip.octets(G711.PCMU)[319]).isEqualTo(G711.PCMU.silence()[0]);
        assertThat(AudioClip.of(new short[0]).samples()).isZero();
    }
}
