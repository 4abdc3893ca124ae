package org.consentgateway.call.answer;

/** Confined to its owner. Time that stands still while the caller is on hold. */
final class StoppableClock {
    private static final long RUNNING = Long.MIN_VALUE;

    private long stoodStill;
    private long stoppedAt = RUNNING;

    boolean stopped() {
        return stoppedAt != RUNNING;
    }

    void stop(long nowNanos) {
        stoppedAt = nowNanos;
    }

    void go(long nowNanos) {
        stoodStill += nowNanos - stoppedAt;
        stoppedAt = RUNNING;
    }

    /** Its own time at a real time that is not before the last {@link #go}. */
    long at(long nowNanos) {
        return (stopped() ? Math.min(nowNanos, stoppedAt) : nowNanos) - stoodStill;
    }

    /** The real time of its own time, if it is not stopped again. */
    long realTime(long ownNanos) {
        return ownNanos + stoodStill;
    }
}
