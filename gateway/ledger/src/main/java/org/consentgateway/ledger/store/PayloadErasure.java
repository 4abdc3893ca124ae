package org.consentgateway.ledger.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Facts;
import org.consentgateway.ledger.keys.Sealer;

/**
 * What is destroyed of entries, and the mark that is left in place of each. Confined to the writer
 * thread; commits nothing. What each commit asks is prepared once per connection, which closes it.
 */
final class PayloadErasure {
    private final Connection connection;
    private final Supplier<byte[]> salts;

    /** By how many entries it asks for. */
    private final Map<Integer, PreparedStatement> nameless = new HashMap<>();

    PayloadErasure(Connection connection, Supplier<byte[]> salts) {
        this.connection = connection;
        this.salts = salts;
    }

    /**
     * Which consent each of these entries ends, by its id. By their payloads, since look-up rows
     * can be changed by whoever has the database; what does not open lowers no count.
     */
    Map<LogWriter.Place, String> ended(List<LogWriter.Place> places, Sealer sealer)
            throws SQLException {
        Map<LogWriter.Place, String> ended = new HashMap<>();
        for (List<LogWriter.Place> part : LogWriter.Place.inParts(places)) {
            Rows.each(
                    connection,
                    "SELECT e.idx, e.type, e.commitment, p.key_id, p.sealed FROM ledger_entry e"
                            + " JOIN ledger_payload p ON p.log = e.log AND p.idx = e.idx"
                            + " WHERE e.log = ? AND e.idx IN ("
                            + Rows.places(part.size())
                            + ")",
                    row -> {
                        var place =
                                new LogWriter.Place(
                                        part.getFirst().log(),
                                        part.getFirst().origin(),
                                        row.getLong(1));
                        if (isEnding(row.getString(2))) {
                            refers(place, row, sealer)
                                    .ifPresent(consent -> ended.put(place, consent));
                        }
                    },
                    arguments(part));
        }
        return ended;
    }

