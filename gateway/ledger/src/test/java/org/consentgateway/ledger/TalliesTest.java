package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.tally.DayCount;
import org.consentgateway.ledger.tally.Tallies;
import org.consentgateway.ledger.tally.Tallies.Step;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is counted is added up, and each entry counts once, whoever counts. */
class TalliesTest {
    private static final LocalDate DAY = LocalDate.of(2026, 10, 31);
    private static final int NODES = 4;

    @TempDir private Path directory;

    private final Instant now = Records.START;

    private static DayCount count(LocalDate day, String labels, long amount) {
        return new DayCount(day, "decision", labels, amount);
    }

    private static Tallies.Found october(LedgerSettings settings) throws Exception {
        return LedgerArchive.open(settings).tallies(DAY.withDayOfMonth(1), DAY.plusDays(1));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAddedIsSummedUpByDayAndLabels(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            ledger.tallies().add(List.of(count(DAY, "a", 2), count(DAY, "b", 1)));
            ledger.tallies().add(List.of(count(DAY, "a", 3), count(DAY.plusDays(1), "a", 7)));

            assertThat(october(settings).tallies())
                    .containsExactly(count(DAY, "a", 5), count(DAY, "b", 1));
            assertThat(october(settings).next()).isEmpty();
            ledger.tallies().forget(DAY.plusDays(1));
            assertThat(october(settings).tallies()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofManyWhoCountTheSameOneCounts(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            String log =
                    ledger.append(Records.given("call-1", "caller"))
                            .toCompletableFuture()
                            .get()
                            .log();
            List<Step> first = List.of(new Step(log, 0, 1));
            var counted = new AtomicInteger();
            Thread[] nodes = new Thread[NODES];
            for (int i = 0; i < NODES; i++) {
                nodes[i] =
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        if (ledger.tallies()
                                                .add(List.of(count(DAY, "a", 1)), first)) {
                                            counted.incrementAndGet();
                                        }
                                    } catch (LedgerUnavailable e) {
                                        throw new IllegalStateException(e);
                                    }
                                });
            }
            for (Thread node : nodes) {
                node.join();
            }

            assertThat(counted).hasValue(1);
            assertThat(october(settings))
                    .isEqualTo(new Tallies.Found(List.of(count(DAY, "a", 1)), Map.of(log, 1L)));
            assertThat(ledger.tallies().add(List.of(count(DAY, "a", 1)), first))
                    .as("nor later")
                    .isFalse();
            assertThat(
                            ledger.tallies()
                                    .add(List.of(count(DAY, "a", 1)), List.of(new Step(log, 1, 2))))
                    .isTrue();
            assertThat(october(settings).tallies()).containsExactly(count(DAY, "a", 2));
        }
    }
}
