package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restore that fails leaves the store where it is, or says where it is. */
class BrokenRestoreTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    @TempDir private Path directory;

    private LedgerSettings settings;
    private Path backup;
    private Path database;

    @BeforeEach
    void backUp() throws Exception {
        settings = TestStore.SQLITE.settings(directory.resolve("live"));
        backup = directory.resolve("backup");
        database = Vendor.file(settings).toAbsolutePath();
        append(3);
        LedgerBackup.take(settings, backup, Records.START, _ -> {});
        append(1);
    }

    /** A disk that is full, say; else the next start would make an empty store in its place. */
    @Test
    void aBackupThatCannotBeCopiedLeavesTheStoreWhereItIs() throws Exception {
        Files.createDirectories(Path.of(database + ".restoring").resolve("in-the-way"));

        assertThatThrownBy(() -> LedgerBackup.restore(settings, backup, Records.START))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("stays as it is");
        assertThat(database).exists();
        assertThat(entries()).isEqualTo(4);
    }

    @Test
    void whereTheStoreIsThatWasMovedIsToldAndTheNextRestoreTakesTheRestAwayToo() throws Exception {
        Path aside = LedgerBackup.restore(settings, backup, Records.START).aside().orElseThrow();
        Path log = Files.createFile(Path.of(database + "-wal"));
        Files.createDirectories(Path.of(aside + "-wal").resolve("in-the-way"));

        assertThatThrownBy(() -> LedgerBackup.restore(settings, backup, Records.START))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the store before is " + aside)
                .hasMessageContaining("restore again");
        assertThat(database).doesNotExist();

        Path rest =
                LedgerBackup.restore(settings, backup, Records.START.plusSeconds(1))
                        .aside()
                        .orElseThrow();
        assertThat(Path.of(rest + "-wal")).as("of another database").exists();
        assertThat(log).doesNotExist();
    }

    private void append(int entries) throws Exception {
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            for (int i = 0; i < entries; i++) {
                var _ = Records.append(ledger, Records.given("call-" + i, "anna"));
            }
        }
    }

    private long entries() throws IOException {
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            return ledger.health().size();
        }
    }
}
