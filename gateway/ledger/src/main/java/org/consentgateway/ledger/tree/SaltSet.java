package org.consentgateway.ledger.tree;

import java.nio.ByteBuffer;

/**
 * Thread-safe. The salts seen so far, 8 bytes of memory each: their first 64 bits, of which two
 * among a million random ones agree with a probability of 3 in 100 million.
 */
public final class SaltSet {
    private long[] slots = new long[1 << 12];
    private int used;
    private boolean zero;

    /** False where it was there already. */
    public synchronized boolean add(byte[] salt) {
        long value = ByteBuffer.wrap(salt).getLong();
        if (value == 0) {
            boolean first = !zero;
            zero = true;
            return first;
        }
        if (used * 2 >= slots.length) {
            grow();
        }
        if (!put(slots, value)) {
            return false;
        }
        used++;
        return true;
    }

    private void grow() {
        long[] larger = new long[slots.length * 2];
        for (long value : slots) {
            if (value != 0) {
                put(larger, value);
            }
        }
        slots = larger;
    }

    private static boolean put(long[] slots, long value) {
        int mask = slots.length - 1;
        int at = (int) (value ^ value >>> 32) & mask;
        while (slots[at] != 0) {
            if (slots[at] == value) {
                return false;
            }
            at = (at + 1) & mask;
        }
        slots[at] = value;
        return true;
    }
}
