package org.consentgateway.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.consentgateway.media.audio.Tone;
import org.junit.jupiter.api.Test;

/** Against ITU-T's own signals (resources/g722/NOTICE), through the filters that part the bands. */
class G722Test {
    private static final G722 CODEC = G722.WIDEBAND;

    /** Sums and differences of two samples of 16 kHz are samples of the two bands (clause 3.1). */
    private static final class QuadratureMirrorFilter {
        private static final int[] COEFFICIENTS = {
            3, -11, -11, 53, 12, -156, 32, 362, -210, -805, 951, 3876, 3876, 951, -805, -210, 362,
            32, -156, 12, 53, -11, -11, 3
        };

        private final int[] past = new int[COEFFICIENTS.length];

        /** Sums over even and odd places, after these two have come. */
        private long[] sums(int first, int second) {
            System.arraycopy(past, 0, past, 2, past.length - 2);
            past[0] = first;
            past[1] = second;
            long even = 0;
            long odd = 0;
            for (int i = 0; i < past.length; i += 2) {
                even += 2L * COEFFICIENTS[i] * past[i];
                odd += 2L * COEFFICIENTS[i + 1] * past[i + 1];
            }
            return new long[] {even, odd};
        }

        int[] parted(int later, int earlier) {
            long[] sums = sums(later, earlier);
            return new int[] {
                Math.clamp((sums[0] + sums[1]) >> 15, -16384, 16383),
                Math.clamp((sums[0] - sums[1]) >> 15, -16384, 16383)
            };
        }

        /** The earlier sample first. */
        int[] joined(int lower, int higher) {
            long[] sums = sums(lower - higher, lower + higher);
            return new int[] {(short) (sums[0] >> 12), (short) (sums[1] >> 12)};
        }
    }

    private static byte[] octets(String name) throws IOException {
        try (InputStream in = G722Test.class.getResourceAsStream("/g722/" + name)) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        }
    }

    private static short[] samples(String name) throws IOException {
        byte[] octets = octets(name);
        short[] samples = new short[octets.length / 2];
        ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    @Test
    void bothBandsEncodeBitForBitAsItuHasIt() throws IOException {
        short[] sound = samples("speech-16khz.pcm");
        byte[] expected = octets("speech.g722");
        var filter = new QuadratureMirrorFilter();
        var lower = new LowerBand();
        var higher = new HigherBand();
        byte[] encoded = new byte[expected.length];
        for (int i = 0; i < encoded.length; i++) {
            int[] bands = filter.parted(sound[2 * i + 1], sound[2 * i]);
            encoded[i] = (byte) (higher.encode(bands[1]) << 6 | lower.encode(bands[0]));
        }
        assertThat(encoded).isEqualTo(expected);
    }

    @Test
    void bothBandsDecodeBitForBitAsItuHasIt() throws IOException {
        byte[] encoded = octets("speech.g722");
        short[] expected = samples("decoded-16khz.pcm");
        var filter = new QuadratureMirrorFilter();
        var lower = new LowerBand();
        var higher = new HigherBand();
        short[] decoded = new short[expected.length];
        for (int i = 0; i < encoded.length; i++) {
            int high = higher.decode(encoded[i] >> 6 & 3);
            int[] pair = filter.joined(lower.decode(encoded[i] & 0x3F), high);
            decoded[2 * i] = (short) pair[0];
            decoded[2 * i + 1] = (short) pair[1];
        }
        assertThat(decoded).isEqualTo(expected);
    }

    /** What we say is heard by a wideband telephone with nothing of its own above 4 kHz. */
    @Test
    void whatWeEncodeIsTheSameToneAtSixteenKilohertzAndNothingElse() {
        byte[] encoded = CODEC.encode(Tone.sine(1000, 1000, 9000));
        var filter = new QuadratureMirrorFilter();
        var lower = new LowerBand();
        var higher = new HigherBand();
        short[] wide = new short[2 * encoded.length];
        for (int i = 0; i < encoded.length; i++) {
            int high = higher.decode(encoded[i] >> 6 & 3);
            int[] pair = filter.joined(lower.decode(encoded[i] & 0x3F), high);
            wide[2 * i] = (short) pair[0];
            wide[2 * i + 1] = (short) pair[1];
        }
        // Tone reckons with 8 kHz: at 16 kHz the same tone is half of what it is told.
        assertThat(Tone.share(wide, 500)).isGreaterThan(0.995);
    }

    /** A prompt is encoded by itself and sent to a decoder that has heard something else. */
    @Test
    void aStreamThatBeginsAnewIsHeardRightAfterAMoment() {
        byte[] loud = CODEC.encode(Tone.sine(700, 400, 15000));
        byte[] prompt = CODEC.encode(Tone.sine(440, 400, 3000));
        byte[] stream =
                ByteBuffer.allocate(loud.length + prompt.length).put(loud).put(prompt).array();
        short[] heard = CODEC.decode(stream);
        short[] after = Arrays.copyOfRange(heard, loud.length + 800, heard.length);
        assertThat(Tone.share(after, 440)).isGreaterThan(0.98);
        assertThat(Tone.level(after)).isBetween(1900.0, 2300.0);
    }

    @Test
    void silenceAfterSoundIsSilent() {
        byte[] loud = CODEC.encode(Tone.sine(700, 400, 15000));
        ByteBuffer stream = ByteBuffer.allocate(loud.length + 50 * 160).put(loud);
        for (int i = 0; i < 50; i++) {
            stream.put(CODEC.silence());
        }
        short[] heard = CODEC.decode(stream.array());
        short[] after = Arrays.copyOfRange(heard, loud.length + 1600, heard.length);
        assertThat(Tone.level(after)).isLessThan(10);
    }
}
