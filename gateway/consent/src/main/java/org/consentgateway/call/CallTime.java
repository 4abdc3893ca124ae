package org.consentgateway.call;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Thread-safe. The clocks of a call.
 *
 * @param clock the time of day, for records
 * @param latest the same, or ahead of it where the machine's clock was set ahead and may be right:
 *     what has ended by it is not relied on
 * @param monotonic nanoseconds since whenever, for durations
 */
public record CallTime(InstantSource clock, InstantSource latest, LongSupplier monotonic) {

    public long nanos() {
        return monotonic.getAsLong();
    }

    public Instant instant() {
        return clock.instant();
    }

    /** The time of day of something that has just happened. */
    public Instant instantOf(long nanos) {
        return instant().minusNanos(nanos() - nanos);
    }
}
