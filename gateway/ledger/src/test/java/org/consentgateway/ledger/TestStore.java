package org.consentgateway.ledger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.ledger.store.LedgerSettings;
import org.jspecify.annotations.Nullable;

/** The stores that every ledger test runs on. */
enum TestStore {
    SQLITE {
        @Override
        LedgerSettings settings(Path directory) {
            return small(TestSettings.inDirectory(directory));
        }
    },

    /** One real server for the whole run, a schema per ledger. */
    POSTGRESQL {
        @Override
        LedgerSettings settings(Path directory) {
            String schema = "ledger_" + SCHEMAS.incrementAndGet();
            EmbeddedPostgres server = server();
            try (Connection connection = server.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE SCHEMA " + schema);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return small(
                    TestSettings.inDirectory(directory)
                            .withUrl(
                                    server.getJdbcUrl("postgres", "postgres")
                                            + "&currentSchema="
                                            + schema));
        }
    };

    private static final AtomicInteger SCHEMAS = new AtomicInteger();
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
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        return server;
    }
}
