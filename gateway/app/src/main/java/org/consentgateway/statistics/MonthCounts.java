package org.consentgateway.statistics;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.tally.Tallies;

/** Immutable. All that was counted of a month, with what the log has and nobody has counted yet. */
public final class MonthCounts {
    private static final int AT_ONCE = 2000;

    private final YearMonth month;
    private final Counts counts;

    private MonthCounts(YearMonth month, Counts counts) {
        this.month = month;
        this.counts = counts;
    }

    public static MonthCounts of(LedgerArchive archive, YearMonth month)
            throws IOException, LedgerUnavailable {
        LocalDate from = month.atDay(1);
        return new MonthCounts(month, between(archive, from, month.plusMonths(1).atDay(1)));
    }

    /**
     * @param to the first day that is not wanted
     */
    static Counts between(LedgerArchive archive, LocalDate from, LocalDate to)
            throws IOException, LedgerUnavailable {
        Tallies.Found found = archive.tallies(from, to);
        var all = new Counts();
        all.add(found.tallies());
        all.add(notCounted(archive.reader(), found.next()));
        return all.between(from, to);
    }

    private static Counts notCounted(LogReader reader, Map<String, Long> from)
            throws LedgerUnavailable {
        var counter = new EntryCounter(reader);
        Map<String, Long> next = new HashMap<>(from);
        while (true) {
            List<Entry> entries = reader.from(next, AT_ONCE, EntryCounter.COUNTED);
            for (Entry entry : entries) {
                counter.count(entry);
                next.put(entry.log(), entry.index() + 1);
            }
            if (entries.isEmpty()) {
                return counter.counts();
            }
        }
    }

    YearMonth month() {
        return month;
    }

    /** On which there was a call. */
    public SortedSet<String> lines() {
        var lines = new TreeSet<String>();
        counts.forEach((what, _) -> lines.add(what.cell().line()));
        lines.remove("");
        return lines;
    }

    Counts counts() {
        return counts;
    }

    /** Whether it is over. */
    boolean isOver(Instant now) {
        return !LocalDate.ofInstant(now, ZoneOffset.UTC).isBefore(month.plusMonths(1).atDay(1));
    }
}
