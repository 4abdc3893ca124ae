package org.consentgateway.ledger.watch;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. What was found to be changed in the store while the gateway runs, told once each.
 */
public final class TamperAlarm {
    private static final Logger LOG = LoggerFactory.getLogger(TamperAlarm.class);

    /** More are counted, not told. */
    private static final int TOLD = 100;

    private final InstantSource clock;
    private final Set<String> told = new LinkedHashSet<>();
    private @Nullable String newest;
    private @Nullable Instant raisedAt;

    public TamperAlarm(InstantSource clock) {
        this.clock = clock;
    }

    public synchronized void raise(String what) {
        raisedAt = clock.instant();
        newest = what;
        if (told.size() < TOLD && told.add(what)) {
            LOG.error(
                    "the record was changed behind the gateway's back: {}. Keep the store as it is,"
                            + " and run scripts/gateway ledger verify",
                    what);
        }
    }

    /** Everything there is was found right by a look that began then. */
    synchronized void allRight(Instant began) {
        if (raisedAt != null && raisedAt.isBefore(began)) {
            LOG.info("everything in the record is right again");
            told.clear();
            newest = null;
            raisedAt = null;
        }
    }

    /** How many different things, up to a hundred. */
    public synchronized int found() {
        return told.size();
    }

    /** Empty where nothing was found. */
    public synchronized Optional<String> newest() {
        return Optional.ofNullable(newest);
    }
}
