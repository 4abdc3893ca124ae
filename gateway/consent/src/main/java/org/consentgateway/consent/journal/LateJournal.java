package org.consentgateway.consent.journal;

import java.util.Collection;
import java.util.List;
import org.consentgateway.consent.ConsentRecord;

/**
 * Thread-safe. A small local file beside the store for what must not be lost while the store is
 * down: withdrawals above all. Bounded by its implementation, with places of its own for each
 * {@link LateKind}. Whatever is asked of it may take as long as its disk does: {@link DiskRecords}
 * asks it beside the calls.
 */
public interface LateJournal {

    /**
     * Keeps all of these durably on this machine, or none. What is kept already takes no second
     * place.
     *
     * @return false where there are not places for all of them or the disk fails: counted by the
     *     caller
     */
    boolean keep(List<ConsentRecord> together);

    /** All that is kept, oldest first. */
    List<ConsentRecord> kept();

    /**
     * The store has them now.
     *
     * @param written may be none: what could not be taken off the disk before is tried again
     */
    void forget(Collection<ConsentRecord> written);
}
