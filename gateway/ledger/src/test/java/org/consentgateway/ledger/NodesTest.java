package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.consentgateway.ledger.nodes.LostCall;
import org.consentgateway.ledger.nodes.NodeCall;
import org.consentgateway.ledger.nodes.Nodes;
import org.consentgateway.ledger.nodes.SeenNode;
import org.consentgateway.ledger.store.LedgerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which nodes live, and what is left of those that do not, as rows of a store. */
class NodesTest {
    private static final NodeCall CALL =
            new NodeCall(UUID.randomUUID(), "carrier", "demo", Instant.ofEpochMilli(1_000));

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