    /** Of a question about some entries of one log. */
    private static Object[] arguments(List<LogWriter.Place> ofOneLog) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(ofOneLog.getFirst().log());
        ofOneLog.forEach(place -> arguments.add(place.index()));
        return arguments.toArray();
    }

    private static boolean isEnding(String type) {
        return EntryType.of(type).filter(EntryType::isEnding).isPresent();
    }

    private static Optional<String> refers(LogWriter.Place place, ResultSet row, Sealer sealer)
            throws SQLException {
        byte[] commitment = row.getBytes(3);
        return sealer.open(place.origin(), place.index(), row.getString(4), row.getBytes(5))
                .filter(opened -> Arrays.equals(opened.commitment(), commitment))
                .map(opened -> LogReader.parse(opened.payload()))
                .map(payload -> Facts.of(payload).refers());
    }

    /**
     * What was destroyed.
     *
     * @param places whose payloads went: not those where another node was faster
     * @param marked how many of them have a mark in their place that was made now
     * @param foreign those in whose place stands a mark that is none of ours: it stays, as evidence
     */
    record Destroyed(List<LogWriter.Place> places, int marked, List<LogWriter.Place> foreign) {}

    /**
     * @param sealer of the marks
     */
    Destroyed destroy(List<LogWriter.Place> places, Sealer sealer) throws SQLException {
        int[] gone = delete("ledger_payload", places);
        delete("ledger_lookup", places);
        forgetDelivered(places);
        return mark(places, gone, sealer);
    }

    /** How many rows went at each place: none where another node was faster. */
    private int[] delete(String table, List<LogWriter.Place> places) throws SQLException {
        if (places.isEmpty()) {
            return new int[0];
        }
        try (PreparedStatement delete =
                connection.prepareStatement(
                        "DELETE FROM " + table + " WHERE log = ? AND idx = ?")) {
            for (LogWriter.Place place : places) {
                delete.setInt(1, place.log());
                delete.setLong(2, place.index());
                delete.addBatch();
            }
            return delete.executeBatch();
        }
    }

    /**
     * What others have been told is theirs now; what they have not, they still are, also where they
     * have refused it: a person may have to tell them, or it is sent again.
     */
    private void forgetDelivered(List<LogWriter.Place> places) throws SQLException {
        for (List<LogWriter.Place> part : LogWriter.Place.inParts(places)) {
            int _ =
                    Rows.change(
                            connection,
                            "DELETE FROM ledger_outbox WHERE log = ? AND idx IN ("
                                    + Rows.places(part.size())
                                    + ") AND state = 1",
                            arguments(part));
        }
    }

    private Destroyed mark(List<LogWriter.Place> places, int[] gone, Sealer sealer)
            throws SQLException {
        Map<LogWriter.Place, Boolean> there = marks(places, sealer);
        List<LogWriter.Place> went = new ArrayList<>();
        List<LogWriter.Place> foreign = new ArrayList<>();
        int marked = 0;
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO ledger_erased (log, idx, key_id, sealed) VALUES (?, ?, ?,"
                                + " ?)")) {
            for (int i = 0; i < gone.length; i++) {
                LogWriter.Place place = places.get(i);
                if (gone[i] <= 0) {
                    continue;
                }
                went.add(place);
                Boolean ours = there.get(place);
                if (ours == null) {
                    add(insert, place, sealer);
                    marked++;
                } else if (!ours) {
                    foreign.add(place);
                }
            }
            if (marked > 0) {
                insert.executeBatch();
            }
        }
        return new Destroyed(went, marked, foreign);
    }

    private void add(PreparedStatement insert, LogWriter.Place place, Sealer sealer)
            throws SQLException {
        Sealer.Sealed mark =
                sealer.sealMark(place.origin(), place.index(), ErasedIndexes.mark(salts.get()));
        insert.setInt(1, place.log());
        insert.setLong(2, place.index());
        insert.setString(3, mark.keyId());
        insert.setBytes(4, mark.bytes());
        insert.addBatch();
    }

    /**
     * Marks that stand at these places already, and whether they are ours: whoever has the database
     * can put one there, and what is to be erased must not fail on it.
     */
    private Map<LogWriter.Place, Boolean> marks(List<LogWriter.Place> places, Sealer sealer)
            throws SQLException {
        Map<LogWriter.Place, Boolean> marks = new HashMap<>();
        for (List<LogWriter.Place> part : LogWriter.Place.inParts(places)) {
            addMarks(marks, part, sealer);
        }
        return marks;
    }

    private void addMarks(
            Map<LogWriter.Place, Boolean> marks, List<LogWriter.Place> ofOneLog, Sealer sealer)
            throws SQLException {
        record Mark(long index, String keyId, byte[] sealed) {}
        Map<Long, Mark> found = new HashMap<>();
        Rows.list(
                        connection,
                        "SELECT idx, key_id, sealed FROM ledger_erased WHERE log = ? AND idx IN ("
                                + Rows.places(ofOneLog.size())
                                + ")",
                        row -> new Mark(row.getLong(1), row.getString(2), row.getBytes(3)),
                        arguments(ofOneLog))
                .forEach(mark -> found.put(mark.index, mark));
        for (LogWriter.Place place : ofOneLog) {
            Mark mark = found.get(place.index());
            if (mark != null) {
                marks.put(place, ErasedIndexes.isMark(place, mark.keyId, mark.sealed, sealer));
            }
        }
    }

    /** Those of these entries that name nobody, or nobody any more. */
    Set<String> nameless(Set<String> entries) throws SQLException {
        PreparedStatement select = nameless.get(entries.size());
        if (select == null) {
            select =
                    connection.prepareStatement(
                            "SELECT t.entry_id FROM ledger_entry t LEFT JOIN ledger_lookup k ON"
                                    + " k.log = t.log AND k.idx = t.idx WHERE t.entry_id IN ("
                                    + Rows.places(entries.size())
                                    + ") AND k.subject IS NULL");
            nameless.put(entries.size(), select);
        }
        int at = 0;
        for (String entry : entries) {
            select.setString(++at, entry);
        }
        Set<String> found = new HashSet<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }
}
