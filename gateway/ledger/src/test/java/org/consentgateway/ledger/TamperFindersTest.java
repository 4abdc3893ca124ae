package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Publisher;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.Merkle;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.consentgateway.ledger.watch.BackgroundVerification;
import org.consentgateway.ledger.watch.TamperAlarm;
import org.consentgateway.ledger.witness.WitnessConflicts;
import org.consentgateway.ledger.witness.WitnessMemory;
import org.consentgateway.ledger.witness.WitnessServer;
import org.consentgateway.ledger.witness.WitnessedLogs;
import org.consentgateway.ledger.witness.Witnesses;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who finds what, each on a copy of one installation: all that finders are, nobody told what was
 * done. TAMPERING.md has the same table, and what nobody finds.
 */
@Nightly("15 s for a table of the pages; TamperMatrixTest and WitnessTest are in each run")
class TamperFindersTest {
    private static final Path PAGE =
            Path.of(System.getProperty("project.root", "../.."), "gateway/ledger/TAMPERING.md");

    private static final InstantSource CLOCK =
            InstantSource.fixed(Records.START.plus(Duration.ofHours(3)));

    private static final String YES = "found";
    private static final String NO = "–";
    private static final String UNSURE = "cannot check";

    @TempDir private Path directory;

    /** Somebody outside: the public keys as they were, and the newest checkpoint. */
    private Path keptKeys = Path.of("");

    private Path kept = Path.of("");

