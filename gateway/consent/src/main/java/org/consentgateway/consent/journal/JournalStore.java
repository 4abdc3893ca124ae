package org.consentgateway.consent.journal;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Subject;

/** Thread-safe. Where records become durable. */
public interface JournalStore {

    /**
     * To be asked before a consent is given or relied on.
     *
     * @throws JournalUnavailable where what is stored here is not to be believed: a withdrawal may
     *     be missing
     */
    void requireTrusted() throws JournalUnavailable;

    /**
     * Blocks until all of the records are durable (committed and synchronised to disk), in this
     * order, or none is. A record whose id is already there is not written again. One that is about
     * a consent whose caller was erased is written without that caller.
     *
     * @param deadline after which the answer no longer matters
     * @return where the last of them stands
     */
    LogPosition append(List<ConsentRecord> records, Duration deadline) throws JournalUnavailable;

    /**
     * What is known of a caller under one lineage of notices, oldest first: what gave, ended or
     * replaced a consent, or said no to it; others may be left out, also of these what decides
     * nothing (a consent of a call that is over), and what was erased is not there. What may not be
     * relied on is told all the same: it can be withdrawn.
     */
    History history(Subject subject, String lineage, Duration deadline) throws JournalUnavailable;

    /**
     * What there is of a caller to withdraw, under whatever notice; others may be there as well.
     * Not complete where there may be more.
     */
    History history(Subject subject, Duration deadline) throws JournalUnavailable;

    /**
     * Which consents of a caller have not ended, under whatever notice: all of them, however many.
     *
     * @return ids of the records that gave them, each once
     */
    List<UUID> inForce(Subject subject, Duration deadline) throws JournalUnavailable;

    /**
     * What there is of some of these consents, and of what has ended them meanwhile; others may be
     * there as well. Not complete where one of them cannot be read.
     */
    History history(Subject subject, List<UUID> consents, Duration deadline)
            throws JournalUnavailable;
}
