package org.consentgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.consentgateway.ledger.store.Rows;

/** Cells of a SQLite database that hold what no gateway writes. */
final class OddCells {
    private OddCells() {}

    /**
     * In a row that is there, and else in a new one.
     *
     * @param value in SQL
     */
    static void put(Connection connection, String table, String column, String value)
            throws SQLException {
        boolean numbered =
                Rows.first(
                                connection,
                                "SELECT sql FROM sqlite_master WHERE name = ?",
                                row -> row.getString(1),
                                table)
                        .filter(sql -> !sql.contains("WITHOUT ROWID"))
                        .isPresent();
        String update =
                "UPDATE %1$s SET %2$s = %3$s WHERE rowid = (SELECT MAX(rowid) FROM %1$s WHERE %2$s"
                        + " IS NOT NULL)";
        if (numbered && Rows.change(connection, update.formatted(table, column, value)) > 0) {
            return;
        }
        add(connection, table, column, value);
    }

    /**
     * In a new row of the first log, that belongs to no entry.
     *
     * @param value in SQL
     */
    static void add(Connection connection, String table, String column, String value)
            throws SQLException {
        record Column(String name, String type) {}
        List<Column> columns =
                Rows.list(
                        connection,
                        "SELECT name, type FROM pragma_table_info(?)",
                        row -> new Column(row.getString(1), row.getString(2)),
                        table);
        String values =
                columns.stream()
                        .map(one ->
                                one.name.equals(column)
                                        ? value.replace(column, usual(column, one.type))
                                        : usual(one.name, one.type))
                        .collect(Collectors.joining(", "));
        Rows.change(connection, "INSERT INTO " + table + " VALUES (" + values + ")");
    }

    private static String usual(String column, String type) {
        if (type.equals("BLOB")) {
            return "x'00'";
        }
        return column.equals("log") ? "1" : type.contains("INT") ? "7000" : "'x'";
    }
}
