package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.consentgateway.ledger.statement.Gap;
import org.consentgateway.ledger.store.LedgerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine is lost, and the keys that are put back are older than the store, or just as old. */
class StaleCheckpointTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    @TempDir private Path directory;

    /**
     * Else withdrawals from behind the backup are gone, and the consents before them hold again.
     */
    @Test
    void aCheckpointOfLessThanTheStoreDoesNotSayThatNothingIsMissing() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory.resolve("live"));
        Path backup = directory.resolve("backup");
        append(settings, 3);
        Path newest = settings.keys().resolve("newest-node-1.checkpoint");
        byte[] kept = Files.readAllBytes(newest);
        append(settings, 3);
        LedgerBackup.take(settings, backup, Records.START, _ -> {});
        append(settings, 1);
        Files.write(newest, kept);
        // As on another machine.
        LedgerSettings after = settings.withExports(directory.resolve("exports"));
        LedgerBackup.restore(after, backup, Records.START);

        assertThat(resume(after))
                .containsExactly(
                        new Resuming.Resumed(
                                settings.logOrigin(), 6, null, settings.logOrigin() + "~2"));
        try (Ledger ledger = Ledger.open(after, CLOCK)) {
            assertThat(ledger.reader().ask(Gap::of).completeSince()).isEqualTo(Records.START);
        }
        assertThat(resume(after)).isEmpty();
        assertThat(Records.words(LedgerArchive.open(after).verify(List.of(), _ -> {}))).isEmpty();
    }

    @Test
    void oneOfJustAsManyDoes() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory.resolve("live"));
        Path backup = directory.resolve("backup");
        append(settings, 3);
        LedgerBackup.take(settings, backup, Records.START, _ -> {});
        LedgerBackup.restore(settings, backup, Records.START);

        assertThat(resume(settings)).isEmpty();
        append(settings, 1);
    }

    private static List<Resuming.Resumed> resume(LedgerSettings settings) throws IOException {
        return Resuming.run(settings, Resuming.Why.RESTORED, List.of(), CLOCK);
    }

    /** Which ends with a checkpoint. */
    private static void append(LedgerSettings settings, int entries) throws Exception {
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            for (int i = 0; i < entries; i++) {
                var _ = Records.append(ledger, Records.given("call-" + i, "anna"));
            }
        }
    }
}
