package org.consentgateway.consent.journal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.consentgateway.consent.ConsentRecord;

/**
 * Immutable. What a store knows of a caller under one lineage of notices, each oldest first.
 *
 * @param found all of it: what there is to withdraw
 * @param reliable what of it an earlier consent may be relied on by: less where an end of one may
 *     be missing
 * @param complete false where there is something that cannot be read, or more than is read while a
 *     caller waits: it may be a consent, too
 */
public record History(List<ConsentRecord> found, List<ConsentRecord> reliable, boolean complete) {
    public History {
        found = List.copyOf(found);
        reliable = List.copyOf(reliable);
    }

    /** Where nothing is missing. */
    public static History of(List<ConsentRecord> records) {
        return new History(records, records, true);
    }

    /** The same where no consent may be relied on; each can be withdrawn all the same. */
    public History unreliable() {
        return new History(found, List.of(), complete);
    }

    /** The same and these, which came last. */
    History and(Collection<ConsentRecord> later) {
        return new History(joined(found, later), joined(reliable, later), complete);
    }

    private static List<ConsentRecord> joined(
            List<ConsentRecord> records, Collection<ConsentRecord> later) {
        var all = new ArrayList<>(records);
        all.addAll(later);
        return all;
    }
}
