package org.consentgateway.media.codec;

/**
 * Immutable. The two laws of ITU-T G.711 as tables, and the functions over them.
 *
 * <p>Linear samples are 16-bit signed; G.711 itself knows 13 bits (A-law) and 14 bits (µ-law) of
 * them, left-aligned.
 */
public final class G711 {
    /** What an A-law sender sends when it says nothing (the smallest positive value). */
    public static final byte ALAW_SILENCE = (byte) 0xD5;

    /** What a µ-law sender sends when it says nothing (positive zero). */
    public static final byte ULAW_SILENCE = (byte) 0xFF;

    private static final short[] FROM_ALAW = new short[256];
    private static final short[] FROM_ULAW = new short[256];

    /** From 11 bits of magnitude to the octet of a negative sample. */
    private static final byte[] TO_ALAW = new byte[1 << 11];

    /** From 13 bits of magnitude, and one more value, to the octet of a positive sample. */
    private static final byte[] TO_ULAW = new byte[(1 << 13) + 1];

    private static final byte[] ALAW_TO_ULAW = new byte[256];
    private static final byte[] ULAW_TO_ALAW = new byte[256];

    static {
        for (int magnitude = 0; magnitude < TO_ALAW.length; magnitude++) {
            TO_ALAW[magnitude] = compressAlaw(magnitude);
        }
        for (int magnitude = 0; magnitude < TO_ULAW.length; magnitude++) {
            TO_ULAW[magnitude] = compressUlaw(magnitude);
        }
        for (int octet = 0; octet < 256; octet++) {
            FROM_ALAW[octet] = expandAlaw(octet);
            FROM_ULAW[octet] = expandUlaw(octet);
        }
        for (int octet = 0; octet < 256; octet++) {
            ALAW_TO_ULAW[octet] = toUlaw(FROM_ALAW[octet]);
            ULAW_TO_ALAW[octet] = toAlaw(FROM_ULAW[octet]);
        }
    }

    private G711() {}

    public static byte silence(Codec codec) {
        return switch (codec) {
            case PCMA -> ALAW_SILENCE;
            case PCMU -> ULAW_SILENCE;
        };
    }

    /** 256 entries from octet to linear sample; not to be written. */
    public static short[] expansion(Codec codec) {
        return switch (codec) {
            case PCMA -> FROM_ALAW;
            case PCMU -> FROM_ULAW;
        };
    }

    /** 256 entries from an octet of this law to the nearest of the other; not to be written. */
    public static byte[] translation(Codec from) {
        return switch (from) {
            case PCMA -> ALAW_TO_ULAW;
            case PCMU -> ULAW_TO_ALAW;
        };
    }

    public static short toLinear(Codec codec, byte octet) {
        return expansion(codec)[octet & 0xFF];
    }

    public static byte toOctet(Codec codec, short linear) {
        return switch (codec) {
            case PCMA -> toAlaw(linear);
            case PCMU -> toUlaw(linear);
        };
    }

    public static short[] decode(Codec codec, byte[] octets) {
        short[] expansion = expansion(codec);
        short[] linear = new short[octets.length];
        for (int i = 0; i < octets.length; i++) {
            linear[i] = expansion[octets[i] & 0xFF];
        }
        return linear;
    }

    public static byte[] encode(Codec codec, short[] linear) {
        byte[] octets = new byte[linear.length];
        for (int i = 0; i < linear.length; i++) {
            octets[i] = toOctet(codec, linear[i]);
        }
        return octets;
    }

    /** From one law to the other without going through linear samples. */
    public static void translate(Codec from, byte[] octets, int offset, int length) {
        byte[] table = translation(from);
        for (int i = offset; i < offset + length; i++) {
            octets[i] = table[octets[i] & 0xFF];
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
