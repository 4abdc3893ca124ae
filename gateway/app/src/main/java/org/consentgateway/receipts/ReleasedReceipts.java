package org.consentgateway.receipts;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.SubjectExport;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.PickupCode;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.proof.LedgerRequests;
import org.consentgateway.proof.LedgerRequests.ApprovedAccess;

/**
 * Thread-safe. Receipts that a person at the company has released by approving a request for
 * access. The number alone opens nothing: it is spoken to whoever calls, and a caller's number can
 * be forged.
 */
public final class ReleasedReceipts {
    /** How long after the approval. */
    public static final Duration HELD = Duration.ofDays(30);

    /** Nobody who tries makes the store be read more often. */
    private static final Duration READ_AGAIN = Duration.ofSeconds(5);

    /** Stands in for a request that there is not. */
    private static final UUID NOBODY = new UUID(0, 0);

    private final Ledger ledger;
    private Instant readAt = Instant.EPOCH;
    private List<ApprovedAccess> approvals = List.of();

    public ReleasedReceipts(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * What was released.
     *
     * @param entries the newest first
     * @param until when it was approved
     */
    record Released(FoundEntries entries, Instant until) {
        /** Whether it is one of these. */
        boolean has(Entry entry) {
            return entry.payload() != null && entries.contains(entry);
        }
    }

    /** Empty alike where there is no such number, the code is another, or it is too late. */
    Optional<Released> find(String number, String code, Instant now) throws LedgerUnavailable {
        List<ApprovedAccess> named =
                approvals(now).stream()
                        .filter(one -> one.number().equals(number))
                        .filter(one -> now.isBefore(one.at().plus(HELD)))
                        .toList();
        if (named.isEmpty()) {
            boolean _ = PickupCode.matches(ledger.pseudonyms(), NOBODY, code); // takes as long
            return Optional.empty();
        }
        for (ApprovedAccess one : named) {
            if (PickupCode.matches(ledger.pseudonyms(), one.id(), code)) {
                return released(one, now);
            }
        }
        return Optional.empty();
    }

    /** One of them; empty where it is none. */
    Optional<Entry> entry(Released released, UUID id) throws LedgerUnavailable {
        return ledger.reader().entry(id).filter(released::has);
    }

    private synchronized List<ApprovedAccess> approvals(Instant now) throws LedgerUnavailable {
        if (now.isBefore(readAt) || !now.isBefore(readAt.plus(READ_AGAIN))) {
            approvals = LedgerRequests.approvedAccess(ledger.reader());
            readAt = now;
        }
        return approvals;
    }

    /** Of the time before the approval: somebody else may have the number by now. */
    private Optional<Released> released(ApprovedAccess approved, Instant now)
            throws LedgerUnavailable {
        Optional<PseudonymousSubject> caller =
                LedgerRequests.caller(ledger.reader(), approved.request());
        if (caller.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Released(
                        SubjectExport.of(ledger.reader(), caller.get(), now)
                                .until(approved.at())
                                .proved(),
                        approved.at()));
    }
}
