package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.keys.EndingCode;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The hourly chore of one node beside that of another, and beside calls that wait for the writer.
 */
class RetentionBesideCallsTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(Records.START.plus(Duration.ofDays(31)));
    private static final String OVER = "2026-11-24T09:00:00Z";
    private static final String LATER = "2031-11-24T09:00:00Z";

    @TempDir private Path directory;

    /** Else its count says less than there is, and whoever hides the withdrawal brings it back. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void whatTwoNodesEraseAtOnceIsCountedOffAConsentOnce() throws Exception {
        LedgerSettings settings = TestStore.POSTGRESQL.settings(directory);
        LedgerSettings second = settings.withNode("node-2");
        var reached = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var source =
                new WatchedStore(
                        Vendor.of(second).open(second, false),
                        (_, sql) -> {
                            if (sql.startsWith("DELETE FROM ledger_payload")) {
                                reached.countDown();
                                await(goOn);
                            }
                        });
        try (Ledger one = Ledger.open(settings, CLOCK);
                Ledger two = Ledger.open(second, source.source(), CLOCK, Ledger::salt)) {
            NewEntry given = Records.given("call-1", "anna");
            Records.append(
                    one,
                    List.of(
                            given,
                            about(EntryType.REFUSED, "call-2", given.id(), OVER),
                            about(EntryType.REFUSED, "call-3", given.id(), OVER),
                            about(EntryType.WITHDRAWN, "call-4", given.id(), LATER)));
            assertThat(endings(one, given.id())).hasValue(3);

            var later = new FutureTask<>(two::eraseOutdated);
            Thread.ofVirtual().start(later);
            await(reached);
            assertThat(one.eraseOutdated().orElseThrow().entries()).isEqualTo(2);
            goOn.countDown();
            assertThat(later.get().orElseThrow().entries()).isZero();

            assertThat(endings(one, given.id())).as("the withdrawal").hasValue(1);
            assertThat(one.alarm().found() + two.alarm().found()).isZero();
        }
    }

    /** Autovacuum that keeps transaction ids from running out gives way to nobody. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void aTableThatIsBeingVacuumedHasNoErasureWait() throws Exception {
        LedgerSettings settings = TestStore.POSTGRESQL.settings(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK);
                Connection other = DriverManager.getConnection(settings.url());
                Statement sql = other.createStatement()) {
            Records.append(ledger, withDeletion(Records.served("call-1", "anna"), OVER));
            other.setAutoCommit(false);
            sql.execute("LOCK TABLE ledger_payload IN SHARE UPDATE EXCLUSIVE MODE");
            var erasure = new FutureTask<>(ledger::eraseOutdated);
            Thread.ofVirtual().start(erasure);
            assertThat(erasure.get(15, TimeUnit.SECONDS).orElseThrow().entries()).isOne();
        }
    }

    @Test
    void aServerThatDoesNotAnswerTheVacuumIsNotWaitedForForEver() throws Exception {
        LedgerSettings settings = TestStore.POSTGRESQL.settings(directory);
        Vendor vendor = Vendor.of(settings);
        try (Connection connection = vendor.open(settings, false).getConnection()) {
            vendor.scrub(connection, false);
            assertThat(connection.getNetworkTimeout())
                    .isBetween(1, (int) Duration.ofHours(1).toMillis());
        }
    }

    /** Each question is a way to the server and back, and calls wait for the writer meanwhile. */
    @ParameterizedTest
    @EnumSource
    void theWriterAsksOfManyEntriesAtOnce(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        var executed = new AtomicInteger();
        var source =
                new WatchedStore(
                        Vendor.of(settings).open(settings, false),
                        (method, _) -> {
                            if (method.startsWith("execute")) {
                                executed.incrementAndGet();
                            }
                        });
        try (Ledger ledger = Ledger.open(settings, source.source(), CLOCK, Ledger::salt)) {
            int entries = 1_000;
            for (int i = 0; i < entries; i += 50) {
                List<NewEntry> batch = new ArrayList<>();
                for (int k = i; k < i + 50; k++) {
                    batch.add(withDeletion(Records.served("call-" + k, "anna"), OVER));
                }
                Records.append(ledger, batch);
            }
            executed.set(0);
            assertThat(ledger.eraseOutdated().orElseThrow().entries()).isEqualTo(entries);
            assertThat(executed.get()).isLessThan(100);
        }
    }

    private static OptionalInt endings(Ledger ledger, UUID consent) throws Exception {
        return EndingCode.read(
                ledger.pseudonyms(),
                consent.toString(),
                Objects.requireNonNull(
                        ledger.reader().endings(Set.of(consent)).get(consent), "no count"));
    }

    private static NewEntry about(EntryType type, String call, UUID consent, String delete) {
        ObjectNode payload = Records.base("hotline", "booking");
        payload.put("refers_to", consent.toString());
        return withDeletion(NewEntry.of(type, call, "anna", payload, Records.START), delete);
    }

    private static NewEntry withDeletion(NewEntry entry, String at) {
        entry.payload().putObject("retention").put("delete_at", at);
        return entry;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
