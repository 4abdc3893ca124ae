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
    /** Among others that come and go one is lent the same session a few times by chance. */
    private static final int TIMES = 20;

    /**
     * Of 5 ms, in which others can have the session: a pooler lends first what was given back last.
     */
    private static final String PAUSE = "SELECT pg_sleep(0.005)";

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
            boolean lent = session(other) == before;
            for (int i = 0; i < TIMES && !lent; i++) {
                pause(other);
                lent = session(ours) != before;
            }
            other.rollback();
            if (lent) {
                throw shared();
            }
        }
    }

    private static void pause(Connection other) throws SQLException {
        try (Statement statement = other.createStatement()) {
            statement.execute(PAUSE);
        }
    }

    /**
     * @param before its session when it was asked first
     * @throws SQLException where it has another one by now
     */
    public static void requireSession(Connection ours, long before) throws SQLException {
        if (session(ours) != before) {
            throw shared();
        }
    }

    private static SQLException shared() {
        return new SQLException(
                "store.url leads to a pooler that shares sessions (pool_mode = transaction or"
                        + " statement): two processes could write one log. Let it pool by sessions,"
                        + " or connect to the server (config/postgresql/README.md)");
    }

    /** By which the server knows it. */
    public static long session(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            if (!row.next()) {
                throw new SQLException("the server does not tell its session");
            }
            return row.getLong(1);
        }
    }
}
