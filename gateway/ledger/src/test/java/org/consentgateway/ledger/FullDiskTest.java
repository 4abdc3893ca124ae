package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.testkit.disk.SmallDisk;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that opens and cannot be written counts as down until something was written. */
class FullDiskTest {
    private static final Duration SOME_TRIES = Duration.ofSeconds(2);

    @TempDir private Path disk;
    @TempDir private Path keys;
    private @Nullable SmallDisk small;

    /** A file system of its own: who may not mount one cannot fill a disk without harm. */
    @BeforeEach
    void mount() throws Exception {
        Optional<SmallDisk> mounted = SmallDisk.at(disk, 8);
        assumeTrue(mounted.isPresent(), "needs root: a small disk of its own is filled");
        small = mounted.get();
    }

    @AfterEach
    void unmount() throws Exception {
        if (small != null) {
            small.close();
        }
    }

    @Test
    void aFullDiskIsToldUntilThereIsRoomAgain() throws Exception {
        try (Ledger ledger = Ledger.open(TestSettings.inDirectory(disk), InstantSource.system())) {
            Records.append(ledger, Records.given("call-1", "anna"));
            Path filler = small().fill();

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

    /**
     * Linux makes no mount read-only by a command while a file of it is open for writing, and does
     * so by itself where a disk fails, which nobody can bring about here: so a gateway is started
     * on one, with its keys elsewhere.
     */
    @Test
    void aMountThatIsReadOnlyIsToldUntilItCanBeWrittenAgain() throws Exception {
        LedgerSettings settings =
                TestSettings.inDirectory(keys).withUrl("jdbc:sqlite:" + disk.resolve("ledger.db"));
        try (Ledger before = Ledger.open(settings, InstantSource.system())) {
            Records.append(before, Records.given("call-1", "anna"));
        }
        assertThat(small().remount("ro")).isTrue();
        try (Ledger ledger = Ledger.open(settings, InstantSource.system())) {
            await().during(SOME_TRIES.dividedBy(2)).until(() -> !ledger.health().up());
            assertThat(ledger.health().detail())
                    .startsWith(disk + " cannot be written: mount it read-write");
            assertThatExceptionOfType(LedgerUnavailable.class)
                    .isThrownBy(() -> Records.append(ledger, Records.given("call-2", "anna")));

            assertThat(small().remount("rw")).isTrue();
            await().until(() -> ledger.health().up());
            Records.append(ledger, Records.given("call-3", "anna"));
        }
    }

    private SmallDisk small() {
        return Objects.requireNonNull(small);
    }
}
