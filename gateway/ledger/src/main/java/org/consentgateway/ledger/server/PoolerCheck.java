package org.consentgateway.ledger.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Whether a connection keeps the server's session for itself. A pooler in transaction mode hands
 * the session of one client to another between two transactions: the claim of a log, which is an
 * advisory lock of the session, would then be given twice, and outlive its process.
 */
public final class PoolerCheck {
    private PoolerCheck() {}

    /**
     * @param source of another connection by the same way
     * @param ours in no transaction
     * @throws SQLException where its session was lent to that other one, or has changed
     */
    public static void requireOwnSession(DataSource source, Connection ours) throws SQLException {
        long before = session(ours);
        try (Connection other = source.getConnection()) {
            other.setAutoCommit(false); // it keeps its session while ours is asked again
            long lent = session(other);
            long after = session(ours);
            other.rollback();
            if (lent == before || after != before) {
                throw new SQLException(
                        "store.url leads to a pooler that shares sessions (pool_mode = transaction"
                                + " or statement): two processes could write one log. Let it pool"
                                + " by sessions, or connect to the server"
                                + " (config/postgresql/README.md)");
            }
        }
    }

    private static long session(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            if (!row.next()) {
                throw new SQLException("the server does not tell its session");
            }
            return row.getLong(1);
        }
    }
}
