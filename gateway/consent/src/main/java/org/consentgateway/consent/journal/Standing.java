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
    private final List<ConsentInForce> stored;
    private final Subject subject;

    Standing(ConsentStatus status, List<ConsentInForce> stored, Subject subject) {
        this.status = Objects.requireNonNull(status);
        this.stored = List.copyOf(stored);
        this.subject = Objects.requireNonNull(subject);
    }

    public ConsentStatus status() {
        return status;
    }

    /** All that could be withdrawn, also what may not be used now. */
    public List<ConsentInForce> stored() {
        return stored;
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
