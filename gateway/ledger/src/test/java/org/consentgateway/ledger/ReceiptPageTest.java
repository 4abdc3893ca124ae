package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.LocalTimes;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.VerifierKey;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a receipt tells a person, and that nobody can have it tell anything else. */
class ReceiptPageTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    @TempDir private Path directory;

    private LedgerSettings settings = TestSettings.inDirectory(Path.of("unset"));
    private Ledger ledger;
    private NewEntry given = SpokenConsent.given(true);

    @BeforeEach
    void aConsentBeforeWhichTwoPartsWerePlayed() throws Exception {
        settings = TestStore.SQLITE.settings(directory.resolve("gateway"));
        ledger = Ledger.open(settings, CLOCK);
        ledger.keep(List.of(SpokenConsent.NOTICE), Records.START);
        append(SpokenConsent.served("opening", "2026-11-24T08:59:40Z", true));
        append(SpokenConsent.served("question.assistant", "2026-11-24T08:59:44Z", false));
        given = SpokenConsent.given(true);
        append(given);
        append(SpokenConsent.served("goodbye", "2026-11-24T09:04:00Z", true));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void append(NewEntry entry) throws Exception {
        Records.append(ledger, entry);
    }

    private UUID about(EntryType type, UUID consent, Consumer<ObjectNode> more) throws Exception {
        NewEntry entry = SpokenConsent.about(type, consent);
        more.accept(entry.payload());
        append(entry);
        return entry.id();
    }

    private void withdrawn(UUID consent) throws Exception {
        about(
                EntryType.WITHDRAWN,
                consent,
                payload ->
                        payload.putObject("withdrawal")
                                .put("reason", "CALLER")
                                .put("at", "2026-11-24T09:05:00Z"));
    }

    private Receipt receipt() throws Exception {
        return Records.receipt(ledger, settings, given.id());
    }

    private List<VerifierKey> keys() throws Exception {
        return KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));
    }

    private ReceiptCheck check(String page) throws Exception {
        return ReceiptCheck.of(Files.writeString(directory.resolve("receipt.html"), page), keys());
    }

    private static String failed(ReceiptCheck check) {
        assertThat(check.passed()).as(check.toString()).isFalse();
        assertThat(check.says()).isEmpty();
        return check.steps().getLast().what();
    }

    @Test
    void itSaysWhoAgreedToWhatInWhichWordsWhenHowUntilWhenAndWhatBecameOfIt() throws Exception {
        assertThat(ReceiptCheck.of(receipt().json(), keys()).says())
                .containsExactly(
                        "Am 24. November 2026, 10:00:00 (Berlin) hat ein Anrufer auf dem Anschluss"
                                + " hotline gegenüber Muster GmbH eingewilligt in: mit der KI"
                                + " sprechen; mitschreiben.",
                        "Frage: „Darf sie zuhören? Ja oder Nein?“ Antwort: ja.",
                        "Frage: „Darf sie mitschreiben? Ja oder Nein?“ Antwort: nicht verstanden.",
                        "Frage: „Mitschreiben? Ja oder Nein?“ Antwort: ja.",
                        "Frage: „Darf sie aufnehmen? Ja oder Nein?“ Antwort: nein.",
                        "Gefragt und nicht eingewilligt wurde in: aufnehmen.",
                        "Statt einer Nummer steht ein Pseudonym im Protokoll: anna.",
                        "Die Einwilligung gilt nur für dieses Gespräch.",
                        "Bis dahin wurde sie nicht widerrufen.",
                        "Stand: die ersten 4 Einträge von consent-gateway.local/log/node-1. Der"
                                + " letzte davon ist vom 24. November 2026, 10:00:00 (Berlin).",
                        "Der Schlüssel des Protokolls hat unterschrieben, dass dies alles ist, was"
                                + " bis dahin darüber darin stand.");
        withdrawn(given.id());
        assertThat(ReceiptCheck.of(receipt().json(), keys()).says())
                .contains(
                        "Am 24. November 2026, 10:05:00 (Berlin) wurde sie widerrufen. Seitdem gilt"
                                + " sie nicht mehr.")
                .noneMatch(sentence -> sentence.contains("nicht widerrufen"));
    }

    @Test
    void thePageSaysTheSameInGermanAndEnglishAndTheVerifierToo() throws Exception {
        withdrawn(given.id());
        String german = receipt().page("de");
        String english = receipt().page("en");

        for (String page : List.of(german, english)) {
            ReceiptCheck check = check(page);
            assertThat(check.passed()).as(check.toString()).isTrue();
            String read = page.replace("&quot;", "\"");
            assertThat(check.says()).isNotEmpty().allMatch(read::contains);
            assertThat(page)
                    .as("to be printed, read without colour, and by nobody's script")
                    .doesNotContain("<script", "color", "http://", "https://", "src=")
                    .contains("KI-Dienst AG, Bahnhofstrasse 1, Zürich");
        }
        assertThat(german)
                .contains("<td>Muster GmbH, hier ist die KI.</td><td>ganz</td>")
                .contains("<td>abgebrochen, nach 1,5 von 2,0 Sekunden</td>")
                .contains(SpokenConsent.NOTICE.audioSha256())
                .contains("Am 24. November 2026, 10:05:00 (Berlin) wurde sie widerrufen.");
        assertThat(german).contains("<td>Mitschrift</td><td>90 Tage</td>");
        assertThat(english)
                .contains("<td>transcript</td><td>90 days</td>")
                .contains("a caller on the line hotline gave consent to Muster GmbH, to: talk to")
                .contains("On 24 November 2026, 10:05:00 (Berlin) it was withdrawn.");
        assertThat(receipt().language()).isEqualTo("de");
    }

    @Test
    void aPageThatSaysAnythingElseThanItsProofIsRefused() throws Exception {
        withdrawn(given.id());
        String page = receipt().page("de");
        List<UnaryOperator<String>> forgeries =
                List.of(
                        text -> text.replaceFirst("10:05:00", "12:05:00"),
                        text -> text.replaceFirst("mitschreiben", "aufnehmen"),
                        text -> text.replaceFirst("<h2>", "<p>Auch Werbung ist erlaubt.</p><h2>"),
                        text -> text.replace("body {", ".says { display: none } body {"),
                        text -> text.replace("lang=\"de\"", "lang=\"en\""),
                        text -> text + " ");
        for (UnaryOperator<String> forgery : forgeries) {
            String forged = forgery.apply(page);
            assertThat(forged).isNotEqualTo(page);
            assertThat(failed(check(forged))).isIn("page", "form");
        }
        assertThat(failed(check(page.replace("&quot;anna&quot;", "&quot;otto&quot;"))))
                .as("and the proof in it is proved")
                .isEqualTo("payload");
    }

    @Test
    void whatWasPlayedInTheCallIsInItAndNothingElse() throws Exception {
        NewEntry other = SpokenConsent.served("opening", "2026-11-24T08:59:40Z", true);
        append(new NewEntry(other.id(), other.type(), "another call", null, other.payload()));
        ObjectNode json = receipt().json();
        assertThat(json.path("heard"))
                .extracting(one -> one.at("/payload/served/part").asText())
                .containsExactly("opening", "question.assistant");

        ObjectNode changed = json.deepCopy();
        ((ObjectNode) changed.at("/heard/1/payload/served")).put("completed", true);
        assertThat(failed(ReceiptCheck.of(changed, keys()))).isEqualTo("heard");

        ObjectNode foreign = json.deepCopy();
        JsonNode elsewhere = Records.receipt(ledger, settings, other.id()).json();
        ((ArrayNode) foreign.path("heard")).add(bare(elsewhere));
        assertThat(failed(ReceiptCheck.of(foreign, keys()))).isEqualTo("heard");

        ObjectNode withdrawal = json.deepCopy();
        ((ArrayNode) withdrawal.path("heard")).add(bare(json));
        assertThat(failed(ReceiptCheck.of(withdrawal, keys())))
                .as("what is no Served entry")
                .isEqualTo("heard");
    }

    private static ObjectNode bare(JsonNode receipt) {
        ObjectNode bare = receipt.deepCopy();
        return bare.retain("entry", "salt", "payload", "proof", "checkpoint");
    }

    /** Whoever has a receipt could leave out how the consent has ended. */
    @Test
    void aReceiptFromWhichTheWithdrawalWasTakenIsRefusedOrSaysThatItMayBeMissing()
            throws Exception {
        withdrawn(given.id());
        ObjectNode json = receipt().json();
        json.remove("since");
        assertThat(failed(ReceiptCheck.of(json, keys()))).isEqualTo("statement");

        json.remove("statement");
        ReceiptCheck unsigned = ReceiptCheck.of(json, keys());
        assertThat(unsigned.passed()).isTrue();
        assertThat(unsigned.says())
                .contains(
                        "Niemand hat unterschrieben, dass dies alles ist: ein Widerruf kann in"
                                + " diesem Beleg fehlen.")
                .noneMatch(sentence -> sentence.contains("nicht widerrufen"));

        json.remove("as_of");
        assertThat(ReceiptCheck.of(json, keys()).says())
                .contains("Was seither daraus wurde, steht nicht in diesem Beleg.");
    }

    @Test
    void whereTheLogsStoodIsProved() throws Exception {
        withdrawn(given.id());
        ObjectNode json = receipt().json();
        assertThat(json.at("/as_of/0/proof/index").asLong()).isEqualTo(4);

        ObjectNode earlier = json.deepCopy();
        earlier.remove("statement");
        ObjectNode itself = bare(earlier);
        itself.remove(List.of("salt", "payload"));
        ((ArrayNode) earlier.path("as_of")).set(0, itself);
        assertThat(failed(ReceiptCheck.of(earlier, keys()))).isEqualTo("as_of");

        ObjectNode later = json.deepCopy();
        later.remove("statement");
        ((ObjectNode) later.at("/as_of/0/entry")).put("time", "2027-11-24T09:00:00.000Z");
        assertThat(failed(ReceiptCheck.of(later, keys()))).isEqualTo("as_of");
    }

    /** The record names the call of the consent, since there was none when a person ended it. */
    @Test
    void whoEndedAPurposeIsTold() throws Exception {
        for (String method : List.of("DTMF", "NONE")) {
            about(
                    EntryType.PURPOSE_DECIDED,
                    given.id(),
                    payload ->
                            payload.putObject("decision")
                                    .put("purpose", "report")
                                    .put("outcome", "ENDED")
                                    .put("method", method));
        }
        assertThat(ReceiptCheck.of(receipt().json(), keys()).says())
                .filteredOn(sentence -> sentence.contains("beendet"))
                .satisfiesExactly(
                        caller -> assertThat(caller).contains("hat der Anrufer beendet"),
                        operator -> assertThat(operator).contains("eine Person beim Betreiber"));
    }

    /**
     * As the gateway writes it: a withdrawal is about the first consent, never about another yes.
     */
    @Test
    void aReaffirmationClaimsNothingOfTheConsentThatItDependsOn() throws Exception {
        NewEntry again = SpokenConsent.again(given.id());
        append(again);
        withdrawn(given.id());
        Receipt receipt = Records.receipt(ledger, settings, again.id());
        assertThat(receipt.json().has("statement")).isFalse();
        ObjectNode earlier = receipt.json().deepCopy();
        earlier.put("statement", statement(earlier, again.id()));

        for (ObjectNode json : List.of(receipt.json(), earlier)) {
            ReceiptCheck check = ReceiptCheck.of(json, keys());
            assertThat(check.passed()).as(check.toString()).isTrue();
            assertThat(check.says())
                    .contains(
                            "Dies hängt von der Einwilligung im Eintrag "
                                    + given.id()
                                    + " ab. Ob und bis wann sie gilt und ob sie widerrufen wurde,"
                                    + " steht nicht in diesem Beleg, sondern in dem der"
                                    + " Einwilligung.")
                    .noneMatch(says -> says.contains("nicht widerrufen"))
                    .noneMatch(says -> says.contains("gilt bis"))
                    .noneMatch(says -> says.contains("dies alles ist"));
            assertThat(check.lines()).noneMatch(line -> line.contains("that this is all"));
        }
        assertThat(receipt.page("en"))
                .doesNotContain("Nothing.", "holds until", "not withdrawn")
                .contains("This depends on the consent in the entry " + given.id());

        assertThat(receipt.vcon().toString()).doesNotContain("lawful_basis", "granted");
        ObjectNode dpv = receipt.dpv();
        dpv.remove("@context"); // which tells what each word means, said or not
        assertThat(dpv.at("/dpv:hasRecordOfActivity/dpv:hasConsentStatus").toString())
                .contains("dpv:ConsentUnknown")
                .doesNotContain("dct:valid", "hasDuration");
        assertThat(dpv.path("dpv:hasRecordOfActivity").toString())
                .doesNotContain("hasLegalBasis", "ConsentGiven", "dct:replaces")
                .contains("\"dct:requires\":{\"@id\":\"urn:uuid:" + given.id());
        assertThat(receipt().json().path("since"))
                .as("the receipt of the consent has it")
                .extracting(later -> later.at("/entry/type").asText())
                .containsExactly("Reaffirmed", "Withdrawn");
    }

    /** As earlier versions had it signed. */
    private String statement(ObjectNode receipt, UUID entry) throws Exception {
        ObjectNode bare = receipt.deepCopy();
        bare.remove("signed_by");
        String log = receipt.at("/entry/log").asText();
        String text =
                """
                consent-gateway/receipt/1
                %s
                entry %s
                size %s
                sha256 %s
                """
                        .formatted(
                                log,
                                entry,
                                receipt.at("/as_of/0/proof/size").asText(),
                                Digests.hex(Digests.of(CanonicalJson.bytes(bare))));
        return SignedNote.sign(
                text, List.of(KeyFiles.signingKey(settings.keys(), "node-1").orElseThrow()));
    }

    /** No gateway writes so, and the format allows it. */
    @Test
    void whatIsAboutAReaffirmationHoldsBehindIt() throws Exception {
        UUID again = about(EntryType.REAFFIRMED, given.id(), payload -> {});
        UUID opened = about(EntryType.ASSISTANT_OPENED, again, payload -> {});
        ObjectNode json = receipt().json();
        json.remove("statement");
        ((ArrayNode) json.path("since"))
                .add(bare(Records.receipt(ledger, settings, opened).json()));
        ReceiptCheck check = ReceiptCheck.of(json, keys());
        assertThat(check.passed()).as(check.toString()).isTrue();
        ((ArrayNode) json.path("since")).remove(0);
        assertThat(failed(ReceiptCheck.of(json, keys()))).isEqualTo("since");
    }

    private List<String> since(ObjectNode receipt) {
        return receipt.path("since")
                .valueStream()
                .map(later ->
                        later.at("/entry/type").asText() + later.at("/payload/assistant").asText())
                .toList();
    }

    private List<NewEntry> talks(int many, String assistant) {
        List<NewEntry> talks = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            NewEntry one = SpokenConsent.about(EntryType.ASSISTANT_OPENED, given.id());
            one.payload().put("assistant", assistant);
            talks.add(one);
        }
        return talks;
    }

    /** A consent that was used for years, and ends. */
    @Test
    void howeverManyTalksThereWereTheWithdrawalBehindThemIsInTheReceipt() throws Exception {
        Records.append(ledger, talks(1050, "bot"));
        Records.append(ledger, talks(1, "other"));
        Records.append(ledger, talks(50, "bot"));
        withdrawn(given.id());
        ObjectNode json = receipt().json();
        assertThat(since(json))
                .containsExactly(
                        "AssistantOpenedbot",
                        "AssistantOpenedother",
                        "AssistantOpenedbot",
                        "Withdrawn");
        ReceiptCheck check = ReceiptCheck.of(json, keys());
        assertThat(check.passed()).as(check.toString()).isTrue();
        assertThat(check.says())
                .anyMatch(says -> says.contains("Seitdem gilt sie nicht mehr."))
                .anyMatch(says -> says.contains("dies alles ist, was"));

        Records.append(ledger, talks(1000, "bot"));
        ObjectNode more = receipt().json();
        assertThat(since(more)).contains("Withdrawn");
        assertThat(more.has("statement"))
                .as("in the middle may be an assistant that nobody looked at")
                .isFalse();
    }

    @Nightly("ten seconds of the processor; as many reaffirmations are below")
    @Test
    void howeverManyRefusalsThereWereTheWithdrawalBehindThemIsInTheReceipt() throws Exception {
        List<NewEntry> refused = new ArrayList<>();
        for (int i = 0; i < 1001; i++) {
            refused.add(SpokenConsent.about(EntryType.REFUSED, given.id()));
        }
        Records.append(ledger, refused);
        withdrawn(given.id());
        ObjectNode json = receipt().json();
        assertThat(since(json)).hasSize(1002).endsWith("Withdrawn");
        assertThat(json.has("statement")).isTrue();
    }

    @Test
    void moreReaffirmationsThanAnybodyReadsAreNotSaidToBeAll() throws Exception {
        List<NewEntry> again = new ArrayList<>();
        for (int i = 0; i < 1001; i++) {
            again.add(SpokenConsent.about(EntryType.REAFFIRMED, given.id()));
        }
        Records.append(ledger, again.subList(0, 1000));
        assertThat(receipt().json().has("statement")).isTrue();
        Records.append(ledger, again.subList(1000, 1001));
        withdrawn(given.id());
        ObjectNode json = receipt().json();
        assertThat(since(json)).hasSize(1001).endsWith("Withdrawn");
        assertThat(json.has("statement")).isFalse();
    }

    /** Clocks show the hour from two to three twice; every other time is written as before. */
    @Test
    void inTheHourThatClocksShowTwiceItIsSaidWhichOfTheTwoItIs() throws Exception {
        about(
                EntryType.WITHDRAWN,
                given.id(),
                payload -> payload.putObject("withdrawal").put("at", "2026-10-25T01:10:00Z"));
        ((ObjectNode) given.payload().path("validity")).put("until", "2026-10-25T00:50:00Z");
        NewEntry brief =
                NewEntry.of(given.type(), "call-1", "anna", given.payload(), Records.START);
        append(brief);
        String page = receipt().page("de");
        assertThat(page).contains("Am 25. Oktober 2026, 02:10:00 (Berlin, +01:00) wurde sie");
        assertThat(check(page).passed()).isTrue();
        assertThat(Records.receipt(ledger, settings, brief.id()).page("en"))
                .contains("holds until 25 October 2026, 02:50:00 (Berlin, +02:00).")
                .contains("On 24 November 2026, 10:00:00 (Berlin) a caller");
        assertThat(LocalTimes.whichOfTwo(Instant.parse("2026-10-24T23:59:59Z"))).isEmpty();
        assertThat(LocalTimes.whichOfTwo(Instant.parse("2026-10-25T02:00:00Z"))).isEmpty();
    }

    @Test
    void nobodyIsNamedWhoHasNotSigned() throws Exception {
        ObjectNode json = receipt().json();
        ((ArrayNode) json.path("signed_by")).add("evil");
        assertThat(failed(ReceiptCheck.of(json, keys()))).isEqualTo("signed_by");
    }

    @Test
    void whatWasErasedSaysThatItExistedAndNothingMore() throws Exception {
        UUID expired = about(EntryType.EXPIRED, given.id(), payload -> {});
        ObjectNode json = Records.receipt(ledger, settings, expired).json();
        json.putNull("salt").putNull("payload");
        assertThat(ReceiptCheck.of(json, keys()).says())
                .singleElement()
                .asString()
                .contains("the consent expired. The content of this entry was erased");
    }
}
