package org.consentgateway.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/**
 * Thread-safe. Consents whose time is over and of which nobody has written so. Those that ended in
 * years before are not looked at each minute again: there are as many of them as the log is long.
 */
public final class EndedConsents {
    /** Looked at in one question, which has to be answered in the time of a look-up. */
    private static final int AT_ONCE = 10_000;

    /** A call that went on at the last look is over by then; and the clocks of nodes differ. */
    private static final Duration AGAIN = Duration.ofDays(1);

    /**
     * So that nothing is missed for good, such as a consent that was brought in when it was over.
     */
    private static final Duration WHOLE = Duration.ofDays(1);

    private final LogReader reader;

    /** All that ended before is written so, or was in use when it was looked at. */
    private Instant done = Instant.EPOCH;

    private Instant begun = Instant.EPOCH;

    EndedConsents(LogReader reader) {
        this.reader = reader;
    }

    /**
     * As {@link LogReader#endingBetween}, from the first on.
     *
     * @param limit so many or a few more end the search
     */
    public synchronized List<Entry> by(Instant now, int limit) throws LedgerUnavailable {
        if (now.isBefore(begun) || !now.isBefore(begun.plus(WHOLE))) {
            begun = now;
            done = Instant.EPOCH;
        }
        List<Entry> found = new ArrayList<>();
        Instant after = done;
        while (found.size() < limit) {
            Optional<Instant> more = reader.endOf(AT_ONCE, after, now);
            Instant end = more.orElse(now);
            found.addAll(reader.endingBetween(after, end, limit - found.size()));
            if (found.isEmpty()) {
                Instant again = now.minus(AGAIN);
                done = end.isBefore(again) ? end : again;
            }
            if (more.isEmpty()) {
                break;
            }
            after = end;
        }
        return List.copyOf(found);
    }
}
