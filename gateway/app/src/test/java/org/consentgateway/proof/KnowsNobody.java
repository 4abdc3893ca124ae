package org.consentgateway.proof;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.History;
import org.consentgateway.consent.journal.JournalStore;
import org.consentgateway.consent.journal.JournalUnavailable;

/** A store to which every caller is new. */
@FunctionalInterface
public interface KnowsNobody extends JournalStore {
    /** One that takes nothing. */
    KnowsNobody AWAY =
            (_, _) -> {
                throw new JournalUnavailable("away", false);
            };

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
