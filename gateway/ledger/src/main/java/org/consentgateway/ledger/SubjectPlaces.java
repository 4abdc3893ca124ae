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
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.Rows;

/**
 * Immutable. Where the entries of a caller stand that were there at a moment. An erasure may be
 * done long after it was approved: what came meanwhile was approved by nobody, and nobody was told
 * of it.
 *
 * @param until how many entries each log had, by its origin
 */
record SubjectPlaces(PseudonymousSubject subject, Map<String, Long> until) {
    SubjectPlaces {
        until = Map.copyOf(until);
    }

    /** What bears no pseudonym is found by its call, so it goes first. */
    List<LogWriter.Place> found(Connection connection) throws SQLException {
        Map<Integer, String> origins = new HashMap<>();
        Log.all(connection).forEach(log -> origins.put(log.id(), log.origin()));
        List<LogReader.Place> before = new ArrayList<>();
        List<LogReader.Place> later = new ArrayList<>();
        for (LogReader.Place place : LogReader.placesOf(connection, subject)) {
            long size = until.getOrDefault(origins.getOrDefault(place.log(), ""), 0L);
            (place.index() < size ? before : later).add(place);
        }
        Set<String> calls = new HashSet<>();
        before.stream().filter(this::isTheirs).forEach(place -> addCall(place, calls));
        Set<RowPlace> needed = neededBy(connection, later);
        return before.stream()
                .filter(place -> isTheirs(place) || isOf(place, calls))
                .filter(place -> !needed.contains(new RowPlace(place.log(), place.index())))
                .sorted(Comparator.comparing(LogReader.Place::named))
                .map(place ->
                        new LogWriter.Place(
                                place.log(), origins.getOrDefault(place.log(), ""), place.index()))
                .toList();
    }

    private boolean isTheirs(LogReader.Place place) {
        return place.subject() != null && subject.pseudonyms().contains(place.subject());
    }

    private static void addCall(LogReader.Place place, Set<String> calls) {
        if (place.call() != null) {
            calls.add(place.call());
        }
    }

    private static boolean isOf(LogReader.Place place, Set<String> calls) {
        return place.call() != null && calls.contains(place.call());
    }

    private record RowPlace(int log, long index) {
        static RowPlace of(ResultSet row) throws SQLException {
            return new RowPlace(row.getInt(1), row.getLong(2));
        }
    }

    /**
     * What refers to these, and to that again: of nodes whose clocks differ an end may stand before
     * the consent that it ended. And what was played before a consent among them.
     */
    private static Set<RowPlace> neededBy(Connection connection, List<LogReader.Place> later)
            throws SQLException {
        Set<RowPlace> needed = new HashSet<>();
        Deque<RowPlace> stays = new ArrayDeque<>();
        for (LogReader.Place place : later) {
            stays.add(new RowPlace(place.log(), place.index()));
        }
        for (RowPlace entry = stays.poll(); entry != null; entry = stays.poll()) {
            for (RowPlace about : about(connection, entry)) {
                if (needed.add(about)) {
                    stays.add(about);
                }
            }
        }
        for (LogReader.Place place : later) {
            needed.addAll(played(connection, place));
        }
        return needed;
    }

    private static List<RowPlace> about(Connection connection, RowPlace entry) throws SQLException {
        return Rows.list(
                connection,
                "SELECT f.log, f.idx FROM ledger_entry e JOIN ledger_lookup f"
                        + " ON f.refers = e.entry_id WHERE e.log = ? AND e.idx = ?",
                RowPlace::of,
                entry.log,
                entry.index);
    }

    private static List<RowPlace> played(Connection connection, LogReader.Place place)
            throws SQLException {
        return Rows.list(
                connection,
                "SELECT f.log, f.idx FROM ledger_lookup k JOIN ledger_lookup f"
                        + " ON f.call_id = k.call_id WHERE k.log = ? AND k.idx = ?"
                        + " AND k.type IN ('Given', 'Renewed', 'Reaffirmed', 'Used')"
                        + " AND f.subject IS NULL",
                RowPlace::of,
                place.log(),
                place.index());
    }
}
