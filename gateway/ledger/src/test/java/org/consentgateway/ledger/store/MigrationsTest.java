package org.consentgateway.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.consentgateway.ledger.migration.IndexBuilds;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes of the version before go on beside new tables (expand, migrate, contract): each migration
 * only adds, and nothing that a statement of theirs would have to know of.
 */
@Nightly("10 s of stores of old versions; each test with a store runs all migrations")
class MigrationsTest {
    /** Later ones may not keep the writers of a long table out. */
    private static final int BUILT_AT_ONCE = 15;

    private static final Pattern DATA =
            Pattern.compile("(?im)^\\s*(UPDATE|DELETE|INSERT|TRUNCATE|DROP|LOCK)\\b|\\bRENAME\\b");
    private static final Pattern INDEX =
            Pattern.compile("(?i)CREATE (UNIQUE )?INDEX (\\$\\{concurrently} )?\\w+\\s+ON (\\w+)");

    @TempDir private Path directory;

    @Test
    void onSqliteEachVersionUnderstandsTheTablesOfTheNext() throws Exception {
        Path file = directory.resolve("ledger.db");
        LedgerSettings settings = settings("jdbc:sqlite:" + file);
        growsOnly(settings, Vendor.SQLITE.open(settings, false));
    }

    @Test
    void onPostgresqlEachVersionUnderstandsTheTablesOfTheNext() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
            LedgerSettings settings = settings(server.getJdbcUrl("postgres", "postgres"));
            growsOnly(settings, Vendor.POSTGRESQL.open(settings, false));
        }
    }

    @Test
    void aMigrationMayTakeLongerThanACommit() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
            LedgerSettings settings =
                    settings(server.getJdbcUrl("postgres", "postgres"))
                            .withPatience(Duration.ofSeconds(1));
            DataSource source = Vendor.POSTGRESQL.open(settings, false);
            Schema.migrate(settings, source, "14", IndexBuilds.USUAL);
            try (Connection busy = server.getPostgresDatabase().getConnection();
                    Statement statement = busy.createStatement()) {
                busy.setAutoCommit(false);
                statement.execute("LOCK TABLE ledger_entry IN ROW EXCLUSIVE MODE");
                CompletableFuture<Void> migrating =
                        CompletableFuture.runAsync(() -> {
                            try {
                                Schema.migrate(settings, source);
                            } catch (SQLException e) {
                                throw new CompletionException(e);
                            }
                        });
                await().during(Duration.ofMillis(1800))
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> !migrating.isDone());
                busy.rollback();
                migrating.get(20, TimeUnit.SECONDS);
            }
            assertThat(shape(source)).isNotEmpty();
        }
    }

    private LedgerSettings settings(String url) {
        return new LedgerSettings(
                url,
                directory.resolve("keys"),
                "node-1",
                "example.com/log",
                new LedgerSettings.Checkpoints(
                        10,
                        Duration.ofMinutes(1),
                        directory.resolve("checkpoints"),
                        org.consentgateway.ledger.tree.TrustPolicy.NONE),
                LedgerSettings.Limits.USUAL);
    }

    private static void growsOnly(LedgerSettings settings, DataSource source) throws Exception {
        Map<String, String> before = Map.of();
        for (int version : IntStream.rangeClosed(1, Tables.NEWEST).toArray()) {
            Schema.migrate(settings, source, String.valueOf(version), IndexBuilds.USUAL);
            Map<String, String> after = shape(source);
            assertThat(after).as("version " + version).containsAllEntriesOf(before);
            Map<String, String> known = before;
            after.forEach((what, how) -> {
                String table = what.replaceAll("[ .].*", "");
                if (!known.containsKey(what) && known.containsKey(table)) {
                    assertThat(how)
                            .as(
                                    "%s of version %d, of which older nodes know nothing",
                                    what, version)
                            .matches("(nullable|with a default) .*");
                }
            });
            before = after;
        }
    }

    /** Tables, their columns with what they demand of a writer, and what has to be unique. */
    private static Map<String, String> shape(DataSource source) throws SQLException {
        Map<String, String> shape = new TreeMap<>();
        try (Connection connection = source.getConnection()) {
            DatabaseMetaData about = connection.getMetaData();
            try (ResultSet column =
                    about.getColumns(null, connection.getSchema(), "ledger\\_%", "%")) {
                while (column.next()) {
                    String table = column.getString("TABLE_NAME");
                    if (table.equals(Tables.SCHEMA) || !isTable(about, connection, table)) {
                        continue;
                    }
                    shape.put(table, "");
                    boolean nullable = column.getInt("NULLABLE") == DatabaseMetaData.columnNullable;
                    boolean filled = column.getString("COLUMN_DEF") != null;
                    shape.put(
                            table + "." + column.getString("COLUMN_NAME"),
                            (nullable ? "nullable " : filled ? "with a default " : "demanded ")
                                    + column.getString("TYPE_NAME"));
                }
            }
            for (String table :
                    shape.keySet().stream().filter(each -> !each.contains(".")).toList()) {
                unique(about, connection, table)
                        .forEach(
                                (index, columns) -> shape.put(table + " unique " + index, columns));
            }
        }
        return shape;
    }

    private static boolean isTable(DatabaseMetaData about, Connection connection, String table)
            throws SQLException {
        String[] tables = {"TABLE"};
        try (ResultSet found = about.getTables(null, connection.getSchema(), table, tables)) {
            return found.next();
        }
    }

    private static Map<String, String> unique(
            DatabaseMetaData about, Connection connection, String table) throws SQLException {
        Map<String, String> unique = new TreeMap<>();
        try (ResultSet index =
                about.getIndexInfo(null, connection.getSchema(), table, true, true)) {
            while (index.next()) {
                if (!index.getBoolean("NON_UNIQUE")) {
                    unique.merge(
                            index.getString("INDEX_NAME"),
                            String.valueOf(index.getString("COLUMN_NAME")),
                            (one, other) -> one + ", " + other);
                }
            }
        }
        return unique;
    }

    @Test
    void noMigrationTouchesRowsNorKeepsWritersOut() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".sql")).toList()) {
                String name = file.getFileName().toString();
                String sql = Files.readString(file).replaceAll("(?m)--.*$", "");
                assertThat(DATA.matcher(sql).find())
                        .as(name + " changes rows or takes away")
                        .isFalse();
                int version = Integer.parseInt(name.substring(1, name.indexOf("__")));
                if (version <= BUILT_AT_ONCE) {
                    continue;
                }
                INDEX.matcher(sql)
                        .results()
                        .filter(found -> !sql.contains("CREATE TABLE " + found.group(3)))
                        .forEach(found -> {
                            assertThat(found.group(2))
                                    .as(name + " builds an index while writers wait for it")
                                    .isNotNull();
                            assertThat(file.resolveSibling(name + ".conf"))
                                    .content()
                                    .contains("executeInTransaction=false");
                        });
            }
        }
    }
}
