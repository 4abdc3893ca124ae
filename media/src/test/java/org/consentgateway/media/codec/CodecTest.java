package org.consentgateway.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every codec keeps to, so that the engine need not know which it is. */
class CodecTest {
    static List<Codec> all() {
        return Codec.all();
    }

    /** Those of RTP, and the one of parties on a stream. */
    static List<Codec> sounds() {
        return Stream.concat(all().stream(), Stream.of(L16.WIDEBAND)).toList();
    }

    static Stream<G711> recorded() {
        return all().stream().map(Codec::recordedIn).distinct();
    }

    static Stream<List<Codec>> pairs() {
        return sounds().stream()
                .flatMap(one -> sounds().stream().map(two -> List.of(one, two)))
                .filter(pair -> pair.getFirst() != pair.getLast());
    }

    @ParameterizedTest
    @MethodSource("all")
    void isFoundByItsNameAndByItsNumber(Codec codec) {
        assertThat(Codec.named(codec.name())).isSameAs(codec);
        assertThat(Codec.named(codec.name().toLowerCase(Locale.ROOT))).isSameAs(codec);
        assertThat(Codec.ofPayloadType(codec.staticPayloadType())).isSameAs(codec);
        assertThat(codec).hasToString(codec.name());
    }

    @Test
    void whatWeDoNotSpeakIsNotFound() {
        assertThat(Codec.named("GSM")).isNull();
        assertThat(Codec.ofPayloadType(3)).isNull();
        assertThat(Codec.ofPayloadType(127)).isNull();
    }

    @ParameterizedTest
    @MethodSource("sounds")
    void aFrameIsTwentyMillisecondsOfSound(Codec codec) {
        assertThat(codec.samples(codec.frameOctets())).isEqualTo(160);
        assertThat(codec.silence()).hasSize(codec.frameOctets());
        assertThat(Tone.level(codec.decode(codec.silence()))).isLessThan(10);
        assertThat(AudioClip.of(new short[2 * PcmFrame.SAMPLES]).octets(codec.recordedIn()))
                .hasSize(2 * codec.recordedIn().frameOctets());
    }

    @ParameterizedTest
    @MethodSource("sounds")
    void soundComesBackAsItWas(Codec codec) {
        short[] tone = Tone.sine(440, 200, 9000);
        short[] back = codec.decode(codec.encode(tone));
        assertThat(back).hasSameSizeAs(tone);
        assertThat(Tone.share(back, 440)).isGreaterThan(0.99);
        assertThat(Tone.level(back)).isCloseTo(Tone.level(tone), within(100.0));
    }

    /** {@link Tone} has 8 kHz: here everything is of half the frequency, and twice as long. */
    @ParameterizedTest
    @MethodSource("sounds")
    void soundAtSixteenKilohertzComesBackAsMuchAsThereIsOfIt(Codec codec) {
        for (double half : new double[] {500, 3000}) {
            short[] tone = Tone.sine(half, 400, 9000);
            byte[] octets = new byte[20 * codec.frameOctets() / 2];
            int length =
                    codec.encoder(Codec.WIDEBAND_RATE)
                            .encode(tone, tone.length, ByteBuffer.wrap(octets), 0);
            assertThat(codec.samples(length)).isEqualTo(tone.length / 2);
            short[] back = new short[tone.length];
            codec.decoder(Codec.WIDEBAND_RATE)
                    .decode(ByteBuffer.wrap(octets), 0, length, back, 0, -1);
            short[] settled = Arrays.copyOfRange(back, 100, back.length);
            if (half < 2000 || codec.isWideband()) {
                assertThat(Tone.share(settled, half)).isGreaterThan(0.97);
                assertThat(Tone.level(settled)).isCloseTo(9000 / Math.sqrt(2), within(300.0));
            } else {
                assertThat(Tone.level(settled)).as("above its band").isLessThan(100);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void aPayloadIsMadeAQuarterAsLoud(G711 codec) {
        short[] tone = Tone.sine(440, 200, 9000);
        ByteBuffer packet = ByteBuffer.wrap(codec.encode(tone));
        codec.lower(packet, 0, packet.capacity());
        assertThat(Tone.share(codec.decode(packet.array()), 440)).isGreaterThan(0.99);
        assertThat(Tone.level(codec.decode(packet.array())))
                .isCloseTo(Tone.level(tone) / 4, within(30.0));
        ByteBuffer quiet = ByteBuffer.wrap(codec.silence().clone());
        codec.lower(quiet, 0, quiet.capacity());
        assertThat(Tone.level(codec.decode(quiet.array()))).isLessThan(10);
    }

    /** A jitter buffer decodes each packet to its place, past the end of the ring and on. */
    @ParameterizedTest
    @MethodSource("sounds")
    void aDecoderWritesIntoARing(Codec codec) {
        byte[] octets = codec.encode(Tone.sine(440, 20, 9000));
        short[] ring = new short[256];
        codec.decoder().decode(ByteBuffer.wrap(octets), 0, octets.length, ring, 200, 255);
        short[] inLine = codec.decode(octets);
        for (int i = 0; i < 160; i++) {
            assertThat(ring[(200 + i) & 255]).isEqualTo(inLine[i]);
        }
        assertThat(Arrays.copyOfRange(ring, 104, 200)).containsOnly((short) 0);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void translatingIsDecodingAndEncoding(List<Codec> pair) {
        Codec from = pair.getFirst();
        Codec to = pair.getLast();
        byte[] tone = from.encode(Tone.sine(400, 200, 9000));
        Codec.Translator shorter = to.translatorFrom(from);
        Codec.Translator longer = new SampleTranslator(from, to);
        byte[] payload = new byte[to.frameOctets()];
        ByteBuffer whole = ByteBuffer.allocate(10 * payload.length);
        for (int i = 0; i < 10; i++) {
            ByteBuffer direct = packet(tone, i, from);
            ByteBuffer general = packet(tone, i, from);
            int octets = shorter.translate(direct, 12, from.frameOctets());
            assertThat(octets).isEqualTo(to.frameOctets());
            assertThat(longer.translate(general, 12, from.frameOctets())).isEqualTo(octets);
            assertThat(direct).isEqualTo(general);
            direct.get(12, payload);
            whole.put(payload);
        }
        assertThat(Tone.share(to.decode(whole.array()), 400)).isGreaterThan(0.98);
    }

    private static ByteBuffer packet(byte[] sound, int frame, Codec codec) {
        int octets = codec.frameOctets();
        return ByteBuffer.allocate(2048).put(12, sound, frame * octets, octets);
    }

    @Test
    void whatIsTooLongForOnePacketIsCutAtAFrame() {
        var translator = new SampleTranslator(G711.PCMA, G711.PCMU);
        assertThat(translator.translate(ByteBuffer.allocate(2048), 0, 1400)).isEqualTo(960);
    }
}
