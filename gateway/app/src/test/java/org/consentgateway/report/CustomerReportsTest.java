package org.consentgateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.rotation.KeyRotation;
import org.consentgateway.report.ReportRun.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is told of a month, and what. */
@Timeout(120)
class CustomerReportsTest {
    private static final String OTHER = "+4940654321";

    @TempDir private Path directory;

    private Customers customers;

    @BeforeEach
    void start() throws Exception {
        customers = new Customers(directory, null);
    }

    @AfterEach
    void stop() {
        customers.close();
    }

    private static Row only(List<Row> rows) {
        assertThat(rows).hasSize(1);
        return rows.getFirst();
    }

    private static Letter letter(List<Row> rows) {
        return Objects.requireNonNull(only(rows).letter());
    }

    @Test
    void whoAgreedIsToldWhatHoldsUntilWhenWhatIsStoredAndHowToChangeIt() throws Exception {
        customers.tie("crm-1", Customers.NUMBER);
        UUID _ = customers.agrees(Customers.NUMBER, "de", "assistant", "transcript", "report");

        Row row = only(customers.dry());
        assertThat(row.reference()).isEqualTo("crm-1");
        assertThat(row.what())
                .isEqualTo("assistant, transcript, report until 2027-10-12; 2 records");
        Letter letter = letter(customers.dry());
        assertThat(letter.language()).isEqualTo("de");
        assertThat(letter.subject()).isEqualTo("Nordwind & Söhne: Ihr Bericht für Oktober 2026");
        assertThat(letter.text())
                .contains(
                        "mitschreiben: gilt bis 12. Oktober 2027, zugestimmt am 12. Oktober 2026",
                        "monatlicher Bericht: gilt bis 12. Oktober 2027",
                        "12. Oktober 2026: Sie haben eingewilligt",
                        "mitschreiben: Mitschrift, aufbewahrt 90 Tage; Empfänger: Nordwind KI GmbH",
                        "2 Einträge gespeichert, der älteste vom 12. Oktober 2026",
                        "„Einwilligung widerrufen“",
                        "*9",
                        "+49302222",
                        "Schreiben Sie an datenschutz@nordwind.example.",
                        "schreiben Sie „Kein Bericht“ an datenschutz@nordwind.example")
                .doesNotContain("{", "}", Customers.NUMBER);
        assertThat(letter.html())
                .contains("<html lang=\"de\">", "Nordwind &amp; Söhne", "<li>mitschreiben: ")
                .doesNotContain("{", "}", "& ");
    }

    @Test
    void whoWasSpokenToInEnglishReadsEnglishAsDoesWhoeverHasNoWordsOfTheirOwn() throws Exception {
        customers.tie("crm-1", Customers.NUMBER);
        customers.tie("crm-2", OTHER);
        UUID _ = customers.agrees(Customers.NUMBER, "en-GB", "assistant", "report");
        UUID _ = customers.agrees(OTHER, "fr", "assistant", "report");

        assertThat(customers.dry())
                .extracting(row -> row.letter() == null ? "" : row.letter().text())
                .allSatisfy(text ->
                        assertThat(text)
                                .contains(
                                        "talk to the AI: holds until 12 October 2027",
                                        "12 October 2026: You gave consent")
                                .doesNotContain("{", "gilt"));
    }

    @Test
    void theLanguagesSayTheSame() throws Exception {
        var folder = Path.of(System.getProperty("project.root"), "config/languages/reports");
        JsonNode english = new JsonMapper().readTree(folder.resolve("en.json").toFile());
        JsonNode german = new JsonMapper().readTree(folder.resolve("de.json").toFile());
        assertThat(names(german)).isEqualTo(names(english));
        for (String name : names(english)) {
            assertThat(braces(german.path(name).asText()))
                    .as(name)
                    .isEqualTo(braces(english.path(name).asText()));
        }
    }

