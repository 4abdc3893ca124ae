package org.consentgateway.media.rtp;

/**
 * How regularly the peer of a leg reports (RTCP), by which alone its silence says anything: a
 * participant reports whether it sends or not (RFC 3550 §6.2), and is gone when nothing has come of
 * it for five intervals (§6.3.5). Who does not report, or has ceased to while its sound went on,
 * may be silent for as long as it likes. Confined to its leg's event loop.
 */
public final class ReportPace {
    /** As RFC 3550 §6.3.5 has it (M). */
    private static final int INTERVALS_OF_SILENCE = 5;

    /** Of these the longest is what its next report is expected by. */
    private static final int INTERVALS_AT_LEAST = 2;

    private boolean started;
    private long lastNanos;
    private int intervals;
    private long longestNanos;

    /** A report has come. */
    public void reported(long nowNanos) {
        if (started) {
            intervals++;
            longestNanos = Math.max(longestNanos, nowNanos - lastNanos);
        }
        started = true;
        lastNanos = nowNanos;
    }

    /** Somebody else may be there now: whether they report is still to be seen. */
    public void begin() {
        started = false;
        intervals = 0;
        longestNanos = 0;
    }

    /**
     * Whether one that has reported for as long as it was heard is heard no more, in no way.
     *
     * @param heardNanos when its last packet of sound came
     * @param leastNanos of silence, however often it has reported
     */
    public boolean isGone(long heardNanos, long leastNanos, long nowNanos) {
        if (intervals < INTERVALS_AT_LEAST || heardNanos - lastNanos > 2 * longestNanos) {
            return false;
        }
        long patience = Math.max(leastNanos, INTERVALS_OF_SILENCE * longestNanos);
        return nowNanos - heardNanos > patience && nowNanos - lastNanos > patience;
    }
}
