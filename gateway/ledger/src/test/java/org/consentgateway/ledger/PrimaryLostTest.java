package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.server.Standby;
import org.consentgateway.ledger.server.StandbyWatch;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The primary of a store dies, stands still, or comes back when another one has taken over: two
 * real servers with streaming replication.
 */
@Timeout(120)
class PrimaryLostTest {
    private static final Duration COMMIT = Duration.ofSeconds(2);
    private static final Duration TAKING_OVER = Duration.ofSeconds(30);

    @TempDir private Path directory;

    private LedgerSettings settings(PrimaryAndStandby servers) {
        return TestSettings.withLimits(
                TestSettings.inDirectory(directory.resolve("gateway")).withUrl(servers.url()),
                new LedgerSettings.Limits(64, 256, COMMIT));
    }

    /** Calls that agree one after the other, on several lines. */
    private static final class Callers implements AutoCloseable {
        private static final int LINES = 4;

        final ConcurrentLinkedQueue<CommittedEntry> told = new ConcurrentLinkedQueue<>();
        final AtomicInteger refused = new AtomicInteger();
        private final AtomicBoolean calling = new AtomicBoolean(true);
        private final List<Thread> lines = new ArrayList<>();

        Callers(Ledger ledger) {
            for (int line = 0; line < LINES; line++) {
                String name = "line-" + line + "-";
                lines.add(Thread.ofPlatform().start(() -> call(ledger, name)));
            }
        }

        private void call(Ledger ledger, String line) {
            for (int i = 0; calling.get(); i++) {
                try {
                    told.add(Records.append(ledger, Records.given(line + i, "p" + i)));
                } catch (LedgerUnavailable e) {
                    refused.incrementAndGet();
                }
                LockSupport.parkNanos(2_000_000); // the next call comes a moment later
            }
        }

        void awaitTold(int more, Duration within) {
            int before = told.size();
            await("consents").atMost(within).until(() -> told.size() >= before + more);
        }

        /** Calls no more, and waits for the answers of those under way. */
        void end() {
            calling.set(false);
            await("the last calls").until(() -> lines.stream().noneMatch(Thread::isAlive));
        }

        @Override
        public void close() {
            end();
        }
    }

    @Test
    void whatWasConfirmedOutlivesThePrimaryAndNothingIsConfirmedMeanwhile() throws Exception {
        try (var servers = new PrimaryAndStandby(directory, PrimaryAndStandby.WAITS)) {
            LedgerSettings settings = settings(servers);
            Path before = directory.resolve("before");
            List<CommittedEntry> told;
            try (Ledger ledger = Ledger.open(settings, Clock.systemUTC())) {
                Records.append(ledger, Records.given("call-first", "p"));
                ledger.checkpoint();
                await("a checkpoint outside")
                        .until(() ->
                                Exports.all(settings.keys()).size() == 1
                                        && Exports.all(settings.checkpoints().exports()).size()
                                                == 2);
                tellsOfItsStandby(servers, settings, ledger.standby());
                copy(directory.resolve("gateway"), before);
                try (var callers = new Callers(ledger)) {
                    callers.awaitTold(50, TAKING_OVER);
                    servers.killFirst();
                    await("the loss").until(() -> !ledger.health().up());
                    refusesAtOnce(ledger);
                    int then = callers.told.size();
                    int refused = callers.refused.get();
                    await().during(Duration.ofMillis(700))
                            .atMost(TAKING_OVER)
                            .until(() -> callers.told.size() == then);
                    assertThat(callers.refused.get()).as("each is told so").isGreaterThan(refused);

                    long promoted = System.nanoTime();
                    servers.promoteSecond();
                    callers.awaitTold(50, TAKING_OVER);
                    tell("consents again %.1f s after the promotion began", promoted);
                    callers.end();
                    told = List.copyOf(callers.told);
                }
                for (CommittedEntry one : told) {
                    assertThat(ledger.reader().entry(one.entryId())).isPresent();
                }
                ledger.checkpoint();
            }
            assertThat(Records.words(verify(settings, List.of()))).isEmpty();
            oldPrimaryIsNotWrittenTo(servers, settings);
            twoHistoriesContradictEachOther(servers, settings, before);
        }
    }

    private static void refusesAtOnce(Ledger ledger) {
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
    }

