package org.consentgateway.testkit;

import java.util.Arrays;

/**
 * The two laws of ITU-T G.711, by their definition: decoding as the tables say, encoding as the
 * octet whose value is nearest. Written apart from the gateway's tables. Immutable.
 */
public final class Law {
    public static final Law MU = new Law(0, 0xFF);
    public static final Law A = new Law(8, 0xD5);

    /** Static payload type (RFC 3551 §6). */
    public final int payloadType;

    /** What is sent if nothing is said. */
    public final byte silence;

    private final short[] values = new short[256];

    /** By the value's upper 15 bits. */
    private final byte[] nearest = new byte[1 << 15];

    private Law(int payloadType, int silence) {
        this.payloadType = payloadType;
        this.silence = (byte) silence;
        Integer[] octets = new Integer[256];
        for (int octet = 0; octet < 256; octet++) {
            values[octet] = payloadType == 8 ? fromA(octet) : fromMu(octet);
            octets[octet] = octet;
        }
        Arrays.sort(octets, (one, other) -> Short.compare(values[one], values[other]));
        int at = 0;
        for (int i = 0; i < nearest.length; i++) {
            int value = (i - (1 << 14)) * 2;
            while (at < 255
                    && Math.abs(values[octets[at + 1]] - value)
                            <= Math.abs(values[octets[at]] - value)) {
                at++;
            }
            nearest[i] = octets[at].byteValue();
        }
    }

    /** G.711 Table 1: sign, three bits of segment, four of step; even bits inverted. */
    private static short fromA(int octet) {
        int bits = octet ^ 0x55;
        int segment = bits >> 4 & 7;
        int step = bits & 15;
        int value = segment == 0 ? 16 * step + 8 : (16 * step + 264) << (segment - 1);
        return (short) ((bits & 0x80) == 0 ? -value : value);
    }

    /** G.711 Table 2: the same with all bits inverted, and a bias of 132. */
    private static short fromMu(int octet) {
        int bits = ~octet;
        int value = (((bits & 15) * 8 + 132) << (bits >> 4 & 7)) - 132;
        return (short) ((bits & 0x80) == 0 ? value : -value);
    }

    public short[] decode(byte[] octets) {
        short[] samples = new short[octets.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = values[octets[i] & 0xFF];
        }
        return samples;
    }

    public byte[] encode(short[] samples) {
        byte[] octets = new byte[samples.length];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = nearest[(samples[i] >> 1) + (1 << 14)];
        }
        return octets;
    }
}
