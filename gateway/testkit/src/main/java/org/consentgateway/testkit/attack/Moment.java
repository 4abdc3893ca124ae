package org.consentgateway.testkit.attack;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A moment by both clocks. Immutable.
 *
 * @param nanos {@link System#nanoTime}
 * @param sinceEpochNanos as the kernel has it in captures
 */
record Moment(long nanos, long sinceEpochNanos) {
    static Moment now() {
        return new Moment(System.nanoTime(), sinceEpoch(Instant.now()));
    }

    static long sinceEpoch(Instant at) {
        return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
    }
}