    @Test
    void theTableIsTrue() throws Exception {
        var stages = TamperedInstallation.Stages.in(directory.resolve("stages"));
        keptKeys = stages.whole().resolve("keys/verifier.keys");
        kept = directory.resolve("kept");
        Files.createDirectories(kept);
        Files.copy(
                stages.whole().resolve("checkpoints/node-1.checkpoint"),
                kept.resolve("node-1.checkpoint"));
        Map<String, String> lines = new LinkedHashMap<>();
        try (PythonVerifier python = new PythonVerifier();
                Witness witness = new Witness(directory.resolve("witness"), keptKeys)) {
            assertThat(looks("nothing", stages, _ -> {}, witness, python))
                    .as("what is right is right to all")
                    .containsOnly(NO);
            for (TamperMatrix.Row row : TamperMatrix.rows()) {
                List<String> cells = looks(row.letter(), stages, row.anywhere(), witness, python);
                lines.put(
                        row.letter(),
                        "| "
                                + row.letter()
                                + " | "
                                + row.what()
                                + " | "
                                + row.attacker()
                                + " | "
                                + String.join(" | ", cells)
                                + " |");
            }
        }
        String table = String.join("\n", lines.values());
        String page = Files.readString(PAGE);
        assertThat(page.lines().filter(line -> line.matches("\\| [0-9KRF].*")).toList())
                .as("the table as it is:\n" + table)
                .containsExactlyElementsOf(lines.values());
        String unfound =
                lines.entrySet().stream()
                        .filter(line -> !line.getValue().contains(YES))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.joining(", "));
        assertThat(page).contains("Nobody finds: " + unfound + ".");
    }

    /** Each on the same: whoever writes, comes last. */
    private List<String> looks(
            String name,
            TamperedInstallation.Stages stages,
            TamperMatrix.Anywhere tampering,
            Witness witness,
            PythonVerifier python)
            throws Exception {
        var there = TamperedInstallation.of(stages, directory.resolve("row-" + name));
        tampering.run(there);
        String operator = operatorFinds(there.settings());
        String background = backgroundFinds(there.settings()) ? YES : NO;
        String auditor = auditorFinds(there, python) ? YES : NO;
        Path said = directory.resolve("said-" + name);
        String shown = witness.finds(there.settings(), said) ? YES : NO;
        String start = startRefuses(there.settings()) ? YES : NO;
        return List.of(operator, start, background, auditor, shown);
    }

    /** {@code scripts/gateway ledger verify}, with all keys that are there. */
    private static String operatorFinds(LedgerSettings settings) throws IOException {
        Verification said =
                LedgerArchive.open(settings).verify(Exports.all(settings.keys()), _ -> {});
        return said.findings().isEmpty() ? said.unchecked().isEmpty() ? NO : UNSURE : YES;
    }

    private static boolean backgroundFinds(LedgerSettings settings) throws Exception {
        KeyFiles keys = Tampering.keys(settings);
        DataSource source = Vendor.of(settings).open(settings, false);
        var sealer = new Sealer(keys.payload());
        var alarm = new TamperAlarm(CLOCK);
        var verification =
                new BackgroundVerification(
                        Vendor.of(settings),
                        new LogReader(source, sealer, () -> true),
                        keys::verifiers,
                        sealer,
                        alarm,
                        CLOCK);
        for (int i = 0; verification.progress().wholeAt() == null; i++) {
            assertThat(i).as("steps").isLessThan(500);
            verification.step();
        }
        return alarm.found() > 0;
    }

    /** With public keys and a checkpoint of their own; in two languages. */
    private boolean auditorFinds(TamperedInstallation there, PythonVerifier python)
            throws Exception {
        Object[] arguments = {"--key", keptKeys, "--checkpoint", kept, there.database()};
        var java = ConsentLedgerVerifyTest.run(arguments);
        var other = python.run(arguments);
        assertThat(other.code()).as(java + "\n" + other).isEqualTo(java.code());
        assertThat(java.code()).as(java.toString()).isIn(0, 1);
        return java.code() == 1;
    }

    private static boolean startRefuses(LedgerSettings settings) {
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            return !ledger.health().up();
        } catch (IOException | LedgerTorn e) {
            return true;
        }
    }

    /** Has cosigned the newest checkpoint, and is asked for the one that the store has now. */
    private static final class Witness implements AutoCloseable {
        private final WitnessMemory memory;
        private final WitnessServer server;

        Witness(Path directory, Path logs) throws IOException {
            Path told = Files.copy(logs, Files.createDirectories(directory).resolve("logs"));
            memory = WitnessMemory.open(directory.resolve("memory"), "witness.example/auditor");
            server =
                    WitnessServer.start(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            memory,
                            WitnessedLogs.of(told),
                            CLOCK);
        }

        boolean finds(LedgerSettings settings, Path said) throws Exception {
            URI url = URI.create("http://127.0.0.1:" + server.address().getPort());
            TrustPolicy policy =
                    TrustPolicy.of(
                            List.of(
                                    new TrustPolicy.Witness(
                                            "auditor", memory.key().witness(), url)),
                            1);
            WitnessConflicts conflicts =
                    WitnessConflicts.of(Files.createDirectories(said), settings.node());
            try (Connection connection = DriverManager.getConnection(settings.url());
                    Witnesses asked =
                            new Witnesses(
                                    policy,
                                    settings.logOrigin(),
                                    proving(connection),
                                    conflicts,
                                    (_, _) -> {},
                                    CLOCK)) {
                asked.see(newest(connection, settings));
                asked.awaitFirst(Duration.ofSeconds(6));
            }
            return conflicts.standing().isPresent();
        }

        /** As a gateway that starts; of a log without a checkpoint, that it is empty. */
        private static Publisher.Signed newest(Connection connection, LedgerSettings settings)
                throws Exception {
            var empty = new Checkpoint(settings.logOrigin(), 0, Merkle.EMPTY);
            var key = Tampering.keys(settings).currentSigning();
            return Rows.first(
                            connection,
                            "SELECT size, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1",
                            row -> new Publisher.Signed(row.getLong(1), row.getString(2)))
                    .orElse(new Publisher.Signed(0, SignedNote.sign(empty.text(), List.of(key))));
        }

        private static Witnesses.Proving proving(Connection connection) {
            return new Witnesses.Proving() {
                @Override
                public List<byte[]> consistency(long from, long to) throws SQLException {
                    return Log.proofs(connection, 1).consistency(from, to);
                }

                @Override
                public long signed() throws SQLException {
                    return Rows.first(
                                    connection,
                                    "SELECT COALESCE(MAX(size), 0) FROM ledger_checkpoint",
                                    row -> row.getLong(1))
                            .orElseThrow();
                }

                @Override
                public List<VerifierKey> keys() {
                    return List.of();
                }
            };
        }

        @Override
        public void close() throws IOException {
            server.close();
            memory.close();
        }
    }
}
