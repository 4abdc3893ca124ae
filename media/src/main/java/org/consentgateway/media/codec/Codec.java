package org.consentgateway.media.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A speech codec as RTP carries it: its name and number in SDP, its silence, and how its payload is
 * decoded, encoded and translated. Immutable; what depends on earlier packets is in the {@link
 * Decoder}, {@link Encoder} or {@link Translator} of one stream.
 *
 * <p>Inside the engine sound is 16-bit linear at 8 kHz, but for what goes from one wideband party
 * to another, which is at 16 kHz; the RTP clock of a leg runs at 8 kHz for the whole call. Each
 * codec converts in its decoder and encoder to and from either rate.
 *
 * <p>A new codec is a class of its own, named here in the {@code permits} clause and in {@link
 * Spoken#IN_ORDER}; from there negotiation, prompts, relaying and recognition find it.
 */
public abstract sealed class Codec permits G711, G722, L16 {
    /** Hz, of the RTP clock and in the SDP rtpmap. */
    public static final int CLOCK_RATE = 8000;

    /** Hz, of sound inside the engine. */
    public static final int NARROWBAND_RATE = 8000;

    /** Hz, of sound between two parties that both have more than 4 kHz. */
    public static final int WIDEBAND_RATE = 16_000;

    /** Of a codec that no RTP of ours carries. */
    static final int NO_PAYLOAD_TYPE = -1;

    private final String name;
    private final int staticPayloadType;
    private final int frameOctets;

    /** Apart from the class itself, since its subclasses cannot be made before it. */
    private static final class Spoken {
        /** The preferred one first. */
        static final List<Codec> IN_ORDER = List.of(G711.PCMA, G711.PCMU, G722.WIDEBAND);

        static final @Nullable Codec[] BY_PAYLOAD_TYPE = new @Nullable Codec[128];

        static {
            IN_ORDER.forEach(codec -> BY_PAYLOAD_TYPE[codec.staticPayloadType] = codec);
        }
    }

    /**
     * @param name and number as in RFC 3551 §6, Table 4
     * @param frameOctets of 20 ms
     */
    Codec(String name, int staticPayloadType, int frameOctets) {
        this.name = name;
        this.staticPayloadType = staticPayloadType;
        this.frameOctets = frameOctets;
    }

    /** All that we speak: offered in this order, and every prompt is encoded in each of them. */
    public static List<Codec> all() {
        return Spoken.IN_ORDER;
    }

    /** The codec of an SDP rtpmap in any case, or null if we do not speak it. */
    public static @Nullable Codec named(String name) {
        String wanted = name.toUpperCase(Locale.ROOT);
        for (Codec codec : all()) {
            if (codec.name.equals(wanted)) {
                return codec;
            }
        }
        return null;
    }

    /**
     * The codec of a static payload type, or null if we do not speak it.
     *
     * @param payloadType 0 to 127
     */
    public static @Nullable Codec ofPayloadType(int payloadType) {
        return Spoken.BY_PAYLOAD_TYPE[payloadType];
    }

    public final String name() {
        return name;
    }

    /** Of RFC 3551. */
    public final int staticPayloadType() {
        return staticPayloadType;
    }

    /** Octets of 20 ms. */
    public final int frameOctets() {
        return frameOctets;
    }

    /** Whether it carries more than 4 kHz from one leg to another. */
    public boolean isWideband() {
        return false;
    }

    /** Hz, of sound in which nothing of it is lost. */
    public final int rate() {
        return isWideband() ? WIDEBAND_RATE : NARROWBAND_RATE;
    }

    /** How many samples at 8 kHz a payload of so many octets holds. */
    public abstract int samples(int octets);

    /** 20 ms of silence; not to be written. */
    public abstract byte[] silence();

    /** For the packets of one stream, to sound at 8 kHz. */
    public final Decoder decoder() {
        return decoder(NARROWBAND_RATE);
    }

    /** For the packets of one stream, from sound at 8 kHz. */
    public final Encoder encoder() {
        return encoder(NARROWBAND_RATE);
    }

    /**
     * @param rate of the sound: {@link #NARROWBAND_RATE} or {@link #WIDEBAND_RATE}
     */
    public abstract Decoder decoder(int rate);

    /**
     * @param rate of the sound: {@link #NARROWBAND_RATE} or {@link #WIDEBAND_RATE}
     */
    public abstract Encoder encoder(int rate);

    /**
     * The codec in which recordings are kept for it: itself, if its octets depend on nothing that
     * was sent before them; what we say is translated from it in the stream, silence too.
     */
    public abstract G711 recordedIn();

    /** For one stream that comes in the other codec and goes out in this one. */
    public Translator translatorFrom(Codec other) {
        return new SampleTranslator(other, this);
    }

    /** A whole recording. */
    public final short[] decode(byte[] octets) {
        short[] samples = new short[samples(octets.length)];
        decoder().decode(ByteBuffer.wrap(octets), 0, octets.length, samples, 0, -1);
        return samples;
    }

    /** A whole recording. */
    public final byte[] encode(short[] samples) {
        int frames = Math.ceilDiv(samples.length, samples(frameOctets));
        byte[] octets = new byte[frames * frameOctets];
        return Arrays.copyOf(
                octets, encoder().encode(samples, samples.length, ByteBuffer.wrap(octets), 0));
    }

    @Override
    public final String toString() {
        return name;
    }

    /** Confined to one stream. */
    public interface Decoder {
        /**
         * Writes the samples of a payload to {@code to[(position + i) & mask]}.
         *
         * @param octets of the payload, from {@code offset} on
         * @param mask the length of a ring less one, that length being a power of two; or -1
         */
        void decode(ByteBuffer from, int offset, int octets, short[] to, int position, int mask);
    }

    /** Confined to one stream. */
    public interface Encoder {
        /**
         * Writes the payload of the first {@code count} samples.
         *
         * @return its octets
         */
        int encode(short[] samples, int count, ByteBuffer to, int offset);

        /** The same stream, which goes on with sound at another rate. */
        Encoder at(int rate);
    }

    /** Confined to one direction of one stream. */
    public interface Translator {
        /**
         * Replaces a payload by the sound that it is to be.
         *
         * @return its octets now
         */
        int translate(ByteBuffer packet, int offset, int octets);

        /** What goes out is the same stream, and what comes is in this codec from now on. */
        Translator from(Codec other);
    }
}