    /**
     * It comes back and takes itself for the primary, and a gateway that starts then finds it first
     * in its address: nobody fenced it.
     */
    private static void oldPrimaryIsNotWrittenTo(PrimaryAndStandby servers, LedgerSettings settings)
            throws Exception {
        servers.startFirst(PrimaryAndStandby.DOES_NOT_WAIT);
        LedgerSettings there = settings.withUrl(servers.urlOfFirst());
        assertThatThrownBy(() -> Ledger.open(there, Clock.systemUTC()).close())
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("covers")
                .hasMessageContaining("ledger resume --after-restore");
    }

    /** A gateway with keys of before, cut off together with the old primary, goes on there. */
    private static void twoHistoriesContradictEachOther(
            PrimaryAndStandby servers, LedgerSettings settings, Path before) throws Exception {
        LedgerSettings cutOff =
                settings.withUrl(servers.urlOfFirst())
                        .withKeys(before.resolve("keys"))
                        .withExports(before.resolve("checkpoints"));
        try (Ledger ledger = Ledger.open(cutOff, Clock.systemUTC())) {
            Records.append(ledger, Records.given("call-elsewhere", "p"));
            ledger.checkpoint();
        }
        Path theirs = cutOff.checkpoints().exports().resolve("node-1.checkpoint");
        Path ours = settings.checkpoints().exports().resolve("node-1.checkpoint");
        servers.stopFirst();
        assertThat(Records.words(verify(settings, List.of(theirs))))
                .as("the history that callers were told, with a checkpoint of the other one")
                .isNotEmpty();
        servers.startFirst(PrimaryAndStandby.DOES_NOT_WAIT);
        assertThat(Records.words(verify(cutOff, List.of(ours))))
                .as("the other one, with a checkpoint of it")
                .isNotEmpty();
    }

    /** As long as nobody waits for it, that it is away is seen by that alone. */
    private static void tellsOfItsStandby(
            PrimaryAndStandby servers, LedgerSettings settings, StandbyWatch standby)
            throws Exception {
        standby.look();
        assertThat(standby.seen()).isEqualTo(Standby.FOLLOWS);
        assertThat(StandbyQuestion.ask(settings)).isEqualTo(Standby.FOLLOWS);
        servers.stopSecond();
        standby.look();
        assertThat(standby.seen()).isEqualTo(Standby.AWAY);
        servers.startSecond();
        servers.awaitStandby();
        standby.look();
        assertThat(standby.seen()).isEqualTo(Standby.FOLLOWS);
    }

    @Test
    void whatWasConfirmedByThePrimaryAloneIsMissedBeforeAnythingIsWritten() throws Exception {
        try (var servers = new PrimaryAndStandby(directory, PrimaryAndStandby.DOES_NOT_WAIT)) {
            LedgerSettings settings = settings(servers);
            long confirmed;
            try (Ledger ledger = Ledger.open(settings, Clock.systemUTC())) {
                ledger.standby().look();
                assertThat(ledger.standby().seen()).isEqualTo(Standby.NOT_WAITED_FOR);
                Records.append(ledger, Records.given("call-1", "p"));
                await("the standby")
                        .ignoreExceptions()
                        .until(() ->
                                servers.askSecond("SELECT count(*) FROM ledger_entry")
                                        .equals(String.valueOf(ledger.health().size())));
                servers.stopSecond();
                for (int i = 0; i < 3; i++) {
                    Records.append(ledger, Records.given("call-lost-" + i, "p"));
                }
                confirmed = ledger.health().size();
                servers.killFirst();
                servers.startSecond();
                servers.promoteSecond();
                await("somebody tries")
                        .atMost(TAKING_OVER)
                        .untilAsserted(() -> {
                            assertThatThrownBy(() ->
                                            Records.append(ledger, Records.given("call-2", "p")))
                                    .isInstanceOf(LedgerUnavailable.class);
                            assertThat(ledger.health().up()).isFalse();
                            assertThat(ledger.health().detail())
                                    .contains("ledger resume --after-restore");
                        });
            }
            assertThatThrownBy(() -> Ledger.open(settings, Clock.systemUTC()).close())
                    .as("after a restart, too")
                    .isInstanceOf(LedgerTorn.class)
                    .hasMessageContaining("covers " + confirmed);
            assertThat(Resuming.run(settings, Resuming.Why.RESTORED, List.of(), Clock.systemUTC()))
                    .singleElement()
                    .extracting(Resuming.Resumed::known)
                    .isEqualTo(confirmed);
            try (Ledger ledger = Ledger.open(settings, Clock.systemUTC())) {
                assertThat(Records.append(ledger, Records.given("call-3", "p")).log())
                        .endsWith("~2");
            }
            Verification after = verify(settings, Exports.all(settings.keys()));
            assertThat(Records.words(after)).isEmpty();
            assertThat(after.lines().toString()).contains("at least 3 are missing");
        }
    }

