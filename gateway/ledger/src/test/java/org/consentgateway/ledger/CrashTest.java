package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.SecretKeys;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The store fails, lies or dies at every single operation in turn. */
@Execution(ExecutionMode.CONCURRENT)
class CrashTest {
    /** More operations than the story below has; reaching it means the fault never struck. */
    private static final int MAX_OPERATIONS = 500;

    /** Of the operations each third is tried in each run, and all with -Dnightly. */
    private static final int STEP = System.getProperty("nightly") == null ? 3 : 1;

    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource(FaultyStore.Fault.class)
    void nothingAcknowledgedIsLostWhereverTheStoreFails(FaultyStore.Fault fault) throws Exception {
        Path template = directory.resolve("template");
        try (Ledger ledger = Ledger.open(settings(template), CLOCK)) {
            LedgerTest.fill(ledger, 254); // so that the story completes a tile
        }
        // Each kind of failure at other operations.
        int n = 1 + List.of(FaultyStore.Fault.values()).indexOf(fault) % STEP;
        while (strikes(fault, n, template)) {
            n += STEP;
            assertThat(n).isLessThan(MAX_OPERATIONS);
        }
        assertThat(n).as("operations in the story").isGreaterThan(20);
    }

    private boolean strikes(FaultyStore.Fault fault, int n, Path template) throws Exception {
        Path copy = directory.resolve(fault + "-" + n);
        copyDirectory(template, copy);
        LedgerSettings settings = settings(copy);
        FaultyStore store = new FaultyStore(Vendor.SQLITE.open(settings, false), fault);
        List<CommittedEntry> acknowledged = new ArrayList<>();
        boolean struck;
        try (Ledger ledger = Ledger.open(settings, store.source(), CLOCK, CrashTest::salt)) {
            store.arm(n);
            tell(ledger, acknowledged);
            struck = store.struck();
            if (struck && fault != FaultyStore.Fault.DIES) {
                goesOnWithoutRestart(ledger, acknowledged);
            }
            if (!struck) {
                store.arm(Integer.MAX_VALUE);
            }
        }
        afterRestart(settings, acknowledged, fault + " at operation " + n);
        deleteDirectory(copy);
        return struck;
    }

    /** Three calls, a checkpoint and an erasure. */
    private static void tell(Ledger ledger, List<CommittedEntry> acknowledged) {
        try {
            acknowledged.add(Records.append(ledger, Records.served("call-a", "anna")));
            acknowledged.addAll(
                    Records.append(
                            ledger,
                            List.of(
                                    Records.given("call-a", "anna"),
                                    Records.served("call-b", "berta"))));
            acknowledged.add(Records.append(ledger, Records.given("call-b", "berta")));
            ledger.checkpoint();
            acknowledged.add(
                    ledger.erase(
                                    NewEntry.of(
                                            EntryType.ERASED,
                                            null,
                                            null,
                                            Records.JSON.createObjectNode(),
                                            Records.START),
                                    new PseudonymousSubject(List.of("berta")),
                                    Set.of())
                            .erased());
        } catch (LedgerUnavailable e) {
            // The story ends here: no grant, an apology.
        }
    }

    private static void goesOnWithoutRestart(Ledger ledger, List<CommittedEntry> acknowledged) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    try {
                        acknowledged.add(Records.append(ledger, Records.given("call-c", "clara")));
                        return true;
                    } catch (LedgerUnavailable e) {
                        return false;
                    }
                });
        assertThat(ledger.health().up()).isTrue();
    }

    private static void afterRestart(
            LedgerSettings settings, List<CommittedEntry> acknowledged, String when)
            throws Exception {
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            for (CommittedEntry committed : acknowledged) {
                assertThat(ledger.reader().entry(committed.entryId()))
                        .as(when + ": " + committed)
                        .get()
                        .extracting(Entry::leafHash)
                        .isEqualTo(committed.leafHash());
            }
        }
        Verification verification = LedgerArchive.open(settings).verify(List.of(), done -> {});
        assertThat(Records.words(verification)).as(when).isEmpty();
    }

    private static LedgerSettings settings(Path directory) {
        return TestSettings.withLimits(
                TestSettings.withCheckpoints(
                        TestSettings.inDirectory(directory), 100_000, Duration.ofDays(1)),
                new LedgerSettings.Limits(64, 256, Duration.ofSeconds(5)));
    }

    private static byte[] salt() {
        return SecretKeys.Key.create().bytes();
    }

    private static void copyDirectory(Path from, Path to) throws Exception {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file)),
                        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void deleteDirectory(Path directory) throws Exception {
        try (var files = Files.walk(directory)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
