package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.statement.Archivals;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tiles.TileCheck;
import org.consentgateway.ledger.tree.ArchivalStatement;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.VerifierKey;
import org.consentgateway.testkit.timing.Sweep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of what was erased, taken out of the store into files. */
class ArchivingTest {
    private static final Duration WAIT = Duration.ofDays(30);

    /** Two bundles of 256, and the end that stays. */
    private static final int ENTRIES = 800;

    private static final int ARCHIVED = 512;

    /** Each seventh is not Anna's. */
    private static final int OF = 7;

    private static final long ERASED =
            IntStream.range(0, ARCHIVED).filter(i -> i % OF != 0).count();

    @TempDir private Path directory;

    private Instant now = Records.START;
    private final InstantSource clock = () -> now;
    private final List<UUID> ids = new ArrayList<>();

    private LedgerSettings filled(TestStore store) throws Exception {
        return filled(store, directory);
    }

    /** Anna's entries are erased, and so many lie behind them that the first may go. */
    private LedgerSettings filled(TestStore store, Path where) throws Exception {
        LedgerSettings settings =
                TestSettings.withCheckpoints(store.settings(where), 1000, Duration.ofDays(1))
                        .withArchive(where.resolve("archive"));
        try (Ledger ledger = Ledger.open(settings, clock)) {
            PseudonymousSubject anna = ledger.pseudonyms().subject("+4930111111");
            PseudonymousSubject berta = ledger.pseudonyms().subject("+4930222222");
            for (int from = 0; from < ENTRIES; from += 50) {
                List<NewEntry> some = new ArrayList<>();
                for (int i = from; i < from + 50; i++) {
                    String who = (i % OF == 0 ? berta : anna).current();
                    some.add(Records.given("call-" + i, who));
                }
                Records.append(ledger, some).stream()
                        .map(CommittedEntry::entryId)
                        .forEach(ids::add);
            }
            ledger.erase(erased(), anna, Set.of());
            ledger.checkpoint();
        }
        return settings;
    }

    private NewEntry erased() {
        ObjectNode none = Records.JSON.createObjectNode();
        return NewEntry.of(EntryType.ERASED, null, null, none, now);
    }

    private List<Archiving.Outcome> run(LedgerSettings settings, Archiving.Step step)
            throws IOException {
        return Archiving.run(settings, new Archiving.Wanted(WAIT, step), clock, _ -> {});
    }

    /** Twice, with the wait between. */
    private Archiving.Outcome archived(LedgerSettings settings) throws IOException {
        var first = run(settings, Archiving.Step.TAKE).getFirst();
        assertThat(first.taken()).as("nobody has waited yet").isZero();
        assertThat(first.erased()).isEqualTo(ERASED);
        assertThat(first.rest()).contains(now.plus(WAIT));
        now = now.plus(WAIT).minusMillis(1);
        assertThat(run(settings, Archiving.Step.TAKE).getFirst().taken()).as("too soon").isZero();
        now = now.plusMillis(1);
        return run(settings, Archiving.Step.TAKE).getFirst();
    }

    private static Verification verify(LedgerSettings settings) throws IOException {
        return LedgerArchive.open(settings).verify(List.of(), _ -> {});
    }

