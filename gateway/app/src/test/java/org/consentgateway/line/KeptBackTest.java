package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.junit.jupiter.api.Test;

/** What a far end says while the caller is still being spoken to. */
class KeptBackTest {
    private final Greeting greeting = new Greeting();

    private void says(short[] pcm) {
        for (int at = 0; at < pcm.length; at += PcmFrame.SAMPLES) {
            greeting.frame(
                    new PcmFrame(
                            Arrays.copyOfRange(pcm, at, at + PcmFrame.SAMPLES),
                            at / 8,
                            PcmFrame.Origin.RECEIVED));
        }
    }

    private static short[] word(int millis) {
        return Tone.sine(500, millis, 6000);
    }

    private static short[] silence(int millis) {
        return new short[8 * millis];
    }

    @Test
    void isKeptFromTheFirstWordOn() {
        says(silence(1000));
        says(word(400));
        assertThat(greeting.take()).isEqualTo(word(400));
        assertThat(greeting.take()).isEmpty();
    }

    @Test
    void aPauseIsKeptAndALongSilenceIsShortened() {
        says(word(400));
        says(silence(100));
        says(word(200));
        says(silence(3000));
        says(word(200));
        assertThat(greeting.take().length / 8).isEqualTo(400 + 100 + 200 + 180 + 200);
    }

    @Test
    void isBounded() {
        says(word(60_000));
        assertThat(greeting.take().length / 8).isEqualTo(10_000);
    }
}
