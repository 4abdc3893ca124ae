package org.consentgateway.consent.journal;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.Subject;

/**
 * Immutable. What the store says about a caller's earlier consents. Only {@link ConsentJournal} can
 * make one, so that nobody can claim a consent that is not on disk.
 */
public final class Standing {
    private final ConsentStatus status;
    private final ConsentStatus found;
    private final List<ConsentInForce> stored;
    private final boolean complete;
    private final Subject subject;

    Standing(
            ConsentStatus status,
            ConsentStatus found,
            List<ConsentInForce> stored,
            boolean complete,
            Subject subject) {
        this.status = Objects.requireNonNull(status);
        this.found = Objects.requireNonNull(found);
        this.stored = List.copyOf(stored);
        this.complete = complete;
        this.subject = Objects.requireNonNull(subject);
    }

    /** By what may be relied on. */
    public ConsentStatus status() {
        return status;
    }

    /**
     * By all that was found: what a no is said to, and what nothing is remembered beside. Nothing
     * is granted by it.
     */
    public ConsentStatus found() {
        return found;
    }

    /** All that could be withdrawn, also what may not be used now. */
    public List<ConsentInForce> stored() {
        return stored;
    }

    /** False where there may be more to withdraw, which cannot be read. */
    public boolean complete() {
        return complete;
    }

    /** Whether this very grant may be used now. */
    public boolean holds(UUID grant) {
        return switch (status) {
            case ConsentStatus.Valid valid -> valid.grant().equals(grant);
            case ConsentStatus.RenewalDue due -> due.grant().equals(grant);
            case ConsentStatus.None _,
                    ConsentStatus.Expired _,
                    ConsentStatus.TextChanged _,
                    ConsentStatus.PurposeAdded _,
                    ConsentStatus.Shared _,
                    ConsentStatus.Withdrawn _ ->
                    false;
        };
    }

    public Subject subject() {
        return subject;
    }

    @Override
    public String toString() {
        return "Standing[" + status.getClass().getSimpleName() + "]";
    }
}
