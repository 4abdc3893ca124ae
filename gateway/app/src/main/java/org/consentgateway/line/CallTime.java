package org.consentgateway.line;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Thread-safe. The two clocks of a call.
 *
 * @param clock the time of day, for records
 * @param monotonic nanoseconds since whenever, for durations
 */
public record CallTime(InstantSource clock, LongSupplier monotonic) {

    long nanos() {
        return monotonic.getAsLong();
    }

    Instant instant() {
        return clock.instant();
    }

    /** The time of day of something that has just happened. */
    Instant instantOf(long nanos) {
        return instant().minusNanos(nanos() - nanos);
    }
}
