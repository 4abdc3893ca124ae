package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.testkit.timing.Sweep;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code kill -9} of a real process under load, again and again on the same log. More rounds by
 * {@code -Dledger.kill.rounds}.
 */
@Execution(ExecutionMode.CONCURRENT)
class KillTest {
    private static final int ROUNDS =
            Integer.getInteger("ledger.kill.rounds", Sweep.of(Sweep.of(20)));
    private static final int THREADS = 4;
    private static final long SEED = 20261124;

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void noAcknowledgedDecisionIsLost(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        Random random = new Random(SEED);
        Set<String> forwarded = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            Process process = start(settings);
            try {
                // Killed after so many answers: in the middle of the next commits.
                readAtLeast(process, 1 + random.nextInt(60), forwarded);
            } finally {
                process.toHandle().destroyForcibly(); // SIGKILL, and the pipe stays open
            }
            assertThat(process.waitFor()).isEqualTo(137);
            rest(process, forwarded);
            Set<String> stored = stored(settings, "SELECT entry_id FROM ledger_entry");
            assertThat(stored(settings, "SELECT message_id FROM ledger_outbox WHERE state = 0"))
                    .as("what is in the log is told, and nothing else, round " + round)
                    .isEqualTo(stored);
            assertThat(stored).as("round " + round).containsAll(forwarded);
        }
        assertThat(forwarded).hasSizeGreaterThan(ROUNDS);
        Verification verification = LedgerArchive.open(settings).verify(List.of(), done -> {});
        assertThat(Records.words(verification)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aSecondProcessWithTheSameNodeIdIsRefusedUntilTheFirstIsDead(TestStore store)
            throws Exception {
        // The other test goes on beside this one, in the same database.
        LedgerSettings settings = store.settings(directory).withNode("twin");
        Process first = start(settings);
        try {
            readAtLeast(first, 1, new HashSet<>());
            Process second = start(settings);
            assertThat(second.waitFor()).isEqualTo(1);
            assertThat(second.inputReader(StandardCharsets.US_ASCII).readLine()).isNull();
            assertThat(Files.readString(directory.resolve("stderr")))
                    .contains("node id \"twin\" is in use by another process on this store")
                    .contains("stop it, or give this one its own id");
            readAtLeast(first, 20, new HashSet<>());
        } finally {
            first.toHandle().destroyForcibly();
            first.waitFor();
        }
        Process third = start(settings);
        try {
            readAtLeast(third, 1, new HashSet<>());
        } finally {
            third.toHandle().destroyForcibly();
            third.waitFor();
        }
    }

    private Process start(LedgerSettings settings) throws IOException {
        return LedgerProcess.start(
                LedgerLoad.class,
                directory,
                settings.url(),
                settings.node(),
                Integer.toString(THREADS));
    }

    private static void readAtLeast(Process process, int lines, Set<String> forwarded)
            throws IOException {
        BufferedReader reader = process.inputReader(StandardCharsets.US_ASCII);
        for (int i = 0; i < lines; ) {
            String line = reader.readLine();
            assertThat(line).as("the process ended by itself").isNotNull();
            if (line.startsWith("forwarded ")) {
                forwarded.add(id(line));
                i++;
            }
        }
    }

    /** What was still in the pipe. A last line torn by the kill is one nobody has acted on. */
    private static void rest(Process process, Set<String> forwarded) throws IOException {
        BufferedReader reader = process.inputReader(StandardCharsets.US_ASCII);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.matches("forwarded [0-9a-f-]{36}")) {
                forwarded.add(id(line));
            }
        }
    }

    private static String id(String line) {
        return line.substring("forwarded ".length());
    }

    private static Set<String> stored(LedgerSettings settings, String sql) throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            return new HashSet<>(Rows.list(connection, sql, row -> row.getString(1)));
        }
    }
}
