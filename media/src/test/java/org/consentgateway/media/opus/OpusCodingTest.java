package org.consentgateway.media.opus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.consentgateway.media.audio.Tone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes through the coder comes out of the decoder, and a stranger's octets harm neither. */
class OpusCodingTest {
    private static final int FRAMES = 50;

    /** Frames until both have settled. */
    private static final int SETTLED = 10;

    /** The usual of one frame in one packet, mono, 8 kHz of sound (RFC 6716 §3.1). */
    private static final int TOC = 23 << 3;

    /** At 16 kHz. */
    static short[] sine(int hertz, int millis) {
        short[] sound = new short[16 * millis];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = (short) Math.round(8000 * Math.sin(2 * Math.PI * hertz * i / 16_000));
        }
        return sound;
    }

    private static short[] frame(short[] sound, int index) {
        int from = index * OpusEncoding.FRAME;
        return Arrays.copyOfRange(sound, from, from + OpusEncoding.FRAME);
    }

    private static short[] throughBoth(short[] sound, OpusEncoding coder, OpusDecoding decoder) {
        short[] heard = new short[sound.length];
        for (int i = 0; i < sound.length / OpusEncoding.FRAME; i++) {
            short[] back = Objects.requireNonNull(decoder.decode(coder.encode(frame(sound, i))));
            assertThat(back).hasSize(OpusEncoding.FRAME);
            System.arraycopy(back, 0, heard, i * OpusEncoding.FRAME, back.length);
        }
        return heard;
    }

    /** What of it is that tone, against all else, in decibels. */
    private static double signalToNoise(short[] sound, double hertz) {
        double sine = 0;
        double cosine = 0;
        double all = 0;
        for (int i = 0; i < sound.length; i++) {
            double angle = 2 * Math.PI * hertz * i / 16_000;
            sine += sound[i] * Math.sin(angle);
            cosine += sound[i] * Math.cos(angle);
            all += (double) sound[i] * sound[i];
        }
        double tone = 2 * (sine * sine + cosine * cosine) / sound.length;
        return 10 * Math.log10(tone / Math.max(1, all - tone));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 3000, 6000})
    void aToneGoesThroughAndHardlyAnythingElse(int hertz) {
        short[] said = sine(hertz, 20 * FRAMES);

        short[] heard =
                throughBoth(
                        said, new OpusEncoding(OpusEncoding.BITS_PER_SECOND), new OpusDecoding());

        short[] settled = Arrays.copyOfRange(heard, SETTLED * OpusEncoding.FRAME, heard.length);
        assertThat(signalToNoise(settled, hertz)).isGreaterThan(20);
        assertThat(Tone.level(settled)).isCloseTo(Tone.level(said), withPercentage(10));
    }

    @Test
    void whatThePeerBearsIsNotExceeded() {
        short[] said = sine(1000, 20 * FRAMES);
        OpusEncoding coder = new OpusEncoding(12_000);
        int octets = 0;
        for (int i = 0; i < FRAMES; i++) {
            octets += coder.encode(frame(said, i)).length;
        }

        assertThat(octets * 8).isLessThan(13_200);
    }

    @Test
    void aLostPacketIsConcealedByWhatWasBeforeIt() {
        short[] said = sine(1000, 400);
        OpusEncoding coder = new OpusEncoding(OpusEncoding.BITS_PER_SECOND);
        OpusDecoding decoder = new OpusDecoding();
        throughBoth(said, coder, decoder);

        short[] guessed = decoder.conceal(OpusEncoding.FRAME);

        assertThat(guessed).hasSize(OpusEncoding.FRAME);
        assertThat(Tone.level(guessed)).isGreaterThan(Tone.level(said) / 4);
    }

    @Test
    void everyKindOfPacketOfAnyLengthIsSoundOrNothing() {
        Random random = new Random(7587);
        OpusDecoding decoder = new OpusDecoding();
        for (int round = 0; round < 20; round++) {
            for (int toc = 0; toc < 256; toc++) {
                byte[] packet = new byte[1 + random.nextInt(round < 18 ? 80 : 1500)];
                random.nextBytes(packet);
                packet[0] = (byte) toc;
                short[] sound = decoder.decode(packet);
                assertThat(sound == null ? 0 : sound.length)
                        .isBetween(0, OpusDecoding.MOST_SAMPLES);
            }
        }

        assertThat(decoder.decode(new byte[0])).isNull();
        // Of a fresh decoder it breaks an assertion.
        assertThat(new OpusDecoding().decode(new byte[] {0x3C, 0x1A, (byte) 0xE3})).isNull();
        assertThat(decoder.decode(new byte[] {(byte) TOC})).hasSize(OpusEncoding.FRAME);
        // And none of it has broken the decoder.
        short[] said = sine(1000, 400);
        short[] heard = throughBoth(said, new OpusEncoding(OpusEncoding.BITS_PER_SECOND), decoder);
        assertThat(signalToNoise(frame(heard, 15), 1000)).isGreaterThan(20);
    }

    /** Each may claim to be 120 ms long, and costs its sound and what decoding it takes. */
    @Test
    void aStrangersPacketTakesNoMoreMemoryThanItsSound() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Random random = new Random(6716);
        OpusDecoding decoder = new OpusDecoding();
        long most = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] packet = new byte[1500];
            random.nextBytes(packet);
            packet[0] = (byte) i;
            long before = threads.getCurrentThreadAllocatedBytes();
            decoder.decode(packet);
            most = Math.max(most, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat(most).isLessThan(1_000_000);
    }
}
