package org.consentgateway.sip.screen;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Remembers keys for a while, each with a number, in memory that never grows: a newer key may
 * displace an older one, so what is remembered is so, and what is not may be forgotten.
 * Thread-safe.
 */
public final class Recent {
    /** A thousand a second for half a minute, half full. */
    private static final int SLOTS = 1 << 16;

    /** Not among the keys remembered. */
    public static final int NO = -1;

    private final long lifetimeNanos;
    private final AtomicLongArray keys = new AtomicLongArray(SLOTS);
    private final AtomicLongArray times = new AtomicLongArray(SLOTS);
    private final AtomicIntegerArray numbers = new AtomicIntegerArray(SLOTS);

    public Recent(long lifetimeNanos) {
        this.lifetimeNanos = lifetimeNanos;
    }

    /**
     * @param number 0 or more
     */
    public void add(long key, int number, long nowNanos) {
        int slot = slot(key);
        times.set(slot, nowNanos);
        numbers.set(slot, number);
        keys.set(slot, key);
    }

    /** The number of a key, or {@link #NO}. */
    public int number(long key, long nowNanos) {
        int slot = slot(key);
        boolean known = keys.get(slot) == key && nowNanos - times.get(slot) < lifetimeNanos;
        return known ? numbers.get(slot) : NO;
    }

    private static int slot(long key) {
        return (int) (key >>> 48) & (SLOTS - 1);
    }
}
