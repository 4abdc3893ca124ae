package org.consentgateway.sip.screen;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets so much pass per second, and a second's worth at once: a token bucket, kept as the one
 * instant at which it would be full again (the generic cell rate algorithm, ITU-T I.371).
 * Thread-safe.
 */
public final class TokenBucket {
    private static final long SECOND = 1_000_000_000L;

    private final long intervalNanos;
    private final AtomicLong fullAt;

    /**
     * @param perSecond one at least
     */
    public TokenBucket(int perSecond, long nowNanos) {
        this.intervalNanos = SECOND / perSecond;
        this.fullAt = new AtomicLong(nowNanos);
    }

    /** Takes a token; false if there is none. */
    public boolean take(long nowNanos) {
        return take(1, nowNanos);
    }

    /** Takes so many tokens at once, or none and is false; those of a second at most are there. */
    boolean take(int tokens, long nowNanos) {
        long taken = tokens * intervalNanos;
        while (true) {
            long before = fullAt.get();
            long from = before - nowNanos > 0 ? before : nowNanos;
            if (from - nowNanos > SECOND - taken) {
                return false;
            }
            if (fullAt.compareAndSet(before, from + taken)) {
                return true;
            }
        }
    }

    /** Takes so many tokens, also those that are still to come. */
    void owe(int tokens, long nowNanos) {
        fullAt.updateAndGet(
                before -> (before - nowNanos > 0 ? before : nowNanos) + tokens * intervalNanos);
    }

    /** Whether nothing has been taken that is not made up for. */
    boolean isFull(long nowNanos) {
        return fullAt.get() - nowNanos <= 0;
    }
}
