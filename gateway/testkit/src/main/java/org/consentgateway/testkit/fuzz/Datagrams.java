package org.consentgateway.testkit.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Several datagrams as one input, so that what a packet does depends on those before it in the same
 * input and on nothing else: one octet of time (in {@link #GAP_MILLIS}), two of length (big-endian,
 * modulo {@link #LONGEST}), and the datagram.
 */
public final class Datagrams {
    public static final int GAP_MILLIS = 5;

    /** Octets of a datagram at most, exclusive. */
    public static final int LONGEST = 2048;

    private static final int HEAD = 3;

    private Datagrams() {}

    /** Takes one of them. */
    public interface Taking {
        void takes(byte[] datagram, long afterMillis) throws Exception;
    }

    /** What {@link #each} takes apart. */
    public static byte[] joined(int gapMillis, byte[]... datagrams) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] datagram : datagrams) {
            all.write(gapMillis / GAP_MILLIS);
            all.write(datagram.length >> 8);
            all.write(datagram.length);
            all.writeBytes(datagram);
        }
        return all.toByteArray();
    }

    /** In order; the last may be shorter than it says. */
    public static void each(byte[] input, Taking taking) throws Exception {
        int at = 0;
        while (at + HEAD <= input.length) {
            int gap = (input[at] & 0xFF) * GAP_MILLIS;
            int length = (((input[at + 1] & 0xFF) << 8) | (input[at + 2] & 0xFF)) % LONGEST;
            at += HEAD;
            int end = Math.min(input.length, at + length);
            taking.takes(Arrays.copyOfRange(input, at, end), gap);
            at = end;
        }
    }
}
