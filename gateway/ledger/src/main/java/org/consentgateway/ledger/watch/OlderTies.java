package org.consentgateway.ledger.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.BinaryOperator;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Facts;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.Rows;

/**
 * Thread-safe. Ties of a customer that an erasure has to take along with a newer one. Of several
 * ties of one reference the newest counts, so an older one would count again, and name whoever has
 * by now a number that the customer had once.
 */
public final class OlderTies {
    private static final String TIE = "type = '" + EntryType.SUBJECT_REFERENCED.text() + "'";

    private final LogReader reader;
    private final Pseudonyms pseudonyms;
    private final CheckedErasure checked;

    public OlderTies(LogReader reader, Pseudonyms pseudonyms, CheckedErasure checked) {
        this.reader = reader;
        this.pseudonyms = pseudonyms;
        this.checked = checked;
    }

    /**
     * Those of the same references, whomever they name; by what was written, since a look-up row
     * can be changed by whoever has the database.
     *
     * @param going entries of the subject that are erased; none of them is in the answer
     */
    public List<LogWriter.Place> of(
            Connection connection, PseudonymousSubject subject, List<LogWriter.Place> going)
            throws SQLException {
        Set<LogWriter.Place> theirs = new HashSet<>(going);
        Map<Integer, String> origins = origins(connection);
        Map<String, Tie> newest = new LinkedHashMap<>(); // of each reference: the rest is before it
        for (String name : new LinkedHashSet<>(subject.pseudonyms())) {
            String condition = LogReader.SAID + "subject = ? AND " + TIE;
            for (Tie tie : ties(connection, origins, condition, name)) {
                if (theirs.contains(tie.place)) {
                    newest.merge(tie.reference(), tie, BinaryOperator.minBy(Tie.NEWEST_FIRST));
                }
            }
        }
        SequencedSet<LogWriter.Place> older = new LinkedHashSet<>();
        for (Tie tie : newest.values()) {
            older.addAll(before(connection, origins, tie));
        }
        older.removeAll(theirs);
        return checked.written(connection, List.copyOf(older));
    }

    /** As an entry has it whose payload opens. */
    private record Tie(LogWriter.Place place, Entry entry, ObjectNode payload) {
        /** As questions to the log have it. */
        private static final Comparator<Tie> NEWEST_FIRST =
                Comparator.comparing((Tie tie) -> tie.entry.time())
                        .reversed()
                        .thenComparingInt(tie -> tie.place.log())
                        .thenComparingLong(tie -> -tie.place.index());

        String reference() {
            return payload.at("/reference/text").asText();
        }

        boolean isOf(List<String> hashes) {
            String refers = Facts.of(payload).refers();
            return refers != null && hashes.contains(refers);
        }
    }

    /** Also those of before the keys were rotated, by the text. */
    private List<LogWriter.Place> before(
            Connection connection, Map<Integer, String> origins, Tie tie) throws SQLException {
        String text = tie.reference();
        List<String> hashes = pseudonyms.reference(text).stream().map(UUID::toString).toList();
        return ties(
                        connection,
                        origins,
                        "refers IN (" + Rows.places(hashes.size()) + ") AND " + TIE,
                        hashes.toArray())
                .stream()
                .filter(other -> other.isOf(hashes))
                .filter(other -> Tie.NEWEST_FIRST.compare(tie, other) < 0)
                .map(Tie::place)
                .toList();
    }

    private static Map<Integer, String> origins(Connection connection) throws SQLException {
        Map<Integer, String> origins = new HashMap<>();
        for (Log log : Log.all(connection)) {
            origins.put(log.id(), log.origin());
        }
        return origins;
    }

    /** Rows first: each of these conditions has an index, of a join it would not be used. */
    private List<Tie> ties(
            Connection connection,
            Map<Integer, String> origins,
            String condition,
            Object... arguments)
            throws SQLException {
        List<LogWriter.Place> places =
                Rows.list(
                        connection,
                        "SELECT log, idx FROM ledger_lookup WHERE " + condition,
                        row -> {
                            int log = row.getInt(1);
                            String origin = origins.getOrDefault(log, "");
                            return new LogWriter.Place(log, origin, row.getLong(2));
                        },
                        arguments);
        List<Tie> ties = new ArrayList<>();
        for (LogWriter.Place place : places) {
            tie(connection, place).ifPresent(ties::add);
        }
        return ties;
    }

    private Optional<Tie> tie(Connection connection, LogWriter.Place place) throws SQLException {
        return reader
                .where(connection, "WHERE e.log = ? AND e.idx = ?", place.log(), place.index())
                .stream()
                .filter(entry -> entry.type() == EntryType.SUBJECT_REFERENCED)
                .flatMap(entry ->
                        Optional.ofNullable(entry.payload())
                                .map(payload -> new Tie(place, entry, payload))
                                .stream())
                .findFirst();
    }
}
