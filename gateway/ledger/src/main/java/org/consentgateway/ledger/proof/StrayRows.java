package org.consentgateway.ledger.proof;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Tables;

/**
 * Rows that belong to no entry: what should be gone may lie there, where nobody who walks through a
 * log looks. Asked by ranges of the primary key (log, idx), so that a large store is not read.
 */
public final class StrayRows {
    private static final List<String> TABLES =
            List.of("ledger_entry", "ledger_payload", "ledger_lookup", "ledger_erased");

    private StrayRows() {}

    /**
     * @param logs all of the store, of the same moment as the connection shows
     */
    public static void find(Connection connection, List<Log> logs, Findings findings)
            throws SQLException {
        List<Log> ordered = logs.stream().sorted(Comparator.comparingInt(Log::id)).toList();
        for (String table : TABLES) {
            if (!Tables.has(connection, table)) {
                continue; // of an older version
            }
            // What is no number comes before or behind all numbers, and some lies between two.
            String before = "";
            for (Log log : ordered) {
                ofNoLog(connection, table, before + "log < " + log.id(), findings);
                outside(connection, table, log, findings);
                before = "log > " + log.id() + " AND ";
            }
            ofNoLog(connection, table, before + "log IS NOT NULL", findings);
        }
    }

    private static void outside(Connection connection, String table, Log log, Findings findings)
            throws SQLException {
        for (String range : List.of("idx < 0 AND idx < ?", "idx >= ?")) {
            Rows.each(
                    connection,
                    "SELECT idx FROM "
                            + table
                            + " WHERE log = ? AND "
                            + range
                            + " ORDER BY idx LIMIT 1",
                    row ->
                            findings.add(
                                    log.origin(),
                                    row.getObject(1) instanceof Number index
                                            ? index.longValue()
                                            : null,
                                    "stands in " + table + " outside of the log"),
                    log.id(),
                    log.size());
        }
    }

    private static void ofNoLog(
            Connection connection, String table, String range, Findings findings)
            throws SQLException {
        Rows.list(
                        connection,
                        "SELECT log FROM " + table + " WHERE " + range + " LIMIT 1",
                        row -> row.getString(1))
                .forEach(id ->
                        findings.add(
                                "all logs",
                                null,
                                table + " has rows of a log " + id + ", which is none"));
    }
}