    @Test
    @EnabledIfSystemProperty(
            named = "nightly",
            matches = ".*",
            disabledReason = "waits for time-outs")
    void whileTheStandbyIsAwayNothingIsConfirmedAndThenItGoesOn() throws Exception {
        try (var servers = new PrimaryAndStandby(directory, PrimaryAndStandby.WAITS)) {
            LedgerSettings settings = settings(servers);
            try (Ledger ledger = Ledger.open(settings, Clock.systemUTC());
                    var callers = new Callers(ledger)) {
                callers.awaitTold(20, TAKING_OVER);
                servers.stopSecond();
                await("the loss").atMost(TAKING_OVER).until(() -> !ledger.health().up());
                int then = callers.told.size();
                await().during(Duration.ofSeconds(5))
                        .atMost(TAKING_OVER)
                        .until(() -> callers.told.size() == then);
                long back = System.nanoTime();
                servers.startSecond();
                callers.awaitTold(20, TAKING_OVER);
                tell("consents again %.1f s after the standby was started", back);
                callers.end();
                for (CommittedEntry one : callers.told) {
                    assertThat(ledger.reader().entry(one.entryId())).isPresent();
                }
            }
            assertThat(Records.words(verify(settings, List.of()))).isEmpty();
        }
    }

    @Test
    @EnabledIfSystemProperty(
            named = "nightly",
            matches = ".*",
            disabledReason = "waits for time-outs")
    void aPrimaryThatStandsStillIsGivenUpInTimeAndTheStandbyIsFound() throws Exception {
        try (var servers = new PrimaryAndStandby(directory, PrimaryAndStandby.WAITS)) {
            LedgerSettings settings = settings(servers);
            try (Ledger ledger = Ledger.open(settings, Clock.systemUTC())) {
                Records.append(ledger, Records.given("call-1", "p"));
                assertThat(ledger.reader().ofCall("call-1")).hasSize(1);
                servers.freezeFirst();
                long frozen = System.nanoTime();
                assertThatThrownBy(() -> ledger.reader().ofCall("call-1"))
                        .isInstanceOf(LedgerUnavailable.class);
                tell("a look-up was given up after %.1f s", frozen);
                assertThat(Duration.ofNanos(System.nanoTime() - frozen))
                        .isLessThan(COMMIT.multipliedBy(2));
                long asked = System.nanoTime();
                assertThatThrownBy(() -> Records.append(ledger, Records.given("call-2", "p")))
                        .isInstanceOf(LedgerUnavailable.class);
                tell("a consent was refused after %.1f s", asked);
                assertThat(Duration.ofNanos(System.nanoTime() - asked))
                        .isLessThan(COMMIT.plusSeconds(1));
                await("the loss").atMost(TAKING_OVER).until(() -> !ledger.health().up());
                refusesAtOnce(ledger);
                long promoted = System.nanoTime();
                servers.promoteSecond();
                await("the new primary").atMost(TAKING_OVER).until(() -> ledger.health().up());
                tell("up again %.1f s after the promotion began", promoted);
                assertThat(Records.append(ledger, Records.given("call-3", "p")).index())
                        .isPositive();
            } finally {
                servers.killFirst();
            }
            assertThat(Records.words(verify(settings, List.of()))).isEmpty();
        }
    }

    private static Verification verify(LedgerSettings settings, List<Path> kept)
            throws IOException {
        return LedgerArchive.open(settings).verify(kept, _ -> {});
    }

    private static void tell(String what, long since) {
        System.out.printf(java.util.Locale.ROOT, what + "%n", (System.nanoTime() - since) / 1e9);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        Files.createDirectories(to.resolve(from.relativize(folder).toString()));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.copy(file, to.resolve(from.relativize(file).toString()));
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
