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
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.tally.Tallies;

/** Immutable. All that was counted of a month, with what the log has and nobody has counted yet. */
public final class MonthCounts {
    private static final int AT_ONCE = 2000;

    private final YearMonth month;
    private final Read read;

    /**
     * What was read of some days.
     *
     * @param left entries of the log that nobody has counted yet and that were not read either;
     *     what does not count is among them
     */
    record Read(Counts counts, long left) {}

    private MonthCounts(YearMonth month, Read read) {
        this.month = month;
        this.read = read;
    }

    public static MonthCounts of(LedgerArchive archive, YearMonth month)
            throws IOException, LedgerUnavailable {
        return of(archive, month, Long.MAX_VALUE);
    }

    /**
     * @param most entries that are read, of those that nobody has counted yet; some thousands take
     *     a tenth of a second
     */
    public static MonthCounts of(LedgerArchive archive, YearMonth month, long most)
            throws IOException, LedgerUnavailable {
        LocalDate from = month.atDay(1);
        return new MonthCounts(month, between(archive, from, month.plusMonths(1).atDay(1), most));
    }

    /**
     * @param to the first day that is not wanted
     * @param most as above
     */
    static Read between(LedgerArchive archive, LocalDate from, LocalDate to, long most)
            throws IOException, LedgerUnavailable {
        Tallies.Found found = archive.tallies(from, to);
        Read rest = notCounted(archive.reader(), found.next(), most);
        var all = new Counts();
        all.add(found.tallies());
        all.add(rest.counts());
        return new Read(all.between(from, to), rest.left());
    }

    private static Read notCounted(LogReader reader, Map<String, Long> from, long most)
            throws LedgerUnavailable {
        var counter = new EntryCounter(reader);
        Map<String, Long> next = new HashMap<>(from);
        for (long done = 0; done < most; ) {
            int wanted = Math.toIntExact(Math.min(AT_ONCE, most - done));
            List<Entry> entries = reader.from(next, wanted, EntryCounter.COUNTED);
            for (Entry entry : entries) {
                counter.count(entry);
                next.put(entry.log(), entry.index() + 1);
            }
            if (entries.isEmpty()) {
                return new Read(counter.counts(), 0);
            }
            done += entries.size();
        }
        return new Read(counter.counts(), left(reader, next));
    }

    private static long left(LogReader reader, Map<String, Long> next) throws LedgerUnavailable {
        return reader.ask(Log::all).stream()
                .mapToLong(log -> Math.max(0, log.size() - next.getOrDefault(log.origin(), 0L)))
                .sum();
    }

    YearMonth month() {
        return month;
    }

    /** On which there was a call. */
    public SortedSet<String> lines() {
        var lines = new TreeSet<String>();
        read.counts().forEach((what, _) -> lines.add(what.cell().line()));
        lines.remove("");
        return lines;
    }

    Counts counts() {
        return read.counts();
    }

    long left() {
        return read.left();
    }

    /** Whether it is over. */
    boolean isOver(Instant now) {
        return !LocalDate.ofInstant(now, ZoneOffset.UTC).isBefore(month.plusMonths(1).atDay(1));
    }
}
