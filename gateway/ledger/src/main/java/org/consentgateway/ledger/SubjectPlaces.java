package org.consentgateway.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.number.SubjectRows;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.Rows;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one erasure. Where the entries of a caller stand that were there at a moment. An
 * erasure may be done long after it was approved: what came meanwhile was approved by nobody, and
 * nobody was told of it.
 */
final class SubjectPlaces {
    private final PseudonymousSubject subject;
    private final Map<String, Long> until;

    /** That name the caller, as far as they were there at the moment. */
    private final Set<String> calls = new HashSet<>();

    /** How far each log was looked at, by its id. */
    private final Map<Integer, Long> seen = new HashMap<>();

    private final Map<Integer, String> origins = new HashMap<>();

    /**
     * @param until how many entries each log had, by its origin
     */
    SubjectPlaces(PseudonymousSubject subject, Map<String, Long> until) {
        this.subject = subject;
        this.until = Map.copyOf(until);
    }

    PseudonymousSubject subject() {
        return subject;
    }

    /** What is kept of a row that was found. */
    private record Found(Row row, boolean theirs, boolean named, @Nullable String call) {
        boolean isOf(Set<String> calls) {
            return theirs || (call != null && calls.contains(call));
        }
    }

    private record Row(int log, long index) {
        static Row of(ResultSet row) throws SQLException {
            return new Row(row.getInt(1), row.getLong(2));
        }
    }

    /** What bears no pseudonym is found by its call, so it goes first. */
    List<LogWriter.Place> found(Connection connection) throws SQLException {
        for (Log log : Log.all(connection)) {
            origins.put(log.id(), log.origin());
            seen.put(log.id(), log.size());
        }
        List<Found> before = new ArrayList<>();
        List<Row> later = new ArrayList<>();
        SubjectRows.each(
                connection,
                subject,
                place -> {
                    var row = new Row(place.log(), place.index());
                    if (place.index() >= size(place.log())) {
                        later.add(row);
                        return;
                    }
                    boolean theirs = isTheirs(place.subject());
                    before.add(new Found(row, theirs, place.named(), place.call()));
                    if (theirs && place.call() != null) {
                        calls.add(place.call());
                    }
                });
        Set<Row> needed = neededBy(connection, later);
        return before.stream()
                .filter(found -> found.isOf(calls) && !needed.contains(found.row()))
                .sorted(Comparator.comparing(Found::named))
                .map(found -> place(found.row()))
                .toList();
    }

    private LogWriter.Place place(Row row) {
        return new LogWriter.Place(row.log, origins.getOrDefault(row.log, ""), row.index);
    }

    /** Whether it stood in its log at the moment. */
    boolean wasThere(LogWriter.Place place) {
        return place.index() < size(place.log());
    }

    private long size(int log) {
        return until.getOrDefault(origins.getOrDefault(log, ""), 0L);
    }

    private boolean isTheirs(@Nullable String pseudonym) {
        return pseudonym != null && subject.pseudonyms().contains(pseudonym);
    }

    /** What has to stay for the sake of what was written since it was looked for. */
    Set<LogWriter.Place> neededSince(Connection connection) throws SQLException {
        List<Row> later = new ArrayList<>();
        for (Log log : Log.all(connection)) {
            origins.put(log.id(), log.origin());
            Rows.each(
                    connection,
                    "SELECT log, idx, subject, call_id FROM ledger_lookup"
                            + " WHERE log = ? AND idx >= ? AND idx < ?",
                    row -> {
                        String call = row.getString(4);
                        if (isTheirs(row.getString(3)) || (call != null && calls.contains(call))) {
                            later.add(Row.of(row));
                        }
                    },
                    log.id(),
                    seen.getOrDefault(log.id(), 0L),
                    log.size());
            seen.put(log.id(), log.size());
        }
        Set<LogWriter.Place> needed = new HashSet<>();
        neededBy(connection, later).forEach(row -> needed.add(place(row)));
        return needed;
    }

    /**
     * What refers to these, and to that again: of nodes whose clocks differ an end may stand before
     * the consent that it ended. And what was played before a consent among them.
     */
    private static Set<Row> neededBy(Connection connection, List<Row> later) throws SQLException {
        Set<Row> needed = new HashSet<>();
        Deque<Row> stays = new ArrayDeque<>(later);
        for (Row entry = stays.poll(); entry != null; entry = stays.poll()) {
            for (Row about : about(connection, entry)) {
                if (needed.add(about)) {
                    stays.add(about);
                }
            }
        }
        for (Row entry : later) {
            needed.addAll(played(connection, entry));
        }
        return needed;
    }

    private static List<Row> about(Connection connection, Row entry) throws SQLException {
        return Rows.list(
                connection,
                "SELECT f.log, f.idx FROM ledger_entry e JOIN ledger_lookup f"
                        + " ON f.refers = e.entry_id WHERE e.log = ? AND e.idx = ?",
                Row::of,
                entry.log,
                entry.index);
    }

    private static List<Row> played(Connection connection, Row entry) throws SQLException {
        return Rows.list(
                connection,
                "SELECT f.log, f.idx FROM ledger_lookup k JOIN ledger_lookup f"
                        + " ON f.call_id = k.call_id WHERE k.log = ? AND k.idx = ?"
                        + " AND k.type IN ('Given', 'Renewed', 'Reaffirmed', 'Used')"
                        + " AND f.subject IS NULL",
                Row::of,
                entry.log,
                entry.index);
    }
}
