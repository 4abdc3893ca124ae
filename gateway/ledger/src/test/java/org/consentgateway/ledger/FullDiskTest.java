package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that opens and cannot be written counts as down until something was written. */
class FullDiskTest {
    private static final Duration SOME_TRIES = Duration.ofSeconds(2);

    @TempDir private Path disk;

    /** A file system of its own: who may not mount one cannot fill a disk without harm. */
    @BeforeEach
    void mount() throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString()),
                "needs root: a small disk of its own is filled");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }

    @Test
    void aFullDiskIsToldUntilThereIsRoomAgain() throws Exception {
        try (Ledger ledger = Ledger.open(TestSettings.inDirectory(disk), InstantSource.system())) {
            Records.append(ledger, Records.given("call-1", "anna"));
            Path filler = disk.resolve("filler");
            fill(filler);

            assertThatExceptionOfType(LedgerUnavailable.class)
                    .isThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            Records.append(ledger, Records.given("call-2", "anna"));
                        }
                    });
            await().during(SOME_TRIES).until(() -> !ledger.health().up());
            assertThat(ledger.health().detail()).contains("full");

            Files.delete(filler);
            await().until(() -> ledger.health().up());
            Records.append(ledger, Records.given("call-3", "anna"));
        }
        assertThat(
                        LedgerArchive.open(TestSettings.inDirectory(disk))
                                .verify(List.of(), _ -> {})
                                .findings())
                .isEmpty();
    }

    private static void fill(Path filler) throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("space");
        }
    }
}
