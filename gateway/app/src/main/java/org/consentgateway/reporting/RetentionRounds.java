package org.consentgateway.reporting;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.consentgateway.metrics.Gauges;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What is over by its retention is erased again and again, and how long ago that was
 * done to its end is known: a failure is told once in the log, and the law is broken all the while
 * (Art. 5 (1) (e) DSGVO).
 */
public final class RetentionRounds {
    private final BooleanSupplier doubtful;
    private final InstantSource clock;
    private final Callable<?> erasing;
    private volatile @Nullable Instant done;

    /**
     * @param doubtful whether the clock may be wrong, by which too much would be erased
     * @param clock tells the time also while it is in doubt
     * @param erasing of all that is over; fails where it did not come to its end
     */
    public RetentionRounds(BooleanSupplier doubtful, InstantSource clock, Callable<?> erasing) {
        this.doubtful = doubtful;
        this.clock = clock;
        this.erasing = erasing;
    }

    public void run() throws Exception {
        if (doubtful.getAsBoolean()) {
            return;
        }
        Instant began = clock.instant();
        var _ = erasing.call();
        done = began;
    }

    /** Seconds since the begin of the last round that came to its end; NaN before the first. */
    public double lag() {
        return Gauges.secondsSince(done, clock.instant());
    }
}
