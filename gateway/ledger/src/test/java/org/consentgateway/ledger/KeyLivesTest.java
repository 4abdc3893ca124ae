package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.rotation.KeyRotation;
import org.consentgateway.ledger.statement.KeyLog;
import org.consentgateway.ledger.statement.OpenStatement;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.KeyStatement;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From when until when a key is believed, and what happens where it is not here. */
class KeyLivesTest {
    @TempDir private Path directory;

    private Instant now = Records.START;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aForgeryUnderAKeyThatWasReplacedIsRefusedAndWhatItSignedInItsTimeHolds(TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory);
        SigningKey stolen;
        ObjectNode before;
        try (Ledger ledger = open(settings)) {
            UUID first = Records.append(ledger, Records.given("call-1", "anna")).entryId();
            before = Records.receipt(ledger, settings, first).json();
            stolen = signingKey(settings);
            now = now.plus(Duration.ofDays(1));
            KeyRotation.rotate(settings, now);
            assertThat(check(forged(stolen, now.plus(Duration.ofDays(200))), settings))
                    .as("at once, before any gateway has taken the new key up")
                    .contains("by key " + stolen.verifier().hash() + " alone, which was replaced");
            now = now.plusSeconds(30);
            UUID second = Records.append(ledger, Records.given("call-2", "berta")).entryId();
            ObjectNode after = Records.receipt(ledger, settings, second).json();
            assertThat(check(after, settings)).isEmpty();

            List<Entry> said = ledger.reader().ofType(EntryType.SIGNING_KEY_ROTATED, 10);
            assertThat(said).hasSize(1);
            String statement = String.valueOf(said.getFirst().payload());
            assertThat(signers(said.getFirst()))
                    .as(statement)
                    .containsExactly(
                            signingKey(settings).verifier().hash(), stolen.verifier().hash());
        }
        assertThat(check(before, settings)).isEmpty();
        assertThat(check(forged(stolen, now.plusSeconds(1)), settings))
                .contains("which was replaced");
        assertThat(signingLines(settings)).as("the old private key is destroyed").hasSize(1);
        assertThat(verify(settings).findings()).isEmpty();
        assertThat(verify(settings).isComplete()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void nothingIsBelievedOfARevokedKeyAndTheLogIsNot(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        SigningKey stolen;
        ObjectNode before;
        UUID first;
        Path auditor = directory.resolve("auditor.keys");
        try (Ledger ledger = open(settings)) {
            first = Records.append(ledger, Records.given("call-1", "anna")).entryId();
            before = Records.receipt(ledger, settings, first).json();
            stolen = signingKey(settings);
            Files.copy(settings.keys().resolve("verifier.keys"), auditor);
            now = now.plus(Duration.ofDays(1));

            String keys = KeyRotation.revoke(settings, stolen.verifier().hash(), now);

            assertThat(keys.lines()).hasSize(2);
            assertThat(keys).contains(stolen.verifier().text()).contains(" revoked=" + now);
            assertThat(check(before, settings)).contains("which was revoked");
            assertThat(check(forged(stolen, Records.START), settings))
                    .as("also with a time in which it was good")
                    .contains("which was revoked");
            Records.append(ledger, Records.given("call-2", "berta"));
            ledger.checkpoint();
            assertThat(ledger.reader().ofType(EntryType.SIGNING_KEY_ROTATED, 10)).hasSize(1);
            List<Entry> said = ledger.reader().ofType(EntryType.SIGNING_KEY_REVOKED, 10);
            assertThat(said).hasSize(1);
            assertThat(signers(said.getFirst()))
                    .containsExactly(
                            signingKey(settings).verifier().hash(), stolen.verifier().hash());
            assertThat(check(LedgerArchive.open(settings).receipt(first).json(), settings))
                    .as("printed anew")
                    .isEmpty();
        }
        assertThat(Records.words(verify(settings))).isEmpty();
        Verification followed =
                LedgerArchive.ofAuditor(
                                settings.url(), KeyFiles.verifiers(auditor), TrustPolicy.NONE, null)
                        .verify(List.of(), _ -> {});
        assertThat(Records.words(followed)).as("from the first key to the last").isEmpty();
        assertThat(followed.isComplete()).isTrue();
        assertThatThrownBy(() -> KeyRotation.revoke(settings, "00000000", now))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no one key 00000000");
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatALogSaysOfItsKeysCannotBeChangedOrTakenAway(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            Records.append(ledger, Records.given("call-1", "anna"));
            ledger.checkpoint();
            KeyRotation.rotate(settings, now);
            Records.append(ledger, Records.given("call-2", "berta"));
            ledger.checkpoint();
        }
        assertThat(Records.words(verify(settings))).isEmpty();
        change(
                settings,
                "UPDATE ledger_key SET payload = REPLACE(payload, 'size ', 'size 1') WHERE idx >"
                        + " 0");
        assertThat(Records.words(verify(settings)))
                .anyMatch(finding ->
                        finding.contains("what it said of keys is not what stands here"));
        change(settings, "DELETE FROM ledger_key WHERE idx > 0");
        assertThat(Records.words(verify(settings)))
                .anyMatch(finding -> finding.contains("has said 1 times what becomes of its keys"));
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void keysAreNeverMadeWhereTheStoreHasEntries(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            Records.append(ledger, Records.given("call-1", "anna"));
        }
        for (String file : List.of("payload.keys", "pseudonym.keys", "signing-node-1.keys")) {
            Path path = settings.keys().resolve(file);
            Path backup = directory.resolve("backup");
            Files.move(path, backup);
            assertThatThrownBy(() -> open(settings).close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file)
                    .hasMessageContaining("restore it from its backup");
            assertThatThrownBy(() -> KeyRotation.rotate(settings, now))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file);
            assertThat(path).doesNotExist();
            Files.move(backup, path);
        }
        Files.delete(settings.keys().resolve("verifier.keys"));
        open(settings).close();
        assertThat(Records.words(verify(settings)))
                .as("public keys are made of private ones")
                .isEmpty();
        assertThat(verify(settings).isComplete()).isTrue();
    }

