package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.keys.Sealer;
import org.consentgateway.ledger.proof.LogVerifier;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.StoredEntry;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Frontier;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each way of lying in the store is found and said rightly. The tampering and the verification run
 * in one transaction that is rolled back, so that all cases share one log of 300 entries.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TamperMatrixTest {
    private static final int ENTRIES = 300;

    /** Of the entry that is tampered with. */
    private static final long AT = 17;

    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    @TempDir private static Path directory;

    private final Map<TestStore, LedgerSettings> logs = new LinkedHashMap<>();

    @BeforeAll
    void writeLogs() throws Exception {
        for (TestStore store : TestStore.values()) {
            LedgerSettings settings = store.settings(directory.resolve(store.name()));
            logs.put(store, settings);
            ticking(settings, ENTRIES);
        }
    }

    /** Every entry a second later than the one before. */
    static void ticking(LedgerSettings settings, int entries) throws Exception {
        Instant[] now = {Records.START};
        InstantSource ticks = () -> now[0];
        try (Ledger ledger = Ledger.open(settings, ticks)) {
            for (int i = 0; i < entries; i++) {
                now[0] = now[0].plusSeconds(1);
                Records.append(ledger, Records.given("call-" + i, "p" + i % 7));
            }
        }
    }

    /** Changes something in the store; the log has id 1. */
    interface Tampering {
        void run(Connection connection, LedgerSettings settings) throws Exception;
    }

    record Case(String name, String expected, Tampering tampering) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String ENTRY = "consent-gateway.local/log/node-1 entry 17: ";

    static List<Case> matrix() {
        return List.of(
                sql(
                        "the time of an entry is changed",
                        ENTRY + "does not match its leaf hash",
                        "UPDATE ledger_entry SET time_ms = time_ms + 1 WHERE idx = 17"),
                sql(
                        "a refusal is made a grant",
                        ENTRY + "does not match its leaf hash",
                        "UPDATE ledger_entry SET type = 'Refused' WHERE idx = 17"),
                sql(
                        "an entry gets a type that no gateway writes",
                        ENTRY + "holds what no gateway writes",
                        "UPDATE ledger_entry SET type = 'Blessed' WHERE idx = 17"),
                new Case(
                        "one byte of a payload is changed",
                        ENTRY + "its payload was changed or belongs to another entry",
                        TamperMatrixTest::flipPayloadByte),
                new Case(
                        "a payload is replaced by someone who has the payload key",
                        ENTRY + "its payload is not the one its leaf commits to",
                        TamperMatrixTest::replacePayload),
                sql(
                        "an entry is deleted",
                        ENTRY + "is missing",
                        "DELETE FROM ledger_entry WHERE idx = 17"),
                sql(
                        "a payload is deleted without an Erased entry",
                        ENTRY + "its payload is missing, and no Erased entry covers it",
                        "DELETE FROM ledger_payload WHERE idx = 17",
                        "DELETE FROM ledger_lookup WHERE idx = 17"),
                sql(
                        "a payload is deleted, and what it was made the mark of an erasure",
                        ENTRY + "the mark that it was erased is none of ours",
                        "INSERT INTO ledger_erased SELECT log, idx, key_id, sealed FROM"
                                + " ledger_payload WHERE idx = 17",
                        "DELETE FROM ledger_payload WHERE idx = 17",
                        "DELETE FROM ledger_lookup WHERE idx = 17"),
                new Case(
                        "a payload is deleted and marked as erased by someone who has the key",
                        "all logs: 1 payloads were destroyed that no Erased entry speaks of",
                        TamperMatrixTest::eraseUnsaid),
                new Case(
                        "an entry is inserted and all later ones moved up",
                        "consent-gateway.local/log/node-1 entry 19: does not match its leaf hash",
                        TamperMatrixTest::insert),
                sql(
                        "an entry is inserted behind the end",
                        "entry 300: was inserted behind the end of the log",
                        "INSERT INTO ledger_entry SELECT log, 300, '0199f3a2-7c31-7b52-9d40-1f2e"
                                + "3d4c5b6a', time_ms, type, commitment, leaf FROM ledger_entry"
                                + " WHERE idx = 17"),
                sql(
                        "two entries are swapped",
                        ENTRY + "does not match its leaf hash",
                        "UPDATE ledger_entry SET idx = -1 WHERE idx = 17",
                        "UPDATE ledger_entry SET idx = 17 WHERE idx = 18",
                        "UPDATE ledger_entry SET idx = 18 WHERE idx = -1"),
                sql(
                        "the payloads of two entries are swapped",
                        ENTRY + "its payload was changed or belongs to another entry",
                        "UPDATE ledger_payload SET idx = -1 WHERE idx = 17",
                        "UPDATE ledger_payload SET idx = 17 WHERE idx = 18",
                        "UPDATE ledger_payload SET idx = 18 WHERE idx = -1"),
                new Case(
                        "the end is cut off, and its checkpoints with it",
                        "node-1.checkpoint covers 300: the entries from 280 on were cut off",
                        (connection, settings) -> cut(connection, 280)),
                sql(
                        "the end is cut off, a checkpoint stays",
                        "entry 299: is missing",
                        "DELETE FROM ledger_entry WHERE idx = 299"),
                new Case(
                        "an old backup is restored",
                        "covers 300: the entries from 100 on were cut off, or an old backup",
                        (connection, settings) -> cut(connection, 100)),
                new Case(
                        "a signature is changed",
                        "checkpoint 20: the signature of key ",
                        (connection, settings) -> changeNote(connection, TamperMatrixTest::flip)),
                new Case(
                        "a checkpoint is signed by someone else",
                        "checkpoint 20 is signed by no known key",
                        (connection, settings) ->
                                changeNote(
                                        connection,
                                        note ->
                                                SignedNote.sign(
                                                        note.substring(0, note.indexOf("\n\n") + 1),
                                                        List.of(
                                                                SigningKey.create(
                                                                        settings.logOrigin()))))),
                sql(
                        "a checkpoint is damaged",
                        "checkpoint 20 is damaged",
                        "UPDATE ledger_checkpoint SET note = 'nothing' WHERE size = 20"),
                sql(
                        "a lookup row is changed, so that a consent seems to hold longer",
                        ENTRY + "its lookup row does not match its payload",
                        "UPDATE ledger_lookup SET until_ms = until_ms + 1000 WHERE idx = 17"),
                sql(
                        "a lookup row is given to another caller",
                        ENTRY + "its lookup row does not match its payload",
                        "UPDATE ledger_lookup SET subject = 'p0' WHERE idx = 17"),
                sql(
                        "a tree hash is changed",
                        "tree hash 0 of level 8 is wrong",
                        "UPDATE ledger_tile SET hash = (SELECT leaf FROM ledger_entry WHERE idx ="
                                + " 17)"),
                sql(
                        "the head is changed",
                        "the head of the log does not name its last entry",
                        "UPDATE ledger_log SET last_leaf = (SELECT leaf FROM ledger_entry WHERE"
                                + " idx = 17)"),
                sql(
                        "a whole log is dropped",
                        "the store has no such log, but ",
                        "DELETE FROM ledger_log"),
                new Case(
                        "an insider with every key but without the exports sets a clock back",
                        ENTRY
                                + "time goes back, from 2026-11-24T09:00:17.000Z to"
                                + " 2026-11-24T08:00:18.000Z",
                        TamperMatrixTest::rewriteHistory),
                new Case(
                        "an insider with every key rewrites history and forgets the exports",
                        "node-1.checkpoint has another root: one of the first 300 entries was"
                                + " changed after it was signed",
                        TamperMatrixTest::rewriteHistory));
    }

    static Stream<Arguments> cases() {
        return matrix().stream()
                .flatMap(c -> Arrays.stream(TestStore.values()).map(s -> Arguments.of(c, s)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isFound(Case tampered, TestStore store) throws Exception {
        LedgerSettings settings = Objects.requireNonNull(logs.get(store));
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            connection.setAutoCommit(false);
            assertThat(Records.words(verify(connection, settings))).isEmpty();

            tampered.tampering.run(connection, settings);
            Verification verification = verify(connection, settings);

            assertThat(verification.passed()).isFalse();
            assertThat(Records.words(verification)).anyMatch(w -> w.contains(tampered.expected));
            connection.rollback();
        }
    }

    private static Verification verify(Connection connection, LedgerSettings settings)
            throws Exception {
        KeyFiles keys = KeyFiles.open(settings.keys(), settings.node(), settings.logOrigin());
        Map<String, String> exported = new LinkedHashMap<>();
        for (Path file : Exports.all(settings.checkpoints().exports())) {
            exported.put(file.toString(), Files.readString(file));
        }
        Sealer sealer = new Sealer(keys.payload());
        var trust = new LogVerifier.Trust(keys.verifiers(), TrustPolicy.NONE, true);
        return new LogVerifier(connection, trust, sealer, exported, done -> {}).verify();
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aSaltUsedTwiceIsFound(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory.resolve("salt-" + store));
        byte[] salt = new byte[Sealer.SALT_BYTES];
        salt[0] = 42;
        try (Ledger ledger =
                Ledger.open(
                        settings, Vendor.of(settings).open(settings, false), CLOCK, () -> salt)) {
            Records.append(ledger, Records.given("call-1", "p"));
            Records.append(ledger, Records.given("call-2", "p"));
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), done -> {})))
                .singleElement()
                .asString()
                .contains("entry 1: its salt was used before");
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aBackupThatWasRestoredAndGrewAgainIsFoundByItsExportsAndNotWrittenTo(TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory.resolve("backup-" + store));
        ticking(settings, 30);
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            connection.setAutoCommit(false);
            cut(connection, 10);
            connection.commit();
        }
        assertThatThrownBy(() -> Ledger.open(settings, CLOCK))
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("holds 10 entries, but the exported checkpoint")
                .hasMessageContaining("an old backup was restored");

        Path elsewhere = directory.resolve("elsewhere-" + store);
        assertThatThrownBy(() -> Ledger.open(settings.withExports(elsewhere), CLOCK))
                .as("without its exports it is found by the one beside the keys")
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("newest-node-1.checkpoint covers 30");

        Files.delete(settings.keys().resolve("newest-node-1.checkpoint"));
        try (Ledger ledger = Ledger.open(settings.withExports(elsewhere), CLOCK)) {
            LedgerTest.fill(ledger, 40);
        }
        Verification verification = LedgerArchive.open(settings).verify(List.of(), done -> {});
        assertThat(Records.words(verification))
                .anyMatch(w ->
                        w.contains("node-1.checkpoint has another root")
                                && w.contains("first 30 entries"));
    }

    private static Case sql(String name, String expected, String... statements) {
        return new Case(
                name,
                expected,
                (connection, settings) -> {
                    for (String statement : statements) {
                        assertThat(Rows.change(connection, statement)).isPositive();
                    }
                });
    }

    private static void flipPayloadByte(Connection connection, LedgerSettings settings)
            throws SQLException {
        byte[] sealed = sealed(connection);
        sealed[sealed.length / 2] ^= 1;
        Rows.change(connection, "UPDATE ledger_payload SET sealed = ? WHERE idx = 17", sealed);
    }

    private static void eraseUnsaid(Connection connection, LedgerSettings settings)
            throws Exception {
        Sealer sealer =
                new Sealer(
                        KeyFiles.open(settings.keys(), settings.node(), settings.logOrigin())
                                .payload());
        byte[] word = "erased".getBytes(StandardCharsets.UTF_8);
        Sealer.Sealed mark =
                sealer.sealMark(
                        settings.logOrigin(),
                        AT,
                        new Sealer.Opened(new byte[Sealer.SALT_BYTES], word));
        Rows.change(
                connection,
                "INSERT INTO ledger_erased (log, idx, key_id, sealed) VALUES (1, ?, ?, ?)",
                AT,
                mark.keyId(),
                mark.bytes());
        Rows.change(connection, "DELETE FROM ledger_payload WHERE idx = ?", AT);
        Rows.change(connection, "DELETE FROM ledger_lookup WHERE idx = ?", AT);
    }

    private static byte[] sealed(Connection connection) throws SQLException {
        return Rows.first(
                        connection,
                        "SELECT sealed FROM ledger_payload WHERE idx = ?",
                        row -> row.getBytes(1),
                        AT)
                .orElseThrow();
    }

    private static void replacePayload(Connection connection, LedgerSettings settings)
            throws Exception {
        Sealer sealer =
                new Sealer(
                        KeyFiles.open(settings.keys(), settings.node(), settings.logOrigin())
                                .payload());
        Sealer.Opened opened =
                sealer.open(
                                settings.logOrigin(),
                                AT,
                                sealer.keys().current().id(),
                                sealed(connection))
                        .orElseThrow();
        String other =
                new String(opened.payload(), StandardCharsets.UTF_8).replace("komfort", "voll");
        Sealer.Sealed replaced =
                sealer.seal(
                        settings.logOrigin(),
                        AT,
                        new Sealer.Opened(opened.salt(), other.getBytes(StandardCharsets.UTF_8)));
        Rows.change(
                connection,
                "UPDATE ledger_payload SET sealed = ? WHERE idx = 17",
                replaced.bytes());
    }

    private static void insert(Connection connection, LedgerSettings settings) throws SQLException {
        for (long i = ENTRIES - 1; i > AT; i--) {
            Rows.change(connection, "UPDATE ledger_entry SET idx = ? WHERE idx = ?", i + 1, i);
        }
        // The inserted one fits its place; the one it displaces no longer does.
        StoredEntry before = StoredEntry.at(connection, 1, AT).orElseThrow();
        Header inserted =
                new Header(
                        settings.logOrigin(),
                        AT + 1,
                        UUID.fromString("0199f3a2-7c31-7b52-9d40-1f2e3d4c5b6a"),
                        EntryType.GIVEN,
                        Instant.ofEpochMilli(before.timeMillis()),
                        before.commitment(),
                        before.leaf());
        Rows.change(
                connection,
                "INSERT INTO ledger_entry SELECT log, 18, ?, time_ms, type, commitment, ?"
                        + " FROM ledger_entry WHERE idx = 17",
                inserted.entryId().toString(),
                inserted.leaf());
        Rows.change(connection, "UPDATE ledger_log SET size = size + 1");
    }

    /** As if nothing had ever been written from there on. */
    private static void cut(Connection connection, long size) throws SQLException {
        for (String table : List.of("ledger_entry", "ledger_payload", "ledger_lookup")) {
            Rows.change(connection, "DELETE FROM " + table + " WHERE idx >= ?", size);
        }
        Rows.change(connection, "DELETE FROM ledger_checkpoint WHERE size > ?", size);
        Rows.change(connection, "DELETE FROM ledger_tile WHERE (idx + 1) * 256 > ?", size);
        StoredEntry last = StoredEntry.at(connection, 1, size - 1).orElseThrow();
        Rows.change(
                connection,
                "UPDATE ledger_log SET size = ?, last_leaf = ?, last_ms = ?",
                size,
                last.leaf(),
                last.timeMillis());
    }

    private static void changeNote(
            Connection connection, java.util.function.UnaryOperator<String> change)
            throws SQLException {
        String note =
                Rows.first(
                                connection,
                                "SELECT note FROM ledger_checkpoint WHERE size = 20",
                                row -> row.getString(1))
                        .orElseThrow();
        Rows.change(
                connection,
                "UPDATE ledger_checkpoint SET note = ? WHERE size = 20",
                change.apply(note));
    }

    /** Changes a character in the middle of the base64 of the signature. */
    private static String flip(String note) {
        int at = note.length() - 40;
        char other = note.charAt(at) == 'A' ? 'B' : 'A';
        return note.substring(0, at) + other + note.substring(at + 1);
    }

    /** Sets entry 17 an hour back and makes leaves, head, tiles and signatures fit again. */
    private static void rewriteHistory(Connection connection, LedgerSettings settings)
            throws Exception {
        SigningKey key =
                KeyFiles.open(settings.keys(), settings.node(), settings.logOrigin())
                        .currentSigning();
        Log log = Log.ofNode(connection, settings.node()).orElseThrow();
        Rows.change(
                connection, "UPDATE ledger_entry SET time_ms = time_ms - 3600000 WHERE idx = 17");
        Rows.change(
                connection, "UPDATE ledger_lookup SET time_ms = time_ms - 3600000 WHERE idx = 17");
        List<Long> signed =
                new ArrayList<>(
                        Rows.list(
                                connection,
                                "SELECT size FROM ledger_checkpoint",
                                row -> row.getLong(1)));
        Frontier frontier = new Frontier();
        byte[] prev = Header.noLeaf();
        for (StoredEntry entry : StoredEntry.range(connection, log, 0, ENTRIES)) {
            byte[] leaf = entry.header(log.origin(), prev).leaf();
            Rows.change(
                    connection,
                    "UPDATE ledger_entry SET leaf = ? WHERE idx = ?",
                    leaf,
                    entry.index());
            List<byte[]> tile = new ArrayList<>();
            frontier.append(leaf, (level, at, hash) -> tile.add(hash));
            for (byte[] hash : tile) {
                Rows.change(connection, "UPDATE ledger_tile SET hash = ?", hash);
            }
            if (signed.contains(frontier.size())) {
                Checkpoint checkpoint =
                        new Checkpoint(log.origin(), frontier.size(), frontier.root());
                Rows.change(
                        connection,
                        "UPDATE ledger_checkpoint SET note = ? WHERE size = ?",
                        SignedNote.sign(checkpoint.text(), List.of(key)),
                        frontier.size());
            }
            prev = leaf;
        }
        Rows.change(connection, "UPDATE ledger_log SET last_leaf = ?", prev);
    }
}
