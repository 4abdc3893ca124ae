package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.VerifierKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Receipts against the fields that ISO/IEC TS 27560:2023 demands, as the guide of the W3C DPV group
 * lists them, and against draft-howe-vcon-lawful-basis-02. Neither comes with shapes or a schema of
 * its own for these; the lists stand here.
 */
class ReceiptFieldsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);
    @TempDir private Path directory;

    private LedgerSettings settings = TestSettings.inDirectory(Path.of("unset"));
    private Ledger ledger;

    @BeforeEach
    void aLedgerThatKnowsTheText() throws Exception {
        settings = TestStore.SQLITE.settings(directory);
        ledger = Ledger.open(settings, CLOCK);
        ledger.keep(List.of(SpokenConsent.NOTICE), Records.START);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private Receipt receipt(NewEntry entry) throws Exception {
        return Records.receipt(ledger, settings, Records.append(ledger, entry).entryId());
    }

    private List<VerifierKey> keys() throws Exception {
        return KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));
    }

    @Test
    void theDpvReceiptHasEveryFieldThatIsoTs27560Demands() throws Exception {
        ObjectNode dpv = receipt(SpokenConsent.given(true)).dpv();
        JsonNode record = dpv.path("dpv:hasRecordOfActivity");

        assertThat(members(dpv))
                .contains("@id", "dct:created", "dct:publisher", "dct:recipient", "dct:conformsTo");
        assertThat(dpv.path("dct:conformsTo").asText()).endsWith("#receipt-eu-gdpr");
        assertThat(record.path("dct:conformsTo").asText()).endsWith("#record-eu-gdpr");
        assertThat(members(record))
                .contains(
                        "dct:identifier",
                        "dpv:hasDataSubject",
                        "dpv:hasNotice",
                        "dpv:hasProcess",
                        "dpv:hasConsentStatus",
                        "dpv:hasEntity");
        assertThat(members(record.path("dpv:hasNotice")))
                .contains("dct:identifier", "dct:hasVersion", "dct:language", "schema:hasPart");
        assertThat(record.path("dpv:hasProcess")).hasSize(2);
        record.path("dpv:hasProcess")
                .forEach(process ->
                        assertThat(members(process))
                                .contains(
                                        "dpv:hasPurpose",
                                        "dpv:hasLegalBasis",
                                        "dpv:hasPersonalData",
                                        "dpv:hasDataController",
                                        "dpv:hasDataSource",
                                        "dpv:hasProcessing",
                                        "dpv:hasStorageCondition",
                                        "dpv:hasJurisdiction",
                                        "dpv:hasRecipient",
                                        "dpv:hasConsentControl",
                                        "dpv:hasRight"));
        record.path("dpv:hasEntity")
                .forEach(party ->
                        assertThat(members(party))
                                .contains(
                                        "@type",
                                        "dpv:hasName",
                                        "dpv:hasIdentifier",
                                        "schema:contactPoint"));
        assertThat(members(record.path("dpv:hasConsentStatus")))
                .contains(
                        "@type",
                        "dpv:isIndicatedAtTime",
                        "dpv:isIndicatedBy",
                        "dpv:hasIndicationMethod",
                        "dpv:hasDuration");
        assertThat(ReceiptCheck.of(dpv, keys()).passed()).isTrue();
    }

    private static Set<String> members(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void itSaysWhoGetsTheDataWhichInWhichWordsAndHowItIsWithdrawn() throws Exception {
        JsonNode record = receipt(SpokenConsent.given(true)).dpv().path("dpv:hasRecordOfActivity");
        JsonNode transcript = record.at("/dpv:hasProcess/1");

        assertThat(transcript.at("/dpv:hasPurpose/dct:description/@value").asText())
                .isEqualTo("Darf sie mitschreiben? Ja oder Nein? Mitschreiben? Ja oder Nein?");
        assertThat(transcript.at("/dpv:hasPersonalData/0/dct:description").asText())
                .isEqualTo("transcript");
        String recipient = transcript.at("/dpv:hasRecipient/0/@id").asText();
        JsonNode party =
                record.path("dpv:hasEntity")
                        .valueStream()
                        .filter(one -> one.path("@id").asText().equals(recipient))
                        .findFirst()
                        .orElseThrow();
        assertThat(party.path("dpv:hasName").asText()).isEqualTo("KI-Dienst AG");
        assertThat(party.path("@type").toString())
                .isEqualTo("[\"dpv:Recipient\",\"dpv:DataProcessor\"]");
        assertThat(party.path("dpv:hasLocation").asText()).isEqualTo("loc:CH");
        assertThat(transcript.at("/dpv:hasStorageCondition/1/dpv:hasDuration").asText())
                .isEqualTo("P90D");
        assertThat(transcript.at("/dpv:hasConsentControl").toString())
                .contains("Tasten *9", "Einwilligung widerrufen", "tel:+4930123458");
        assertThat(receipt(SpokenConsent.given(false)).dpv().toString())
                .as("the phrase where nobody listens for it")
                .doesNotContain("Einwilligung widerrufen");
    }

    @Test
    void termsOfDpvAreThoseThatItHas() throws Exception {
        String dpv = receipt(SpokenConsent.given(true)).dpv().toString();
        Set<String> used = new TreeSet<>();
        Pattern.compile("\"((?:dpv|pd|eu-gdpr):[A-Za-z0-9-]+)\"")
                .matcher(dpv)
                .results()
                .forEach(term -> used.add(term.group(1)));
        // Looked up in DPV 2.3, one by one.
        assertThat(used)
                .isSubsetOf(
                        ("dpv:Collect dpv:ConsentGiven dpv:ConsentNotice dpv:ConsentReceipt"
                             + " dpv:ConsentRecord dpv:DataController dpv:DataProcessor"
                             + " dpv:DataProtectionAuthority dpv:DataSubject"
                             + " dpv:DataSubjectDataSource dpv:ExplicitlyExpressedConsent"
                             + " dpv:PersonalData dpv:Process dpv:Purpose dpv:Recipient"
                             + " dpv:Required dpv:StorageDeletion dpv:StorageDuration"
                             + " dpv:StorageLocation dpv:Store dpv:UntilEventDuration dpv:Use"
                             + " dpv:WithdrawConsent dpv:hasConsentControl dpv:hasConsentStatus"
                             + " dpv:hasDataController dpv:hasDataSource dpv:hasDataSubject"
                             + " dpv:hasDuration dpv:hasEntity dpv:hasIdentifier"
                             + " dpv:hasIndicationMethod dpv:hasJurisdiction dpv:hasLegalBasis"
                             + " dpv:hasLocation dpv:hasName dpv:hasNecessity dpv:hasNotice"
                             + " dpv:hasPersonalData dpv:hasProcess dpv:hasProcessing"
                             + " dpv:hasPurpose dpv:hasRecipient dpv:hasRecordOfActivity"
                             + " dpv:hasRight dpv:hasStorageCondition dpv:isExercisedAt"
                             + " dpv:isIndicatedAtTime dpv:isIndicatedBy eu-gdpr:A15 eu-gdpr:A16"
                             + " eu-gdpr:A17 eu-gdpr:A18 eu-gdpr:A20 eu-gdpr:A6-1-a eu-gdpr:A7-3"
                             + " eu-gdpr:A77 pd:Communication pd:TelephoneNumber")
                                .split(" "));
    }

    @Test
    void theVconSaysWhatWasDeclinedAndItsHashIsThatOfItsBody() throws Exception {
        ObjectNode vcon = receipt(SpokenConsent.given(true)).vcon();
        JsonNode attachment = vcon.at("/attachments/0");
        ObjectNode body = (ObjectNode) attachment.path("body");

        assertThat(members(vcon))
                .contains("vcon", "uuid", "extensions", "created_at", "parties", "dialog");
        assertThat(UUID.fromString(vcon.at("/parties/0/uuid").asText())).isNotNull();
        assertThat(members(attachment))
                .contains("purpose", "start", "party", "dialog", "encoding", "body");
        assertThat(members(body)).contains("lawful_basis", "expiration", "purpose_grants");
        assertThat(body.path("purpose_grants").toString())
                .contains("{\"purpose\":\"recording\",\"granted\":false,");
        assertThat(body.at("/purpose_grants/0/conditions/0").asText())
                .isEqualTo("Darf sie zuhören? Ja oder Nein?");
        assertThat(body.path("expiration").asText())
                .as("of one call; what was written down may be kept for 90 days")
                .isEqualTo("2027-02-22T09:00:00Z");
        assertThat(body.at("/metadata/processing/0/recipients/0/name").asText())
                .isEqualTo("KI-Dienst AG");
        body.path("proof_mechanisms")
                .forEach(proof ->
                        assertThat(members(proof))
                                .containsExactlyInAnyOrder(
                                        "proof_type", "timestamp", "proof_data"));
        JsonNode hash = body.remove("content_hash");
        assertThat(hash.path("value").asText())
                .isEqualTo(Digests.hex(Digests.of(CanonicalJson.bytes(body))));
    }

    /** Art. 15(1): purposes, categories, recipients, duration, rights, authority, source. */
    @Test
    void theAnswerToAnAccessRequestTellsTheSameInWords() throws Exception {
        var anna = new PseudonymousSubject(List.of("anna"));
        Records.append(ledger, SpokenConsent.given(true));
        SubjectExport export = SubjectExport.of(ledger.reader(), anna, Records.START);

        assertThat(export.newest(100).html(AnswerWordsTest.SHIPPED))
                .contains(
                        "Zwecke: mit der KI sprechen, mitschreiben",
                        "mit der KI sprechen – Daten: Stimme, Rufnummer; Aufbewahrt: nicht;"
                                + " Empfänger: KI-Dienst AG, Bahnhofstrasse 1, Zürich"
                                + " (Auftragsverarbeiter, CH)",
                        "mitschreiben – Daten: Mitschrift; Aufbewahrt: P90D",
                        "Gesagt wurde: „Darf sie zuhören? Ja oder Nein?“",
                        "Aufsichtsbehörde: Der Landesbeauftragte",
                        "Alle Angaben stammen aus Ihren Anrufen.",
                        "Berichtigung (Art. 16)");
        assertThat(export.newest(100).json().at("/entries/0/spoken/question.transcript").asText())
                .isEqualTo("Darf sie mitschreiben? Ja oder Nein?");
    }

    /** A consent after which the assistant was connected three times, and that was withdrawn. */
    private NewEntry withdrawnAfterThreeCalls() throws Exception {
        NewEntry given = SpokenConsent.given(true);
        Records.append(ledger, given);
        for (int i = 0; i < 3; i++) {
            NewEntry opened = SpokenConsent.about(EntryType.ASSISTANT_OPENED, given.id());
            opened.payload().put("assistant", "assistant");
            Records.append(ledger, opened);
        }
        NewEntry withdrawn = SpokenConsent.about(EntryType.WITHDRAWN, given.id());
        withdrawn.payload().putObject("withdrawal").put("at", "2026-11-24T09:05:00Z");
        Records.append(ledger, withdrawn);
        NewEntry told = SpokenConsent.about(EntryType.HOLDER_NOTIFIED, given.id());
        told.payload()
                .putObject("holder")
                .put("name", "assistant")
                .put("event", "WITHDRAWN")
                .put("delivered", true)
                .put("acknowledged_by", "INFO");
        Records.append(ledger, told);
        return given;
    }

    @Test
    void aReceiptSaysWhoGotTheDataWhoWasToldAndHowItEnded() throws Exception {
        NewEntry given = withdrawnAfterThreeCalls();
        Receipt receipt = Records.receipt(ledger, settings, given.id());

        assertThat(receipt.json().path("since"))
                .extracting(later -> later.at("/entry/type").asText())
                .as("of three times the first and the last")
                .containsExactly(
                        "AssistantOpened", "AssistantOpened", "Withdrawn", "HolderNotified");
        ReceiptCheck check = ReceiptCheck.of(receipt.json(), keys());
        assertThat(check.passed()).as(check.toString()).isTrue();
        assertThat(check.lines())
                .anyMatch(line -> line.contains("Withdrawn 2026-11-24T09:00:00.000Z"))
                .anyMatch(line -> line.contains("what was written later is not in this receipt"));

        ObjectNode dpv = receipt.dpv();
        JsonNode record = dpv.path("dpv:hasRecordOfActivity");
        assertThat(record.at("/cg:holders/0/name").asText()).isEqualTo("assistant");
        assertThat(record.at("/cg:holders/0/told/acknowledged_by").asText()).isEqualTo("INFO");
        assertThat(record.at("/cg:holders/0/told/acknowledged_at").asText())
                .isEqualTo("2026-11-24T09:00:00.000Z");
        assertThat(record.path("dpv:hasConsentStatus"))
                .extracting(event -> event.path("@type").asText())
                .containsExactly("dpv:ConsentGiven", "dpv:ConsentWithdrawn");
        assertThat(ReceiptCheck.of(dpv, keys()).passed()).isTrue();

        ObjectNode vcon = receipt.vcon();
        assertThat(vcon.at("/attachments/0/body/expiration").asText())
                .as("nothing may be done on it any more")
                .isEqualTo("2026-11-24T09:05:00Z");
        assertThat(vcon.at("/attachments/0/body/metadata/holders/0/name").asText())
                .isEqualTo("assistant");
        assertThat(ReceiptCheck.of(vcon, keys()).passed()).isTrue();
    }

    private NewEntry decided(NewEntry consent, String purpose, String outcome) {
        NewEntry entry = SpokenConsent.about(EntryType.PURPOSE_DECIDED, consent.id());
        entry.payload()
                .putObject("decision")
                .put("purpose", purpose)
                .put("outcome", outcome)
                .put("method", "KEY");
        return entry;
    }

    private NewEntry replacing(EntryType type, NewEntry consent) {
        ObjectNode payload = SpokenConsent.given(true).payload();
        ((ObjectNode) payload.path("validity")).put("until", "2028-11-24T09:00:00Z");
        payload.put("refers_to", consent.id().toString());
        return NewEntry.of(type, "call-2", "anna", payload, Records.START);
    }

    private JsonNode vconOf(Receipt receipt) throws Exception {
        assertThat(ReceiptCheck.of(receipt.vcon(), keys()).passed()).isTrue();
        return receipt.vcon().at("/attachments/0/body");
    }

    private JsonNode recordOf(Receipt receipt) throws Exception {
        assertThat(ReceiptCheck.of(receipt.dpv(), keys()).passed()).isTrue();
        return receipt.dpv().path("dpv:hasRecordOfActivity");
    }

    /** Withdrawn, expired, renewed, replaced. */
    @Test
    void whateverEndsAConsentEndsItInBothWrappings() throws Exception {
        for (EntryType how :
                List.of(
                        EntryType.WITHDRAWN,
                        EntryType.EXPIRED,
                        EntryType.RENEWED,
                        EntryType.GIVEN)) {
            NewEntry given = SpokenConsent.given(true);
            NewEntry end =
                    how == EntryType.WITHDRAWN || how == EntryType.EXPIRED
                            ? SpokenConsent.about(how, given.id())
                            : replacing(how, given);
            Records.append(ledger, List.of(given, end));
            Receipt receipt = Records.receipt(ledger, settings, given.id());

            assertThat(vconOf(receipt).path("expiration").asText())
                    .as(how.text())
                    .isEqualTo("2026-11-24T09:00:00.000Z");
            JsonNode event = recordOf(receipt).at("/dpv:hasConsentStatus/1");
            assertThat(event.path("@type").asText())
                    .as(how.text())
                    .isEqualTo(
                            how == EntryType.WITHDRAWN
                                    ? "dpv:ConsentWithdrawn"
                                    : "dpv:ConsentExpired");
            boolean replaced = how == EntryType.RENEWED || how == EntryType.GIVEN;
            assertThat(event.at("/dct:isReplacedBy/@id").asText())
                    .isEqualTo(replaced ? "urn:uuid:" + end.id() : "");
            assertThat(event.has("dct:valid"))
                    .as("how long the other one holds it does not know")
                    .isFalse();
        }
    }

    /** As of the shipped levels, of which some keep nothing: they expired before they began. */
    @Test
    void aConsentForOneCallExpiresWithItsTalkAndNeverBeforeItWasGranted() throws Exception {
        ledger.close();
        var time = new AtomicReference<>(Records.START);
        ledger = Ledger.open(settings, time::get);
        for (String kept : List.of("P0D", "P30D")) {
            NewEntry given = SpokenConsent.given(true);
            given.payload().path("processing").forEach(one -> ((ObjectNode) one).put("kept", kept));
            String keeps = kept.equals("P0D") ? "null" : "2026-12-24T09:00:00Z";
            assertThat(expirationAfter(given, given, time)).as(kept).isEqualTo(keeps);
            assertThat(expirationAfter(talk(EntryType.ASSISTANT_OPENED, given), given, time))
                    .as(kept)
                    .isEqualTo(keeps);
            String ended = expirationAfter(talk(EntryType.ASSISTANT_CUT, given), given, time);
            assertThat(ended)
                    .as(kept)
                    .isEqualTo(kept.equals("P0D") ? time.get().toString() : keeps);
            assertThat(expirationAfter(talk(EntryType.ASSISTANT_OPENED, given), given, time))
                    .as("another talk goes on")
                    .isEqualTo(keeps);
        }
    }

    private static NewEntry talk(EntryType type, NewEntry given) {
        NewEntry talk = SpokenConsent.about(type, given.id());
        talk.payload().put("assistant", "assistant");
        return talk;
    }

    private String expirationAfter(NewEntry entry, NewEntry given, AtomicReference<Instant> time)
            throws Exception {
        time.updateAndGet(now -> now.plusSeconds(10));
        Records.append(ledger, entry);
        JsonNode body = vconOf(Records.receipt(ledger, settings, given.id()));
        assertThat(body.at("/metadata/validity/duration").asText())
                .isEqualTo(body.path("expiration").isNull() ? "call" : "");
        return body.path("expiration").asText();
    }

    @Test
    void theFirstOfSeveralEndsCounts() throws Exception {
        NewEntry given = SpokenConsent.given(true);
        NewEntry withdrawn = SpokenConsent.about(EntryType.WITHDRAWN, given.id());
        withdrawn.payload().putObject("withdrawal").put("at", "2026-11-24T08:59:59Z");
        NewEntry late = SpokenConsent.about(EntryType.WITHDRAWN, given.id());
        late.payload().putObject("withdrawal").put("at", "2031-11-24T09:00:00Z");
        Records.append(ledger, List.of(given, late));
        assertThat(
                        vconOf(Records.receipt(ledger, settings, given.id()))
                                .path("expiration")
                                .asText())
                .as("what was written down is kept for 90 days")
                .isEqualTo("2027-02-22T09:00:00Z");
        Records.append(
                ledger, List.of(SpokenConsent.about(EntryType.EXPIRED, given.id()), withdrawn));
        assertThat(
                        vconOf(Records.receipt(ledger, settings, given.id()))
                                .path("expiration")
                                .asText())
                .isEqualTo("2026-11-24T08:59:59Z");
    }

    @Test
    void aPurposeThatTheCallerEndedIsGrantedNoMore() throws Exception {
        NewEntry given = SpokenConsent.given(true);
        Records.append(ledger, List.of(given, decided(given, "recording", "REFUSED")));
        Receipt before = Records.receipt(ledger, settings, given.id());
        assertThat(vconOf(before).at("/purpose_grants/1/granted").asBoolean()).isTrue();
        assertThat(recordOf(before).path("dpv:hasProcess")).hasSize(2);

        Records.append(ledger, decided(given, "transcript", "ENDED"));
        Receipt receipt = Records.receipt(ledger, settings, given.id());
        assertThat(vconOf(receipt).path("purpose_grants"))
                .extracting(one -> one.path("purpose").asText() + one.path("granted").asText())
                .containsExactly("assistanttrue", "transcriptfalse", "recordingfalse");
        JsonNode record = recordOf(receipt);
        assertThat(record.path("dpv:hasProcess"))
                .extracting(one -> one.at("/dpv:hasPurpose/dct:identifier").asText())
                .containsExactly("assistant");
        assertThat(record.at("/dpv:hasConsentStatus/1/@type").asText())
                .isEqualTo("dpv:ConsentWithdrawn");
        assertThat(record.at("/dpv:hasConsentStatus/1/dpv:hasPurpose/dct:identifier").asText())
                .isEqualTo("transcript");

        Records.append(ledger, decided(given, "assistant", "ENDED"));
        JsonNode nothing = recordOf(Records.receipt(ledger, settings, given.id()));
        assertThat(nothing.path("dpv:hasProcess")).isEmpty();
        assertThat(nothing.has("dct:conformsTo")).isFalse();

        ObjectNode earlier = receipt.vcon();
        ((ObjectNode) earlier.at("/attachments/0/body/purpose_grants/1")).put("granted", true);
        assertThat(ReceiptCheck.of(earlier, keys()).steps().getLast().toString())
                .as("as earlier versions wrote it")
                .contains("held=false, what=wrapping", "the receipt in it holds");
    }

    @Test
    void whatWasDecidedOfOnePurposeIsNeverCalledAConsent() throws Exception {
        NewEntry given = SpokenConsent.given(true);
        Records.append(ledger, given);
        List<String> told = new ArrayList<>();
        for (String outcome : List.of("REFUSED", "UNANSWERED", "ENDED", "")) {
            Receipt receipt = receipt(decided(given, "recording", outcome));
            told.add(recordOf(receipt).at("/dpv:hasConsentStatus/@type").asText());
            assertThat(receipt.vcon().toString()).doesNotContain("lawful_basis");
        }
        assertThat(told)
                .containsExactly(
                        "dpv:ConsentRefused",
                        "dpv:ConsentUnknown",
                        "dpv:ConsentWithdrawn",
                        "dpv:ConsentUnknown");
    }

    @Test
    void whatIsAddedToALaterEntryOrTakenFromAnotherConsentIsFound() throws Exception {
        NewEntry given = withdrawnAfterThreeCalls();
        NewEntry another = withdrawnAfterThreeCalls();
        JsonNode other = Records.receipt(ledger, settings, another.id()).json();

        ObjectNode forged = Records.receipt(ledger, settings, given.id()).json();
        ((ObjectNode) forged.at("/since/3/payload/holder")).put("acknowledged_by", "BYE");
        assertThat(ReceiptCheck.of(forged, keys()).steps().getLast().toString())
                .contains("held=false, what=since", "HolderNotified");

        ObjectNode mixed = Records.receipt(ledger, settings, given.id()).json();
        ((ArrayNode) mixed.path("since")).set(2, other.at("/since/2"));
        assertThat(ReceiptCheck.of(mixed, keys()).steps().getLast().toString())
                .contains("held=false", "Withdrawn: it is not about this consent");

        ObjectNode more = Records.receipt(ledger, settings, given.id()).json();
        ((ObjectNode) more.at("/since/0")).put("note", "all was erased");
        assertThat(ReceiptCheck.of(more, keys()).passed()).isFalse();
    }

    @Test
    void thePageForTheCallerListsWhoGotDataAndWhoKnowsOfTheEnd() throws Exception {
        withdrawnAfterThreeCalls();
        SubjectExport export =
                SubjectExport.of(
                        ledger.reader(), new PseudonymousSubject(List.of("anna")), Records.START);

        assertThat(export.newest(100).html(AnswerWordsTest.SHIPPED))
                .contains(
                        "Daten erhielt: assistant, zuerst am 24. November 2026, 10:00:00, zuletzt"
                                + " am 24. November 2026, 10:00:00; bestätigte am 24. November"
                                + " 2026, 10:00:00, vom Ende zu wissen (INFO)");
        assertThat(export.newest(100).json().path("entries"))
                .filteredOn(entry -> entry.path("type").asText().equals("Given"))
                .allMatch(entry -> entry.at("/holders/0/told/delivered").asBoolean());
        Path to = directory.resolve("export");
        export.write(to, AnswerWordsTest.SHIPPED);
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(to.resolve("export.html"))))
                .isEqualTo("rw-------");
    }

    @Test
    void whatIsNoConsentClaimsNoLawfulBasis() throws Exception {
        ObjectNode payload = SpokenConsent.given(true).payload();
        payload.remove(List.of("validity", "processing", "control", "subject"));
        ((ObjectNode) payload.path("decision")).put("state", "Refused").remove("purposes");
        Receipt refusal =
                receipt(NewEntry.of(EntryType.REFUSED, "call-2", null, payload, Records.START));

        ObjectNode vcon = refusal.vcon();
        assertThat(vcon.toString()).doesNotContain("lawful_basis");
        assertThat(ReceiptCheck.of(vcon, keys()).passed()).isTrue();
        ObjectNode dpv = refusal.dpv();
        assertThat(ReceiptCheck.of(dpv, keys()).passed()).isTrue();
        dpv.remove("@context"); // which tells what each word means, said or not
        assertThat(dpv.toString()).contains("dpv:ConsentRefused").doesNotContain("hasLegalBasis");
    }

    @Test
    void aReceiptCarriesTheTextThatWasSpokenAndNoOther() throws Exception {
        ObjectNode json = receipt(SpokenConsent.given(true)).json();

        assertThat(json.path("text").asText()).contains("opening=Muster GmbH, hier ist die KI.\n");
        ReceiptCheck check = ReceiptCheck.of(json, keys());
        assertThat(check.passed()).isTrue();
        assertThat(check.steps()).extracting(ReceiptCheck.Step::what).contains("text");

        json.put("text", json.path("text").asText().replace("zuhören", "alles verkaufen"));
        assertThat(ReceiptCheck.of(json, keys()).steps().getLast())
                .isEqualTo(
                        new ReceiptCheck.Step(
                                false, "text", "it has the hash that the record names"));
    }
}
