package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.ReceiptCheck;
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
        UUID first;
        try (Ledger ledger = Ledger.open(before, () -> ahead)) {
            first = Records.append(ledger, Records.given("one", null)).entryId();
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
        assertProved(settings, first);
    }

    /** Whose key signs no more, and whose last checkpoint is signed by the one who restores it. */
    @Test
    void whatALogHeldIsProvedAlsoWhereItEndsBeforeTheTimeThatItBears() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory.resolve("live"));
        Path backup = directory.resolve("backup");
        Instant ahead = Records.START.plus(Duration.ofDays(366));
        try (Ledger ledger = Ledger.open(settings, () -> ahead)) {
            ledger.append(Records.given("one", null)).toCompletableFuture().join();
        }
        UUID unsigned;
        try (Ledger ledger = Ledger.open(settings, () -> Records.START)) {
            unsigned = Records.append(ledger, Records.given("two", null)).entryId();
            LedgerBackup.take(settings, backup, Records.START, _ -> {});
            ledger.append(Records.given("three", null)).toCompletableFuture().join();
        }
        LedgerBackup.restore(settings, backup, Records.START);
        assertThat(
                        Resuming.run(
                                settings,
                                Resuming.Why.RESTORED,
                                List.of(),
                                () -> Records.START.plus(Duration.ofDays(1))))
                .hasSize(1);
        assertThat(LedgerArchive.open(settings).verify(List.of(), _ -> {}).findings()).isEmpty();
        assertProved(settings, unsigned);
    }

    private static void assertProved(LedgerSettings settings, UUID id) throws Exception {
        ReceiptCheck check =
                ReceiptCheck.of(
                        LedgerArchive.open(settings).receipt(id).json(),
                        KeyFiles.verifiers(settings.keys().resolve("verifier.keys")));
        assertThat(check.passed()).as(check.toString()).isTrue();
    }

    private static Instant timeOfTheNext(Ledger ledger) {
        return ledger.append(Records.given("next", null)).toCompletableFuture().join().time();
    }
}
