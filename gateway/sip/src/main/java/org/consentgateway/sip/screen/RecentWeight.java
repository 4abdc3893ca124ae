package org.consentgateway.sip.screen;

import java.util.Arrays;

/** A sum over a time until now, and up to an eighth of it more. Thread-safe. */
final class RecentWeight {
    private static final int PARTS = 8;

    private final long width;
    private final long began;

    /** Of the parts of the time until now, by their number; the newest is not over. */
    private final long[] sums = new long[PARTS + 1];

    private long newest;
    private long sum;

    /**
     * @param lifetimeNanos how long what is added counts
     */
    RecentWeight(long lifetimeNanos, long now) {
        this.width = Math.max(1, lifetimeNanos / PARTS);
        this.began = now;
    }

    synchronized void add(int weight, long now) {
        if (weight > 0) {
            forget(now);
            sums[(int) (newest % sums.length)] += weight;
            sum += weight;
        }
    }

    synchronized long sum(long now) {
        forget(now);
        return sum;
    }

    private void forget(long now) {
        long part = (now - began) / width;
        if (part - newest > PARTS) {
            Arrays.fill(sums, 0);
            sum = 0;
            newest = part;
        }
        while (newest < part) {
            newest++;
            int oldest = (int) (newest % sums.length);
            sum -= sums[oldest];
            sums[oldest] = 0;
        }
    }
}
