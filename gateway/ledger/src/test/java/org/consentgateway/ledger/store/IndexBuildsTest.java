package org.consentgateway.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.consentgateway.ledger.migration.IndexBuilds;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Indexes that are built beside their writers, whatever becomes of the build. */
@Nightly("50 s of builds that are held up; what needs no server is IndexBuildsOnSqliteTest")
class IndexBuildsTest {
    @TempDir private Path directory;

    private static EmbeddedPostgres server;
    private static int databases;

    private LedgerSettings settings;
    private DataSource source;
    private DataSource superuser;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        String name = "builds_" + ++databases;
        Built.run(server.getPostgresDatabase(), "CREATE DATABASE " + name);
        superuser = server.getDatabase("postgres", name);
        settings = Built.settings(server.getJdbcUrl("postgres", name), directory);
        source = Vendor.POSTGRESQL.open(settings, false);
    }

    private CompletableFuture<Void> migrating(int version) {
        return migrating(version, IndexBuilds.USUAL);
    }

    private CompletableFuture<Void> migrating(int version, Duration patience) {
        return CompletableFuture.runAsync(() -> {
            try {
                Schema.migrate(settings, source, String.valueOf(version), patience);
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
    }

    /** What a backup or an auditor sees, as of one moment. */
    private Connection snapshot() throws SQLException {
        Connection connection = superuser.getConnection();
        Vendor.POSTGRESQL.snapshot(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT count(*) FROM ledger_log");
        }
        return connection;
    }

    private void awaitBuild() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !Built.ask(superuser, "SELECT pid FROM " + BUILDING).isEmpty());
    }

    private static final String BUILDING =
            "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                    + " AND query LIKE '%CREATE INDEX%'";

    private void assertWhole() throws Exception {
        assertThat(
                        Built.ask(
                                superuser,
                                "SELECT relname FROM pg_index JOIN pg_class ON oid ="
                                        + " indexrelid WHERE indisvalid AND indpred IS NOT"
                                        + " NULL"))
                .containsAll(Built.all().stream().map(Built::index).toList());
        assertThat(invalid()).isEmpty();
        assertThat(
                        Built.ask(
                                superuser,
                                "SELECT version FROM ledger_schema ORDER BY installed_rank"))
                .endsWith(Schema.NEWEST)
                .doesNotHaveDuplicates();
    }

    private List<String> invalid() throws SQLException {
        return Built.ask(
                superuser,
                "SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE NOT"
                        + " indisvalid");
    }

    @Test
    void allScriptsInNoTransactionNameTheIndexTheyBuild() throws Exception {
        assertThat(Built.all())
                .as("versions with a script in no transaction")
                .extracting(Built::version)
                .containsExactlyInAnyOrderElementsOf(
                        Built.scripts(".conf").stream().map(Built::version).toList());
    }

    @Test
    void aBuildWaitsForASnapshotLongerThanAChangeDoesForALock() throws Exception {
        Built.migrate(settings, source, 17);
        try (Connection before = snapshot()) {
            CompletableFuture<Void> migrating = migrating(Tables.NEWEST);
            await().during(Vendor.TABLE_LOCK.plusSeconds(1))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !migrating.isDone());
            before.rollback();
            migrating.get(20, TimeUnit.SECONDS);
        }
        assertWhole();
    }

    @ParameterizedTest
    @MethodSource("org.consentgateway.ledger.store.Built#all")
    void aBuildThatFailsIsDoneAnewAndKeepsNoNodeOfBeforeOut(Built built) throws Exception {
        Built.migrate(settings, source, built.version() - 1);
        try (Connection before = snapshot()) {
            CompletableFuture<Void> migrating = migrating(built.version());
            awaitBuild();
            Built.run(superuser, "SELECT pg_cancel_backend(pid) FROM " + BUILDING);
            assertThatThrownBy(() -> migrating.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("the ledger's tables cannot be made");
            before.rollback();
        }
        assertThat(invalid()).containsExactly(built.index());
        assertThat(Built.newestAsOldNodesSeeIt(superuser))
                .containsExactly(String.valueOf(built.version() - 1));
        Schema.migrate(settings, source);
        assertWhole();
    }

    @ParameterizedTest
    @MethodSource("org.consentgateway.ledger.store.Built#all")
    void aBuildThatIsWrittenDownAsFailedIsDoneAnew(Built built) throws Exception {
        Built.migrate(settings, source, built.version() - 1);
        try (Connection before = snapshot()) {
            CompletableFuture<Void> migrating = migrating(built.version());
            awaitBuild();
            Built.run(superuser, "SELECT pg_cancel_backend(pid) FROM " + BUILDING);
            assertThatThrownBy(() -> migrating.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
            before.rollback();
        }
        Built.writeDownAsFailed(superuser, built.version());
        Schema.migrate(settings, source);
        assertWhole();
    }

    @ParameterizedTest
    @MethodSource("org.consentgateway.ledger.store.Built#all")
    void aBuildThatIsCutOffWithItsNodeIsDoneAnew(Built built) throws Exception {
        Built.migrate(settings, source, built.version() - 1);
        try (Connection before = snapshot()) {
            CompletableFuture<Void> migrating = migrating(built.version());
            awaitBuild();
            Built.run(
                    superuser,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                            + " current_database() AND application_name LIKE"
                            + " 'consent-gateway%'");
            assertThatThrownBy(() -> migrating.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
            before.rollback();
        }
        assertThat(invalid()).containsExactly(built.index());
        Schema.migrate(settings, source);
        assertWhole();
    }

    /** The server goes on with what a node asked for that was killed. */
    @Test
    void aBuildThatOutlivesItsNodeIsWaitedForAndDoneAnew() throws Exception {
        Built.migrate(settings, source, 17);
        CompletableFuture<Void> outliving;
        CompletableFuture<Void> migrating;
        try (Connection before = snapshot()) {
            outliving =
                    CompletableFuture.runAsync(() -> {
                        try {
                            Built.run(
                                    superuser,
                                    "CREATE INDEX CONCURRENTLY ledger_lookup_lasting ON"
                                            + " ledger_lookup (subject)");
                        } catch (SQLException e) {
                            throw new CompletionException(e);
                        }
                    });
            awaitBuild();
            migrating = migrating(Tables.NEWEST);
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !migrating.isDone());
            before.rollback();
            outliving.get(20, TimeUnit.SECONDS);
            migrating.get(20, TimeUnit.SECONDS);
        }
        assertWhole();
    }

    /** A start says whom it waits for, and the node goes on without consents. */
    @Test
    void aBuildIsGivenUpWhereOthersEndTooLateAndTakesUpNothingOfBefore() throws Exception {
        Built.migrate(settings, source, 17);
        Duration patience = Duration.ofMillis(500);
        try (Connection before = snapshot();
                Statement reading = before.createStatement()) {
            reading.execute("SELECT count(*) FROM ledger_lookup");
            for (int start = 1; start <= 3; start++) {
                assertThatThrownBy(
                                () -> migrating(Tables.NEWEST, patience).get(20, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasMessageContaining("pg_dump");
                assertThat(invalid()).containsExactly("ledger_lookup_lasting");
                assertThat(Built.newestAsOldNodesSeeIt(superuser)).containsExactly("17");
            }
            before.rollback();
        }
        Schema.migrate(settings, source);
        assertWhole();
    }

    @Test
    void twoNodesThatStartAtOnceBuildEachIndexOnce() throws Exception {
        Built.migrate(settings, source, 15);
        try (Connection before = snapshot()) {
            CompletableFuture<Void> one = migrating(Tables.NEWEST);
            awaitBuild();
            CompletableFuture<Void> other = migrating(Tables.NEWEST);
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !other.isDone());
            before.rollback();
            one.get(20, TimeUnit.SECONDS);
            other.get(20, TimeUnit.SECONDS);
        }
        assertWhole();
    }
}
