package org.consentgateway.ledger.columns;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Tables;
import org.jspecify.annotations.Nullable;

/**
 * SQLite keeps octets in a column of texts as octets: whoever reads them gets the same characters,
 * and no condition of a statement finds them. So a row can match what was written, and be hidden
 * from whoever looks it up. PostgreSQL takes nothing else than what is declared.
 */
public final class ColumnTypes {
    /** FORMAT.md 12 has the same lines; what an older store has not is passed over. */
    private static final String COLUMNS =
            """
            ledger_log: id integer, node text, origin text, size integer, last_leaf blob, last_ms integer, retired_keys text or null
            ledger_entry: log integer, idx integer, entry_id text, time_ms integer, type text, commitment blob, leaf blob
            ledger_payload: log integer, idx integer, key_id text, sealed blob
            ledger_lookup: log integer, idx integer, type text, time_ms integer, subject text or null, notice text or null, line text or null, call_id text or null, sip_hash text or null, refers text or null, until_ms integer or null, delete_ms integer or null, endings text or null
            ledger_erased: log integer, idx integer, key_id text, sealed blob
            ledger_tile: log integer, level integer, idx integer, hash blob
            ledger_checkpoint: log integer, size integer, time_ms integer, note text
            ledger_leaves: log integer, idx integer, leaves blob, gone blob, gone_ms integer
            ledger_key: log integer, idx integer, salt blob, payload text
            ledger_successor: log integer, idx integer, salt blob, payload text
            ledger_archived: log integer, idx integer, salt blob, payload text
            ledger_notice: lineage text, version text, language text, variant text, text_sha256 text, audio_sha256 text, terms text, since_ms integer
            ledger_notice_sound: text_sha256 text, audio_sha256 text, part text, sha256 text
            ledger_content: sha256 text, octets blob
            """;

    /** Those with a row for each entry or checkpoint, by the column that counts them. */
    private static final Map<String, String> LARGE =
            Map.of(
                    "ledger_entry", "idx",
                    "ledger_payload", "idx",
                    "ledger_lookup", "idx",
                    "ledger_erased", "idx",
                    "ledger_checkpoint", "size");

    private static final List<Table> TABLES = COLUMNS.lines().map(Table::of).toList();

    /** Of one table so many are named. */
    private static final int MOST = 100;

    private static final List<String> KEYS =
            List.of(
                    "id",
                    "log",
                    "level",
                    "idx",
                    "size",
                    "text_sha256",
                    "part",
                    "sha256",
                    "lineage");

    /** Where a row that holds something else is told; the log is "all logs" where it has none. */
    public interface Found {
        void add(String log, @Nullable Long index, String what);
    }

    private record Column(String name, String type, boolean nullable) {
        static Column of(String text) {
            String[] words = text.split(" ", 3);
            return new Column(words[0], words[1], words.length == 3);
        }

        String isWrong() {
            String types = "'" + type + "'" + (nullable ? ", 'null'" : "");
            return "typeof(" + name + ") NOT IN (" + types + ")";
        }

        String told() {
            return "WHEN "
                    + isWrong()
                    + " THEN '"
                    + name
                    + " holds ' || typeof("
                    + name
                    + ") || ', not "
                    + type
                    + "'";
        }
    }

    private record Table(String name, List<Column> columns) {
        static Table of(String line) {
            String[] parts = line.split(": ", 2);
            return new Table(
                    parts[0], Arrays.stream(parts[1].split(", ")).map(Column::of).toList());
        }

        Table without(Set<String> there) {
            return new Table(
                    name, columns.stream().filter(column -> there.contains(column.name)).toList());
        }

        boolean has(String column) {
            return columns.stream().anyMatch(one -> one.name.equals(column));
        }

        /** What is wrong, the row in words, and its log and index where it has these. */
        String question(String range) {
            List<String> wrong = columns.stream().map(Column::isWrong).toList();
            List<String> told = columns.stream().map(Column::told).toList();
            List<String> keys =
                    KEYS.stream()
                            .filter(this::has)
                            .map(key -> "'" + key + " ' || substr(quote(" + key + "), 1, 70)")
                            .toList();
            return "SELECT CASE "
                    + String.join(" ", told)
                    + " END, "
                    + String.join(" || ', ' || ", keys)
                    + ", "
                    + (has("log") ? "log" : "NULL")
                    + ", "
                    + ("idx".equals(LARGE.get(name)) ? "idx" : "NULL")
                    + " FROM "
                    + name
                    + " WHERE "
                    + range
                    + "("
                    + String.join(" OR ", wrong)
                    + ") LIMIT "
                    + MOST;
        }
    }

