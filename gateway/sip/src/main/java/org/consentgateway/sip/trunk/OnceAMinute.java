package org.consentgateway.sip.trunk;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has each thing told to the log once a minute, since a flood of calls must be none of lines.
 * Thread-safe.
 *
 * @param <T> what is told; kept for good, so of a kind of which there are few
 */
final class OnceAMinute<T> {
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ConcurrentMap<T, Long> told = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    OnceAMinute(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether it is to be told now. */
    boolean isDue(T what) {
        long now = nanos.getAsLong();
        Long before = told.get(what);
        return (before == null || now - before >= QUIET_NANOS) && isFirst(what, before, now);
    }

    private boolean isFirst(T what, @Nullable Long before, long now) {
        return before == null
                ? told.putIfAbsent(what, now) == null
                : told.replace(what, before, now);
    }
}
