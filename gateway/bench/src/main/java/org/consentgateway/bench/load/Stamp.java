package org.consentgateway.bench.load;

import java.nio.ByteBuffer;
import org.consentgateway.testkit.Law;

/**
 * The time at which a sound was sent, written in its first samples so that it outlives A-law and
 * µ-law: sixteen loudnesses that neither law takes for one another, four bits each.
 */
final class Stamp {
    /** Of a time, the pattern before it included. */
    static final int OCTETS = 22;

    /** What no speech and no prompt begins with. */
    private static final int[] PATTERN = {7, 8, 7, 8, 0, 15};

    private static final int SYMBOLS = 16;

    /** The middle of each segment of A-law, with its sign (ITU-T G.711, table 1a). */
    private static final byte[] IN_A_LAW = new byte[SYMBOLS];

    private static final byte[] IN_MU_LAW;
    private static final byte[] FROM_A_LAW;
    private static final byte[] FROM_MU_LAW;

    static {
        for (int symbol = 0; symbol < SYMBOLS; symbol++) {
            int sign = (symbol & 8) << 4;
            IN_A_LAW[symbol] = (byte) ((sign | (symbol & 7) << 4 | 8) ^ 0x55);
        }
        short[] levels = Law.A.decode(IN_A_LAW);
        IN_MU_LAW = Law.MU.encode(levels);
        FROM_A_LAW = symbols(Law.A, levels);
        FROM_MU_LAW = symbols(Law.MU, levels);
    }

    private Stamp() {}

    /** Of each octet of a law, the symbol that is nearest. */
    private static byte[] symbols(Law law, short[] levels) {
        byte[] octets = new byte[256];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) i;
        }
        short[] linear = law.decode(octets);
        byte[] symbols = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            for (byte each = 1; each < SYMBOLS; each++) {
                if (Math.abs(linear[i] - levels[each]) < Math.abs(linear[i] - levels[symbols[i]])) {
                    symbols[i] = each;
                }
            }
        }
        return symbols;
    }

    static void inALaw(ByteBuffer to, int at, long nanos) {
        write(IN_A_LAW, to, at, nanos);
    }

    static void inMuLaw(ByteBuffer to, int at, long nanos) {
        write(IN_MU_LAW, to, at, nanos);
    }

    private static void write(byte[] law, ByteBuffer to, int at, long nanos) {
        int next = at;
        for (int symbol : PATTERN) {
            to.put(next++, law[symbol]);
        }
        for (int shift = 60; shift >= 0; shift -= 4) {
            to.put(next++, law[(int) (nanos >>> shift) & 0xF]);
        }
    }

    /** 0 where there is none. */
    static long ofALaw(ByteBuffer from, int at) {
        return read(FROM_A_LAW, from, at);
    }

    /** 0 where there is none. */
    static long ofMuLaw(ByteBuffer from, int at) {
        return read(FROM_MU_LAW, from, at);
    }

    private static long read(byte[] law, ByteBuffer from, int at) {
        int next = at;
        for (int symbol : PATTERN) {
            if (law[from.get(next++) & 0xFF] != symbol) {
                return 0;
            }
        }
        long nanos = 0;
        for (int i = 0; i < 16; i++) {
            nanos = nanos << 4 | law[from.get(next++) & 0xFF];
        }
        return nanos;
    }
}
