package org.consentgateway.ledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The signed roots of a log in the store. */
public final class StoredCheckpoints {
    private StoredCheckpoints() {}

    public static long count(Connection connection, Log log) throws SQLException {
        return number(connection, "COUNT(*)", log);
    }

    /** Entries that the newest one covers; 0 where there is none. */
    public static long newestSize(Connection connection, Log log) throws SQLException {
        return number(connection, "COALESCE(MAX(size), 0)", log);
    }

    /** As it was signed; empty where there is none. */
    public static Optional<String> newest(Connection connection, Log log) throws SQLException {
        return Rows.first(
                connection,
                "SELECT note FROM ledger_checkpoint WHERE log = ? ORDER BY size DESC LIMIT 1",
                row -> row.getString(1),
                log.id());
    }

    /** That of this size, or the next larger one. */
    public static Optional<String> from(Connection connection, Log log, long size)
            throws SQLException {
        return Rows.first(
                connection,
                "SELECT note FROM ledger_checkpoint WHERE log = ? AND size >= ?"
                        + " ORDER BY size LIMIT 1",
                row -> row.getString(1),
                log.id(),
                size);
    }

    private static long number(Connection connection, String what, Log log) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT " + what + " FROM ledger_checkpoint WHERE log = ?",
                        row -> row.getLong(1),
                        log.id())
                .orElse(0L);
    }

    /**
     * @param note signed, of the log as it stands
     */
    public static void insert(Connection connection, Log log, Instant at, String note)
            throws SQLException {
        Rows.change(
                connection,
                "INSERT INTO ledger_checkpoint (log, size, time_ms, note) VALUES (?, ?, ?, ?)",
                log.id(),
                log.size(),
                at.toEpochMilli(),
                note);
    }

    /** Puts more signatures under it. */
    static void replace(Connection connection, Log log, long size, String note)
            throws SQLException {
        Rows.change(
                connection,
                "UPDATE ledger_checkpoint SET note = ? WHERE log = ? AND size = ?",
                note,
                log.id(),
                size);
    }
}
