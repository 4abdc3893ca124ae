package org.consentgateway.consent.journal;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.consentgateway.consent.Subject;

/** A store that has nothing of any caller: what it is given is all that a test is about. */
interface EverybodyIsNew extends JournalStore {
    @Override
    default void requireTrusted() {}

    @Override
    default History history(Subject subject, String lineage, Duration deadline) {
        return History.of(List.of());
    }

    @Override
    default History history(Subject subject, Duration deadline) {
        return History.of(List.of());
    }

    @Override
    default List<UUID> inForce(Subject subject, Duration deadline) {
        return List.of();
    }

    @Override
    default History history(Subject subject, List<UUID> consents, Duration deadline) {
        return History.of(List.of());
    }
}