    @Test
    void theDatabaseOfAnotherInstallationIsNotWrittenOn() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        try (Ledger ledger = open(settings)) {
            Records.append(ledger, Records.given("call-1", "anna"));
        }
        LedgerSettings other = settings.withKeys(directory.resolve("other"));
        LedgerSettings elsewhere =
                other.withUrl("jdbc:sqlite:" + directory.resolve("other.db"))
                        .withExports(directory.resolve("elsewhere"));
        open(elsewhere).close();

        assertThatThrownBy(() -> open(other.withExports(directory.resolve("elsewhere"))).close())
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("another installation's database");
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aClusterIsVerifiedFromOneNodeAndAKeyThatIsNotHereIsNoTampering(TestStore store)
            throws Exception {
        LedgerSettings first = store.settings(directory);
        LedgerSettings second = first.withNode("node-2").withKeys(directory.resolve("keys-2"));
        Path auditor = directory.resolve("auditor.keys");
        try (Ledger one = open(first)) {
            Records.append(one, Records.given("call-1", "anna"));
            Files.copy(first.keys().resolve("verifier.keys"), auditor);
            Files.createDirectories(second.keys());
            for (String file : List.of("payload.keys", "pseudonym.keys")) {
                Files.copy(first.keys().resolve(file), second.keys().resolve(file));
            }
            try (Ledger two = open(second)) {
                Records.append(two, Records.given("call-2", "berta"));
                two.checkpoint();
            }
            Records.append(one, Records.given("call-3", "cara"));
        }
        assertThat(Records.words(verify(first))).isEmpty();
        assertThat(verify(first).isComplete()).as(verify(first).lines().toString()).isTrue();

        KeyRotation.rotate(second, now);
        try (Ledger two = open(second)) {
            Records.append(two, Records.given("call-4", "dora"));
        }
        Verification behind = verify(first);
        assertThat(Records.words(behind)).as("its payload key is not here").isEmpty();
        assertThat(behind.lines().toString())
                .contains("CANNOT CHECK: payloads that are sealed")
                .contains("CANNOT CHECK: counts of what ends a consent");
        assertThatThrownBy(() -> open(first).close())
                .as("who cannot read withdrawals goes on with none")
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("copy payload.keys");
        for (String file : List.of("payload.keys", "pseudonym.keys")) {
            Files.copy(
                    second.keys().resolve(file),
                    first.keys().resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        try (Ledger one = open(first)) {
            Records.append(one, Records.given("call-5", "emma"));
        }
        assertThat(Records.words(verify(first))).isEmpty();
        assertThat(verify(first).isComplete()).as(verify(first).lines().toString()).isTrue();
        Verification alone =
                LedgerArchive.ofAuditor(
                                first.url(), KeyFiles.verifiers(auditor), TrustPolicy.NONE, null)
                        .verify(List.of(), _ -> {});
        assertThat(alone.passed()).isTrue();
        assertThat(alone.isComplete()).isFalse();
        assertThat(alone.lines().toString()).contains("CANNOT CHECK: whose log").contains("node-2");
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whoHasTheDatabaseAndAReplacedKeyHasNoKeyBelieved(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        SigningKey evil = SigningKey.create(settings.logOrigin());
        SigningKey alien = SigningKey.create(settings.origin() + "/node-9");
        try (Ledger ledger = open(settings)) {
            Records.append(ledger, Records.given("call-1", "anna"));
            ledger.checkpoint();
            SigningKey stolen = signingKey(settings);
            now = now.plus(Duration.ofDays(1));
            KeyRotation.rotate(settings, now);
            Records.append(ledger, Records.given("call-2", "berta"));
            ledger.checkpoint();
            List<VerifierKey> before = verifiers(settings);
            VerifierKey current = signingKey(settings).verifier();

            KeyStatement first =
                    new KeyStatement(alien.verifier().name(), 0, now, alien.verifier(), null, null);
            tellKey(settings, 9, -1, first.signed(List.of(alien)));
            change(
                    settings,
                    "INSERT INTO ledger_log (id, node, origin, size, last_leaf, last_ms)"
                            + " SELECT 9, 'node-9', '"
                            + alien.verifier().name()
                            + "', 0, last_leaf, 0 FROM ledger_log WHERE id = 1");
            KeyStatement revocation =
                    new KeyStatement(
                            settings.logOrigin(),
                            1,
                            Records.START,
                            stolen.verifier(),
                            null,
                            current);
            tellKey(settings, 1, 0, revocation.signed(List.of(stolen)));
            KeyStatement successor =
                    new KeyStatement(
                            settings.logOrigin(),
                            501,
                            now,
                            evil.verifier(),
                            stolen.verifier(),
                            null);
            String bySuccessor = successor.signed(List.of(evil, stolen));
            tellKey(settings, 1, 500, bySuccessor);
            Records.append(ledger, Records.given("call-3", "cara"));
            ledger.checkpoint();

            assertThat(verifiers(settings))
                    .extracting(VerifierKey::line)
                    .isEqualTo(before.stream().map(VerifierKey::line).toList());
            assertThat(ledger.reader().ofType(EntryType.SIGNING_KEY_ROTATED, 10)).hasSize(1);
            KeyLog told =
                    new KeyLog(
                            settings.logOrigin(),
                            List.of(new OpenStatement(500, new byte[32], payload(bySuccessor))));
            assertThat(told.from(before).keys())
                    .as("also if it were an entry of the log: it was replaced before")
                    .noneMatch(evil.verifier()::isSame);
        }
        assertThat(Records.words(verify(settings)))
                .anyMatch(finding ->
                        finding.contains("what it said of keys is not what stands here"));
    }

    private static List<VerifierKey> verifiers(LedgerSettings settings) throws IOException {
        return KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));
    }

    private static String payload(String statement) {
        return Records.JSON.createObjectNode().put("statement", statement).toString();
    }

    private static void tellKey(LedgerSettings settings, int log, long index, String statement)
            throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection();
                PreparedStatement insert =
                        connection.prepareStatement(
                                "INSERT INTO ledger_key (log, idx, salt, payload) VALUES (?, ?, ?,"
                                        + " ?)")) {
            insert.setInt(1, log);
            insert.setLong(2, index);
            insert.setBytes(3, new byte[32]);
            insert.setString(4, payload(statement));
            insert.executeUpdate();
        }
    }

    private Ledger open(LedgerSettings settings) throws IOException {
        return Ledger.open(settings, () -> now);
    }

    private static Verification verify(LedgerSettings settings) throws IOException {
        return LedgerArchive.open(settings).verify(List.of(), _ -> {});
    }

    private static void change(LedgerSettings settings, String sql) throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }

    private static List<String> signingLines(LedgerSettings settings) throws IOException {
        return Files.readAllLines(settings.keys().resolve("signing-node-1.keys"));
    }

    private static SigningKey signingKey(LedgerSettings settings) throws IOException {
        return SigningKey.parse(signingLines(settings).getLast()).orElseThrow();
    }

    private static List<String> signers(Entry said) {
        ObjectNode payload = Objects.requireNonNull(said.payload());
        return SignedNote.parse(payload.path("statement").asText())
                .orElseThrow()
                .signatures()
                .stream()
                .map(SignedNote.SignatureLine::hash)
                .toList();
    }

    /** Why it does not hold; empty where it does. */
    private static String check(ObjectNode receipt, LedgerSettings settings) throws IOException {
        ReceiptCheck check = ReceiptCheck.of(receipt, verifiers(settings));
        return check.passed() ? "" : check.steps().getLast().detail();
    }

    /** What a thief of a key can make: a log of one entry. */
    private static ObjectNode forged(SigningKey key, Instant time) throws IOException {
        ObjectNode payload =
                Records.JSON
                        .createObjectNode()
                        .put("event_state", "Given")
                        .put("purpose", "marketing");
        byte[] salt = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        byte[] commitment = Digests.of(salt, CanonicalJson.bytes(payload));
        Header header =
                new Header(
                        key.verifier().name(),
                        0,
                        EntryIds.next(time),
                        EntryType.GIVEN,
                        time,
                        commitment,
                        Header.noLeaf());
        ObjectNode receipt = Records.JSON.createObjectNode().put("receipt", "consent-receipt/1");
        receipt.set("entry", Records.JSON.readTree(header.text()));
        receipt.put("salt", HexFormat.of().formatHex(salt));
        receipt.set("payload", payload);
        receipt.putObject("proof").put("index", 0).put("size", 1).putArray("hashes");
        receipt.put(
                "checkpoint",
                SignedNote.sign(
                        new Checkpoint(key.verifier().name(), 1, header.leaf()).text(),
                        List.of(key)));
        return receipt;
    }
}
