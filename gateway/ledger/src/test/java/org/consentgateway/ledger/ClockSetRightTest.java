package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.consentgateway.ledger.store.LedgerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node's clock was ahead for a while, and is right again after a restart. */
class ClockSetRightTest {
    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource
    void whatIsSignedAfterwardsIsNoFinding(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        Duration ahead = Duration.ofMinutes(5);
        try (Ledger ledger = Ledger.open(settings, () -> Records.START.plus(ahead))) {
            ledger.append(Records.given("one", null)).toCompletableFuture().join();
        }
        try (Ledger ledger = Ledger.open(settings, () -> Records.START)) {
            ledger.append(Records.given("two", null)).toCompletableFuture().join();
            ledger.checkpoint();
        }
        assertThat(LedgerArchive.open(settings).verify(List.of(), _ -> {}).findings()).isEmpty();
    }

    /** What an operator can do who cannot wait until the clock has caught up. */
    @Test
    void aLogUnderAnotherOriginGoesOnWithTheRightTime() throws Exception {
        LedgerSettings before = TestStore.SQLITE.settings(directory);
        Instant ahead = Records.START.plus(Duration.ofDays(366));
        try (Ledger ledger = Ledger.open(before, () -> ahead)) {
            ledger.append(Records.given("one", null)).toCompletableFuture().join();
        }
        try (Ledger ledger = Ledger.open(before, () -> Records.START)) {
            assertThat(timeOfTheNext(ledger)).as("a log never goes back").isEqualTo(ahead);
        }
        LedgerSettings settings = TestSettings.withOrigin(before, "firma-beispiel.example/log");
        assertThat(Resuming.run(settings, Resuming.Why.RENAMED, List.of(), () -> Records.START))
                .hasSize(1);
        try (Ledger ledger = Ledger.open(settings, () -> Records.START)) {
            assertThat(timeOfTheNext(ledger)).isEqualTo(Records.START);
        }
        assertThat(LedgerArchive.open(settings).verify(List.of(), _ -> {}).findings()).isEmpty();
    }

    private static Instant timeOfTheNext(Ledger ledger) {
        return ledger.append(Records.given("next", null)).toCompletableFuture().join().time();
    }
}
