package org.consentgateway.ledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.consentgateway.ledger.tree.SignedNote;

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

    /** Of these one is cosigned, unless the witnesses were away for long. */
    private static final int LOOKED_AT = 64;

    /** The first of those that cover so many entries, in order of their sizes. */
    public static List<String> next(Connection connection, Log log, long least)
            throws SQLException {
        return some(connection, log, least, "ASC");
    }

    /** The last of those that cover so many entries, the newest first. */
    public static List<String> last(Connection connection, Log log, long least)
            throws SQLException {
        return some(connection, log, least, "DESC");
    }

    private static List<String> some(Connection connection, Log log, long least, String order)
            throws SQLException {
        return Rows.list(
                connection,
                "SELECT note FROM ledger_checkpoint WHERE log = ? AND size >= ? ORDER BY size "
                        + order
                        + " LIMIT "
                        + LOOKED_AT,
                row -> row.getString(1),
                log.id(),
                least);
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

    /** One with the time at which it was signed. */
    public record Kept(long size, Instant at, String note) {}

    /** The newest ones, the newest first. */
    public static List<Kept> newest(Connection connection, Log log, int limit) throws SQLException {
        return Rows.list(
                connection,
                "SELECT size, time_ms, note FROM ledger_checkpoint WHERE log = ?"
                        + " ORDER BY size DESC LIMIT ?",
                row ->
                        new Kept(
                                row.getLong(1),
                                Instant.ofEpochMilli(row.getLong(2)),
                                row.getString(3)),
                log.id(),
                limit);
    }

    /** The newest one; empty where there is none. */
    public static Optional<Publisher.Signed> newest(Connection connection, Log log)
            throws SQLException {
        return Rows.first(
                connection,
                "SELECT size, note FROM ledger_checkpoint WHERE log = ? ORDER BY size DESC LIMIT 1",
                row -> new Publisher.Signed(row.getLong(1), row.getString(2)),
                log.id());
    }

    /**
     * Puts a witness's line under it.
     *
     * @return the note as it is now; empty where there is no such checkpoint
     */
    public static Optional<String> cosign(Connection connection, Log log, long size, String line)
            throws SQLException {
        // Written before it is read: another witness's line may come at the same time.
        Rows.change(
                connection,
                "UPDATE ledger_checkpoint SET note = note WHERE log = ? AND size = ?",
                log.id(),
                size);
        Optional<String> note =
                Rows.first(
                        connection,
                        "SELECT note FROM ledger_checkpoint WHERE log = ? AND size = ?",
                        row -> row.getString(1),
                        log.id(),
                        size);
        if (note.isEmpty()) {
            return Optional.empty();
        }
        String cosigned = SignedNote.with(note.get(), line);
        replace(connection, log, size, cosigned);
        return Optional.of(cosigned);
    }

    private static void replace(Connection connection, Log log, long size, String note)
            throws SQLException {
        Rows.change(
                connection,
                "UPDATE ledger_checkpoint SET note = ? WHERE log = ? AND size = ?",
                note,
                log.id(),
                size);
    }
}
