package org.consentgateway.ledger.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.consentgateway.ledger.tree.LedgerTorn;

/**
 * Which tables a store has. Apart from {@link Schema}, which makes them: the verifier reads stores
 * as well, and has no library that makes tables.
 */
public final class Tables {
    /** Of the newest migration: what newer tables mean is not known here. */
    static final int NEWEST = 21;

    static final String SCHEMA = "ledger_schema";

    private Tables() {}

    /**
     * A migration that failed has brought nothing that has to be known.
     *
     * @throws LedgerTorn where a newer program has made these tables
     */
    public static void requireKnown(Connection connection) throws SQLException {
        if (!has(connection, SCHEMA)) {
            return;
        }
        long there =
                Rows.first(
                                connection,
                                "SELECT MAX(CAST(version AS INTEGER)) FROM "
                                        + SCHEMA
                                        + " WHERE success",
                                row -> row.getLong(1))
                        .orElse(0L);
        if (there > NEWEST) {
            throw new LedgerTorn(
                    "the store's tables are of version "
                            + there
                            + ", this program knows "
                            + NEWEST
                            + ": run the newer program, or restore a backup from before it"
                            + " (scripts/gateway ledger restore)");
        }
    }

    /** Stores that no gateway has written to since there is such a table are without it. */
    public static boolean has(Connection connection, String table) throws SQLException {
        String[] tables = {"TABLE"};
        try (ResultSet found =
                connection.getMetaData().getTables(null, connection.getSchema(), table, tables)) {
            return found.next();
        }
    }
}
