package org.consentgateway.cli.subject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who is shown a caller's data, or erases it, stands in the log: a person, and not the account that
 * an installed gateway's commands run under, whoever has typed them.
 */
class SubjectCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
    private static final String NUMBER = "+4930123456";

    @TempDir private Path directory;

    private Path calls;
    private LedgerSettings settings;
    private Ledger ledger;
    private UUID given;

    record Outcome(int code, String out, String err) {}

    @BeforeEach
    void aGatewayRunsAndHasOneConsent() throws Exception {
        settings = TestLedger.in(directory.resolve("data"));
        calls = directory.resolve("cdr");
        ledger = Ledger.open(settings, InstantSource.fixed(NOW));
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("call").put("line", "hotline");
        String pseudonym = ledger.pseudonyms().subject(NUMBER).current();
        given =
                ledger.append(NewEntry.of(EntryType.GIVEN, "call-1", pseudonym, payload, NOW))
                        .toCompletableFuture()
                        .join()
                        .entryId();
    }

    @AfterEach
    void theGatewayStops() {
        ledger.close();
    }

    private Outcome run(List<String> who, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(who);
        int code =
                SubjectCommand.with(
                                () -> settings,
                                () ->
                                        TestLedger.requests(
                                                settings,
                                                InstantSource.fixed(NOW),
                                                TestLedger.callRecords(calls)))
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(all.toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    @Test
    void nobodyIsShownAnythingOrErasesBeforeItIsKnownWhoDoes() throws Exception {
        for (List<String> nobody :
                List.of(
                        List.<String>of(),
                        List.of("--who", ""),
                        List.of("--who", " "),
                        List.of("--who", "for +49 30 123456"))) {
            Outcome shown = run(nobody, "export", NUMBER);
            assertThat(shown.code()).as("export %s", nobody).isEqualTo(2);
            assertThat(shown.out()).isEmpty();
            assertThat(run(nobody, "erase", NUMBER, "--yes").code())
                    .as("erase %s", nobody)
                    .isEqualTo(2);
        }
        assertThat(ledger.reader().ofType(EntryType.ACCESSED, 10)).isEmpty();
        assertThat(ledger.reader().ofType(EntryType.REQUEST_APPROVED, 10)).isEmpty();
        assertThat(ledger.reader().entry(given).orElseThrow().payload()).isNotNull();
    }

    private Outcome typed(String input, String who, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return run(who.isEmpty() ? List.of() : List.of("--who", who), arguments);
        } finally {
            System.setIn(before);
        }
    }

    /** An argument is shown to each account of the machine, and kept by the shell and by sudo. */
    @Test
    void aNumberIsReadFromStandardInput() throws Exception {
        Outcome shown = typed("+49 30 123456\n", "Ada Meier", "export", "-");
        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out()).contains(given.toString());
        assertThat(typed(NUMBER + "\n", "", "pseudonym", "-").out()).startsWith(NUMBER + " ");

        Outcome opened =
                typed(
                        NUMBER,
                        "Ada Meier",
                        "requests",
                        "open",
                        "-",
                        "--kind",
                        "erasure",
                        "--by",
                        "letter");
        assertThat(opened.code()).as(opened.err()).isZero();
        String request = opened.out().replaceAll("(?s)request (\\d+),.*", "$1");
        assertThat(typed(NUMBER, "", "requests", "show", request, "--number", "-").out())
                .contains("the request is of this number");
        assertThat(typed("+49301", "", "requests", "show", request, "--number", "-").err())
                .contains("another telephone number");
        Outcome approved =
                typed(
                        NUMBER,
                        "Ada Meier",
                        "requests",
                        "approve",
                        request,
                        "--number",
                        "-",
                        "--ground",
                        "letter");
        assertThat(approved.code()).as(approved.err()).isZero();
        assertThat(ledger.reader().entry(given).orElseThrow().payload()).isNull();
    }

    @Test
    void nothingOnStandardInputIsNobody() throws Exception {
        for (String nothing : List.of("", "\n", "  \n" + NUMBER + "\n")) {
            for (List<String> command :
                    List.of(List.of("export", "-"), List.of("erase", "-", "--yes"))) {
                Outcome refused = typed(nothing, "Ada Meier", command.toArray(String[]::new));
                assertThat(refused.code()).as("%s of \"%s\"", command, nothing).isEqualTo(2);
                assertThat(refused.out()).isEmpty();
                assertThat(refused.err()).contains("no number on standard input");
            }
        }
        Outcome nobody = typed("\n", "", "pseudonym", "-");
        assertThat(nobody.code()).isEqualTo(2);
        assertThat(nobody.err()).contains("no number on standard input");
        assertThat(ledger.reader().ofType(EntryType.ACCESSED, 10)).isEmpty();
        assertThat(ledger.reader().entry(given).orElseThrow().payload()).isNotNull();
    }

    /** They are personal data as well, and lie beside the log. */
    @Test
    void callDetailRecordsThatNameACallerAreShownAndToldOfBehindAnErasure() throws Exception {
        String named =
                "{\"call_id\":\"call-1\",\"caller_pseudonym\":\"%s\",\"outcome\":\"assisted\"}"
                        .formatted(ledger.pseudonyms().subject(NUMBER).current());
        String another = named.replace("pseudonym\":\"", "pseudonym\":\"x");
        Files.createDirectories(calls);
        Files.writeString(
                calls.resolve("cdr-gw7-2026-11-20.2.jsonl"), named + "\n" + another + "\n");

        Outcome shown = run(List.of("--who", "Ada Meier"), "export", NUMBER);
        assertThat(shown.out()).doesNotContain("call detail");
        assertThat(shown.err()).contains("1 lines of call detail records here", "--to", "" + calls);
        Path to = directory.resolve("answer");
        run(List.of("--who", "Ada Meier"), "export", NUMBER, "--to", to.toString());
        assertThat(to.resolve("call-detail-records.jsonl")).hasContent(named);

        Outcome erased = run(List.of("--who", "Ada Meier"), "erase", NUMBER, "--yes");
        assertThat(erased.out())
                .contains("1 lines of call detail records here name this caller")
                .contains("" + calls, "kept for P90D", "within a minute");
    }

    @Test
    void theLogNamesWhoLookedAndWhoErased() throws Exception {
        assertThat(run(List.of("--who", "Ada Meier"), "export", NUMBER).code()).isZero();
        assertThat(run(List.of("--who", "Ben Roth"), "erase", NUMBER, "--yes").code()).isZero();

        assertThat(ledger.reader().ofType(EntryType.ACCESSED, 10))
                .singleElement()
                .satisfies(look -> assertThat(look.payload()).asString().contains("Ada Meier"));
        assertThat(ledger.reader().ofType(EntryType.REQUEST_APPROVED, 10))
                .singleElement()
                .satisfies(erased -> assertThat(erased.payload()).asString().contains("Ben Roth"));
    }
}
