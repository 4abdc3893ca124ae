package org.consentgateway.ledger.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Which tables a store has. Apart from {@link Schema}, which makes them: the verifier reads stores
 * as well, and has no library that makes tables.
 */
public final class Tables {
    private Tables() {}

    /** Stores that no gateway has written to since there is such a table are without it. */
    public static boolean has(Connection connection, String table) throws SQLException {
        String[] tables = {"TABLE"};
        try (ResultSet found =
                connection.getMetaData().getTables(null, connection.getSchema(), table, tables)) {
            return found.next();
        }
    }
}
