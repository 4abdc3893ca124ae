package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.nodes.LostCall;
import org.consentgateway.ledger.nodes.NodeCall;
import org.consentgateway.ledger.nodes.Nodes;
import org.consentgateway.ledger.nodes.SeenNode;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which nodes live, and what is left of those that do not, as rows of a store. */
class NodesTest {
    private static final NodeCall CALL =
            new NodeCall(UUID.randomUUID(), "carrier", "demo", Instant.ofEpochMilli(1_000));

    /** It is not waited for. */
    private static final Duration NOW = Duration.ZERO;

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource
    void aNodeThatWasMarkedLostWritesNoMoreAndItsCallsAreFound(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> Records.START)) {
            Nodes nodes = ledger.nodes();
            long life = nodes.begin("node-1");
            assertThat(nodes.beat("node-1", life, List.of(CALL), List.of())).isTrue();
            assertThat(nodes.beat("node-1", life, List.of(CALL), List.of()))
                    .as("a beat whose answer was lost")
                    .isTrue();
            SeenNode seen = nodes.alive().getFirst();
            assertThat(nodes.lose(seen, Duration.ofHours(1))).as("heard of just now").isFalse();
            assertThat(nodes.lose(new SeenNode("node-1", life, 1), Duration.ZERO))
                    .as("it has said something since")
                    .isFalse();
            assertThat(nodes.lose(seen, Duration.ZERO)).isTrue();
            assertThat(nodes.lose(seen, Duration.ZERO)).as("once").isFalse();

            assertThat(nodes.alive()).isEmpty();
            NodeCall later = new NodeCall(UUID.randomUUID(), "carrier", "demo", CALL.answered());
            assertThat(nodes.beat("node-1", life, List.of(later), List.of(CALL.id()))).isFalse();
            List<LostCall> lost = nodes.lost();
            assertThat(lost).extracting(LostCall::call).containsExactly(CALL);
            nodes.forget();
            assertThat(nodes.lost()).as("not before its calls are ended").hasSize(1);
            assertThat(nodes.settled(lost.getFirst())).isTrue();
            assertThat(nodes.settled(lost.getFirst())).isFalse();
            nodes.forget();
            assertThat(nodes.begin("node-1")).isGreaterThan(life);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whichCallsOfALostNodeAreEndedIsKnownBeforeTheirEndsAreWrittenAndAfter(TestStore store)
            throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> Records.START)) {
            Nodes nodes = ledger.nodes();
            long life = nodes.begin("node-1");
            List<UUID> asked = List.of(UUID.randomUUID(), CALL.id());
            assertThat(nodes.beat("node-1", life, List.of(CALL), List.of())).isTrue();
            assertThat(nodes.ended(asked)).as("it goes on").isEmpty();

            nodes.end("node-1", life);
            assertThat(nodes.ended(asked)).as("about to be").containsExactly(CALL.id());

            Records.append(
                    ledger,
                    NewEntry.of(
                            EntryType.CALL_LOST,
                            CALL.id().toString(),
                            null,
                            Records.base("hotline", "booking"),
                            Records.START));
            assertThat(nodes.settled(nodes.lost().getFirst())).isTrue();
            nodes.forget();
            assertThat(nodes.ended(asked)).as("written").containsExactly(CALL.id());
            assertThat(nodes.ended(List.of())).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneNodeAloneKeepsATrunkRegisteredUntilItIsLost(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), () -> Records.START)) {
            Nodes nodes = ledger.nodes();
            long first = nodes.begin("node-1");
            long second = nodes.begin("node-2");
            Set<String> both = Set.of("provider", "other");

            assertThat(nodes.register("node-1", first, Set.of("provider")))
                    .containsExactly("provider");
            assertThat(nodes.register("node-2", second, both)).containsExactly("other");
            assertThat(nodes.register("node-1", first, both)).containsExactly("provider");

            nodes.end("node-1", first);
            assertThat(nodes.register("node-2", second, both))
                    .containsExactlyInAnyOrderElementsOf(both);
            long again = nodes.begin("node-1");
            assertThat(nodes.register("node-1", again, both)).isEmpty();
        }
    }

    /** A process that is stopped, or a machine that is cut off; others wait for 15 s before. */
    @Test
    void aSessionThatStopsInATransactionIsEndedByTheServer() throws Exception {
        LedgerSettings settings = TestStore.POSTGRESQL.settings(directory);
        try (Ledger ledger = Ledger.open(settings, () -> Records.START)) {
            List<Integer> millis =
                    ledger.reader()
                            .ask(connection ->
                                    Rows.list(
                                            connection,
                                            "SELECT setting FROM pg_settings WHERE name ="
                                                    + " 'idle_in_transaction_session_timeout'",
                                            row -> row.getInt(1)));
            assertThat(millis).allSatisfy(each -> assertThat(each).isBetween(1, 14_000)).hasSize(1);
        }
    }

    @Test
    @Nightly("10 s of standing still; in each run it is asked whether the server would end it")
    void aNodeThatStopsInTheMidstOfABeatIsFoundLost() throws Exception {
        LedgerSettings settings = TestStore.POSTGRESQL.settings(directory);
        var reached = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        List<NodeCall> stopping =
                new ArrayList<>(List.of(CALL)) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public Iterator<NodeCall> iterator() {
                        reached.countDown();
                        waitFor(goesOn);
                        return super.iterator();
                    }
                };
        try (Ledger stopped = Ledger.open(settings, () -> Records.START);
                Ledger other = Ledger.open(settings.withNode("node-2"), () -> Records.START)) {
            long life = stopped.nodes().begin("node-1");
            var beat =
                    new FutureTask<>(
                            () -> stopped.nodes().beat("node-1", life, stopping, List.of()));
            Thread.ofVirtual().start(beat);
            reached.await();
            await("the others mark it lost")
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> other.nodes().lose(other.nodes().alive().getFirst(), NOW));
            assertThat(other.nodes().lost()).as("nothing of that beat is there").isEmpty();
            goesOn.countDown();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(beat::get)
                    .withCauseInstanceOf(LedgerUnavailable.class);
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nodesThatAreNewAtOnceEachBeginALog() throws Exception {
        LedgerSettings settings = TestStore.POSTGRESQL.settings(directory);
        try (Connection other = TestStore.server().getPostgresDatabase().getConnection();
                Connection first = DriverManager.getConnection(settings.url());
                Statement sql = first.createStatement();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            first.setAutoCommit(false);
            sql.execute("INSERT INTO ledger_log SELECT 1, 'first', 'o/first', 0, '', 0");
            Future<Ledger> second =
                    threads.submit(() -> Ledger.open(settings, () -> Records.START));
            while (!isAnyWaiting(other)) {
                Thread.sleep(10);
            }
            first.commit();
            try (Ledger ledger = second.get()) {
                assertThat(ledger.health().up()).isTrue();
            }
        }
    }

    private static boolean isAnyWaiting(Connection connection) throws SQLException {
        try (Statement sql = connection.createStatement();
                ResultSet row =
                        sql.executeQuery(
                                "SELECT COUNT(*) FROM pg_stat_activity"
                                        + " WHERE wait_event = 'transactionid'")) {
            return row.next() && row.getInt(1) > 0;
        }
    }
}