    private static Set<String> names(JsonNode words) {
        Set<String> names = new HashSet<>();
        words.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> braces(String text) {
        Set<String> all = new HashSet<>();
        java.util.regex.Pattern.compile("\\{[a-z]+}")
                .matcher(text)
                .results()
                .forEach(found -> all.add(found.group()));
        return all;
    }

    @Test
    void whoDidNotAgreeToReportsIsNotTold() throws Exception {
        customers.tie("crm-1", Customers.NUMBER);
        UUID _ = customers.agrees(Customers.NUMBER, "de", "assistant", "transcript");
        customers.tie("never-called", OTHER);
        assertThat(customers.dry()).isEmpty();
    }

    @Test
    void whoAgreedAndIsNoCustomerIsNotTold() throws Exception {
        UUID _ = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
        assertThat(customers.dry()).isEmpty();
    }

    @Test
    void whoEndedItIsNotToldHoweverItEnded() throws Exception {
        customers.tie("crm-1", Customers.NUMBER);
        String number = Customers.NUMBER;
        var nothing = JsonNodeFactory.instance;

        UUID first = customers.agrees(number, "de", "assistant", "report");
        assertThat(customers.dry()).hasSize(1);
        UUID _ = customers.ends(number, first, "report");
        assertThat(customers.dry()).as("the purpose").isEmpty();

        UUID second = customers.agrees(number, "de", "assistant", "report");
        assertThat(customers.dry()).hasSize(1);
        UUID _ = customers.about(EntryType.WITHDRAWN, number, second, nothing.objectNode());
        assertThat(customers.dry()).as("all of it").isEmpty();

        UUID _ = customers.agreesUntil("2026-11-01T07:59:59Z", number, "de", "assistant", "report");
        assertThat(customers.dry()).as("its time is over").isEmpty();

        UUID third = customers.agrees(number, "de", "assistant", "report");
        assertThat(customers.dry()).hasSize(1);
        var replaced = nothing.objectNode();
        replaced.putObject("decision").putArray("purposes").add("assistant");
        replaced.putObject("validity").put("until", "2027-10-12T09:00:00Z");
        UUID _ = customers.about(EntryType.GIVEN, number, third, replaced);
        assertThat(customers.dry()).as("replaced by one without").isEmpty();
    }

    private UUID agreesForOneCall(String... purposes) throws Exception {
        ObjectNode oneCall = JsonNodeFactory.instance.objectNode();
        oneCall.putObject("notice").put("id", "demo");
        List.of(purposes).forEach(oneCall.putObject("decision").putArray("purposes")::add);
        return customers.about(EntryType.GIVEN, Customers.NUMBER, new UUID(0, 0), oneCall);
    }

    private void withdraws(UUID consent, String notice, String reason, boolean asserted)
            throws Exception {
        ObjectNode end = JsonNodeFactory.instance.objectNode();
        end.putObject("notice").put("id", notice);
        end.putObject("subject").put("asserted", asserted);
        end.putObject("withdrawal").put("reason", reason).put("at", customers.now.toString());
        UUID _ = customers.about(EntryType.WITHDRAWN, Customers.NUMBER, consent, end);
    }

    /** The store may not have said, in the call that withdrew, that there was more. */
    @Test
    void whoWithdrewAnotherConsentSinceIsNotTold() throws Exception {
        customers.tie("crm-1", Customers.NUMBER);
        UUID _ = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
        UUID other = agreesForOneCall("assistant");
        UUID recording = agreesForOneCall("recording");
        assertThat(customers.dry()).hasSize(1);

        withdraws(other, "demo", "GRANT_CAME_LATE", true);
        withdraws(other, "demo", "CALLER", false);
        withdraws(other, "another", "CALLER", true);
        withdraws(recording, "demo", "CALLER", true);
        assertThat(customers.dry()).as("nothing of it ends this one").hasSize(1);
        withdraws(other, "demo", "CALLER", true);
        assertThat(customers.dry()).isEmpty();

        customers.now = customers.now.plusSeconds(60);
        UUID _ = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
        assertThat(customers.dry()).as("agreed to since").hasSize(1);
    }

    /** A call that began under the earlier one may go on. */
    @Test
    void whoEndsThePurposeInAConsentThatWasReplacedIsNotTold() throws Exception {
        customers.tie("crm-1", Customers.NUMBER);
        UUID first = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
        ObjectNode again = JsonNodeFactory.instance.objectNode();
        again.putObject("decision").putArray("purposes").add("assistant").add("report");
        again.putObject("validity").put("until", "2027-10-12T09:00:00Z");
        UUID _ = customers.about(EntryType.RENEWED, Customers.NUMBER, first, again);
        assertThat(customers.dry()).hasSize(1);

        UUID _ = customers.ends(Customers.NUMBER, first, "report");
        assertThat(customers.dry()).isEmpty();
    }

    @Test
    void aConsentForOneCallLeavesTheOneThatLasts() throws Exception {
        customers.tie("crm-1", Customers.NUMBER);
        UUID given = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
        var oneCall = JsonNodeFactory.instance.objectNode();
        oneCall.putObject("decision").putArray("purposes").add("assistant").add("recording");
        UUID _ = customers.about(EntryType.GIVEN, Customers.NUMBER, given, oneCall);
        assertThat(only(customers.dry()).state()).isEqualTo("due");
        assertThat(letter(customers.dry()).text()).doesNotContain("aufnehmen:");
    }

    @Test
    void whereItIsNotClearWhoWouldReadItNobodyDoes() throws Exception {
        customers.tie("crm-1", Customers.NUMBER);
        customers.tie("crm-2", Customers.NUMBER);
        UUID _ = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
        assertThat(customers.dry())
                .extracting(Row::state)
                .containsOnly("left out: several customers are tied to this caller")
                .hasSize(2);

        customers.tie("crm-3", OTHER);
        UUID shared = customers.agrees(OTHER, "de", "assistant", "report");
        UUID _ =
                customers.about(
                        EntryType.REFUSED, OTHER, shared, JsonNodeFactory.instance.objectNode());
        assertThat(customers.dry().getLast().state())
                .isEqualTo("left out: different people call from this number");
    }

    @Test
    void aCustomerWithAnotherNumberIsToldOfThatOne() throws Exception {
        customers.tie("crm-1", Customers.NUMBER);
        UUID _ = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
        customers.tie("crm-1", OTHER);
        assertThat(customers.dry()).isEmpty();
        UUID _ = customers.agrees(OTHER, "en", "assistant", "report");
        assertThat(letter(customers.dry()).language()).isEqualTo("en");
    }

    @Test
    void aDryRunLeavesNothingBehind() throws Exception {
        customers.tie("crm-1", Customers.NUMBER);
        UUID _ = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
        String before = customers.everything();
        assertThat(customers.dry()).hasSize(1);
        assertThat(customers.everything()).isEqualTo(before);
    }

    @Test
    void aReportThatWasBegunIsFoundUnderNewKeysAndNeverBegunAgain() throws Exception {
        customers.tie("crm-1", Customers.NUMBER);
        UUID _ = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
        try (var server = new ScriptedMailServer("250 right", true)) {
            assertThat(only(customers.byMail(server.port(), "crm-1,a@kunde.example")).state())
                    .contains("nobody knows whether it arrived");
        }
        String _ = KeyRotation.rotate(customers.settings, customers.now);
        customers.close();
        customers = new Customers(directory, null);
        customers.tie("crm-1", Customers.NUMBER);
        assertThat(only(customers.dry()).state()).contains("begun before");

        customers.now = Instant.parse("2026-12-01T08:00:00Z");
        assertThat(only(customers.dry()).state()).as("of another month").isEqualTo("due");
    }
}
