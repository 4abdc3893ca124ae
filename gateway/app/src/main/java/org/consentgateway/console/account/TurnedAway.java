package org.consentgateway.console.account;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thread-safe. Counts sign-ins that were not looked at, and says so once a minute. */
final class TurnedAway {
    private static final Logger LOG = LoggerFactory.getLogger(TurnedAway.class);

    private static final Duration QUIET = Duration.ofMinutes(1);

    private final AtomicLong count = new AtomicLong();
    private final AtomicReference<Instant> told = new AtomicReference<>(Instant.EPOCH);

    void one(Instant now) {
        count.incrementAndGet();
        Instant last = Objects.requireNonNull(told.get());
        if (!now.isBefore(last.plus(QUIET)) && told.compareAndSet(last, now)) {
            LOG.warn(
                    "more sign-ins to the console by password than are looked at beside calls:"
                            + " those above are turned away");
        }
    }

    long count() {
        return count.get();
    }
}
