package org.consentgateway.ledger.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Questions to the store, in the one form they all have. */
public final class Rows {
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Rows that a driver fetches at a time. */
    private static final int AT_A_TIME = 1_000;

    private Rows() {}

    public static <T> List<T> list(
            Connection connection, String sql, Row<T> reader, Object... arguments)
            throws SQLException {
        List<T> found = new ArrayList<>();
        each(connection, sql, row -> found.add(reader.read(row)), arguments);
        return found;
    }

    /** What is done with a row while it is there. */
    public interface Look {
        void at(ResultSet row) throws SQLException;
    }

    /** What is read in one transaction. */
    public interface Work {
        void done() throws SQLException;
    }

    /** Outside of one PostgreSQL's driver holds all rows of an answer before it gives the first. */
    public static void reading(Connection connection, Work work) throws SQLException {
        if (!connection.getAutoCommit()) {
            work.done();
            return;
        }
        connection.setAutoCommit(false);
        try (Ended _ = () -> end(connection)) {
            work.done();
        }
    }

    private interface Ended extends AutoCloseable {
        @Override
        void close() throws SQLException;
    }

    private static void end(Connection connection) throws SQLException {
        connection.rollback(); // also where a statement failed, of which nothing can be committed
        connection.setAutoCommit(true);
    }

    /** Keeps none of them; where many may be found, within {@link #reading}. */
    public static void each(Connection connection, String sql, Look look, Object... arguments)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(AT_A_TIME);
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    look.at(rows);
                }
            }
        }
    }

    public static <T> Optional<T> first(
            Connection connection, String sql, Row<T> reader, Object... arguments)
            throws SQLException {
        return list(connection, sql, reader, arguments).stream().findFirst();
    }

    public static int change(Connection connection, String sql, Object... arguments)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return statement.executeUpdate();
        }
    }

    /**
     * Integrity constraint (SQLSTATE class 23), which SQLite tells as error 19. What is there
     * already is refused by one; so is whatever else breaks one.
     */
    static boolean isDuplicate(SQLException e) {
        String state = e.getSQLState();
        return (state != null && state.startsWith("23")) || (e.getErrorCode() & 0xff) == 19;
    }

    /**
     * The connection broke, or the server ended it (SQLSTATE classes 08 and 57P): nobody has said
     * what became of the statement.
     */
    static boolean isConnectionLost(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    /** {@code ?, ?, ?} */
    public static String places(int n) {
        return String.join(", ", java.util.Collections.nCopies(n, "?"));
    }
}
