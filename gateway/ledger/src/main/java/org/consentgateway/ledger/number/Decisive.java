package org.consentgateway.ledger.number;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;

/**
 * Immutable. What decides whether a caller has a consent, and what there is to be ended.
 *
 * @param entries newest first
 * @param whole whether that is all there is of the caller; else what decides, and nothing besides
 * @param uncertain consents of which there is more than is read, and that may have ended: none of
 *     them is to be relied on, though nothing is wrong with the store
 * @param complete false where there may be more consents in force than were looked at
 */
public record Decisive(List<Entry> entries, boolean whole, Set<UUID> uncertain, boolean complete) {
    public Decisive {
        entries = List.copyOf(entries);
        uncertain = Set.copyOf(uncertain);
    }

    static Decisive whole(List<Entry> entries) {
        return new Decisive(entries, true, Set.of(), true);
    }

    /**
     * How much is read while a caller waits: some hundred milliseconds of it at worst.
     *
     * @param whole a number that is named by more entries than this is crowded: of that only what
     *     decides is read
     * @param consents of one number that are read: so many that last, the newest first, and so many
     *     older ones that are in force
     * @param looked rows that are passed over while older ones in force are looked for
     * @param ends entries that end consents, or say no to them
     */
    public record Most(int whole, int consents, int looked, int ends) {
        public static final Most USUAL = new Most(2_000, 200, 50_000, 1_000);

        /** Where nobody is on the telephone: all of it, by the same questions. */
        static final Most ALL = new Most(0, 1_000_000_000, 1_000_000_000, 1_000_000_000);
    }
}
