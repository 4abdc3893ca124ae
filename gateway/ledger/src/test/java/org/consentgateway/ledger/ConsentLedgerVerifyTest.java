package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The auditor's program, with nothing in hand but public keys and what the operator gave. */
class ConsentLedgerVerifyTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    @TempDir private Path directory;

    private Path database = Path.of("");
    private Path key = Path.of("");
    private Path export = Path.of("");

    record Outcome(int code, String out, String err) {}

    /** A log of 25 entries under three checkpoints; all that leaves the gateway is copied. */
    @BeforeEach
    void anAuditorIsGivenCopies() throws Exception {
        LedgerSettings settings = settings();
        export = Files.createDirectories(directory.resolve("auditor/export"));
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            CommittedEntry given = Records.append(ledger, Records.given("call-x", "anna"));
            LedgerTest.fill(ledger, 9);
            exported(ledger, settings, 1);
            LedgerTest.fill(ledger, 10);
            exported(ledger, settings, 2);
            LedgerTest.fill(ledger, 5);
            Receipt receipt = Records.receipt(ledger, settings, given.entryId());
            for (Map.Entry<String, ObjectNode> form :
                    Map.of("json", receipt.json(), "dpv", receipt.dpv(), "vcon", receipt.vcon())
                            .entrySet()) {
                Files.writeString(
                        export.resolve(form.getKey() + ".json"), form.getValue().toString());
            }
        }
        database = directory.resolve("auditor/ledger.db");
        sql(settings.url(), "VACUUM INTO '" + database + "'");
        key = directory.resolve("auditor/trusted.keys");
        Files.copy(settings.keys().resolve("verifier.keys"), key);
        for (Path file : Exports.all(settings.checkpoints().exports())) {
            Files.copy(file, export.resolve(file.getFileName()));
        }
    }

    /** Two that come shortly one after the other may leave as one: the newer. */
    private static void exported(Ledger ledger, LedgerSettings settings, int checkpoints)
            throws LedgerUnavailable {
        ledger.checkpoint();
        await().until(
                        () ->
                                Exports.all(
                                                settings.checkpoints()
                                                        .exports()
                                                        .resolve(settings.node()))
                                        .size(),
                        size -> size == checkpoints);
    }

    private LedgerSettings settings() {
        return TestSettings.withCheckpoints(
                TestSettings.inDirectory(directory.resolve("gateway")), 1000, Duration.ofDays(1));
    }

    private static void sql(String url, String... statements) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static Outcome run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> words = Stream.of(arguments).map(Object::toString).toList();
        int code = ConsentLedgerVerify.run(words, new PrintWriter(out), new PrintWriter(err));
        return new Outcome(code, out.toString(), err.toString());
    }

    private Outcome check(Object what) {
        return run("--key", key, what);
    }

    /** Changes the third character behind these. */
    private static void change(Path file, String behind) throws Exception {
        StringBuilder text = new StringBuilder(Files.readString(file));
        int at = text.indexOf(behind) + behind.length() + 2;
        text.setCharAt(at, text.charAt(at) == 'a' ? 'b' : 'a');
        Files.writeString(file, text.toString());
    }

    @Test
    void aDatabaseIsVerifiedAndWhatCannotBeSeenIsSaid() {
        Outcome alone = check(database);
        assertThat(alone.code()).as(alone.out() + alone.err()).isZero();
        assertThat(alone.out())
                .containsPattern("trusted: key [0-9a-f]{8} of consent-gateway.local/log/node-1")
                .contains("25 entries, 0 payloads opened, 0 erased, 3 checkpoints, 0 not yet")
                .contains("note: no exported checkpoint was here to compare with")
                .contains("note: payloads were not opened")
                .contains("verified: nothing was changed, inserted or reordered");

        Outcome compared = run("--key", key, "--checkpoint", export, database);
        assertThat(compared.code()).as(compared.out() + compared.err()).isZero();
        assertThat(compared.out()).contains("7 checkpoints").doesNotContain("no exported");
    }

    @Test
    void oneOctetOfOneEntryIsFoundInADatabase() throws Exception {
        sql(
                "jdbc:sqlite:" + database,
                "UPDATE ledger_entry SET commitment = CAST(substr(commitment, 1, 30) || x'00' ||"
                        + " substr(commitment, 32) AS BLOB) WHERE idx = 17");
        Outcome changed = check(database);
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.out())
                .contains("WRONG: consent-gateway.local/log/node-1 entry 17: does not match")
                .contains("NOT VERIFIED: 1 findings");
    }

    @Test
    void whatWasCutOffIsFoundWithTheCheckpointsThatWereKept() throws Exception {
        sql(
                "jdbc:sqlite:" + database,
                "DELETE FROM ledger_checkpoint WHERE size > 20",
                "DELETE FROM ledger_tile",
                "DELETE FROM ledger_payload WHERE idx >= 20",
                "DELETE FROM ledger_lookup WHERE idx >= 20",
                "DELETE FROM ledger_entry WHERE idx >= 20",
                "UPDATE ledger_log SET size = 20, last_leaf ="
                        + " (SELECT leaf FROM ledger_entry WHERE idx = 19)");
        Outcome cut = run("--key", key, "--checkpoint", export, database);
        assertThat(cut.code()).isEqualTo(1);
        assertThat(cut.out()).contains("the entries from 20 on were cut off");
    }

    @Test
    void aKeyThatDidNotSignVerifiesNothing() throws Exception {
        LedgerSettings other = TestStore.SQLITE.settings(directory.resolve("other"));
        try (Ledger ledger = Ledger.open(other, CLOCK)) {
            LedgerTest.fill(ledger, 1);
        }
        key = other.keys().resolve("verifier.keys");
        for (Path what : List.of(database, export, export.resolve("json.json"))) {
            Outcome outcome = check(what);
            assertThat(outcome.code()).as(what + outcome.out()).isEqualTo(1);
            assertThat(outcome.out()).contains("NOT VERIFIED");
        }
    }

    @Test
    void anExportIsVerifiedWithoutItsDatabase() throws Exception {
        Files.writeString(export.resolve("letter.json"), "{\"something\": \"else\"}");
        Outcome whole = check(export);
        assertThat(whole.code()).as(whole.out() + whole.err()).isZero();
        assertThat(whole.out())
                .contains("node-1: 4 checkpoints, the newest over 25 entries, 3 receipts")
                .contains("not covered: the entries themselves");
        JsonNode json = Records.JSON.readTree(run("--json", "--key", key, export).out());
        assertThat(json.path("verified").asBoolean()).isTrue();
        assertThat(json.at("/logs/0/newest").asLong()).isEqualTo(25);
    }

    @Test
    void oneOctetIsFoundInAnExport() throws Exception {
        change(export.resolve("node-1.checkpoint"), "\n25\n");
        Outcome checkpoint = check(export);
        assertThat(checkpoint.code()).isEqualTo(1);
        assertThat(checkpoint.out())
                .containsPattern("WRONG: .*node-1.checkpoint: the signature of key .* is wrong");
    }

    @Test
    void oneOctetOfAReceiptIsFoundInAnExport() throws Exception {
        change(export.resolve("vcon.json"), "\"level\":\"");
        Outcome receipt = check(export);
        assertThat(receipt.code()).isEqualTo(1);
        assertThat(receipt.out()).containsPattern("WRONG: .*vcon.json: wrapping: .* does not hold");
    }

    @Test
    void aLogThatIsToldDifferentlyToDifferentPeopleIsFound() throws Exception {
        LedgerSettings settings = settings();
        SigningKey signing = KeyFiles.signingKey(settings.keys(), "node-1").orElseThrow();
        Checkpoint other = new Checkpoint(settings.logOrigin(), 20, new byte[Digests.BYTES]);
        Files.writeString(
                export.resolve("other.checkpoint"),
                SignedNote.sign(other.text(), List.of(signing)));
        Outcome outcome = check(export);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).contains("name different roots for the first 20 entries");
    }

    @Test
    void aReceiptIsVerifiedInAllItsForms() {
        for (String form : List.of("json", "dpv", "vcon")) {
            Outcome outcome = check(export.resolve(form + ".json"));
            assertThat(outcome.code()).as(form + outcome.out() + outcome.err()).isZero();
            assertThat(outcome.out()).contains("ok     signature", "the receipt holds");
        }
    }

    @Test
    void oneOctetOfAReceiptIsFound() throws Exception {
        Path receipt = export.resolve("json.json");
        change(receipt, "\"level\":\"");
        Outcome changed = check(receipt);
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.out()).contains("WRONG  payload", "NOT VERIFIED");
    }

    @Test
    void whatIsNoRightUsageOrCannotBeReadIsExitCodeTwo() throws Exception {
        assertThat(run("--help").out()).contains("--key FILE", "Exit code 0");
        assertThat(run().err()).contains("one thing to check and a --key or a --policy are needed");
        assertThat(run("--key").err()).contains("--key needs a value");
        assertThat(run("--loud", "--key", key, database).err()).contains("unknown option --loud");
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Path garbage = Files.write(directory.resolve("garbage"), new byte[] {1, 2, 3});
        Path broken = directory.resolve("broken.db");
        Files.write(broken, "SQLite format 3\0 and nothing more".getBytes(StandardCharsets.UTF_8));
        for (Object what :
                List.of(directory.resolve("no"), empty, garbage, broken, "jdbc:oracle:thin:x")) {
            Outcome outcome = check(what);
            assertThat(outcome.code()).as(what + outcome.out()).isEqualTo(2);
            assertThat(outcome.err()).as(what.toString()).hasLineCount(1);
        }
    }
}
