package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.statement.Gap;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.witness.WitnessConflict;
import org.consentgateway.ledger.witness.WitnessMemory;
import org.consentgateway.ledger.witness.WitnessServer;
import org.consentgateway.ledger.witness.WitnessedLogs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever has the whole machine puts an old state of all of it in place: database, exports, and
 * what lies beside the keys. Nobody there can see that. Our own witnesses do, over HTTP.
 */
class RollbackTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir private Path directory;

    private final List<Witness> witnesses = new ArrayList<>();
    private Path logs;

    private record Witness(WitnessMemory memory, WitnessServer server) {}

    @BeforeEach
    void start() throws Exception {
        logs = Files.createFile(directory.resolve("logs"));
        for (String name : List.of("auditor", "council")) {
            WitnessMemory memory =
                    WitnessMemory.open(directory.resolve(name), "witness.example/" + name);
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            witnesses.add(
                    new Witness(
                            memory,
                            WitnessServer.start(any, memory, WitnessedLogs.of(logs), CLOCK)));
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (Witness one : witnesses) {
            one.server.close();
            one.memory.close();
        }
    }

    private TrustPolicy policy(int needed) {
        List<TrustPolicy.Witness> all = new ArrayList<>();
        for (Witness one : witnesses) {
            URI url = URI.create("http://127.0.0.1:" + one.server.address().getPort());
            String name = one.memory.key().witness().name();
            all.add(
                    new TrustPolicy.Witness(
                            name.substring(name.lastIndexOf('/') + 1),
                            one.memory.key().witness(),
                            url));
        }
        return TrustPolicy.of(all, needed);
    }

    private LedgerSettings settings() {
        return TestSettings.withWitnesses(
                TestStore.SQLITE.settings(directory.resolve("gateway")), policy(2));
    }

    /** The witnesses are told the keys of the logs, as far as there are any. */
    private Ledger open(LedgerSettings settings) throws IOException {
        KeyFiles.open(
                settings.keys(), settings.newestLog().node(), settings.newestLog().logOrigin());
        tellKeys(settings);
        return Ledger.open(settings, CLOCK);
    }

    private void tellKeys(LedgerSettings settings) throws IOException {
        Files.copy(
                settings.keys().resolve("verifier.keys"),
                logs,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void fill(Ledger ledger, int entries) throws Exception {
        LedgerTest.fill(ledger, entries);
        ledger.checkpoint();
    }

    private static List<String> cosigners(String note) {
        return SignedNote.parse(note).orElseThrow().signatures().stream()
                .map(SignedNote.SignatureLine::name)
                .filter(name -> name.startsWith("witness."))
                .sorted()
                .toList();
    }

    /** Of the newest checkpoint of each log in the store. */
    private static List<String> newest(LedgerSettings settings) throws Exception {
        try (Connection connection = DriverManager.getConnection(settings.url())) {
            return Rows.list(
                    connection,
                    "SELECT note FROM ledger_checkpoint c WHERE size = (SELECT MAX(size) FROM"
                            + " ledger_checkpoint d WHERE d.log = c.log) ORDER BY log",
                    row -> row.getString(1));
        }
    }

    private static final List<String> BOTH =
            List.of("witness.example/auditor", "witness.example/council");

    @Test
    void eachCheckpointIsCosignedByAllTheLastOnesToo() throws Exception {
        LedgerSettings settings = settings();
        try (Ledger ledger = open(settings)) {
            fill(ledger, 3);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(cosigners(newest(settings).getFirst())).isEqualTo(BOTH));
            await().atMost(PATIENCE).until(() -> !ledger.health().witnessFailing());
            LedgerTest.fill(ledger, 2); // signed when it ends
        }
        assertThat(newest(settings))
                .singleElement()
                .satisfies(note -> assertThat(cosigners(note)).isEqualTo(BOTH))
                .satisfies(note -> assertThat(sizeOf(note)).isEqualTo(5));
        for (Path exported : Exports.all(settings.checkpoints().exports())) {
            assertThat(cosigners(Files.readString(exported)))
                    .as(exported.toString())
                    .isEqualTo(BOTH);
        }

        // An erasure by a command has a log of its own.
        KeyFiles.open(settings.keys(), "node-1.cli", settings.withNode("node-1.cli").logOrigin());
        tellKeys(settings);
        try (Ledger beside = Ledger.openBeside(settings, CLOCK)) {
            NewEntry erased =
                    NewEntry.of(
                            EntryType.ERASED,
                            null,
                            null,
                            Records.JSON.createObjectNode(),
                            Records.START);
            beside.erase(erased, new PseudonymousSubject(List.of("p1")), Set.of());
        }
        assertThat(newest(settings))
                .hasSize(2)
                .allSatisfy(note -> assertThat(cosigners(note)).isEqualTo(BOTH));
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    private static long sizeOf(String note) {
        return SignedNote.parse(note)
                .flatMap(one -> Checkpoint.parse(one.text()))
                .orElseThrow()
                .size();
    }

    private void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.toList()) {
                Path target = to.resolve(from.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(one, target);
                }
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    /** All of the machine as it was before the last entries: nobody on it can tell. */
    private LedgerSettings rolledBack() throws Exception {
        LedgerSettings settings = settings();
        try (Ledger ledger = open(settings)) {
            fill(ledger, 4);
        }
        copy(directory.resolve("gateway"), directory.resolve("old"));
        try (Ledger ledger = open(settings)) {
            fill(ledger, 5);
        }
        delete(directory.resolve("gateway"));
        Files.move(directory.resolve("old"), directory.resolve("gateway"));
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .as("nobody without a witness sees it")
                .isEmpty();
        return settings;
    }

    @Test
    void aRollbackOfAllIsFoundAtTheStartAndNothingIsGrantedUntilAPersonHasLooked()
            throws Exception {
        LedgerSettings settings = rolledBack();
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            assertThatThrownBy(ledger::requireNoConflict)
                    .as("as soon as it is open")
                    .isInstanceOfSatisfying(
                            LedgerUnavailable.class,
                            e ->
                                    assertThat(e.reason())
                                            .isEqualTo(LedgerUnavailable.Reason.WITNESS_CONFLICT))
                    .hasMessageContaining("has seen 9 entries")
                    .hasMessageContaining("which has 4")
                    .hasMessageContaining("a key of this log has signed");
            assertThat(ledger.health().witnesses().conflict()).contains("has seen 9 entries");
            assertThat(ledger.health().up()).as("a withdrawal is still written").isTrue();
            LedgerTest.fill(ledger, 1);
        }
        witnesses.getFirst().server.close(); // nor does it go away with a restart, or the witness
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            assertThatThrownBy(ledger::requireNoConflict).isInstanceOf(LedgerUnavailable.class);

            List<WitnessConflict> resolved =
                    ConflictResolving.resolve(settings, "E. Muster", "the disk was changed", CLOCK);
            assertThat(resolved).isNotEmpty().allMatch(one -> one.theirs() == 9);
            ledger.lookForResolution();
            assertThatCode(ledger::requireNoConflict)
                    .as("the gateway that runs goes on")
                    .doesNotThrowAnyException();
            Entry written =
                    ledger.reader().ofType(EntryType.WITNESS_CONFLICT_RESOLVED, 10).getFirst();
            assertThat(String.valueOf(written.payload()))
                    .contains("E. Muster", "the disk was changed", "\"theirs\":9");
            assertThat(ConflictResolving.resolve(settings, "E. Muster", "again", CLOCK)).isEmpty();

            // The witness has not changed its mind: known by now, and still no cosignature.
            fill(ledger, 1);
            await().atMost(PATIENCE)
                    .until(() ->
                            ledger.health()
                                    .witnesses()
                                    .failing()
                                    .getOrDefault("council", "")
                                    .contains("9"));
            assertThatCode(ledger::requireNoConflict).doesNotThrowAnyException();
            assertThat(ledger.health().witnessFailing()).isTrue();
        }
    }

    @Test
    void afterARestoreTheLogThatGoesOnNamesWhatTheWitnessHasSeen() throws Exception {
        LedgerSettings settings = rolledBack();
        Ledger.open(settings, CLOCK).close();
        assertThat(Resuming.run(settings, Resuming.Why.RESTORED, List.of(), CLOCK))
                .containsExactly(
                        new Resuming.Resumed(
                                settings.logOrigin(), 4, 9L, settings.logOrigin() + "~2"));
        tellKeys(settings);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            assertThatCode(ledger::requireNoConflict).doesNotThrowAnyException();
            fill(ledger, 2);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(cosigners(newest(settings).getLast())).isEqualTo(BOTH));
        }
    }

    /** Withdrawals are written meanwhile; a second tree of that name is not signed. */
    @Test
    void whatIsWrittenDuringAConflictIsNotSignedAndDoesNotKeepAnotherLogFromGoingOn()
            throws Exception {
        LedgerSettings settings = rolledBack();
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            fill(ledger, 20); // more than the witnesses have seen
        }
        assertThat(newest(settings))
                .singleElement()
                .satisfies(note -> assertThat(sizeOf(note)).isEqualTo(4));
        assertThat(Resuming.run(settings, Resuming.Why.RESTORED, List.of(), CLOCK))
                .containsExactly(
                        new Resuming.Resumed(
                                settings.logOrigin(), 24, null, settings.logOrigin() + "~2"));
        tellKeys(settings);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            assertThatCode(ledger::requireNoConflict).doesNotThrowAnyException();
            assertThat(ledger.reader().ask(Gap::of).completeSince()).isEqualTo(Records.START);
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .isEmpty();
    }

    @Test
    void whoGoesOnFromAnOldStateIsFoundAsAForkWithAProof() throws Exception {
        LedgerSettings settings = rolledBack();
        LedgerSettings alone = TestSettings.withWitnesses(settings, TrustPolicy.NONE);
        try (Ledger ledger = Ledger.open(alone, CLOCK)) {
            fill(ledger, 20); // past what the witnesses have seen
        }
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            assertThatThrownBy(ledger::requireNoConflict)
                    .hasMessageContaining("has seen other entries in the first 9")
                    .hasMessageContaining("a key of this log has signed");
        }
        assertThat(directory.resolve("auditor/evidence")).isNotEmptyDirectory();
        assertThat(directory.resolve("council/evidence")).isNotEmptyDirectory();
    }

    @Test
    void anEmptyStoreInPlaceOfAFullOneIsFoundToo() throws Exception {
        LedgerSettings settings = settings();
        try (Ledger ledger = open(settings)) {
            fill(ledger, 4);
        }
        for (Path gone :
                List.of(
                        directory.resolve("gateway/ledger.db"),
                        settings.keys().resolve("newest-node-1.checkpoint"))) {
            Files.deleteIfExists(gone);
        }
        delete(settings.checkpoints().exports());
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            assertThatThrownBy(ledger::requireNoConflict).hasMessageContaining("which has 0");
        }
    }

    // ---------------------------------------------------------------- verifiers

    private record Outcome(int code, String out) {}

    private static Outcome verifies(Object... arguments) {
        StringWriter out = new StringWriter();
        List<String> words = Stream.of(arguments).map(Object::toString).toList();
        int code = ConsentLedgerVerify.run(words, new PrintWriter(out), new PrintWriter(out));
        return new Outcome(code, out.toString());
    }

    @Test
    void everyVerifierWantsTheQuorum() throws Exception {
        LedgerSettings settings = settings();
        UUID given;
        try (Ledger ledger = open(settings)) {
            given = Records.append(ledger, Records.given("call-x", "anna")).entryId();
            fill(ledger, 4);
        }
        Path policy = directory.resolve("policy");
        Files.writeString(
                policy,
                policy(2)
                        .withLogs(KeyFiles.verifiers(settings.keys().resolve("verifier.keys")))
                        .text());
        Path database = directory.resolve("gateway/ledger.db");
        Path export = settings.checkpoints().exports();
        Receipt receipt = LedgerArchive.open(settings).receipt(given);
        Path file = directory.resolve("receipt.json");
        Files.writeString(file, receipt.json().toString());
        for (Path what : List.of(database, export, file)) {
            assertThat(verifies("--policy", policy, what))
                    .as(what.toString())
                    .matches(outcome -> outcome.code == 0);
        }
        assertThat(verifies("--policy", policy, database).out)
                .contains("the first 5 entries are witnessed by 2 of (auditor, council)");

        String note = receipt.json().path("checkpoint").asText();
        String council =
                note.lines().filter(line -> line.contains("/council ")).findFirst().orElseThrow();
        for (String spoilt :
                List.of(
                        note.replace(council + "\n", ""),
                        note.replace(
                                council,
                                council.substring(0, council.length() - 8) + "AAAAAAA="))) {
            receipt.json().put("checkpoint", spoilt);
            Files.writeString(file, receipt.json().toString());
            assertThat(
                            ReceiptCheck.of(
                                            file,
                                            KeyFiles.verifiers(
                                                    settings.keys().resolve("verifier.keys")),
                                            KeyFiles.policy(policy))
                                    .passed())
                    .isFalse();
            assertThat(verifies("--policy", policy, file).code).isEqualTo(1);
            for (Path one : Exports.all(export)) {
                Files.writeString(one, spoilt, StandardOpenOption.TRUNCATE_EXISTING);
            }
            assertThat(verifies("--policy", policy, export).code).isEqualTo(1);
            try (Connection connection = DriverManager.getConnection(settings.url())) {
                Rows.change(connection, "UPDATE ledger_checkpoint SET note = ?", spoilt);
            }
            assertThat(verifies("--policy", policy, database).code).isEqualTo(1);
        }
        assertThat(verifies("--policy", policy, database).out).contains("council is wrong");
    }
}
