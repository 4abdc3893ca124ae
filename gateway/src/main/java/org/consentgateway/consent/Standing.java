package org.consentgateway.consent;

import java.util.Objects;

/**
 * Immutable. What the store says about a caller's earlier consents. Only {@link ConsentJournal} can
 * make one, so that nobody can claim a consent that is not on disk.
 */
public final class Standing {
    private final ConsentStatus status;
    private final Subject subject;

    Standing(ConsentStatus status, Subject subject) {
        this.status = Objects.requireNonNull(status);
        this.subject = Objects.requireNonNull(subject);
    }

    public ConsentStatus status() {
        return status;
    }

    Subject subject() {
        return subject;
    }

    @Override
    public String toString() {
        return "Standing[" + status.getClass().getSimpleName() + "]";
    }
}
