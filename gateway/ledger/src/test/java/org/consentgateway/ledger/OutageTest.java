package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.keys.SecretKeys;
import org.consentgateway.ledger.store.LedgerClaimed;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store goes away and comes back; the ledger stays, refuses meanwhile, and recovers. */
class OutageTest {
    /** How long PostgreSQL is gone: more by {@code -Dledger.outage.seconds=30}. */
    private static final int SECONDS = Integer.getInteger("ledger.outage.seconds", 2);

    @TempDir private Path directory;

    @Test
    @Timeout(120)
    void postgresqlGoneUnderLoadMeansNoGrantsAndThenRecoveryWithoutRestart() throws Exception {
        Path data = directory.resolve("pg");
        int port = FreePort.next();
        EmbeddedPostgres first = server(data, port);
        LedgerSettings settings =
                TestSettings.withLimits(
                        TestSettings.inDirectory(directory.resolve("gateway"))
                                .withUrl(first.getJdbcUrl("postgres", "postgres")),
                        new LedgerSettings.Limits(64, 256, Duration.ofSeconds(2)));
        List<CommittedEntry> acknowledged = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger refused = new AtomicInteger();
        AtomicBoolean loading = new AtomicBoolean(true);
        List<EmbeddedPostgres> servers = new ArrayList<>();
        try (Ledger ledger = Ledger.open(settings, Clock.systemUTC())) {
            Thread load =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; loading.get(); i++) {
                                    call(ledger, i, acknowledged, refused);
                                }
                            });
            await().until(() -> acknowledged.size() > 50);
            assertThat(ledger.health().up()).isTrue();
            first.close();
            await().atMost(Duration.ofSeconds(30)).until(() -> !ledger.health().up());
            int before = settled(acknowledged);
            assertThat(ledger.health().detail()).isNotEmpty();

            long start = Stalls.now();
            assertThatThrownBy(() -> Records.append(ledger, Records.given("call-x", "p")))
                    .isInstanceOf(LedgerUnavailable.class)
                    .extracting("reason")
                    .isEqualTo(LedgerUnavailable.Reason.STORE_DOWN);
            assertThatThrownBy(() -> ledger.reader().ofCall("call-x"))
                    .isInstanceOf(LedgerUnavailable.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("an apology must not wait")
                    .isLessThan(Duration.ofMillis(200).plus(Stalls.sinceNanos(start)));

            await().atMost(Duration.ofSeconds(SECONDS + 20L))
                    .during(Duration.ofSeconds(SECONDS))
                    .until(() -> acknowledged.size() == before);
            assertThat(refused.get()).isPositive();

            EmbeddedPostgres second = server(data, port);
            await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() > before + 50);
            loading.set(false);
            load.join();
            assertThat(ledger.health().up()).isTrue();
            for (CommittedEntry committed : acknowledged) {
                assertThat(ledger.reader().entry(committed.entryId())).isPresent();
            }
            ledger.checkpoint();
            assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                    .isEmpty();
            servers.add(second);
        }
        for (EmbeddedPostgres server : servers) {
            server.close();
        }
    }

    /** At night nobody calls: health must not say that consents are kept until somebody does. */
    @Test
    @Timeout(120)
    void postgresqlRestartedWhileNobodyCallsIsMissedAndTakesTheNextEntry() throws Exception {
        Path data = directory.resolve("pg");
        int port = FreePort.next();
        EmbeddedPostgres first = server(data, port);
        LedgerSettings settings =
                TestSettings.withLimits(
                        TestSettings.inDirectory(directory.resolve("gateway"))
                                .withUrl(first.getJdbcUrl("postgres", "postgres")),
                        new LedgerSettings.Limits(64, 256, Duration.ofSeconds(5)));
        try (Ledger ledger = Ledger.open(settings, Clock.systemUTC())) {
            Records.append(ledger, Records.given("call-1", "p"));
            first.close();
            await().atMost(Duration.ofSeconds(30)).until(() -> !ledger.health().up());
            assertThat(ledger.health().detail()).isNotEmpty();

            try (EmbeddedPostgres _ = server(data, port)) {
                await().atMost(Duration.ofSeconds(60)).until(() -> ledger.health().up());
                assertThat(Records.append(ledger, Records.given("call-2", "p")).index()).isOne();
            }
        }
    }

    private static void call(
            Ledger ledger, int i, List<CommittedEntry> acknowledged, AtomicInteger refused) {
        try {
            acknowledged.add(Records.append(ledger, Records.given("call-" + i, "p")));
        } catch (LedgerUnavailable e) {
            refused.incrementAndGet();
            LockSupport.parkNanos(1_000_000); // the next call comes a moment later
        }
    }

    /** What was committed in the last moment may not have been counted yet. */
    private static int settled(List<CommittedEntry> acknowledged) {
        AtomicInteger last = new AtomicInteger(-1);
        await().pollInterval(Duration.ofMillis(300))
                .until(() -> last.getAndSet(acknowledged.size()) == last.get());
        return last.get();
    }

    private static EmbeddedPostgres server(Path data, int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
    }

    @Test
    void aStoreThatIsNotThereAtStartIsWaitedFor() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        DataSource real = Vendor.SQLITE.open(settings, false);
        FaultyStore store = new FaultyStore(real, FaultyStore.Fault.DIES);
        store.arm(1);
        try (Ledger ledger = open(settings, store.source())) {
            assertThat(ledger.health().up()).isFalse();
            assertThatThrownBy(() -> Records.append(ledger, Records.given("call-1", "p")))
                    .isInstanceOf(LedgerUnavailable.class);
            store.arm(Integer.MAX_VALUE);
            await().until(() -> ledger.health().up());
            assertThat(Records.append(ledger, Records.given("call-1", "p")).index()).isZero();
        }
    }

    /** Whether what was refused may be there all the same. */
    @Test
    @Timeout(60)
    void whatWasHandedToAStoreThatDiesIsInDoubtAndWhatComesAfterItIsCertainlyNotThere()
            throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        FaultyStore store =
                new FaultyStore(Vendor.SQLITE.open(settings, false), FaultyStore.Fault.DIES);
        try (Ledger ledger = open(settings, store.source())) {
            Records.append(ledger, Records.given("call-1", "p"));
            store.arm(1);
            assertThat(refusal(ledger, "call-2").maybeWritten()).isTrue();
            await().until(() -> !ledger.health().up());
            LedgerUnavailable after = refusal(ledger, "call-3");
            assertThat(after.reason()).isEqualTo(LedgerUnavailable.Reason.STORE_DOWN);
            assertThat(after.maybeWritten()).isFalse();

            store.arm(Integer.MAX_VALUE);
            await().until(() -> ledger.health().up());
            assertThat(ledger.reader().ofCall("call-3")).isEmpty();
        }
    }

    private static LedgerUnavailable refusal(Ledger ledger, String call) {
        return catchThrowableOfType(
                LedgerUnavailable.class, () -> Records.append(ledger, Records.given(call, "p")));
    }

    @Test
    @Timeout(60)
    void aStoreThatHangsIsGivenUpInTimeAndTheQueueIsBounded() throws Exception {
        LedgerSettings settings =
                TestSettings.withLimits(
                        TestStore.SQLITE.settings(directory),
                        new LedgerSettings.Limits(4, 8, Duration.ofMillis(200)));
        CountDownLatch hang = new CountDownLatch(1);
        AtomicBoolean hanging = new AtomicBoolean();
        DataSource real = Vendor.SQLITE.open(settings, false);
        DataSource slow = new SlowStore(real, hanging, hang).source();
        try (Ledger ledger = open(settings, slow);
                AutoCloseable release = hang::countDown) {
            assertThat(release).isNotNull();
            Records.append(ledger, Records.given("call-0", "p"));
            hanging.set(true);
            List<CompletableFuture<CommittedEntry>> answers = new ArrayList<>();
            for (int i = 1; i <= 40; i++) {
                answers.add(ledger.append(Records.given("call-" + i, "p")).toCompletableFuture());
            }
            AtomicInteger full = new AtomicInteger();
            AtomicInteger late = new AtomicInteger();
            for (CompletableFuture<CommittedEntry> answer : answers) {
                assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOfSatisfying(
                                LedgerUnavailable.class,
                                e -> {
                                    switch (e.reason()) {
                                        case QUEUE_FULL -> full.incrementAndGet();
                                        case TIMED_OUT -> late.incrementAndGet();
                                        case STORE_DOWN, CLOSED, WITNESS_CONFLICT ->
                                                throw new AssertionError(e.reason());
                                    }
                                });
            }
            // Eight wait, and the writer has in its hands a batch of at most four, and the one that
            // did not fit into it.
            assertThat(full.get()).isBetween(40 - 8 - 4 - 1, 40 - 8);
            assertThat(late.get()).isEqualTo(40 - full.get());
            hanging.set(false);
            hang.countDown();
            await().untilAsserted(() ->
                    assertThat(Records.append(ledger, Records.given("call-z", "p")).index())
                            .isPositive());
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    @Test
    @Timeout(60)
    void closingDoesNotWaitForeverForAStoreThatHangs() throws Exception {
        LedgerSettings settings =
                TestSettings.withLimits(
                        TestStore.SQLITE.settings(directory),
                        new LedgerSettings.Limits(4, 8, Duration.ofMillis(100)));
        CountDownLatch hang = new CountDownLatch(1);
        AtomicBoolean hanging = new AtomicBoolean();
        DataSource real = Vendor.SQLITE.open(settings, false);
        Ledger ledger = open(settings, new SlowStore(real, hanging, hang).source());
        hanging.set(true);
        assertThatThrownBy(() -> Records.append(ledger, Records.given("call-1", "p")))
                .isInstanceOf(LedgerUnavailable.class)
                .extracting("reason")
                .isEqualTo(LedgerUnavailable.Reason.TIMED_OUT);
        ledger.close();
        hang.countDown();
        // The writer comes back to an end that was not waited for, and gives the node id back.
        await().ignoreException(LedgerClaimed.class)
                .untilAsserted(() -> open(settings, real).close());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(60)
    void whateverIsThrownWhileItConnectsTheWriterTriesAgain(boolean error) throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        var store = new FaultyStore(Vendor.SQLITE.open(settings, false), FaultyStore.Fault.DIES);
        try (Ledger ledger = open(settings, store.source())) {
            Records.append(ledger, Records.given("call-1", "p"));
            store.connectingEndsWith(() ->
                    error ? new NoClassDefFoundError("driver") : new IllegalStateException("odd"));
            assertThatThrownBy(() -> Records.append(ledger, Records.given("call-2", "p")))
                    .isInstanceOf(LedgerUnavailable.class);
            await().until(() -> !ledger.health().up());
            int before = store.operations();
            await().until(() -> store.operations() > before + 2);

            store.arm(Integer.MAX_VALUE);
            await().atMost(Duration.ofSeconds(20)).until(() -> ledger.health().up());
            Records.append(ledger, Records.given("call-3", "p"));
        }
    }

    private static Ledger open(LedgerSettings settings, DataSource source)
            throws IOException, SQLException {
        return Ledger.open(
                settings,
                source,
                InstantSource.fixed(Records.START),
                () -> SecretKeys.Key.create().bytes());
    }
}
