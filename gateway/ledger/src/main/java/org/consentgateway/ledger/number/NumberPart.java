package org.consentgateway.ledger.number;

import java.util.Optional;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. Some of what there is of a number, found from where a reader stands: what that costs
 * grows with the part, and not with the number. All parts together have what {@link
 * FoundEntries#of} has, in another order: what bears the caller's name comes newest first, and what
 * stems from the same call and bears none comes right behind the oldest that does, since that one
 * stays the oldest whatever is recorded meanwhile.
 *
 * @param entries of this part, newest first
 * @param next behind which the next one begins; empty where this is the last
 */
public record NumberPart(FoundEntries entries, Optional<Stand> next) {
    /**
     * Where a reader stands. Nothing but rows that name the same person are read behind it, whoever
     * made it.
     *
     * @param named the last that was passed of what bears the caller's name
     * @param within the last that was told of the same call; null for none
     */
    public record Stand(FoundEntries.At named, FoundEntries.@Nullable At within) {
        /** Before everything. */
        public static final Stand BEGINNING =
                new Stand(new FoundEntries.At(0, Long.MAX_VALUE, Long.MAX_VALUE, null), null);
    }

    /**
     * @param from where the reader stands
     * @param latest nothing is told that was recorded later, in milliseconds since 1970
     * @param most entries
     */
    public static NumberPart of(
            LogReader reader, PseudonymousSubject subject, Stand from, long latest, int most)
            throws LedgerUnavailable {
        return reader.ask(connection -> {
            NumberWalk walk = new NumberWalk(connection, subject, latest, most);
            walk.from(from);
            return new NumberPart(FoundEntries.of(reader, connection, walk.told()), walk.next());
        });
    }
}
