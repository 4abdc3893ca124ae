package org.consentgateway.consent.journal;

import java.util.List;
import org.consentgateway.consent.ConsentRecord;

/**
 * Thread-safe. A small local file beside the store for what must not be lost while the store is
 * down: withdrawals above all. Bounded by its implementation.
 */
public interface LateJournal {

    /**
     * Keeps the record durably on this machine.
     *
     * @return false where it is full or the disk fails: counted by the caller
     */
    boolean keep(ConsentRecord record);

    /** All that is kept, oldest first. */
    List<ConsentRecord> kept();

    /** The store has it now. */
    void forget(ConsentRecord record);
}
