package org.consentgateway.consent.journal;

import java.time.Instant;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.UUID;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.NoticeRef;
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
    private final NoticeRef notice;
    private final LogPosition position;

    DurableGrant(
            UUID record,
            Level level,
            @Nullable Instant until,
            UUID call,
            NoticeRef notice,
            LogPosition position) {
        this.record = Objects.requireNonNull(record);
        this.level = Objects.requireNonNull(level);
        this.until = until;
        this.call = Objects.requireNonNull(call);
        this.notice = Objects.requireNonNull(notice);
        this.position = Objects.requireNonNull(position);
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

    /** In whose words this caller was spoken to. */
    public NoticeRef notice() {
        return notice;
    }

    /** Where the log says that it holds in this call. */
    public LogPosition position() {
        return position;
    }

    @Override
    public String toString() {
        return "DurableGrant[" + record + ", " + level.id() + "]";
    }
}
