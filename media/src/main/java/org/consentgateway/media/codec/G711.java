package org.consentgateway.media.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One of the two laws of ITU-T G.711, as tables. Immutable, and without state from packet to
 * packet.
 *
 * <p>Linear samples are 16-bit signed; G.711 itself knows 13 bits (A-law) and 14 bits (µ-law) of
 * them, left-aligned.
 */
public final class G711 extends Codec implements Codec.Decoder, Codec.Encoder {
    /** From 11 bits of magnitude to the octet of a negative sample. */
    private static final byte[] TO_ALAW = new byte[1 << 11];

    /** From 13 bits of magnitude, and one more value, to the octet of a positive sample. */
    private static final byte[] TO_ULAW = new byte[(1 << 13) + 1];

    static {
        for (int magnitude = 0; magnitude < TO_ALAW.length; magnitude++) {
            TO_ALAW[magnitude] = compressAlaw(magnitude);
        }
        for (int magnitude = 0; magnitude < TO_ULAW.length; magnitude++) {
            TO_ULAW[magnitude] = compressUlaw(magnitude);
        }
    }

    /** A-law: what Europe speaks. */
    public static final G711 PCMA = new G711("PCMA", 8, G711::toAlaw, G711::expandAlaw);

    /** µ-law: what North America and Japan speak. */
    public static final G711 PCMU = new G711("PCMU", 0, G711::toUlaw, G711::expandUlaw);

    private static final Translator ALAW_TO_ULAW = new OctetTranslator(PCMA, PCMU);
    private static final Translator ULAW_TO_ALAW = new OctetTranslator(PCMU, PCMA);

    private static final int FRAME_OCTETS = 160;

    private interface Compression {
        byte octet(short linear);
    }

    private interface Expansion {
        short linear(int octet);
    }

    private final Compression compression;
    private final short[] expanded = new short[256];
    private final byte[] lowered = new byte[256];
    private final byte[] silence = new byte[FRAME_OCTETS];

    private G711(String name, int payloadType, Compression compression, Expansion expansion) {
        super(name, payloadType, FRAME_OCTETS);
        this.compression = compression;
        for (int octet = 0; octet < expanded.length; octet++) {
            expanded[octet] = expansion.linear(octet);
            lowered[octet] = toOctet((short) (expanded[octet] / 4));
        }
        Arrays.fill(silence, toOctet((short) 0));
    }

    public short toLinear(byte octet) {
        return expanded[octet & 0xFF];
    }

    public byte toOctet(short linear) {
        return compression.octet(linear);
    }

    @Override
    public int samples(int octets) {
        return octets;
    }

    @Override
    public byte[] silence() {
        return silence;
    }

    @Override
    public Decoder decoder(int rate) {
        return rate == NARROWBAND_RATE ? this : new WideSound.Decoder(this);
    }

    @Override
    public Encoder encoder(int rate) {
        return at(rate);
    }

    @Override
    public Encoder at(int rate) {
        return rate == NARROWBAND_RATE ? this : new WideSound.Encoder(this);
    }

    @Override
    public void decode(
            ByteBuffer from, int offset, int octets, short[] to, int position, int mask) {
        short[] table = expanded;
        for (int i = 0; i < octets; i++) {
            to[(position + i) & mask] = table[from.get(offset + i) & 0xFF];
        }
    }

    @Override
    public int encode(short[] samples, int count, ByteBuffer to, int offset) {
        for (int i = 0; i < count; i++) {
            to.put(offset + i, toOctet(samples[i]));
        }
        return count;
    }

    @Override
    public G711 recordedIn() {
        return this;
    }

    /** Makes the sound of a payload a quarter as loud, 12 dB less, where it stands. */
    public void lower(ByteBuffer packet, int offset, int octets) {
        replace(packet, offset, octets, lowered);
    }

    private static void replace(ByteBuffer packet, int offset, int octets, byte[] table) {
        for (int i = offset; i < offset + octets; i++) {
            packet.put(i, table[packet.get(i) & 0xFF]);
        }
    }

    /** From law to law octet by octet, with a table. */
    @Override
    public Translator translatorFrom(Codec other) {
        if (other == PCMA && this == PCMU) {
            return ALAW_TO_ULAW;
        }
        if (other == PCMU && this == PCMA) {
            return ULAW_TO_ALAW;
        }
        return super.translatorFrom(other);
    }

    /** Immutable: an octet of one law is always the same octet of the other. */
    private static final class OctetTranslator implements Translator {
        private final byte[] table = new byte[256];
        private final G711 to;

        OctetTranslator(G711 from, G711 to) {
            this.to = to;
            for (int octet = 0; octet < table.length; octet++) {
                table[octet] = to.toOctet(from.toLinear((byte) octet));
            }
        }

        @Override
        public int translate(ByteBuffer packet, int offset, int octets) {
            replace(packet, offset, octets, table);
            return octets;
        }

        @Override
        public Translator from(Codec other) {
            return to.translatorFrom(other);
        }
    }

    /** One's complement mirrors negative values, so that both signs have the same 2048 steps. */
    private static byte toAlaw(short linear) {
        return linear >= 0 ? (byte) (TO_ALAW[linear >> 4] ^ 0x80) : TO_ALAW[~linear >> 4];
    }

    /**
     * G.711 Table 1a, without the sign: three bits of segment, four of step; even bits inverted.
     */
    private static byte compressAlaw(int magnitude) {
        if (magnitude < 32) {
            // Segments 0 and 1 share one step size.
            return (byte) (magnitude ^ 0x55);
        }
        int shift = 27 - Integer.numberOfLeadingZeros(magnitude);
        return (byte) ((((shift + 1) << 4) | ((magnitude >> shift) & 0x0F)) ^ 0x55);
    }

    private static short expandAlaw(int octet) {
        int bits = octet ^ 0x55;
        int segment = (bits >> 4) & 7;
        // The middle of the step: half a step above its lower edge.
        int magnitude = ((bits & 0x0F) << 1) + 1;
        if (segment > 0) {
            magnitude = (magnitude + 32) << (segment - 1);
        }
        int linear = magnitude << 3;
        return (short) ((bits & 0x80) != 0 ? linear : -linear);
    }

    private static byte toUlaw(short linear) {
        return linear >= 0 ? TO_ULAW[linear >> 2] : (byte) (TO_ULAW[-linear >> 2] ^ 0x80);
    }

    /** G.711 Table 2a: the same with a bias of 33 (of 14 bits) and all bits inverted. */
    private static byte compressUlaw(int magnitude) {
        int biased = Math.min(magnitude + 33, 0x1FFF);
        int segment = 26 - Integer.numberOfLeadingZeros(biased);
        return (byte) ~((segment << 4) | ((biased >> (segment + 1)) & 0x0F));
    }

    private static short expandUlaw(int octet) {
        int bits = ~octet & 0xFF;
        int segment = (bits >> 4) & 7;
        int magnitude = ((((bits & 0x0F) << 1) + 33) << segment) - 33;
        int linear = magnitude << 2;
        return (short) ((bits & 0x80) != 0 ? -linear : linear);
    }
}
