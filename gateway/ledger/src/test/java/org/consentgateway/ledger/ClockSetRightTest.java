package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.consentgateway.ledger.store.LedgerSettings;
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
}
