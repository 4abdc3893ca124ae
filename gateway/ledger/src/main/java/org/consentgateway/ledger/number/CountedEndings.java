package org.consentgateway.ledger.number;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Facts;
import org.consentgateway.ledger.keys.EndingCode;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredEntry;

/**
 * Thread-safe. What ends each consent, by the payloads, held against the count in its look-up row:
 * an older count of the same row has a right code as well. A count of more than there is does no
 * harm: the consent is not relied on then.
 */
public final class CountedEndings {
    /** The id of the key that a pseudonym begins with: eight digits, and a dot. */
    private static final int KEY_AND_DOT = 9;

    private record Ending(int log, long index) {}

    private final Pseudonyms pseudonyms;
    private final Map<String, List<Ending>> endings = new HashMap<>();

    public CountedEndings(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    /** An entry whose payload is the one that was written. */
    public synchronized void add(Log log, StoredEntry entry, ObjectNode payload) {
        String consent = Facts.of(payload).refers();
        if (consent != null && EntryType.of(entry.type()).filter(EntryType::isEnding).isPresent()) {
            endings.computeIfAbsent(consent, _ -> new ArrayList<>(1))
                    .add(new Ending(log.id(), entry.index()));
        }
    }

    /** Where a count is wrong that was found so. */
    public interface Found {
        void add(String log, long index, String what);
    }

    /**
     * After all entries of all logs.
     *
     * @return whether a code may be one of a key that is not here
     */
    public synchronized boolean compare(Connection connection, List<Log> logs, Found found)
            throws SQLException {
        boolean hasAllKeys = hasAllKeys(connection);
        var unread = new AtomicBoolean();
        Map<Integer, String> origins = new HashMap<>();
        logs.forEach(log -> origins.put(log.id(), log.origin()));
        Rows.each(
                connection,
                "SELECT e.log, e.idx, e.entry_id, f.endings FROM ledger_lookup f JOIN"
                        + " ledger_entry e ON e.log = f.log AND e.idx = f.idx"
                        + " WHERE f.endings IS NOT NULL",
                row -> {
                    var consent = new Ending(row.getInt(1), row.getLong(2));
                    String origin = Objects.requireNonNullElse(origins.get(consent.log), "?");
                    String id = row.getString(3);
                    OptionalInt counted = EndingCode.read(pseudonyms, id, row.getString(4));
                    long there = after(consent, id);
                    if (counted.isEmpty() && !hasAllKeys) {
                        unread.set(true);
                    } else if (counted.isEmpty()) {
                        found.add(origin, consent.index, "its count of what ends it was changed");
                    } else if (counted.getAsInt() < there) {
                        found.add(
                                origin,
                                consent.index,
                                "its count of what ends it is "
                                        + counted.getAsInt()
                                        + ", and "
                                        + there
                                        + " entries do: it was set back");
                    }
                });
        return unread.get();
    }

    /** A code names no key; a caller's pseudonym beside it does. */
    private boolean hasAllKeys(Connection connection) throws SQLException {
        return Rows.list(
                        connection,
                        "SELECT DISTINCT substr(subject, 1, "
                                + KEY_AND_DOT
                                + ") FROM ledger_lookup WHERE subject IS NOT NULL",
                        row -> row.getString(1))
                .stream()
                .allMatch(pseudonyms::isOurs);
    }

    /**
     * Those of its own log behind it. Another node may have ended it while its pseudonym.keys were
     * behind, and could not count then.
     */
    private long after(Ending consent, String id) {
        return endings.getOrDefault(id, List.of()).stream()
                .filter(ending -> ending.log == consent.log && ending.index > consent.index)
                .count();
    }
}
