package org.consentgateway.statistics;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.tally.Tallies;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps in the store what was counted, so that it outlives the records: those of who was silent or
 * refused are deleted after weeks, and a rate without them would be too good. Confined to one
 * thread; every node counts, and each entry counts once.
 */
public final class CountKeeping {
    private static final Logger LOG = LoggerFactory.getLogger(CountKeeping.class);

    /** Months can be compared with those of years before; nothing in it is personal. */
    private static final Period KEPT = Period.ofYears(5);

    private static final int AT_ONCE = 1000;

    /**
     * After an update from a version that did not count there may be years to be counted, in turns.
     */
    private static final int MOST_TIMES = 100;

    private final Ledger ledger;
    private final CountedCalls calls;
    private final InstantSource clock;

    public CountKeeping(Ledger ledger, CountedCalls calls, InstantSource clock) {
        this.ledger = ledger;
        this.calls = calls;
        this.clock = clock;
    }

    /** Keeps what calls have told since this was asked last. */
    public void keepCalls() throws LedgerUnavailable {
        long lost = calls.lost();
        if (lost > 0) {
            LOG.warn("the monthly report lacks {} counts: there was no room for them", lost);
        }
        Counts taken = calls.take();
        try {
            ledger.tallies().add(taken.stored());
        } catch (LedgerUnavailable e) {
            calls.putBack(taken);
            throw e;
        }
    }

    /** Counts what the log has and was not counted yet. */
    public void countLog() throws LedgerUnavailable {
        boolean more = true;
        for (int times = 0; more && times < MOST_TIMES; times++) {
            Map<String, Long> next = ledger.reader().ask(Tallies::next);
            List<Entry> entries = ledger.reader().from(next, AT_ONCE, EntryCounter.COUNTED);
            // Where another node was faster, what it has counted is left out the next time.
            more = !entries.isEmpty() && count(entries, next);
        }
        ledger.tallies().forget(today().minus(KEPT));
    }

    private boolean count(List<Entry> entries, Map<String, Long> next) throws LedgerUnavailable {
        var counter = new EntryCounter(ledger.reader());
        Map<String, Long> after = new HashMap<>();
        for (Entry entry : entries) {
            counter.count(entry);
            after.put(entry.log(), entry.index() + 1);
        }
        List<Tallies.Step> steps = new ArrayList<>();
        after.forEach(
                (log, to) -> steps.add(new Tallies.Step(log, next.getOrDefault(log, 0L), to)));
        return ledger.tallies().add(counter.counts().stored(), steps);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