    private static long rows(LedgerSettings settings) throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            return Rows.first(
                            connection,
                            "SELECT COUNT(*) FROM ledger_entry WHERE log = 1",
                            row -> row.getLong(1))
                    .orElseThrow();
        }
    }

    private static void change(LedgerSettings settings, String sql, Object... values)
            throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            assertThat(Rows.change(connection, sql, values)).as(sql).isPositive();
        }
    }

    private static Path archive(LedgerSettings settings) {
        return Objects.requireNonNull(settings.archive());
    }

    private static Path bundle(LedgerSettings settings, int number) {
        return archive(settings).resolve("node-1/tile/entries/00" + number);
    }

    private static List<VerifierKey> keys(LedgerSettings settings) throws IOException {
        return KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));
    }

    private void wait(Ledger ledger) throws Exception {
        Instant before = ledger.verification().progress().wholeAt();
        now = now.plus(Duration.ofMinutes(1));
        for (int steps = 0; steps < 1500; steps++) {
            ledger.verification().step();
            Instant at = ledger.verification().progress().wholeAt();
            if (at != null && !at.equals(before)) {
                return;
            }
        }
        throw new AssertionError("no end of it");
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void rowsOfWhatIsErasedGoAndAllIsStillProved(TestStore store) throws Exception {
        LedgerSettings settings = filled(store);
        long before = rows(settings);
        List<LogReader.Count> counts;
        try (Ledger ledger = Ledger.open(settings, clock)) {
            counts = ledger.reader().countsOfTypes(day(0), day(1));
        }
        assertThat(run(settings, Archiving.Step.COUNT).getFirst().erased()).isEqualTo(ERASED);
        assertThat(archive(settings)).as("a dry run writes nothing").doesNotExist();

        assertThat(archived(settings))
                .isEqualTo(
                        new Archiving.Outcome(
                                "consent-gateway.local/log/node-1",
                                ARCHIVED,
                                ERASED,
                                ERASED,
                                Optional.empty()));
        assertThat(rows(settings)).isEqualTo(before - ERASED);

        Verification whole = verify(settings);
        assertThat(Records.words(whole)).isEmpty();
        assertThat(whole.isComplete()).as(whole.unchecked().toString()).isTrue();
        assertThat(whole.logs().getFirst().erased()).as("of all, rows or not").isEqualTo(685);
        assertThat(whole.notes()).contains(ERASED + " entries were read from the archive");

        try (Ledger ledger = Ledger.open(settings, clock)) {
            assertThat(ledger.reader().countsOfTypes(day(0), day(1))).containsAll(counts);
            PseudonymousSubject berta = ledger.pseudonyms().subject("+4930222222");
            assertThat(ledger.reader().ofSubject(berta, "booking", 1000))
                    .as("also behind a row that is gone")
                    .hasSize(ENTRIES / OF + 1)
                    .allMatch(entry -> entry.payload() != null);
            assertThat(receipt(settings, ids.get(1)).json().path("payload").isNull()).isTrue();
            assertThat(receipt(settings, ids.get(7)).json().path("payload").isNull()).isFalse();
            assertThatThrownBy(() -> receipt(settings, UUID.randomUUID()))
                    .isInstanceOf(Receipt.NoSuchEntry.class)
                    .hasMessageContaining("no entry");
            assertThatThrownBy(() -> receipt(settings.withArchive(null), ids.get(1)))
                    .as("it may be where nobody looks")
                    .isNotInstanceOf(Receipt.NoSuchEntry.class)
                    .hasMessageContaining("store.archive");
            wait(ledger);
            assertThat(ledger.alarm().newest()).isEmpty();

            // Life goes on: what is erased later goes later.
            ledger.erase(erased(), berta, Set.of());
        }
        assertThat(archivedLater(settings)).isEqualTo(ARCHIVED - ERASED);
        assertThat(Records.words(verify(settings))).isEmpty();
        LedgerArchive.open(settings).publish(directory.resolve("elsewhere"));
        assertThat(
                        TileCheck.of(
                                        directory.resolve("elsewhere/node-1"),
                                        keys(settings),
                                        Map.of())
                                .passed())
                .as("made of the archive and the store")
                .isTrue();
    }

    private static Instant day(int number) {
        return Instant.parse("2026-11-24T00:00:00Z").plus(Duration.ofDays(number));
    }

    private long archivedLater(LedgerSettings settings) throws IOException {
        assertThat(run(settings, Archiving.Step.TAKE).getFirst().taken()).isZero();
        now = now.plus(WAIT);
        return run(settings, Archiving.Step.TAKE).getFirst().taken();
    }

    private static Receipt receipt(LedgerSettings settings, UUID id) throws IOException {
        Receipt receipt = LedgerArchive.open(settings).receipt(id);
        ReceiptCheck check = ReceiptCheck.of(receipt.json(), keys(settings));
        assertThat(check.passed()).as(check.lines().toString()).isTrue();
        return receipt;
    }

    /**
     * In the other language, too: rows and files, receipts, and what it says where they are not.
     */
    @Test
    void whoTrustsNoProgramOfOursComesToTheSame() throws Exception {
        LedgerSettings settings = filled(TestStore.SQLITE);
        archived(settings);
        Path database = Vendor.file(settings);
        Path keys = settings.keys().resolve("verifier.keys");
        Path receipt = directory.resolve("receipt.json");
        Files.writeString(receipt, receipt(settings, ids.get(300)).json().toString());
        try (PythonVerifier python = new PythonVerifier()) {
            assertThat(python.run("--key", keys, receipt).code()).isZero();
            List<Object> with = List.of("--key", keys, "--archive", archive(settings), database);
            both(python, with, 0, "");
            both(python, List.of("--key", keys, database), 2, "--archive DIR");
            change(Files.readAllBytes(bundle(settings, 1)), bundle(settings, 1));
            both(python, with, 1, "node-1/tile/entries/001");
            Files.delete(bundle(settings, 1));
            both(python, with, 1, "node-1/tile/entries/001 is missing");
        }
    }

    private static void change(byte[] octets, Path file) throws IOException {
        octets[octets.length / 2] ^= 1;
        Files.write(file, octets);
    }

    private static void both(PythonVerifier python, List<Object> words, int code, String told)
            throws IOException {
        PythonVerifier.Outcome theirs = python.run(words.toArray());
        assertThat(theirs.code()).as(theirs.said()).isEqualTo(code);
        assertThat(theirs.said()).contains(told);
        ConsentLedgerVerifyTest.Outcome ours = ConsentLedgerVerifyTest.run(words.toArray());
        assertThat(ours.code()).as(ours.toString()).isEqualTo(code);
        assertThat(ours.toString()).contains(told);
    }

    /** Whoever has to write it once meets it for good: an import that was erased stays so. */
    @Test
    void whatIsWrittenOnceUnderAnIdThatTellsNoTimeKeepsItsRow() throws Exception {
        LedgerSettings settings =
                TestSettings.withCheckpoints(
                                TestStore.SQLITE.settings(directory), 1000, Duration.ofDays(1))
                        .withArchive(directory.resolve("archive"));
        try (Ledger ledger = Ledger.open(settings, clock)) {
            PseudonymousSubject anna = ledger.pseudonyms().subject("+4930111111");
            List<NewEntry> once =
                    List.of(
                            once(ledger.pseudonyms().reference("import:N-1").getFirst(), anna),
                            once(EntryIds.next(now.minus(Duration.ofDays(24))), anna));
            List<CommittedEntry> first = Records.append(ledger, once);
            for (int i = 0; i < ENTRIES; i += 50) {
                Records.append(
                        ledger, Collections.nCopies(50, anna).stream().map(this::any).toList());
            }
            ledger.erase(erased(), anna, Set.of());
            ledger.checkpoint();
            run(settings, Archiving.Step.TAKE);
            now = now.plus(WAIT);
            assertThat(run(settings, Archiving.Step.TAKE).getFirst().taken())
                    .isEqualTo(ARCHIVED - once.size());

            for (int i = 0; i < once.size(); i++) {
                NewEntry again = once.get(i);
                assertThat(ledger.reader().entry(again.id()).orElseThrow().payload()).isNull();
                assertThat(Records.append(ledger, again).index())
                        .as("nothing is written")
                        .isEqualTo(first.get(i).index());
            }
        }
        assertThat(Records.words(verify(settings))).isEmpty();
    }

    private static NewEntry once(UUID id, PseudonymousSubject who) {
        return new NewEntry(
                id, EntryType.IMPORTED, null, who.current(), Records.base("hotline", "booking"));
    }

    private NewEntry any(PseudonymousSubject who) {
        return once(EntryIds.next(now), who);
    }

    /** One octet, in the files or in the store, and nothing goes. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void anArchiveThatIsNotWhatTheStoreHasTakesNothingAway(TestStore store) throws Exception {
        LedgerSettings settings = filled(store);
        long before = rows(settings);
        run(settings, Archiving.Step.TAKE);
        now = now.plus(WAIT);
        for (String file : List.of("tile/entries/000", "tile/0/001")) {
            Path changed = archive(settings).resolve("node-1").resolve(file);
            byte[] right = Files.readAllBytes(changed);
            change(right.clone(), changed);
            assertThatThrownBy(() -> run(settings, Archiving.Step.TAKE))
                    .as(file)
                    .isInstanceOf(IOException.class);
            assertThat(rows(settings)).as(file).isEqualTo(before);
            Files.write(changed, right);
        }
        change(settings, "UPDATE ledger_entry SET time_ms = time_ms + 1 WHERE log = 1 AND idx = 1");
        assertThatThrownBy(() -> run(settings, Archiving.Step.TAKE))
                .hasMessageContaining("tile/entries/000 is not what the store has");
        assertThat(rows(settings)).isEqualTo(before);
        change(settings, "UPDATE ledger_entry SET time_ms = time_ms - 1 WHERE log = 1 AND idx = 1");
        assertThat(run(settings, Archiving.Step.TAKE).getFirst().taken()).isEqualTo(ERASED);
    }

    /** The files fit the store, and the store no checkpoint: somebody has changed both. */
    @Test
    void withoutACheckpointThatTheLogHasSignedNothingIsTakenAway() throws Exception {
        LedgerSettings settings = filled(TestStore.SQLITE);
        long before = rows(settings);
        run(settings, Archiving.Step.TAKE);
        now = now.plus(WAIT);
        change(
                settings,
                "UPDATE ledger_checkpoint SET note = substr(note, 1, instr(note, '— ') - 1)"
                        + " || ? || char(10) WHERE log = 1",
                "— consent-gateway.local/log/node-1 AAAAAGJvZ3Vz");
        assertThatThrownBy(() -> run(settings, Archiving.Step.TAKE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("signed by no known key");
        assertThat(rows(settings)).isEqualTo(before);
    }

    /** Of another history, right in itself, but signed by somebody else. */
    @Test
    void filesThatTheLogHasNotSignedTakeNothingAway() throws Exception {
        LedgerSettings settings = filled(TestStore.SQLITE);
        long before = rows(settings);
        run(settings, Archiving.Step.TAKE);
        now = now.plus(WAIT);
        LedgerSettings other = filled(TestStore.SQLITE, directory.resolve("other"));
        run(other, Archiving.Step.FILES);
        Path checkpoint = archive(settings).resolve("node-1/checkpoint");
        Files.write(checkpoint, Files.readAllBytes(archive(other).resolve("node-1/checkpoint")));
        assertThatThrownBy(() -> run(settings, Archiving.Step.TAKE))
                .isInstanceOf(IOException.class);
        assertThat(rows(settings)).isEqualTo(before);
    }

    @Test
    void whatIsChangedOrLostInTheArchiveIsToldWithItsFile() throws Exception {
        LedgerSettings settings = filled(TestStore.SQLITE);
        archived(settings);
        byte[] right = Files.readAllBytes(bundle(settings, 0));
        change(right.clone(), bundle(settings, 0));
        assertThat(Records.words(verify(settings)))
                .anyMatch(word -> word.contains("node-1/tile/entries/000 has another one"));
        Files.delete(bundle(settings, 0));
        assertThat(Records.words(verify(settings)))
                .singleElement()
                .asString()
                .contains("entry 1", "up to entry 255", "are lost there", "entries/000 is missing");
        try (Ledger ledger = Ledger.open(settings, clock)) {
            wait(ledger);
            assertThat(ledger.alarm().newest().orElseThrow()).contains("entries/000 is missing");
            Files.write(bundle(settings, 0), right);
            wait(ledger);
            assertThat(ledger.alarm().newest()).as("it was put back").isEmpty();
        }
        Verification without = verify(settings.withArchive(null));
        assertThat(Records.words(without)).isEmpty();
        assertThat(without.isComplete()).isFalse();
        assertThat(without.unchecked().toString()).contains("store.archive");
        try (Ledger ledger = Ledger.open(settings.withArchive(null), clock)) {
            wait(ledger);
            assertThat(ledger.alarm().newest().orElseThrow()).contains("store.archive");
        }
    }

    /** Who deletes rows and says that they were archived has to have the log's key. */
    @Test
    void rowsThatNobodyHasSignedAwayAreMissing() throws Exception {
        LedgerSettings settings = filled(TestStore.SQLITE);
        run(settings, Archiving.Step.FILES);
        byte[] tile = Files.readAllBytes(archive(settings).resolve("node-1/tile/0/000"));
        change(
                settings,
                "INSERT INTO ledger_leaves (log, idx, leaves, gone, gone_ms) VALUES (1, 0, ?, ?,"
                        + " 0)",
                tile,
                new byte[1]);
        change(settings, "DELETE FROM ledger_entry WHERE log = 1 AND idx = 1");
        assertThat(Records.words(verify(settings)))
                .anyMatch(word -> word.contains("entry 1") && word.contains("is missing"));
        // Also where the log's own key has signed it: it has to stand in the log.
        ArchivalStatement statement =
                new ArchivalStatement(
                        "consent-gateway.local/log/node-1",
                        new Checkpoint("consent-gateway.local/log/node-1", 256, new byte[32]),
                        now);
        change(
                settings,
                "INSERT INTO ledger_archived (log, idx, salt, payload) VALUES (1, 0, ?, ?)",
                new byte[32],
                Archivals.payload(
                                statement,
                                List.of(
                                        KeyFiles.signingKey(settings.keys(), "node-1")
                                                .orElseThrow()))
                        .toString());
        assertThat(Records.words(verify(settings)))
                .anyMatch(word -> word.contains("entry 1") && word.contains("is missing"))
                .anyMatch(word -> word.contains("what it said of the archive"));
    }

    /** A withdrawal whose row is gone would be found by nobody. */
    @Test
    void aRowWithContentThatIsGoneIsTold() throws Exception {
        LedgerSettings settings = filled(TestStore.SQLITE);
        archived(settings);
        change(settings, "DELETE FROM ledger_entry WHERE log = 1 AND idx = 7");
        assertThat(Records.words(verify(settings)))
                .anyMatch(word -> word.contains("entry 7") && word.contains("ledger_payload"));
        try (Ledger ledger = Ledger.open(settings, clock)) {
            wait(ledger);
            assertThat(ledger.alarm().found()).isPositive();
        }
    }

    /**
     * As for a process that dies there: the store is right after each, and the next run goes on.
     */
    @Test
    void whereverItDiesNothingIsLost() throws Exception {
        LedgerSettings settings = filled(TestStore.SQLITE);
        run(settings, Archiving.Step.TAKE);
        now = now.plus(WAIT);
        var wanted = new Archiving.Wanted(WAIT, Archiving.Step.TAKE);
        long before = rows(settings);
        int died = 0;
        for (int n : Sweep.of(IntStream.iterate(1, n -> n <= 60, n -> n + 3).boxed().toList())) {
            var store =
                    new FaultyStore(
                            Vendor.of(settings).open(settings, false), FaultyStore.Fault.DIES);
            store.arm(n);
            try {
                Archiving.run(settings, wanted, clock, _ -> {}, store.source());
            } catch (IOException e) {
                died++;
            }
            if (!store.struck()) {
                break;
            }
            Verification whole = verify(settings);
            assertThat(Records.words(whole)).as("died at operation " + n).isEmpty();
            assertThat(whole.isComplete()).isTrue();
        }
        assertThat(died).isPositive();
        long left = rows(settings);
        assertThat(run(settings, Archiving.Step.TAKE).getFirst().taken())
                .isEqualTo(left - (before - ERASED));
        assertThat(Records.words(verify(settings))).isEmpty();
        List<Entry> entries = LedgerArchive.open(settings).reader().latest(3);
        assertThat(entries).hasSize(3);
    }

    /** A process with SIGKILL, in the middle of files, statements or rows. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    @EnabledIfSystemProperty(named = "nightly", matches = ".*", disabledReason = "a minute")
    void killedAnywhereItGoesOn(TestStore store) throws Exception {
        LedgerSettings settings = filled(store);
        Random random = new Random(SEED);
        int killed = 0;
        for (int round = 0; round < 20; round++) {
            if (round == 6) { // first the files and what is said of them, then the rows
                assertThat(run(settings, Archiving.Step.TAKE)).isNotEmpty();
                now = now.plus(WAIT);
            }
            Process process = start(settings);
            assertThat(process.inputReader(StandardCharsets.US_ASCII).readLine())
                    .isEqualTo("begins");
            boolean ended = process.waitFor(random.nextInt(1500), TimeUnit.MILLISECONDS);
            process.toHandle().destroyForcibly();
            int _ = process.waitFor();
            killed += ended ? 0 : 1;
            Verification whole = verify(settings);
            assertThat(Records.words(whole)).as("round " + round).isEmpty();
            assertThat(whole.isComplete()).isTrue();
        }
        assertThat(killed).isPositive();
        assertThat(run(settings, Archiving.Step.TAKE).getFirst().rest()).isEmpty();
        assertThat(rows(settings)).isEqualTo(ENTRIES + 1 - ERASED);
        assertThat(Records.words(verify(settings))).isEmpty();
    }

    private static final long SEED = 20261128;

    private Process start(LedgerSettings settings) throws IOException {
        return LedgerProcess.start(
                ArchivingLoad.class, directory, settings.url(), Long.toString(now.toEpochMilli()));
    }

    /** As config/postgresql/roles.sql has it: gateways read these tables and delete no entry. */
    @Test
    void onPostgresqlOnlyTheOwnerTakesRowsAway() throws Exception {
        LedgerSettings settings = TestStore.POSTGRESQL.settings(directory);
        try (Ledger ledger = Ledger.open(settings, clock)) {
            Records.append(ledger, Records.given("call-1", "anna"));
        }
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE archiving_gateway LOGIN");
            statement.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO archiving_gateway");
        }
        LedgerSettings gateway =
                settings.withUrl(settings.url().replace("user=postgres", "user=archiving_gateway"))
                        .withArchive(directory.resolve("archive"));
        assertThat(gateway.url()).isNotEqualTo(settings.url());
        assertThatThrownBy(() -> run(gateway, Archiving.Step.TAKE))
                .hasMessageContaining("run it as the owner of the tables");
        assertThat(archive(gateway)).as("nothing was written before").doesNotExist();
    }

    @Test
    void whatHasToBeSaidIsSaid() throws Exception {
        LedgerSettings settings = filled(TestStore.SQLITE);
        assertThatThrownBy(() -> run(settings.withArchive(null), Archiving.Step.TAKE))
                .hasMessageContaining("store.archive is not set");
        archived(settings);
        Files.delete(bundle(settings, 0));
        assertThatThrownBy(() -> receipt(settings, ids.get(1)))
                .hasMessageContaining("entries/000 is missing");
    }
}
