package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.rotation.KeyRotation;
import org.consentgateway.ledger.store.LedgerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a command does with the key files, no caller waits for. */
@Timeout(60)
class KeysInUseElsewhereTest {
    /** Holds the lock until its input ends. */
    private static final String HOLDS =
            """
            import fcntl, sys
            held = open(sys.argv[1], "w")
            fcntl.lockf(held, fcntl.LOCK_EX)
            print("held", flush=True)
            sys.stdin.read()
            """;

    @TempDir private Path directory;

    private static Process holding(Path keys) throws IOException {
        Process other =
                new ProcessBuilder("python3", "-c", HOLDS, keys.resolve(".lock").toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader out = other.inputReader()) {
            assertThat(out.readLine()).isEqualTo("held");
        }
        return other;
    }

    private static void appendInTime(Ledger ledger, LedgerSettings settings, String call)
            throws Exception {
        var _ =
                ledger.append(Records.given(call, "anna"))
                        .toCompletableFuture()
                        .get(settings.limits().commitTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void entriesAreWrittenAndSignedUnderTheOldKeysWhileSomebodyElseIsAtThem() throws Exception {
        LedgerSettings settings =
                TestSettings.withCheckpoints(
                        TestSettings.inDirectory(directory), 1, Duration.ofSeconds(60));
        try (Ledger ledger = Ledger.open(settings, Clock.systemUTC())) {
            appendInTime(ledger, settings, "call-1");
            await().until(() -> ledger.health().checkpointSize() > 0);
            KeyRotation.rotate(settings, Instant.now());
            Process other = holding(settings.keys());
            try {
                for (int i = 2; i < 7; i++) {
                    appendInTime(ledger, settings, "call-" + i);
                    long size = i;
                    await().atMost(Duration.ofSeconds(2))
                            .until(() -> ledger.health().checkpointSize() >= size);
                }
                assertThat(ledger.reader().ofType(EntryType.SIGNING_KEY_ROTATED, 10)).isEmpty();
            } finally {
                other.destroy();
                other.waitFor();
            }
            appendInTime(ledger, settings, "call-7");
            await().untilAsserted(() ->
                    assertThat(ledger.reader().ofType(EntryType.SIGNING_KEY_ROTATED, 10))
                            .hasSize(1));
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(java.util.List.of(), _ -> {})))
                .isEmpty();
    }
}