    private final List<Table> tables;

    private ColumnTypes(List<Table> tables) {
        this.tables = tables;
    }

    /** Each table, and what its columns hold. */
    public static List<String> lines() {
        return COLUMNS.lines().toList();
    }

    /** Of the tables that this store has; of none where it takes only what is declared. */
    public static ColumnTypes of(Connection connection) throws SQLException {
        List<Table> there = new ArrayList<>();
        for (Table table : isKept(connection) ? List.<Table>of() : TABLES) {
            if (Tables.has(connection, table.name)) {
                there.add(table.without(columns(connection, table.name)));
            }
        }
        return new ColumnTypes(List.copyOf(there));
    }

    private static boolean isKept(Connection connection) throws SQLException {
        return !connection.getMetaData().getDatabaseProductName().equals("SQLite");
    }

    private static Set<String> columns(Connection connection, String table) throws SQLException {
        return Set.copyOf(
                Rows.list(
                        connection,
                        "SELECT name FROM pragma_table_info(?)",
                        row -> row.getString(1),
                        table));
    }

    /** Each row of each table, for who looks at the whole store. */
    public void all(Connection connection, List<Log> logs, Found found) throws SQLException {
        for (Table table : tables) {
            new Look(connection, logs, found).at(table, "");
        }
    }

    /** The tables that do not grow with each entry. */
    public void small(Connection connection, List<Log> logs, Found found) throws SQLException {
        for (Table table : tables) {
            if (!LARGE.containsKey(table.name)) {
                new Look(connection, logs, found).at(table, "");
            }
        }
    }

    /**
     * Of the others what belongs to some entries of a log, and to the checkpoints that end there.
     *
     * @param from of the first one
     * @param to behind the last one
     */
    public void part(Connection connection, Log log, long from, long to, Found found)
            throws SQLException {
        var look = new Look(connection, List.of(log), found);
        for (Table table : tables) {
            String place = LARGE.get(table.name);
            if ("idx".equals(place)) {
                look.at(table, "log = ? AND idx >= ? AND idx < ? AND ", log.id(), from, to);
            } else if (place != null) {
                look.at(table, "log = ? AND size > ? AND size <= ? AND ", log.id(), from, to);
            }
        }
    }

    private record Look(Connection connection, List<Log> logs, Found found) {
        void at(Table table, String range, Object... arguments) throws SQLException {
            Rows.each(connection, table.question(range), row -> tell(table, row), arguments);
        }

        private void tell(Table table, ResultSet row) throws SQLException {
            Object id = row.getObject(3);
            String origin =
                    logs.stream()
                            .filter(log -> id instanceof Integer known && known == log.id())
                            .map(Log::origin)
                            .findFirst()
                            .orElse(null);
            found.add(
                    origin == null ? "all logs" : origin,
                    origin == null ? null : index(row.getObject(4)),
                    table.name + " (" + row.getString(2) + "): " + row.getString(1));
        }

        private static @Nullable Long index(@Nullable Object value) {
            return value instanceof Integer || value instanceof Long
                    ? Long.valueOf(((Number) value).longValue())
                    : null;
        }
    }

    /**
     * Whether a row is hidden from whoever looks for a caller, or for what was written about an
     * entry: octets come behind all texts in an index, so this reads two places of it. Nobody may
     * rely on having found all then.
     */
    public static boolean areLookupsHidden(Connection connection) throws SQLException {
        return !isKept(connection)
                && Rows.first(
                                connection,
                                "SELECT 1 WHERE EXISTS (SELECT 1 FROM ledger_lookup WHERE subject"
                                    + " >= x'') OR EXISTS (SELECT 1 FROM ledger_lookup WHERE refers"
                                    + " >= x'')",
                                row -> row.getInt(1))
                        .isPresent();
    }
}
