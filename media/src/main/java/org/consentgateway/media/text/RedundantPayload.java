package org.consentgateway.media.text;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of one RTP payload (RFC 2198 §3), the oldest first; the last one is new. Immutable.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |1|  block PT   |  timestamp offset         |   block length    |  one for each older block
 * |0|  block PT   |                                                  for the new one
 * </pre>
 */
record RedundantPayload(List<byte[]> older, byte[] newest) {
    static final int OLDER_HEADER = 4;
    static final int NEWEST_HEADER = 1;

    /** 10 bits. */
    static final int MOST_OCTETS = 1023;

    /** 14 bits, in milliseconds at the clock of T.140. */
    static final int MOST_OFFSET = (1 << 14) - 1;

    /** More generations than anybody sends. */
    private static final int MOST_OLDER = 8;

    /**
     * @param at index of the payload's first octet
     * @param blocks payload type that all blocks have to be of
     * @return null if it is malformed
     */
    static @Nullable RedundantPayload read(ByteBuffer datagram, int at, int length, int blocks) {
        List<Integer> lengths = new ArrayList<>();
        int end = at + length;
        int next = at;
        while (next < end && datagram.get(next) < 0) {
            if (next + OLDER_HEADER > end || lengths.size() == MOST_OLDER) {
                return null;
            }
            int header = datagram.getInt(next);
            if (((header >>> 24) & 0x7F) != blocks) {
                return null;
            }
            lengths.add(header & MOST_OCTETS);
            next += OLDER_HEADER;
        }
        if (next >= end || datagram.get(next) != blocks) {
            return null;
        }
        next += NEWEST_HEADER;
        List<byte[]> older = new ArrayList<>(lengths.size());
        for (int octets : lengths) {
            if (next + octets > end) {
                return null;
            }
            older.add(octets(datagram, next, octets));
            next += octets;
        }
        return new RedundantPayload(List.copyOf(older), octets(datagram, next, end - next));
    }

    static byte[] octets(ByteBuffer datagram, int at, int length) {
        byte[] octets = new byte[length];
        datagram.get(at, octets);
        return octets;
    }
}
