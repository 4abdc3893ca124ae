package org.consentgateway.consent.journal;

import java.time.Instant;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.UUID;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. Proof that a consent is on disk: without one no audio goes to an assistant. Only
 * {@link ConsentJournal} can make one, and only after the store's commit.
 */
public final class DurableGrant {
    private final UUID record;
    private final Level level;
    private final @Nullable Instant until;
    private final UUID call;

    DurableGrant(UUID record, Level level, @Nullable Instant until, UUID call) {
        this.record = Objects.requireNonNull(record);
        this.level = Objects.requireNonNull(level);
        this.until = until;
        this.call = Objects.requireNonNull(call);
    }

    /** Id of the record that gave the consent. */
    public UUID record() {
        return record;
    }

    public Level level() {
        return level;
    }

    public SequencedSet<Purpose> purposes() {
        return level.purposes();
    }

    /** The first instant at which it no longer holds; null where it ends with the call. */
    public @Nullable Instant until() {
        return until;
    }

    /** The only call in which this proof opens the gate. */
    public UUID call() {
        return call;
    }

    @Override
    public String toString() {
        return "DurableGrant[" + record + ", " + level.id() + "]";
    }
}
