package org.consentgateway.ledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.consentgateway.ledger.tree.Proofs;

/**
 * Immutable. The row of one log as it stood when read.
 *
 * @param id of the log within its store
 */
public record Log(int id, String node, String origin, long size, byte[] lastLeaf, long lastMillis) {
    private static final String COLUMNS =
            "SELECT id, node, origin, size, last_leaf, last_ms FROM ledger_log";

    private static final Rows.Row<Log> ROW =
            row ->
                    new Log(
                            row.getInt(1),
                            row.getString(2),
                            row.getString(3),
                            row.getLong(4),
                            row.getBytes(5),
                            row.getLong(6));

    public static List<Log> all(Connection connection) throws SQLException {
        return Rows.list(connection, COLUMNS + " ORDER BY id", ROW);
    }

    public static Optional<Log> ofNode(Connection connection, String node) throws SQLException {
        return Rows.first(connection, COLUMNS + " WHERE node = ?", ROW, node);
    }

    /**
     * The first index that is not before a time. In one log times never go back, so that it is
     * found by halving, without an index.
     */
    public long firstFrom(Connection connection, Instant time) throws SQLException {
        long low = 0;
        long high = size;
        while (low < high) {
            long middle = (low + high) >>> 1;
            Optional<Long> at =
                    Rows.first(
                            connection,
                            "SELECT time_ms FROM ledger_entry WHERE log = ? AND idx >= ?"
                                    + " ORDER BY idx LIMIT 1",
                            row -> row.getLong(1),
                            id,
                            middle);
            if (at.isPresent() && at.get() < time.toEpochMilli()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    public static Proofs proofs(Connection connection, int log) {
        return new Proofs(hashes(connection, log));
    }

    /** The leaf hashes and tiles of this log. */
    public static Proofs.Hashes hashes(Connection connection, int log) {
        return (level, from, to) ->
                level == 0
                        ? Rows.list(
                                connection,
                                "SELECT leaf FROM ledger_entry WHERE log = ? AND idx >= ?"
                                        + " AND idx < ? ORDER BY idx",
                                row -> row.getBytes(1),
                                log,
                                from,
                                to)
                        : Rows.list(
                                connection,
                                "SELECT hash FROM ledger_tile WHERE log = ? AND level = ?"
                                        + " AND idx >= ? AND idx < ? ORDER BY idx",
                                row -> row.getBytes(1),
                                log,
                                level,
                                from,
                                to);
    }
}
