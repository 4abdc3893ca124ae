package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.consentgateway.ledger.server.PoolerCheck;
import org.consentgateway.ledger.store.LedgerClaimed;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.testkit.FreePort;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real pgbouncer between the ledger and its store, with the file that is shipped for it. */
@Timeout(60)
class PoolerTest {
    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");
    private static final Path SHIPPED = Path.of("../../config/postgresql/pgbouncer.ini");

    @TempDir private Path directory;
    private final int port = FreePort.next();
    private @Nullable Process pooler;

    @BeforeEach
    void isThere() {
        assumeTrue(Files.isExecutable(PROGRAM), "no pgbouncer here: apt-get install pgbouncer");
    }

    @AfterEach
    void stop() throws Exception {
        if (pooler != null) {
            pooler.destroyForcibly().waitFor();
        }
    }

    /** Its own settings, but for where it is, whom it lets in, and to where it leads. */
    private LedgerSettings through(String mode) throws Exception {
        LedgerSettings direct = TestStore.POSTGRESQL.settings(directory);
        String database = direct.url().replaceAll(".*/([a-z0-9_]+)\\?.*", "$1");
        String shipped = Files.readString(SHIPPED);
        assertThat(shipped).contains("\npool_mode = session\n");
        Path file = directory.resolve("pgbouncer.ini");
        Files.writeString(
                file,
                shipped.replaceAll(
                                "(?m)^consent = .*",
                                "consent = host=127.0.0.1 port=%d dbname=%s user=postgres"
                                        .formatted(TestStore.server().getPort(), database))
                        .replaceAll("(?m)^listen_port = .*", "listen_port = " + port)
                        .replaceAll("(?m)^auth_type = .*", "auth_type = any")
                        .replaceAll("(?m)^auth_file = .*", "")
                        .replaceAll("(?m)^pool_mode = .*", "pool_mode = " + mode));
        start(file);
        return TestSettings.withLimits(
                direct.withUrl("jdbc:postgresql://127.0.0.1:%d/consent?user=any".formatted(port)),
                new LedgerSettings.Limits(64, 256, Duration.ofSeconds(2)));
    }

    private void start(Path file) throws Exception {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString(), "-q"));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody")); // it does not run as root
        }
        command.add(file.toString());
        pooler =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("pgbouncer.log").toFile())
                        .start();
        await("pgbouncer").until(() -> listens());
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void byItsSessionsALogHasOneWriterAndOutlivesThePooler() throws Exception {
        LedgerSettings settings = through("session");
        UUID first;
        try (Ledger ledger = Ledger.open(settings, Clock.systemUTC())) {
            first = Records.append(ledger, Records.given("call-1", "p")).entryId();
            assertThat(ledger.reader().entry(first)).isPresent();

            DataSource source = Vendor.POSTGRESQL.open(settings, false);
            try (Connection other = source.getConnection()) {
                assertThatThrownBy(() -> Vendor.POSTGRESQL.claim(settings, other))
                        .isInstanceOf(LedgerClaimed.class);
            }
            stop();
            await("the loss")
                    .until(() -> {
                        assertThatThrownBy(
                                        () -> Records.append(ledger, Records.given("call-2", "p")))
                                .isInstanceOf(LedgerUnavailable.class);
                        return !ledger.health().up();
                    });
            start(directory.resolve("pgbouncer.ini"));
            await("the store").atMost(Duration.ofSeconds(20)).until(() -> ledger.health().up());
            assertThat(Records.append(ledger, Records.given("call-3", "p")).index()).isPositive();
        }
        try (Ledger again = Ledger.open(settings, Clock.systemUTC())) {
            assertThat(again.health().up()).as("its claim was given back").isTrue();
            assertThat(again.reader().entry(first)).isPresent();
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), _ -> {})))
                .isEmpty();
    }

    @Test
    void byTransactionsNothingIsWrittenSinceTwoCouldWriteOneLog() throws Exception {
        LedgerSettings settings = through("transaction");
        try (Ledger ledger = Ledger.open(settings, Clock.systemUTC())) {
            assertThat(ledger.health().up()).isFalse();
            assertThat(ledger.health().detail()).contains("pool_mode", "two processes");
            assertThatThrownBy(() -> Records.append(ledger, Records.given("call-1", "p")))
                    .isInstanceOf(LedgerUnavailable.class);
        }
    }

    /** Who asks again once is lent the same session by chance. */
    @Test
    void amongManyThatComeAndGoNoSessionIsTakenForItsOwn() throws Exception {
        DataSource source = Vendor.POSTGRESQL.open(through("transaction"), false);
        try (Others _ = new Others(source, 3)) {
            for (int i = 0; i < 100; i++) {
                try (Connection ours = source.getConnection()) {
                    assertThatThrownBy(() -> PoolerCheck.requireOwnSession(source, ours))
                            .hasMessageContaining("pool_mode");
                }
            }
        }
    }

    @Test
    void aPoolerThatIsBackWithAnotherModeIsLookedAtAgain() throws Exception {
        try (Ledger ledger = Ledger.open(through("session"), Clock.systemUTC())) {
            assertThat(ledger.health().up()).isTrue();
            Path file = byTransactions();
            stop();
            start(file);
            await("the look")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> ledger.health().detail().contains("pool_mode"));
        }
    }

    @Test
    void aSessionThatIsLentToOthersMeanwhileIsNoticed() throws Exception {
        DataSource source = Vendor.POSTGRESQL.open(through("transaction"), false);
        try (Connection ours = source.getConnection();
                Others _ = new Others(source, 3)) {
            long first = PoolerCheck.session(ours);
            await("another")
                    .untilAsserted(() ->
                            assertThatThrownBy(() -> PoolerCheck.requireSession(ours, first))
                                    .hasMessageContaining("pool_mode"));
        }
    }

    private Path byTransactions() throws IOException {
        Path file = directory.resolve("pgbouncer.ini");
        String all = Files.readString(file);
        return Files.writeString(
                file, all.replace("\npool_mode = session\n", "\npool_mode = transaction\n"));
    }

    /** Connections that take a session and give it back, until they are closed. */
    private static final class Others implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

        Others(DataSource source, int many) throws SQLException {
            for (int i = 0; i < many; i++) {
                Connection busy = source.getConnection();
                threads.execute(() -> comesAndGoes(busy));
            }
        }

        private void comesAndGoes(Connection busy) {
            try (busy;
                    Statement statement = busy.createStatement()) {
                while (!over.get()) {
                    statement.execute("SELECT pg_sleep(0.001)");
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            over.set(true);
            threads.close();
        }
    }
}
