package org.consentgateway.ledger.nodes;

import java.sql.Connection;
import java.sql.SQLException;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.tree.Digests;

/**
 * Immutable. How far a node has confirmed its log to callers.
 *
 * @param size how many entries
 * @param leaf of the last of them, in hex
 */
public record LogEnd(String origin, long size, String leaf) {
    public static LogEnd of(Log log) {
        return new LogEnd(log.origin(), log.size(), Digests.hex(log.lastLeaf()));
    }

    /** Whether the log is in this store as far as that. */
    public boolean isIn(Connection connection) throws SQLException {
        return size == 0
                || Rows.first(
                                connection,
                                "SELECT e.leaf FROM ledger_entry e JOIN ledger_log l ON l.id ="
                                        + " e.log WHERE l.origin = ? AND e.idx = ?",
                                row -> Digests.hex(row.getBytes(1)),
                                origin,
                                size - 1)
                        .filter(leaf::equals)
                        .isPresent();
    }
}
