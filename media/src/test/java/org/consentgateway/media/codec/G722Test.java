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
        byte[] encoded = new byte[expected.length];
        CODEC.encoder(Codec.WIDEBAND_RATE)
                .encode(sound, 2 * encoded.length, ByteBuffer.wrap(encoded), 0);
        assertThat(encoded).isEqualTo(expected);
    }

    @Test
    void bothBandsDecodeBitForBitAsItuHasIt() throws IOException {
        assertThat(wide(octets("speech.g722"))).isEqualTo(samples("decoded-16khz.pcm"));
    }

    private static short[] wide(byte[] encoded) {
        short[] decoded = new short[2 * encoded.length];
        CODEC.decoder(Codec.WIDEBAND_RATE)
                .decode(ByteBuffer.wrap(encoded), 0, encoded.length, decoded, 0, -1);
        return decoded;
    }

    /** What we say is heard by a wideband telephone with nothing of its own above 4 kHz. */
    @Test
    void whatWeEncodeIsTheSameToneAtSixteenKilohertzAndNothingElse() {
        byte[] encoded = CODEC.encode(Tone.sine(1000, 1000, 9000));
        short[] wide = wide(encoded);
        // Tone reckons with 8 kHz: at 16 kHz the same tone is half of what it is told.
        assertThat(Tone.share(wide, 500)).isGreaterThan(0.995);
    }

    /** Prompts at 8 kHz and an assistant at 16 kHz are one stream to the far decoder. */
    @Test
    void aStreamGoesOnInTheOtherRateWithoutASeam() {
        Codec.Encoder narrow = CODEC.encoder();
        short[] low = Tone.sine(500, 200, 9000);
        byte[] first = new byte[low.length];
        narrow.encode(low, low.length, ByteBuffer.wrap(first), 0);
        short[] high = Tone.sine(3000, 400, 9000);
        byte[] second = new byte[high.length / 2];
        narrow.at(Codec.WIDEBAND_RATE).encode(high, high.length, ByteBuffer.wrap(second), 0);
        short[] heard =
                wide(
                        ByteBuffer.allocate(first.length + second.length)
                                .put(first)
                                .put(second)
                                .array());
        short[] before = Arrays.copyOfRange(heard, 400, 2 * first.length - 100);
        short[] after = Arrays.copyOfRange(heard, 2 * first.length + 400, heard.length);
        assertThat(Tone.share(before, 250)).isGreaterThan(0.98);
        assertThat(Tone.share(after, 3000)).as("6 kHz").isGreaterThan(0.95);
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
