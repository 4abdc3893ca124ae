package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.consentgateway.ledger.store.LedgerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds records of callers is nobody else's to read. */
class OwnerOnlyTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-11-28T12:00:00Z"));

    @TempDir private Path data;

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private List<Path> ofTheDatabase() throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(each -> each.getFileName().toString().startsWith("ledger.db"))
                    .filter(each -> !each.toString().endsWith(".lock"))
                    .toList();
        }
    }

    @Test
    void theDatabaseAndItsLogAre0600() throws Exception {
        LedgerSettings settings = TestSettings.inDirectory(data);
        try (Ledger _ = Ledger.open(settings, CLOCK)) {
            assertThat(ofTheDatabase()).hasSize(3);
            for (Path each : ofTheDatabase()) {
                assertThat(mode(each)).as(each.toString()).isEqualTo("rw-------");
            }
        }
    }

    /** As an earlier version, or a copy by hand, may have left it. */
    @Test
    void whatOthersCouldReadIsKeptToTheOwner() throws Exception {
        LedgerSettings settings = TestSettings.inDirectory(data);
        Ledger.open(settings, CLOCK).close();
        Path database = data.resolve("ledger.db");
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r--r--"));
        try (Ledger _ = Ledger.open(settings, CLOCK)) {
            for (Path each : ofTheDatabase()) {
                assertThat(mode(each)).as(each.toString()).isEqualTo("rw-------");
            }
        }
    }
}
