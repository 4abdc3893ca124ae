package org.consentgateway.sip.screen;

/**
 * The rate of somebody whose address can be forged over UDP and not over a connection: what comes
 * over connections has all of it whatever datagrams take, and datagrams have what that leaves. Over
 * time there is no more of both than the rate; where both begin at once, in the first second twice
 * as much. Thread-safe.
 */
public final class SplitBucket {
    private final TokenBucket all;
    private final TokenBucket ofProven;

    /**
     * @param perSecond one at least
     */
    public SplitBucket(int perSecond, long nowNanos) {
        this.all = new TokenBucket(perSecond, nowNanos);
        this.ofProven = new TokenBucket(perSecond, nowNanos);
    }

    /**
     * Takes a token; false if there is none.
     *
     * @param proven whether it came over one
     */
    public boolean take(boolean proven, long nowNanos) {
        return take(1, proven, nowNanos);
    }

    /** Takes so many tokens at once, or none and is false; those of a second at most are there. */
    boolean take(int tokens, boolean proven, long nowNanos) {
        if (!proven) {
            return all.take(tokens, nowNanos);
        }
        boolean taken = ofProven.take(tokens, nowNanos);
        if (taken) {
            all.owe(tokens, nowNanos);
        }
        return taken;
    }

    /** Whether nothing has been taken that is not made up for. */
    boolean isFull(long nowNanos) {
        return all.isFull(nowNanos);
    }
}
