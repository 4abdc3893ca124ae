package org.consentgateway.ledger.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.consentgateway.ledger.tree.Digests;
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
                        ? leaves(connection, log, from, to)
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

    /** Up to the first one that is nowhere. */
    private static List<byte[]> leaves(Connection connection, int log, long from, long to)
            throws SQLException {
        record Leaf(long index, byte[] hash) {}
        List<Leaf> rows =
                Rows.list(
                        connection,
                        "SELECT idx, leaf FROM ledger_entry WHERE log = ? AND idx >= ?"
                                + " AND idx < ? ORDER BY idx",
                        row -> new Leaf(row.getLong(1), row.getBytes(2)),
                        log,
                        from,
                        to);
        if (rows.size() == to - from) {
            return rows.stream().map(Leaf::hash).toList();
        }
        NavigableMap<Long, byte[]> all = archivedLeaves(connection, log, from, to);
        rows.forEach(row -> all.put(row.index, row.hash));
        List<byte[]> leaves = new ArrayList<>();
        for (long index = from; all.containsKey(index); index++) {
            leaves.add(all.get(index));
        }
        return leaves;
    }

    /** Entries of which the leaves are kept together, once they stand in the archive. */
    public static final int BUNDLE = 256;

    /** By index, as they were when the archive was compared with the store. */
    public static NavigableMap<Long, byte[]> archivedLeaves(
            Connection connection, int log, long from, long to) throws SQLException {
        NavigableMap<Long, byte[]> leaves = new TreeMap<>();
        if (!Tables.has(connection, "ledger_leaves")) {
            return leaves;
        }
        record Bundle(long index, byte[] leaves) {}
        for (Bundle bundle :
                Rows.list(
                        connection,
                        "SELECT idx, leaves FROM ledger_leaves WHERE log = ? AND idx >= ?"
                                + " AND idx <= ?",
                        row -> new Bundle(row.getLong(1), row.getBytes(2)),
                        log,
                        from / BUNDLE,
                        (to - 1) / BUNDLE)) {
            for (int i = 0; i < bundle.leaves.length / Digests.BYTES; i++) {
                long index = bundle.index * BUNDLE + i;
                if (index >= from && index < to && i < BUNDLE) {
                    int at = i * Digests.BYTES;
                    leaves.put(index, Arrays.copyOfRange(bundle.leaves, at, at + Digests.BYTES));
                }
            }
        }
        return leaves;
    }
}
