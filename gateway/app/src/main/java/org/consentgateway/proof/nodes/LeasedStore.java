package org.consentgateway.proof.nodes;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.History;
import org.consentgateway.consent.journal.JournalStore;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.LogPosition;

/**
 * Thread-safe. A store that no consent is given or relied on by where this node has no lease:
 * others may be ending its calls. No earlier consent is relied on by it where another node is
 * silent, which may have its withdrawal, or where late records or entries of another node were
 * lost, which may have been one. Everything else is told and written as ever.
 */
public record LeasedStore(
        JournalStore store, NodeLife life, OtherNodes others, BooleanSupplier damaged)
        implements JournalStore {
    @Override
    public void requireTrusted() throws JournalUnavailable {
        if (!life.holds()) {
            throw new JournalUnavailable("this node has no lease", false);
        }
        store.requireTrusted();
    }

    @Override
    public LogPosition append(List<ConsentRecord> records, Duration deadline)
            throws JournalUnavailable {
        return store.append(records, deadline);
    }

    @Override
    public History history(Subject subject, String lineage, Duration deadline)
            throws JournalUnavailable {
        History history = store.history(subject, lineage, deadline);
        if (history.found().isEmpty()) {
            return history; // as of most callers
        }
        return others.silentNow(deadline) > 0 || damaged.getAsBoolean()
                ? history.unreliable() // asked in full, as if nobody knew the caller
                : history;
    }

    @Override
    public History history(Subject subject, Duration deadline) throws JournalUnavailable {
        return store.history(subject, deadline);
    }

    @Override
    public List<UUID> inForce(Subject subject, Duration deadline) throws JournalUnavailable {
        return store.inForce(subject, deadline);
    }

    @Override
    public History history(Subject subject, List<UUID> consents, Duration deadline)
            throws JournalUnavailable {
        return store.history(subject, consents, deadline);
    }
}
