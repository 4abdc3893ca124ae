package org.consentgateway.ledger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Schema;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.testkit.Template;
import org.jspecify.annotations.Nullable;

/** The stores that every ledger test runs on. */
enum TestStore {
    SQLITE {
        @Override
        LedgerSettings settings(Path directory) {
            LedgerSettings settings = TestSettings.inDirectory(directory);
            if (Files.notExists(settings.keys())) { // else a store that is gone stays so
                TABLES.copyTo(Vendor.file(settings));
            }
            return small(settings);
        }
    },

    /** One real server for the whole run, a database per ledger. */
    POSTGRESQL {
        @Override
        LedgerSettings settings(Path directory) {
            return small(
                    TestSettings.inDirectory(directory)
                            .withUrl(database("ledger_" + DATABASES.incrementAndGet(), TABLES_OF)));
        }
    };

    /** Migrated once: that takes as long as a short test. */
    private static final Template TABLES =
            new Template(file ->
                    migrate(
                            TestSettings.inDirectory(file.resolveSibling("x"))
                                    .withUrl("jdbc:sqlite:" + file)));

    private static final String TABLES_OF = "migrated";

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static @Nullable EmbeddedPostgres server;

    abstract LedgerSettings settings(Path directory);

    private static LedgerSettings small(LedgerSettings settings) {
        return TestSettings.withLimits(
                TestSettings.withCheckpoints(settings, 10, Duration.ofDays(1)),
                new LedgerSettings.Limits(64, 256, Duration.ofSeconds(5)));
    }

    static synchronized EmbeddedPostgres server() {
        if (server == null) {
            try {
                server = EmbeddedPostgres.builder().start();
                migrate(
                        TestSettings.inDirectory(Path.of("unset"))
                                .withUrl(database(TABLES_OF, "template1")));
            } catch (IOException | SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        return server;
    }

    private static void migrate(LedgerSettings settings) throws SQLException {
        Schema.migrate(settings, Vendor.of(settings).open(settings, false));
    }

    /** The address of a new one, with what is in the other. */
    private static String database(String name, String like) {
        EmbeddedPostgres server = server();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " TEMPLATE " + like);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server.getJdbcUrl("postgres", name);
    }
}
