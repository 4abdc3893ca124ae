package org.consentgateway.ledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.tree.LedgerTorn;

/** Immutable. A row of ledger_entry. */
public record StoredEntry(
        long index, String entryId, long timeMillis, String type, byte[] commitment, byte[] leaf) {
    public static final String COLUMNS = "idx, entry_id, time_ms, type, commitment, leaf";

    public static final Rows.Row<StoredEntry> ROW =
            row ->
                    new StoredEntry(
                            row.getLong(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getString(4),
                            row.getBytes(5),
                            row.getBytes(6));

    public static List<StoredEntry> range(Connection connection, Log log, long from, long to)
            throws SQLException {
        return new ArrayList<>(
                Rows.list(
                        connection,
                        "SELECT "
                                + COLUMNS
                                + " FROM ledger_entry WHERE log = ? AND idx >= ? AND idx < ?"
                                + " ORDER BY idx",
                        ROW,
                        log.id(),
                        from,
                        to));
    }

    public static Optional<StoredEntry> at(Connection connection, int log, long index)
            throws SQLException {
        return Rows.first(
                connection,
                "SELECT " + COLUMNS + " FROM ledger_entry WHERE log = ? AND idx = ?",
                ROW,
                log,
                index);
    }

    /**
     * @throws LedgerTorn where the row holds what no writer writes
     */
    public UUID id() {
        try {
            UUID id = UUID.fromString(entryId);
            if (id.toString().equals(entryId)) { // else nobody finds it by that
                return id;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new LedgerTorn("entry " + index + " has a malformed id");
    }

    /**
     * @throws LedgerTorn where the row holds what no writer writes
     */
    public Header header(String origin, byte[] prev) {
        EntryType known =
                EntryType.of(type)
                        .orElseThrow(() -> new LedgerTorn("entry " + index + " has no known type"));
        return new Header(
                origin, index, id(), known, Instant.ofEpochMilli(timeMillis), commitment, prev);
    }
}
