package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.consentgateway.ledger.columns.ColumnTypes;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.rotation.KeyRotation;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Log;
import org.consentgateway.ledger.store.StoredCheckpoints;
import org.consentgateway.ledger.tiles.TlogProof;
import org.consentgateway.ledger.tree.CosigningKey;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two verifiers, in two languages and by FORMAT.md alike, give the same verdict on what is right
 * and on what was changed: each receipt and each file; {@link TamperFindersTest} has the databases.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PythonVerifierTest {
    private static final int RIGHT = 0;
    private static final int WRONG = 1;
    private static final int NOT_CHECKED = 2;

    @TempDir private static Path directory;

    private PythonVerifier python;
    private LedgerSettings settings = TestSettings.inDirectory(Path.of("unset"));
    private Path key = Path.of("");
    private Instant now = Records.START;

    /** Names of receipts to what they are of: a consent with all that became of it, and others. */
    private final Map<String, Receipt> receipts = new TreeMap<>();

    private final InstantSource clock = () -> now;

    @BeforeAll
    void aLogWithAllKindsOfEntries() throws Exception {
        python = new PythonVerifier();
        settings = TestStore.SQLITE.settings(directory.resolve("gateway"));
        key = settings.keys().resolve("verifier.keys");
        try (Ledger ledger = Ledger.open(settings, clock)) {
            ledger.keep(List.of(SpokenConsent.NOTICE), now);
            LedgerTest.fill(ledger, 5);
            NewEntry served = SpokenConsent.served("opening", "2026-11-24T08:59:40Z", false);
            NewEntry given = SpokenConsent.given(true);
            NewEntry again = SpokenConsent.again(given.id());
            NewEntry opened = SpokenConsent.about(EntryType.ASSISTANT_OPENED, given.id());
            opened.payload().put("assistant", "Größe €\u2028 \ud83d\ude00 \"\\\n\u0001");
            opened.payload().put("odd", 1e-7).put("large", 1e21).put("half", -0.5);
            NewEntry withdrawn = SpokenConsent.about(EntryType.WITHDRAWN, given.id());
            withdrawn.payload().putObject("withdrawal").put("at", "2026-11-24T09:05:00Z");
            for (NewEntry one : List.of(served, given, again, opened, withdrawn)) {
                Records.append(ledger, one);
            }
            LedgerTest.fill(ledger, 5);
            ledger.checkpoint();
            LedgerArchive archive = LedgerArchive.open(settings);
            receipts.put("given", archive.receipt(given.id()));
            receipts.put("served", archive.receipt(served.id()));
            receipts.put("withdrawn", archive.receipt(withdrawn.id()));
            receipts.put("again", archive.receipt(again.id()));
        }
    }

    @AfterAll
    void end() {
        python.close();
    }

    private Receipt given() {
        return Objects.requireNonNull(receipts.get("given"));
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve("files").resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private int both(Object... arguments) throws IOException {
        ConsentLedgerVerifyTest.Outcome java = ConsentLedgerVerifyTest.run(arguments);
        PythonVerifier.Outcome other = python.run(arguments);
        assertThat(other.code())
                .as(Arrays.toString(arguments) + "\n" + java + "\n" + other)
                .isEqualTo(java.code());
        return java.code();
    }

    @Test
    void everyReceiptHolds() throws Exception {
        for (Map.Entry<String, Receipt> one : receipts.entrySet()) {
            Path file = write(one.getKey() + ".json", one.getValue().json().toString());
            assertThat(both("--key", key, file)).as(one.getKey()).isEqualTo(RIGHT);
            String pretty = one.getValue().json().toPrettyString();
            assertThat(both("--key", key, write("pretty.json", pretty))).isEqualTo(RIGHT);
        }
        PythonVerifier.Outcome given =
                python.run("--key", key, directory.resolve("files/given.json"));
        assertThat(given.said())
                .contains("Given at 2026-11-24T09:00:00.000Z", "to: assistant, transcript")
                .contains("since: Withdrawn at")
                .contains("has signed that this is all");
        assertThat(python.run("--key", key, directory.resolve("files/again.json")).said())
                .contains("it depends on the consent in the entry ")
                .doesNotContain("until: ", "that this is all");
    }

    /** Each value of a receipt changed, each member taken away, one added to each object. */
    @Test
    void whateverIsChangedInAReceiptIsJudgedAlike() throws Exception {
        int refused = 0;
        int all = 0;
        for (Receipt receipt : receipts.values()) {
            for (ObjectNode changed : mutants(receipt.json())) {
                all++;
                refused +=
                        both("--key", key, write("changed.json", changed.toString())) == RIGHT
                                ? 0
                                : 1;
            }
        }
        assertThat(all).isGreaterThan(300);
        assertThat(all - refused)
                .as("what may be left out: text, heard, since with as_of …, signed_by")
                .isLessThan(30);
    }

    static List<ObjectNode> mutants(ObjectNode receipt) {
        List<ObjectNode> mutants = new ArrayList<>();
        for (String at : places(receipt, "")) {
            String parent = at.substring(0, at.lastIndexOf('/'));
            String name = at.substring(at.lastIndexOf('/') + 1);
            ObjectNode removed = receipt.deepCopy();
            ObjectNode changed = receipt.deepCopy();
            JsonNode value = receipt.at(at);
            if (removed.at(parent) instanceof ObjectNode object) {
                String member = name.replace("~1", "/").replace("~0", "~");
                object.remove(member);
                ((ObjectNode) changed.at(parent)).set(member, other(value));
                mutants.add(removed);
                mutants.add(changed);
            } else if (removed.at(parent) instanceof ArrayNode array) {
                array.remove(Integer.parseInt(name));
                ((ArrayNode) changed.at(parent)).set(Integer.parseInt(name), other(value));
                mutants.add(removed);
                mutants.add(changed);
            }
            if (value.isObject()) {
                ObjectNode added = receipt.deepCopy();
                ((ObjectNode) added.at(at)).put("added", true);
                mutants.add(added);
            }
        }
        return mutants;
    }

    private static JsonNode other(JsonNode value) {
        if (value.isIntegralNumber()) {
            return Records.JSON.getNodeFactory().textNode(value.asText());
        }
        if (value.isTextual() && value.asText().length() > 10) {
            String text = value.asText();
            char last = text.charAt(text.length() - 3);
            return Records.JSON
                    .getNodeFactory()
                    .textNode(
                            text.substring(0, text.length() - 3)
                                    + (last == 'A' ? 'B' : 'A')
                                    + text.substring(text.length() - 2));
        }
        return value.isNull()
                ? Records.JSON.createObjectNode()
                : Records.JSON.getNodeFactory().nullNode();
    }

    /** Payloads are hashed as a whole: two of their members are enough. */
    private static List<String> places(JsonNode value, String at) {
        List<String> places = new ArrayList<>();
        if (value.isObject()) {
            int taken = 0;
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                if (at.endsWith("/payload") && taken++ == 2) {
                    break;
                }
                String name = member.getKey().replace("~", "~0").replace("/", "~1");
                places.add(at + "/" + name);
                places.addAll(places(member.getValue(), at + "/" + name));
            }
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                places.add(at + "/" + i);
                places.addAll(places(value.get(i), at + "/" + i));
            }
        }
        return places;
    }

    @Test
    void whatIsNoReceiptIsJudgedAlike() throws Exception {
        String json = given().json().toString();
        for (String text :
                List.of(
                        "{}",
                        "[]",
                        "null",
                        "17",
                        json + "{}",
                        json.replaceFirst("\\{", "{\"receipt\":\"consent-receipt/2\","),
                        json.replace("consent-receipt/2", "consent-receipt/1"),
                        json.replace("consent-receipt/2", "consent-receipt/3"),
                        json.replaceFirst("\"index\":6", "\"index\":6.0"),
                        json.replaceFirst("\"schema\":1", "\"schema\":1.0"),
                        json.replaceFirst("\"schema\":1", "\"schema\":1e0"),
                        json.replaceFirst("\"size\":15", "\"size\":1e400"),
                        json.replaceFirst("\"size\":15", "\"size\":NaN"),
                        json.replaceFirst("=\"", "\""),
                        "\ufeff" + json,
                        json.substring(0, 100))) {
            int code = both("--key", key, write("other.json", text));
            assertThat(code).as(text).isNotEqualTo(RIGHT);
        }
    }

    /**
     * Python sees the proof in a wrapping, and says that it has not looked at what is around it.
     */
    @Test
    void aWrappingIsNeverCalledRight() throws Exception {
        Receipt receipt = given();
        Map<String, String> forms =
                Map.of(
                        "dpv.json", receipt.dpv().toString(),
                        "vcon.json", receipt.vcon().toString(),
                        "de.html", receipt.page("de"),
                        "en.html", receipt.page("en"));
        for (Map.Entry<String, String> form : forms.entrySet()) {
            Path file = write(form.getKey(), form.getValue());
            assertThat(ConsentLedgerVerifyTest.run("--key", key, file).code()).isEqualTo(RIGHT);
            PythonVerifier.Outcome outcome = python.run("--key", key, file);
            assertThat(outcome.code()).isEqualTo(NOT_CHECKED);
            assertThat(outcome.said())
                    .contains("CANNOT CHECK: what stands around the receipt")
                    .contains("Given at 2026-11-24T09:00:00.000Z");
            Path forged = write(form.getKey(), form.getValue().replace("komfort", "voll"));
            assertThat(both("--key", key, forged)).isEqualTo(WRONG);
        }
    }

    @Test
    void proofsAsTextAreJudgedAlike() throws Exception {
        LedgerArchive archive = LedgerArchive.open(settings);
        Path kept = write("kept.checkpoint", archive.grown("node-1", 0, 10L).checkpoint());
        String grown = archive.grown("node-1", 10, null).text();
        String included = TlogProof.of(given()).text();
        for (String proof : List.of(grown, included)) {
            Path file = write("proof", proof);
            assertThat(both("--key", key, "--checkpoint", kept, file)).isEqualTo(RIGHT);
            for (int i = 0; i < proof.length(); i += 29) {
                String changed =
                        proof.substring(0, i)
                                + (proof.charAt(i) == 'A' ? 'B' : 'A')
                                + proof.substring(i + 1);
                both("--key", key, "--checkpoint", kept, write("changed", changed));
            }
        }
        assertThat(both("--key", key, write("grown", grown))).isEqualTo(WRONG);
    }

    @Test
    void aLogAsFilesIsJudgedAlike() throws Exception {
        LedgerSettings larger = TestStore.SQLITE.settings(directory.resolve("larger"));
        Path trusted = larger.keys().resolve("verifier.keys");
        Path tiles = directory.resolve("tiles");
        try (Ledger ledger = Ledger.open(larger, clock)) {
            LedgerTest.fill(ledger, 300);
            ledger.checkpoint();
            LedgerArchive.open(larger).publish(tiles);
        }
        Path log = tiles.resolve("node-1");
        Path kept = larger.checkpoints().exports();
        assertThat(both("--key", trusted, "--checkpoint", kept, log)).isEqualTo(RIGHT);
        assertThat(both("--key", key, log)).as("of another log").isEqualTo(WRONG);
        List<Path> files;
        try (Stream<Path> all = Files.walk(log)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            byte[] right = Files.readAllBytes(file);
            for (int at : List.of(3, right.length / 2, right.length - 5)) {
                byte[] changed = right.clone();
                changed[at] ^= 1;
                Files.write(file, changed);
                assertThat(both("--key", trusted, log)).as(file + " " + at).isNotEqualTo(RIGHT);
            }
            Files.write(file, right);
        }
    }

    @Test
    void keysThatWereReplacedOrRevokedAreJudgedAlike() throws Exception {
        LedgerSettings living = TestStore.SQLITE.settings(directory.resolve("living"));
        Path trusted = living.keys().resolve("verifier.keys");
        Path first = directory.resolve("first.keys");
        Map<String, ObjectNode> printed = new TreeMap<>();
        try (Ledger ledger = Ledger.open(living, clock)) {
            UUID one = Records.append(ledger, Records.given("call-1", "anna")).entryId();
            printed.put("before", Records.receipt(ledger, living, one).json());
            Files.copy(trusted, first);
            now = now.plus(Duration.ofDays(1));
            KeyRotation.rotate(living, now);
            now = now.plusSeconds(30);
            UUID two = Records.append(ledger, Records.given("call-2", "berta")).entryId();
            printed.put("after", Records.receipt(ledger, living, two).json());
        }
        Path database = directory.resolve("living/ledger.db");
        judged(printed, database, List.of(trusted, first));
        String hash = KeyFiles.verifiers(first).getFirst().hash();
        now = now.plus(Duration.ofDays(1));
        KeyRotation.revoke(living, hash, now);
        try (Ledger ledger = Ledger.open(living, clock)) {
            Records.append(ledger, Records.given("call-3", "cesar"));
            ledger.checkpoint();
        }
        judged(printed, database, List.of(trusted, first, key));
        assertThat(
                        both(
                                "--key",
                                trusted,
                                write(
                                        "before.json",
                                        Objects.requireNonNull(printed.get("before")).toString())))
                .isEqualTo(WRONG);
        try (Connection connection = DriverManager.getConnection(living.url())) {
            connection.createStatement().execute("DELETE FROM ledger_key WHERE idx > 0");
        }
        assertThat(both("--key", trusted, database)).isEqualTo(WRONG);
        now = Records.START;
    }

    private void judged(Map<String, ObjectNode> printed, Path database, List<Path> keys)
            throws Exception {
        for (Path trusted : keys) {
            both("--key", trusted, database);
            for (Map.Entry<String, ObjectNode> one : printed.entrySet()) {
                both("--key", trusted, write(one.getKey() + ".json", one.getValue().toString()));
            }
        }
    }

    @Test
    void aLogThatContinuesAnotherIsJudgedAlike() throws Exception {
        LedgerSettings restored = TestStore.SQLITE.settings(directory.resolve("restored"));
        Path trusted = restored.keys().resolve("verifier.keys");
        Path database = directory.resolve("restored/ledger.db");
        Path backup = directory.resolve("restored.db");
        try (Ledger ledger = Ledger.open(restored, clock)) {
            LedgerTest.fill(ledger, 12);
            ledger.checkpoint();
            try (Connection connection = DriverManager.getConnection(restored.url())) {
                connection.createStatement().execute("VACUUM INTO '" + backup + "'");
            }
            LedgerTest.fill(ledger, 8);
            ledger.checkpoint();
        }
        Files.copy(backup, database, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(
                        both(
                                "--key",
                                trusted,
                                "--checkpoint",
                                restored.checkpoints().exports(),
                                database))
                .as("an old backup")
                .isEqualTo(WRONG);
        Resuming.run(restored, Resuming.Why.RESTORED, List.of(), clock);
        try (Ledger ledger = Ledger.open(restored, clock)) {
            LedgerTest.fill(ledger, 1);
            ledger.checkpoint();
        }
        assertThat(
                        both(
                                "--key",
                                trusted,
                                "--checkpoint",
                                restored.checkpoints().exports(),
                                database))
                .as("what is missing was said to be")
                .isEqualTo(RIGHT);
        try (Connection connection = DriverManager.getConnection(restored.url())) {
            connection.createStatement().execute("DELETE FROM ledger_successor");
        }
        assertThat(
                        both(
                                "--key",
                                trusted,
                                "--checkpoint",
                                restored.checkpoints().exports(),
                                database))
                .isEqualTo(WRONG);
    }

    /** A consent, and then two histories of one log, in one of which it was withdrawn. */
    @Test
    void aLogThatIsToldDifferentlyWithinReceiptsIsFoundAlike() throws Exception {
        LedgerSettings one = TestStore.SQLITE.settings(directory.resolve("one"));
        Path trusted = one.keys().resolve("verifier.keys");
        NewEntry given = SpokenConsent.given(true);
        try (Ledger ledger = Ledger.open(one, clock)) {
            Records.append(ledger, given);
            ledger.checkpoint();
        }
        copy(directory.resolve("one"), directory.resolve("other"));
        LedgerSettings other = TestStore.SQLITE.settings(directory.resolve("other"));
        ObjectNode withdrawn =
                continued(
                        one,
                        SpokenConsent.about(EntryType.WITHDRAWN, given.id()),
                        Records.given("call-x", "anna"),
                        given.id());
        ObjectNode standing =
                continued(
                        other,
                        Records.given("call-x", "anna"),
                        Records.given("call-y", "anna"),
                        given.id());
        assertThat(withdrawn.at("/as_of/0/proof/size"))
                .isEqualTo(standing.at("/as_of/0/proof/size"));

        for (ObjectNode receipt : List.of(withdrawn, standing)) {
            assertThat(both("--key", trusted, write("fork.json", receipt.toString())))
                    .as("by itself")
                    .isEqualTo(RIGHT);
        }
        ObjectNode mixed = withdrawn.deepCopy();
        mixed.remove("statement");
        mixed.set("as_of", standing.path("as_of"));
        Path file = write("mixed.json", mixed.toString());
        assertThat(both("--key", trusted, file)).isEqualTo(WRONG);
        assertThat(ConsentLedgerVerifyTest.run("--key", trusted, file).out())
                .contains("WRONG  as_of", "one root alone is signed here for the first 3 entries");

        Path both = Files.createDirectories(directory.resolve("both"));
        Files.writeString(both.resolve("withdrawn.json"), withdrawn.toString());
        assertThat(both("--key", trusted, both)).isEqualTo(RIGHT);
        Files.writeString(both.resolve("standing.json"), standing.toString());
        assertThat(both("--key", trusted, both)).isEqualTo(WRONG);
        assertThat(ConsentLedgerVerifyTest.run("--key", trusted, both).out())
                .contains("name different roots for the first 3 entries");
    }

    private ObjectNode continued(LedgerSettings of, NewEntry first, NewEntry second, UUID consent)
            throws Exception {
        try (Ledger ledger = Ledger.open(of, clock)) {
            Records.append(ledger, List.of(first, second));
            return Records.receipt(ledger, of, consent).json();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file)),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** All is of one moment: what a gateway writes meanwhile was not cut off from anything. */
    @Test
    void aDatabaseThatIsWrittenToMeanwhileIsRight() throws Exception {
        LedgerSettings running = TestStore.SQLITE.settings(directory.resolve("running"));
        var stopped = new AtomicBoolean();
        try (Ledger ledger = Ledger.open(running, clock)) {
            LedgerTest.fill(ledger, 500);
            ledger.checkpoint();
            var writing =
                    CompletableFuture.runAsync(() -> {
                        while (!stopped.get()) {
                            try {
                                Records.append(ledger, Records.given("call-x", "anna"));
                                ledger.checkpoint();
                            } catch (LedgerUnavailable e) {
                                throw new IllegalStateException(e);
                            }
                        }
                    });
            Path trusted = running.keys().resolve("verifier.keys");
            for (int i = 0; i < 10; i++) {
                PythonVerifier.Outcome outcome =
                        python.run("--key", trusted, directory.resolve("running/ledger.db"));
                assertThat(outcome.code()).as(outcome.said()).isEqualTo(RIGHT);
            }
            stopped.set(true);
            writing.join();
        } finally {
            stopped.set(true);
        }
    }

    /** Cosigned by both witnesses of the policy, by one, and by one and a wrong line. */
    @Test
    void witnessesAreJudgedAlike() throws Exception {
        CosigningKey auditor = CosigningKey.create("witness.example/auditor");
        CosigningKey council = CosigningKey.create("witness.example/council");
        TrustPolicy two =
                TrustPolicy.of(
                        List.of(
                                new TrustPolicy.Witness("auditor", auditor.witness(), null),
                                new TrustPolicy.Witness("council", council.witness(), null)),
                        2);
        LedgerSettings witnessed = TestStore.SQLITE.settings(directory.resolve("witnessed"));
        Path trusted = witnessed.keys().resolve("verifier.keys");
        UUID given;
        Path kept;
        try (Ledger ledger = Ledger.open(witnessed, clock)) {
            given = Records.append(ledger, SpokenConsent.given(true)).entryId();
            ledger.checkpoint();
            kept =
                    write(
                            "unwitnessed.checkpoint",
                            LedgerArchive.open(witnessed).grown("node-1", 0, null).checkpoint());
            LedgerTest.fill(ledger, 3);
            ledger.checkpoint();
        }
        List<VerifierKey> keys = KeyFiles.verifiers(trusted);
        Path policy = write("policy", two.withLogs(keys).text());
        LedgerSettings asking = TestSettings.withWitnesses(witnessed, two);
        assertThat(eachForm(asking, given, kept, "--policy", policy))
                .as("nobody has cosigned")
                .containsOnly(WRONG);
        cosign(witnessed, auditor, "");
        assertThat(eachForm(asking, given, kept, "--policy", policy))
                .as("one of two")
                .containsOnly(WRONG);
        cosign(witnessed, council, "");
        assertThat(eachForm(asking, given, kept, "--policy", policy))
                .as("both; not the first checkpoint, which is passed over")
                .containsOnly(RIGHT);
        assertThat(eachForm(asking, given, kept, "--key", trusted))
                .as("without a policy")
                .containsOnly(RIGHT);
        cosign(witnessed, council, "of something else\n");
        assertThat(eachForm(asking, given, kept, "--policy", policy))
                .as("a wrong line")
                .containsOnly(WRONG);
        assertThat(eachForm(asking, given, kept, "--key", trusted))
                .as("a line of whom nobody knows")
                .containsOnly(RIGHT);
    }

    /** One witness is no two, under however many names and in however many groups. */
    @Test
    void policiesThatCountOneWitnessTwiceAreRefusedAlike() throws Exception {
        String one = CosigningKey.create("witness.example/one").witness().text();
        String two = CosigningKey.create("witness.example/two").witness().text();
        String log = Files.readString(key).strip();
        Path receipt = write("given.json", given().json().toString());
        String right =
                "log LOG\nwitness a ONE\nwitness b TWO\ngroup g 1 a\ngroup h any g b\nquorum none";
        Map<String, Integer> policies = new TreeMap<>(Map.of(right, RIGHT));
        for (String wrong :
                List.of(
                        right.replace("TWO", "ONE"),
                        right.replace("any g b", "all g a"),
                        right.replace("LOG", "LOG\nlog LOG"))) {
            policies.put(wrong, NOT_CHECKED);
        }
        for (Map.Entry<String, Integer> policy : policies.entrySet()) {
            String text =
                    policy.getKey().replace("ONE", one).replace("TWO", two).replace("LOG", log);
            assertThat(both("--policy", write("policy", text + "\n"), receipt))
                    .as(policy.getKey())
                    .isEqualTo(policy.getValue());
        }
    }

    /** Under the newest checkpoint. */
    private static void cosign(LedgerSettings of, CosigningKey witness, String more)
            throws Exception {
        try (Connection connection = DriverManager.getConnection(of.url())) {
            Log log = Log.all(connection).getFirst();
            SignedNote note =
                    SignedNote.parse(StoredCheckpoints.last(connection, log, 0).getFirst())
                            .orElseThrow();
            String line = witness.line(note.text() + more, Records.START);
            StoredCheckpoints.cosign(connection, log, log.size(), line);
        }
    }

    /** The verdict on the database, and on all that is made of it. */
    private List<Integer> eachForm(
            LedgerSettings of, UUID given, Path kept, String trusting, Path trusted)
            throws Exception {
        LedgerArchive archive = LedgerArchive.open(of);
        Receipt receipt = archive.receipt(given);
        Path folder = Files.createTempDirectory(directory, "forms");
        archive.publish(folder);
        Path exports = Files.createDirectories(folder.resolve("exports"));
        Files.writeString(
                exports.resolve("one.checkpoint"), receipt.json().path("checkpoint").asText());
        List<Path> forms =
                List.of(
                        directory.resolve("witnessed/ledger.db"),
                        folder.resolve("node-1"),
                        exports,
                        write("witnessed.json", receipt.json().toString()),
                        write("witnessed.proof", TlogProof.of(receipt).text()),
                        write("witnessed.growth", archive.grown("node-1", 1, null).text()));
        List<Integer> codes = new ArrayList<>();
        for (Path form : forms) {
            codes.add(both(trusting, trusted, "--checkpoint", kept, form));
        }
        return codes;
    }

    /** Each column of each table: what is no value of it, and what nobody writes there. */
    @Test
    void oddCellsAreJudgedAlike() throws Exception {
        int judged = 0;
        for (String line : ColumnTypes.lines()) {
            String table = line.substring(0, line.indexOf(':'));
            for (String column : line.substring(table.length() + 2).split(", ")) {
                String name = column.substring(0, column.indexOf(' '));
                boolean octets = column.endsWith(" blob");
                String blob = octets ? "x'00'" : "CAST(" + name + " AS BLOB)";
                for (String value : List.of("NULL", "''", "'x'", blob, "1.5", "1 << 62")) {
                    Path changed = changed(c -> OddCells.put(c, table, name, value));
                    if (changed == null) {
                        continue; // SQLite itself refuses it
                    }
                    judged++;
                    int code = both("--key", key, changed);
                    if (value.equals(blob) && !octets) {
                        assertThat(code).as(table + "." + name + " " + value).isEqualTo(WRONG);
                    }
                }
            }
        }
        assertThat(judged).isGreaterThan(300);
    }

    @Test
    void rowsOfNoEntryAreWrongToBoth() throws Exception {
        for (String table :
                List.of("ledger_entry", "ledger_payload", "ledger_lookup", "ledger_erased")) {
            for (String cell :
                    List.of("log 1 << 40", "log 1.5", "log 'x'", "log x'00'", "idx 1.5")) {
                String column = cell.substring(0, 3);
                Path changed = changed(c -> OddCells.add(c, table, column, cell.substring(4)));
                assertThat(changed).as(table + " " + cell).isNotNull();
                assertThat(both("--key", key, Objects.requireNonNull(changed)))
                        .as(table + " " + cell)
                        .isEqualTo(WRONG);
            }
        }
    }

    private interface Change {
        void in(Connection connection) throws SQLException;
    }

    /** A copy of the database; null where SQLite does not take it. */
    private @Nullable Path changed(Change change) throws Exception {
        Path copy = directory.resolve("odd.db");
        Files.copy(
                directory.resolve("gateway/ledger.db"), copy, StandardCopyOption.REPLACE_EXISTING);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy)) {
            change.in(connection);
            return copy;
        } catch (SQLException e) {
            return null;
        }
    }

    @Test
    void exportsAndWhatCannotBeReadAreJudgedAlike() throws Exception {
        Path export = Files.createDirectories(directory.resolve("export"));
        Files.copy(
                settings.checkpoints().exports().resolve("node-1.checkpoint"),
                export.resolve("node-1.checkpoint"));
        Files.writeString(export.resolve("given.json"), given().json().toString());
        Files.writeString(export.resolve("letter.json"), "{\"something\": \"else\"}");
        assertThat(both("--key", key, export)).isEqualTo(RIGHT);
        String json = given().json().toString();
        Files.writeString(export.resolve("given.json"), json.replace("komfort", "voll"));
        assertThat(both("--key", key, export)).isEqualTo(WRONG);

        Path empty = Files.createDirectories(directory.resolve("empty"));
        Path nothing = Files.write(directory.resolve("garbage"), new byte[] {1, 2, 3});
        for (Object what : List.of(empty, nothing, directory.resolve("no"))) {
            assertThat(both("--key", key, what)).as(what.toString()).isEqualTo(NOT_CHECKED);
        }
    }
}
