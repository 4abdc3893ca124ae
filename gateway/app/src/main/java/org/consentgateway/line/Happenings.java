package org.consentgateway.line;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. What a verb waits for. What it means at any time is done
 * already when the verb sees it; the end of the call surfaces here as an exception.
 */
@FunctionalInterface
interface Happenings {
    /** How long to look for the next one if only what comes matters: each look costs a wake-up. */
    long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

    /** Waits at most so long; null if nothing came. */
    @Nullable Happening next(long atMostNanos);

    default @Nullable Happening next() {
        return next(PATIENCE_NANOS);
    }
}
