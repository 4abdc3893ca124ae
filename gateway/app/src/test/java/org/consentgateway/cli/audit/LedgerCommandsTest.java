package org.consentgateway.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.cli.subject.SubjectCommand;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.archive.NoticeKey;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.JwsKey;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tiles.ProofCheck;
import org.consentgateway.ledger.tree.VerifierKey;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.settings.GatewayConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as an auditor types them, beside a running gateway. */
class LedgerCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
    private static final String NUMBER = "+4930123456";
    private static final String WHO = "Ada Meier";

    @TempDir private Path directory;

    private LedgerSettings settings = inDirectory(Path.of("unset"));
    private UUID given = new UUID(0, 0);
    private Ledger ledger;

    record Outcome(int code, String out, String err) {}

    @BeforeEach
    void aGatewayRunsAndHasOneConsent() throws Exception {
        settings = inDirectory(directory.resolve("data"));
        ledger = Ledger.open(settings, InstantSource.fixed(NOW));
        PseudonymousSubject subject = ledger.pseudonyms().subject(NUMBER);
        ObjectNode payload = JSON.createObjectNode();
        payload.putObject("call").put("line", "hotline");
        payload.putObject("notice").put("id", "booking").put("language", "de");
        payload.putObject("decision").put("level", "komfort");
        given =
                ledger.append(
                                NewEntry.of(
                                        EntryType.GIVEN, "call-1", subject.current(), payload, NOW))
                        .toCompletableFuture()
                        .join()
                        .entryId();
    }

    @AfterEach
    void theGatewayStops() throws Exception {
        ledger.close();
    }

    private static LedgerSettings inDirectory(Path data) {
        return TestLedger.in(data);
    }

    private Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                new CommandLine(CommandLine.Model.CommandSpec.create())
                        .addSubcommand("ledger", LedgerCommand.with(() -> settings))
                        .addSubcommand("receipt", ReceiptCommand.with(() -> settings))
                        .addSubcommand(
                                "subject",
                                SubjectCommand.with(
                                        () -> settings,
                                        () ->
                                                TestLedger.requests(
                                                        settings, InstantSource.fixed(NOW))))
                        .addSubcommand("keys", KeysCommand.with(() -> settings, () -> TOKENS))
                        .addSubcommand(
                                "notices",
                                ArchivedTexts.with(
                                        new CommandLine(CommandLine.Model.CommandSpec.create()),
                                        () -> settings))
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(arguments);
        return new Outcome(code, out.toString(), err.toString());
    }

    @Test
    void listAndShowTellWhatIsThere() throws Exception {
        Outcome list = run("ledger", "list");
        assertThat(list.code()).as(list.err()).isZero();
        assertThat(list.out()).contains("Given", "hotline", "komfort", given.toString());
        JsonNode line = JSON.readTree(run("ledger", "list", "--json").out());
        assertThat(line.path("type").asText()).isEqualTo("Given");
        Outcome show = run("ledger", "show", given.toString());
        assertThat(JSON.readTree(show.out()).at("/payload/decision/level").asText())
                .isEqualTo("komfort");
        assertThat(run("ledger", "list", "--call", "call-1").out()).contains(given.toString());
        assertThat(run("ledger", "list", "--call", "call-2").out())
                .doesNotContain(given.toString());
    }

    @Test
    void theTablesAreBroughtToThisVersionBesideARunningGateway() {
        Outcome here = run("ledger", "migrate");
        assertThat(here.code()).as(here.err()).isZero();
        assertThat(here.out()).startsWith("the store's tables are of version ");
        String elsewhere = "jdbc:sqlite:" + directory.resolve("new.db");
        assertThat(run("ledger", "migrate", "--url", elsewhere)).isEqualTo(here);
        assertThat(directory.resolve("new.db")).isNotEmptyFile();
    }

    /** 1 would say that somebody has changed the log. */
    @Test
    void anOldProgramThatMeetsNewerTablesLeavesThemAndSaysNothingOfTheLog() throws Exception {
        String elsewhere = "jdbc:sqlite:" + directory.resolve("newer.db");
        assertThat(run("ledger", "migrate", "--url", elsewhere).code()).isZero();
        try (Connection connection = DriverManager.getConnection(elsewhere);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO ledger_schema (installed_rank, version, description, type,"
                            + " script, installed_by, execution_time, success)"
                            + " VALUES (99, '99', 'later', 'SQL', 'V99', 'x', 1, 1)");
        }
        Outcome old = run("ledger", "migrate", "--url", elsewhere);
        assertThat(old.code()).as(old.err()).isEqualTo(AuditCommand.UNREADABLE);
        assertThat(old.err()).contains("of version 99").hasLineCount(1);
    }

    /** The first step of an upgrade of one machine (config/operation/upgrade.md). */
    @Test
    void theStoreIsBackedUpBesideARunningGateway() throws Exception {
        Path copy = directory.resolve("before-2.0");
        Outcome backup = run("ledger", "backup", copy.toString());
        assertThat(backup.code()).as(backup.out() + backup.err()).isZero();
        assertThat(backup.out()).contains("backed up to " + copy);
        assertThat(copy.resolve("ledger.db")).isNotEmptyFile();
        append(EntryType.ASSISTANT_OPENED, referring().put("assistant", "desk"));
    }

    @Test
    void aConsentShowsWhoWasGivenDataUnderItAndWhoConfirmedItsEnd() throws Exception {
        ObjectNode opened = referring();
        append(EntryType.ASSISTANT_OPENED, opened.put("assistant", "desk"));
        ObjectNode told = referring();
        told.putObject("holder")
                .put("name", "desk")
                .put("event", "WITHDRAWN")
                .put("delivered", true)
                .put("acknowledged_by", "INFO");
        append(EntryType.HOLDER_NOTIFIED, told);

        JsonNode shown = JSON.readTree(run("ledger", "show", given.toString()).out());
        assertThat(shown.at("/holders")).hasSize(1);
        assertThat(shown.at("/holders/0/name").asText()).isEqualTo("desk");
        assertThat(shown.at("/holders/0/told/acknowledged_by").asText()).isEqualTo("INFO");
        assertThat(run("ledger", "list").out()).contains("desk withdrawn, confirmed INFO");
    }

    private ObjectNode referring() {
        return JSON.createObjectNode().put("refers_to", given.toString());
    }

    private void append(EntryType type, ObjectNode payload) throws Exception {
        ledger.append(NewEntry.of(type, "call-1", null, payload, NOW)).toCompletableFuture().join();
    }

    @Test
    void theWordsAndTheSoundThatWereSpokenAreShownByTheirHash() throws Exception {
        var notice =
                new ArchivedNotice(
                        new NoticeKey("booking", "2026-11", "de", "a"),
                        new NoticeWords(
                                new TreeMap<>(Map.of("opening", "Guten Tag.", "help", "Hilfe."))),
                        new TreeMap<>(Map.of("opening", new byte[160], "help", new byte[320])),
                        JSON.createObjectNode().put("controller", "Muster GmbH"));
        ledger.keep(List.of(notice), NOW);
        String hash = notice.words().sha256();
        ObjectNode payload = JSON.createObjectNode();
        payload.putObject("notice").put("id", "booking").put("text_sha256", hash);
        payload.putObject("served").put("part", "opening");
        UUID served =
                ledger.append(NewEntry.of(EntryType.SERVED, "call-1", null, payload, NOW))
                        .toCompletableFuture()
                        .join()
                        .entryId();

        Outcome show = run("ledger", "show", served.toString());
        assertThat(JSON.readTree(show.out()).at("/spoken").toString())
                .isEqualTo("{\"opening\":\"Guten Tag.\"}");
        assertThat(run("notices", "show").out())
                .contains("booking/de/2026-11, spoken since 2026-11-24T09:00:00Z", hash);
        assertThat(run("notices", "show", "--hash", hash.substring(0, 8)).out())
                .contains("opening: Guten Tag.", "help: Hilfe.", "Muster GmbH");
        assertThat(run("notices", "show", "--hash", notice.audioSha256(), "help").out())
                .contains("help: Hilfe.")
                .doesNotContain("Guten Tag");
        assertThat(run("notices", "show", "help").out()).contains("help: Hilfe.");
        Outcome nowhere = run("notices", "show", "nope");
        assertThat(nowhere.code()).isEqualTo(2);
        assertThat(nowhere.err()).contains("no notice that was spoken has a part nope");
        assertThat(run("notices", "show", "--hash", "0123456789").err())
                .startsWith("no notice with a text or sound of hash 0123456789");
        Path wav = directory.resolve("wav");
        Outcome play = run("notices", "play", "--hash", hash, "help", "--out", wav.toString());
        assertThat(play.code()).as(play.err()).isZero();
        assertThat(wav.resolve("help.wav")).exists();
        assertThat(wav.resolve("opening.wav")).doesNotExist();
    }

    @Test
    void retentionTellsWhatGoesOnWhichDay() throws Exception {
        ObjectNode payload = JSON.createObjectNode();
        payload.putObject("retention").put("delete_at", "2026-12-24T09:00:00Z");
        ledger.append(NewEntry.of(EntryType.REFUSED, "call-7", null, payload, NOW))
                .toCompletableFuture()
                .join();

        assertThat(run("ledger", "retention").out())
                .isEqualToNormalizingWhitespace("2026-12-24 Refused 1");
        assertThat(run("ledger", "retention", "--entries").out())
                .contains("2026-12-24  Refused", "(due 2026-12-24T09:00:00Z)");
    }

    @Test
    void listTellsWhyThereWasNoAnswer() throws Exception {
        try (Ledger other =
                Ledger.open(inDirectory(directory.resolve("other")), InstantSource.fixed(NOW))) {
            ObjectNode payload = JSON.createObjectNode();
            payload.putObject("call").put("line", "hotline");
            payload.putObject("decision").put("reason", "HANGUP_DURING_QUESTION");
            String subject = other.pseudonyms().subject(NUMBER).current();
            other.append(NewEntry.of(EntryType.UNANSWERED, "call-2", subject, payload, NOW))
                    .toCompletableFuture()
                    .join();
            settings = inDirectory(directory.resolve("other"));

            assertThat(run("ledger", "list").out())
                    .containsPattern("Unanswered +hotline +HANGUP_DURING_QUESTION +");
        }
    }

    @Test
    void whatIsNoIdOrNotThereIsSaidInOneLine() {
        Outcome malformed = run("ledger", "show", "seventeen");
        assertThat(malformed.code()).isEqualTo(2);
        assertThat(malformed.err())
                .contains("\"seventeen\" is no entry id, such as")
                .hasLineCount(1);
        assertThat(run("ledger", "show", new UUID(1, 2).toString()).err()).startsWith("no entry");
        assertThat(run("subject", "export", "12345", "--who", WHO).err())
                .startsWith("not a number of E.164, such as +4930123456")
                .hasLineCount(1);
    }

    @Test
    void verifyPassesBesideTheGatewayAndFailsOnACopyWithOneByteChanged() throws Exception {
        Outcome whole = run("ledger", "verify");
        assertThat(whole.code()).as(whole.out() + whole.err()).isZero();
        assertThat(whole.out()).contains("1 entries", "verified: nothing was changed");
        assertThat(whole.out())
                .contains("not covered: what came after the last checkpoint")
                .contains("a cut there would not show");

        Path copy = directory.resolve("copy.db");
        try (Connection connection = DriverManager.getConnection(settings.url());
                Statement statement = connection.createStatement()) {
            statement.execute("VACUUM INTO '" + copy + "'");
        }
        String url = "jdbc:sqlite:" + copy;
        assertThat(run("ledger", "verify", "--url", url).code()).isZero();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE ledger_payload SET sealed = CAST(substr(sealed, 1, 30) || x'00' ||"
                            + " substr(sealed, 32) AS BLOB)");
        }
        Outcome changed = run("ledger", "verify", "--url", url);
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.out()).contains("WRONG:", "entry 0", "NOT VERIFIED: 1 findings");
        JsonNode json = JSON.readTree(run("ledger", "verify", "--url", url, "--json").out());
        assertThat(json.path("verified").asBoolean(true)).isFalse();
        assertThat(json.at("/findings/0/entry").asLong()).isZero();
    }

    @Test
    void whatCannotBeReadIsExitCodeTwo() {
        Outcome nothing = run("ledger", "verify", "--url", "jdbc:sqlite:" + directory + "/no.db");
        assertThat(nothing.code()).isEqualTo(2);
        assertThat(nothing.err()).contains("no readable database file").hasLineCount(1);
    }

    @Test
    void anAuditorWithPublicKeysOnlyChecksEverythingButPayloads() throws Exception {
        Path keys = Files.createDirectory(directory.resolve("auditor"));
        Files.copy(settings.keys().resolve("verifier.keys"), keys.resolve("verifier.keys"));
        Outcome verify = run("ledger", "verify", "--keys", keys.toString());
        assertThat(verify.code()).as(verify.out() + verify.err()).isZero();
        assertThat(verify.out()).contains("note: payloads were not opened", "0 payloads opened");
    }

    @Test
    void aReceiptIsPrintedInEachFormatAndVerifiesWithoutTheStore() throws Exception {
        Path key = directory.resolve("pub");
        Files.copy(settings.keys().resolve("verifier.keys"), key);
        for (String format : new String[] {"json", "html", "dpv", "vcon", "tlog-proof"}) {
            Outcome receipt = run("receipt", given.toString(), "--format", format);
            assertThat(receipt.code()).as(receipt.err()).isZero();
            Path file = directory.resolve(format);
            Files.writeString(file, receipt.out());
            LedgerSettings mine = settings;
            settings = inDirectory(directory.resolve("nowhere"));
            Outcome verify = run("receipt", "verify", file.toString(), "--key", key.toString());
            settings = mine;
            assertThat(verify.code()).as(format + verify.out() + verify.err()).isZero();
            assertThat(verify.out()).containsPattern("the (receipt|proof) holds");
            if (!format.equals("tlog-proof")) {
                assertThat(verify.out())
                        .contains("hat ein Anrufer auf dem Anschluss hotline gegenüber");
            }
        }
        assertThat(run("receipt", given.toString(), "--format", "html", "--language", "en").out())
                .contains("a caller on the line hotline gave consent to");
        assertThat(run("receipt", given.toString(), "--format", "pdf").err())
                .contains("json, html, dpv, vcon or tlog-proof would be right, not pdf");
        Path file = directory.resolve("json");
        Files.writeString(file, Files.readString(file).replace("komfort", "voll"));
        Outcome forged = run("receipt", "verify", file.toString(), "--key", key.toString());
        assertThat(forged.code()).isEqualTo(1);
        assertThat(forged.out()).contains("WRONG  payload", "NOT VERIFIED");
    }

    @Test
    void growthIsProvedToWhoeverHasKeptACheckpointAndTheLogIsWrittenAsFiles() throws Exception {
        ledger.checkpoint();
        Path kept = directory.resolve("kept.checkpoint");
        Path tiles = directory.resolve("tiles");
        Outcome first = run("ledger", "tiles", tiles.toString());
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).containsPattern("/log/[a-z0-9-]+: \\d+ entries, 3 files");
        try (Stream<Path> logs = Files.list(tiles)) {
            Files.copy(logs.findFirst().orElseThrow().resolve("checkpoint"), kept);
        }
        ObjectNode more = JSON.createObjectNode();
        ledger.append(NewEntry.of(EntryType.GIVEN, "call-2", null, more, NOW))
                .toCompletableFuture()
                .join();
        ledger.checkpoint();

        Outcome proof = run("ledger", "proof", "--from", kept.toString());
        assertThat(proof.code()).as(proof.err()).isZero();
        List<VerifierKey> keys = KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));
        assertThat(
                        ProofCheck.of(
                                        proof.out(),
                                        keys,
                                        Map.of("kept.checkpoint", Files.readString(kept)))
                                .lines())
                .anyMatch(line -> line.contains("has only grown"));
        assertThat(run("ledger", "proof", "--from", "1", "--node", "nobody").err())
                .contains("no log of a node nobody");
        assertThat(run("ledger", "tiles", tiles.toString()).code()).isZero();
    }

    @Test
    void whoArchivesIsToldWhatIsNeeded() throws Exception {
        ledger.checkpoint();
        assertThat(run("ledger", "archive"))
                .matches(done -> done.code() == 2)
                .matches(done -> done.err().contains("store.archive is not set"));
        String files = directory.resolve("archive").toString();
        assertThat(run("ledger", "archive", "--archive", files, "--wait", "P0D").err())
                .contains("--wait P0D is no period of a day or more, such as P30D");
        Outcome dry = run("ledger", "archive", "--archive", files, "--dry-run");
        assertThat(dry.code()).as(dry.err()).isZero();
        assertThat(dry.out()).contains("nothing to archive");
        assertThat(directory.resolve("archive")).doesNotExist();
        assertThat(run("ledger", "archive", "--archive", files).code()).isZero();
        assertThat(directory.resolve("archive")).isNotEmptyDirectory();
        assertThat(run("ledger", "verify", "--archive", files).code()).isZero();
    }

    @Test
    void aReceiptInWhichANameStandsTwiceIsNone() throws Exception {
        Path file = directory.resolve("twice");
        String receipt = run("receipt", given.toString()).out();
        Files.writeString(
                file, receipt.replaceFirst("\\{", "{ \"entry\": {\"type\": \"Withdrawn\"},"));
        Path key = settings.keys().resolve("verifier.keys");
        Outcome verify = run("receipt", "verify", file.toString(), "--key", key.toString());
        assertThat(verify.code()).isEqualTo(2);
        assertThat(verify.err()).contains("Duplicate field 'entry'").hasLineCount(1);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path nowhere = directory.resolve("nowhere");
        assertThat(run("ledger", "verify", "--keys", nowhere.toString()).err())
                .isEqualToIgnoringNewLines(nowhere.resolve("verifier.keys") + " is not there");
        assertThat(run("receipt", "verify", "x.json", "--key", nowhere.toString()).err())
                .isEqualToIgnoringNewLines("x.json is not there");
    }

    @Test
    void aDirectoryInPlaceOfAFileIsNamed() throws Exception {
        String receipt = directory.resolve("receipt.json").toString();
        Files.writeString(Path.of(receipt), run("receipt", given.toString()).out());
        String key = settings.keys().resolve("verifier.keys").toString();
        String folder = settings.keys().toString();
        for (List<String> words :
                List.of(
                        List.of("ledger", "verify", "--checkpoint", folder),
                        List.of("receipt", "verify", folder, "--key", key),
                        List.of("receipt", "verify", receipt, "--key", folder),
                        List.of("receipt", "verify", receipt, "--key", key, "--policy", folder))) {
            Outcome verify = run(words.toArray(String[]::new));
            assertThat(verify.code()).isEqualTo(2);
            assertThat(verify.err()).isEqualToIgnoringNewLines(folder + ": is a directory");
        }
    }

    /** 1 says that somebody has tampered: what was typed wrong accuses nobody. */
    @Test
    void whatIsTypedWrongIsNeverCalledTamperedWith() throws Exception {
        Path receipt = directory.resolve("receipt.json");
        Files.writeString(receipt, run("receipt", given.toString()).out());
        Path garbage = Files.writeString(directory.resolve("garbage"), "neither key nor note\n");
        List<String> wrong =
                List.of(
                        "",
                        "/x/ledger.db",
                        "jdbc:mysql:foo",
                        "jdbc:postgresql://host:port/x",
                        garbage.toString(),
                        directory.resolve("nowhere").toString(),
                        Files.createDirectory(directory.resolve("empty")).toString());
        String keys = settings.keys().resolve("verifier.keys").toString();
        Map<List<String>, CommandLine> commands =
                Map.of(
                        List.of("ledger", "verify"),
                        LedgerCommand.with(() -> settings).getSubcommands().get("verify"),
                        List.of("receipt", "verify", receipt.toString(), "--key=" + keys),
                        ReceiptCommand.with(() -> settings).getSubcommands().get("verify"));
        commands.forEach((command, line) -> {
            for (CommandLine.Model.OptionSpec option : line.getCommandSpec().options()) {
                for (String value : option.usageHelp() ? List.<String>of() : wrong) {
                    List<String> words = new ArrayList<>(command);
                    words.remove(option.longestName() + "=" + keys);
                    words.add(option.longestName() + "=" + value);
                    Outcome ended = run(words.toArray(String[]::new));
                    assertThat(ended.code()).as("%s: %s", words, ended).isNotEqualTo(1);
                }
            }
        });
        for (String url : List.of("/x/ledger.db", "jdbc:mysql:foo")) {
            Outcome ended = run("ledger", "verify", "--url", url);
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.err()).startsWith("--url: url must start with jdbc:sqlite: or");
        }
        Outcome few = run("ledger", "list", "--limit", "-1");
        assertThat(few.code()).isEqualTo(2);
        assertThat(few.err()).startsWith("--limit takes 1 or more, not -1");
    }

    @Test
    void anAuditorWithoutExportedCheckpointsIsToldWhatCannotBeSeen() {
        settings = settings.withExports(directory.resolve("none"));
        assertThat(run("ledger", "verify").out())
                .contains("note: no exported checkpoint was here to compare with", "verified:");
    }

    /** Compared with nothing, a log that was cut off counts as whole. */
    @Test
    void aPlaceOfCheckpointsThatHoldsNoneIsNoVerification() throws Exception {
        ledger.checkpoint();
        Path exports = settings.checkpoints().exports();
        assertThat(run("ledger", "verify", "--checkpoints", exports.toString()).code()).isZero();

        Path file = Files.writeString(directory.resolve("file"), "");
        Path empty = Files.createDirectory(directory.resolve("empty"));
        for (Path none : List.of(directory.resolve("nowhere"), file, empty)) {
            Outcome verify = run("ledger", "verify", "--checkpoints", none.toString());
            assertThat(verify.code()).as(verify.out()).isEqualTo(2);
            assertThat(verify.err()).startsWith("--checkpoints: " + none + " ");
            assertThat(verify.out()).isEmpty();
        }
    }

    @Test
    void aSubjectIsExportedAndErasedBesideTheGateway() throws Exception {
        Path to = directory.resolve("export");
        assertThat(
                        run(
                                        "subject",
                                        "export",
                                        "0049 30 123456",
                                        "--to",
                                        to.toString(),
                                        "--who",
                                        WHO)
                                .out())
                .contains("1 entries and 1 receipts written");
        assertThat(Files.readString(to.resolve("export.html"))).contains("Sie haben eingewilligt");
        assertThat(JSON.readTree(Files.readString(to.resolve("export.json"))).path("entries"))
                .hasSize(1);
        String table = Files.readString(to.resolve("export.csv"));
        assertThat(table.lines().toList()).hasSize(2);
        assertThat(table)
                .startsWith("\"time\",\"type\",\"line\",")
                .contains("\"Given\",\"hotline\"", given.toString(), "\"komfort\"")
                .endsWith("\r\n");
        for (String file : List.of("export.csv", "export.json", "export.html")) {
            assertThat(Files.getPosixFilePermissions(to.resolve(file)))
                    .as(file)
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }

        Outcome asked = run("subject", "erase", NUMBER, "--who", WHO);
        assertThat(asked.code()).isEqualTo(2);
        assertThat(asked.err()).contains("1 entries would lose their payload", "--yes");
        Outcome erased = run("subject", "erase", NUMBER, "--yes", "--vacuum", "--who", WHO);
        assertThat(erased.code()).as(erased.err()).isZero();
        assertThat(erased.out()).contains("1 entries erased");

        assertThat(
                        JSON.readTree(run("subject", "export", NUMBER, "--who", WHO).out())
                                .path("entries"))
                .isEmpty();
        assertThat(run("ledger", "list").out()).contains("(erased)", "Erased");
        Outcome verify = run("ledger", "verify");
        assertThat(verify.code()).as(verify.out()).isZero();
    }

    /** As it stands in letters: another caller's number would be erased, and nobody told. */
    @Test
    void aNumberWithItsTrunkPrefixIsTheCallers() throws Exception {
        assertThat(JSON.readTree(run("subject", "export", "0049 (0)30 123456", "--who", WHO).out()))
                .asString()
                .contains(given.toString());
        Outcome unread = run("subject", "erase", "+49 (030) 123456", "--yes", "--who", WHO);
        assertThat(unread.code()).isEqualTo(2);
        assertThat(unread.err()).contains("not a number of E.164, such as +4930123456");
        assertThat(ledger.reader().entry(given).orElseThrow().payload()).isNotNull();

        Outcome erased = run("subject", "erase", "+49 (0)30 123456", "--yes", "--who", WHO);
        assertThat(erased.out()).contains("1 entries erased").doesNotContain("nothing was found");
        assertThat(ledger.reader().entry(given).orElseThrow().payload()).isNull();
    }

    @Test
    void whereNothingWasFoundThatIsSaid() throws Exception {
        String unknown = "+4930999";
        Outcome exported = run("subject", "export", unknown, "--who", WHO);
        assertThat(JSON.readTree(exported.out()).path("entries")).isEmpty();
        assertThat(exported.err()).contains("nothing was found under this number");
        assertThat(run("subject", "erase", unknown, "--who", WHO).err())
                .contains("nothing was found under this number")
                .doesNotContain("--yes");
        assertThat(run("subject", "erase", unknown, "--yes", "--who", WHO).out())
                .contains("0 entries erased", "nothing was found under this number");
        assertThat(run("subject", "export", NUMBER, "--who", WHO).err()).isEmpty();
    }

    /** On PostgreSQL as well, where a table is in use: it is not to be erased once more. */
    @Test
    void whatWasErasedIsToldThoughTheFilesCannotBeRewritten() throws Exception {
        try (Connection reader = DriverManager.getConnection(settings.url());
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.executeQuery("SELECT COUNT(*) FROM ledger_payload").close();

            Outcome erased = run("subject", "erase", NUMBER, "--yes", "--vacuum", "--who", WHO);

            assertThat(erased.code()).isEqualTo(2);
            assertThat(erased.err()).isNotBlank();
            assertThat(erased.out()).contains("1 entries erased");
            assertThat(run("ledger", "list").out()).contains("(erased)", "Erased");
        }
    }

    /** Who looks is recorded before anything is shown; and nothing of it leads to the caller. */
    @Test
    void thatACallerIsShownIsRecordedAndLeadsBackToNobody() throws Exception {
        Outcome printed = run("subject", "export", NUMBER, "--who", "Ada Meier");
        assertThat(printed.code()).as(printed.err()).isZero();
        assertThat(run("subject", "export", "+4930999", "--who", WHO).code()).isZero();
        List<Entry> looks = ledger.reader().ofType(EntryType.ACCESSED, 10);
        assertThat(looks).hasSize(2);
        assertThat(String.valueOf(looks.getLast().payload()))
                .contains("\"person\":\"Ada Meier\"", "\"action\":\"subject export\"")
                .contains("\"found\":1");
        assertThat(String.valueOf(looks.getFirst().payload())).contains("\"found\":0");

        assertThat(run("subject", "erase", NUMBER, "--yes", "--who", WHO).code()).isZero();
        String pseudonym = ledger.pseudonyms().subject(NUMBER).current();
        for (Entry look : ledger.reader().ofType(EntryType.ACCESSED, 10)) {
            assertThat(String.valueOf(look.payload()))
                    .as("what stays after the erasure")
                    .doesNotContain(NUMBER.substring(1), pseudonym, given.toString(), "call-1");
            assertThat(
                            FoundEntries.of(ledger.reader(), ledger.pseudonyms().subject(NUMBER))
                                    .page(0, 10))
                    .isEmpty();
        }
        assertThat(run("subject", "export", NUMBER, "--who", "for +49 30 123456").err())
                .contains("looks like a telephone number");
        ledger.close();
        Files.move(settings.keys(), settings.keys().resolveSibling("away"));
        Outcome untold = run("subject", "export", NUMBER, "--who", WHO);
        assertThat(untold.code()).as("without a record nothing is shown").isEqualTo(2);
        assertThat(untold.out()).isEmpty();
        Files.move(settings.keys().resolveSibling("away"), settings.keys());
    }

    private static final GatewayConfig.Tokens TOKENS =
            new GatewayConfig.Tokens(
                    Optional.empty(),
                    Optional.empty(),
                    JwsKey.Algorithm.EDDSA,
                    Duration.ofHours(4));

    @Test
    void aNewTokenKeyIsKnownBesideTheOldOne() throws Exception {
        JsonNode before = JSON.readTree(run("keys", "jwks").out()).path("keys");
        assertThat(before).hasSize(1);
        Outcome rotated = run("keys", "rotate-token");
        assertThat(rotated.code()).as(rotated.err()).isZero();
        JsonNode after = JSON.readTree(run("keys", "jwks").out()).path("keys");
        assertThat(after).hasSize(2);
        assertThat(after.get(0)).isEqualTo(before.get(0));
        assertThat(rotated.out()).contains(after.get(1).path("kid").asText());
    }

    @Test
    void aPseudonymCanBeResolvedByWhoKnowsTheNumber() {
        Outcome told = run("subject", "pseudonym", "0049 30 123456", "+49301234567");
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.out().lines().toList()).hasSize(2);
        assertThat(told.out()).startsWith("+4930123456 ");
        assertThat(run("subject", "pseudonym", "+4930123456").out().strip())
                .isEqualTo(told.out().lines().toList().getFirst());
        assertThat(run("subject", "pseudonym", "112").code()).isEqualTo(2);
    }

    @Test
    void rotatingKeysPrintsWhatAuditorsNeedAndKeepsTheLogVerifiable() {
        Outcome rotated = run("keys", "rotate");
        assertThat(rotated.code()).as(rotated.err()).isZero();
        assertThat(rotated.out().lines().toList())
                .hasSize(2)
                .allMatch(line -> line.startsWith("consent-gateway.local/log/node-1+"));
        assertThat(run("subject", "export", NUMBER, "--who", WHO).out()).contains(given.toString());
        assertThat(run("ledger", "verify").code()).isZero();
    }

    @Test
    void whatARevokedKeyHasSignedIsRefusedAndPrintedAnew() throws Exception {
        Path file = directory.resolve("receipt.json");
        Path keys = settings.keys().resolve("verifier.keys");
        Files.writeString(file, run("receipt", given.toString()).out());
        String hash = Files.readString(keys).split("\\+", 3)[1];

        Outcome revoked = run("keys", "revoke", hash);
        assertThat(revoked.code()).as(revoked.err()).isZero();
        assertThat(revoked.out()).contains(" revoked=");

        Outcome verify = run("receipt", "verify", file.toString(), "--key", keys.toString());
        assertThat(verify.code()).isEqualTo(1);
        assertThat(verify.out()).contains("which was revoked", "printed anew", "NOT VERIFIED");
        Files.writeString(file, run("receipt", given.toString()).out());
        assertThat(run("receipt", "verify", file.toString(), "--key", keys.toString()).code())
                .isZero();
        assertThat(run("keys", "revoke", "00000000").code()).isEqualTo(2);
    }
}
