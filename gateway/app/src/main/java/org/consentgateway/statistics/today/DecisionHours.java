package org.consentgateway.statistics.today;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/**
 * Thread-safe. What callers of all nodes answered in the last day, hour by hour, as the log has it.
 * Hours that are over are counted once, and the one that goes on every few seconds.
 */
public final class DecisionHours {
    /** That are shown, with the one that is not over. */
    public static final int HOURS = 24;

    /** Records of an hour may still be on their way a while after it. */
    private static final Duration SETTLED = Duration.ofMinutes(10);

    /** Pages that are kept up to date ask more often. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final LogReader reader;
    private final InstantSource clock;
    private final ZoneId zone;
    private final TreeMap<Instant, Counted> counted = new TreeMap<>();

    /**
     * @param at when it was counted
     */
    private record Counted(Instant at, AnswerCounts counts) {}

    /**
     * @param zone in which an hour begins
     */
    public DecisionHours(LogReader reader, InstantSource clock, ZoneId zone) {
        this.reader = reader;
        this.clock = clock;
        this.zone = zone;
    }

    /** The oldest first. */
    public synchronized List<AnswerCounts> look() throws LedgerUnavailable {
        Instant now = clock.instant();
        Instant last = now.atZone(zone).truncatedTo(ChronoUnit.HOURS).toInstant();
        Instant first = last.minus(HOURS - 1L, ChronoUnit.HOURS);
        counted.headMap(first).clear();
        counted.tailMap(last, false).clear(); // of a clock that was ahead
        List<AnswerCounts> all = new ArrayList<>();
        for (int i = 0; i < HOURS; i++) {
            all.add(of(first.plus(i, ChronoUnit.HOURS), now));
        }
        return all;
    }

    private AnswerCounts of(Instant hour, Instant now) throws LedgerUnavailable {
        Counted before = counted.get(hour);
        if (before == null || !holds(before, hour, now)) {
            before = new Counted(now, count(hour));
            counted.put(hour, before);
        }
        return before.counts();
    }

    private static boolean holds(Counted before, Instant hour, Instant now) {
        boolean settled = before.at().isAfter(hour.plus(1, ChronoUnit.HOURS).plus(SETTLED));
        boolean fresh = !before.at().isAfter(now) && before.at().plus(FRESH).isAfter(now);
        return settled || fresh;
    }

    private AnswerCounts count(Instant hour) throws LedgerUnavailable {
        Map<AnswerCounts.Kind, Integer> answers = new EnumMap<>(AnswerCounts.Kind.class);
        for (LogReader.Count each : reader.countsOfTypes(hour, hour.plus(1, ChronoUnit.HOURS))) {
            kind(each.type())
                    .ifPresent(kind ->
                            answers.merge(kind, Math.toIntExact(each.entries()), Integer::sum));
        }
        return new AnswerCounts(hour, answers);
    }

    /** Empty for what is no answer of a caller. */
    private static Optional<AnswerCounts.Kind> kind(String type) {
        return EntryType.of(type).flatMap(DecisionHours::kind);
    }

    /** A consent that was used is none: nobody was asked, as {@link CallsToday} has it. */
    private static Optional<AnswerCounts.Kind> kind(EntryType type) {
        return switch (type) {
            case GIVEN, RENEWED, REAFFIRMED -> Optional.of(AnswerCounts.Kind.GIVEN);
            case REFUSED -> Optional.of(AnswerCounts.Kind.REFUSED);
            case UNANSWERED -> Optional.of(AnswerCounts.Kind.UNANSWERED);
            case WITHDRAWN -> Optional.of(AnswerCounts.Kind.WITHDRAWN);
            default -> Optional.empty();
        };
    }
}
