package org.consentgateway.ledger.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.consentgateway.ledger.migration.IndexBuilds;
import org.consentgateway.ledger.tree.TrustPolicy;

/**
 * Of a version, the index that its script builds beside its writers.
 *
 * @param version of the tables
 */
record Built(int version, String index) {
    private static final Path SCRIPTS = Path.of("src/main/resources/db/migration");

    @Override
    public String toString() {
        return version + " " + index;
    }

    /** All of them. */
    static List<Built> all() throws Exception {
        List<Built> built = new ArrayList<>();
        for (String script : scripts(".sql")) {
            IndexBuilds.built(script)
                    .forEach(index -> built.add(new Built(version(script), index)));
        }
        return built;
    }

    static List<String> scripts(String ending) throws Exception {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .toList();
        }
    }

    static int version(String script) {
        return Integer.parseInt(script.substring(1, script.indexOf("__")));
    }

    static LedgerSettings settings(String url, Path directory) {
        return new LedgerSettings(
                url,
                directory.resolve("keys"),
                "node-1",
                "example.com/log",
                new LedgerSettings.Checkpoints(
                        10, Duration.ofMinutes(1), directory.resolve("out"), TrustPolicy.NONE),
                LedgerSettings.Limits.USUAL);
    }

    static void migrate(LedgerSettings settings, DataSource source, int version)
            throws SQLException {
        Schema.migrate(settings, source, String.valueOf(version), IndexBuilds.USUAL);
    }

    static List<String> ask(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return Rows.list(connection, sql, row -> row.getString(1));
        }
    }

    static void run(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** As an older gateway, or Flyway, leaves it behind. */
    static void writeDownAsFailed(DataSource source, int version) throws SQLException {
        run(
                source,
                "INSERT INTO ledger_schema (installed_rank, version, description, type, script,"
                        + " checksum, installed_by, execution_time, success) SELECT 99, '"
                        + version
                        + "', description, type, script, checksum, installed_by, execution_time,"
                        + " NOT success FROM ledger_schema WHERE version = '1'");
    }

    /** What gateways of before asked. */
    static List<String> newestAsOldNodesSeeIt(DataSource source) throws SQLException {
        return ask(source, "SELECT MAX(CAST(version AS INTEGER)) FROM ledger_schema");
    }
}
