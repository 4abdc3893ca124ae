package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.VerifierKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReceiptTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aReceiptHoldsElsewhereWithThePublicKeyAlone(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory.resolve("here"));
        Receipt receipt;
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerTest.fill(ledger, 25);
            CommittedEntry given = Records.append(ledger, Records.given("call-x", "anna"));
            LedgerTest.fill(ledger, 25);
            receipt = Records.receipt(ledger, settings, given.entryId());
        }
        Path key = directory.resolve("auditor.pub");
        Files.copy(settings.keys().resolve("verifier.keys"), key);
        JsonNode carried = Records.JSON.readTree(receipt.json().toString());

        ReceiptCheck check = ReceiptCheck.of(carried, KeyFiles.verifiers(key));
        assertThat(check.passed()).as(check.toString()).isTrue();
        assertThat(check.steps())
                .extracting(ReceiptCheck.Step::what)
                .containsExactly(
                        "form",
                        "members",
                        "payload",
                        "checkpoint",
                        "log",
                        "inclusion",
                        "signature",
                        "signed_by",
                        "as_of",
                        "statement",
                        "wrapping");
    }

    @Test
    void aReceiptForAnEntryUnderNoCheckpointIsSignedForOnTheSpot() throws Exception {
        LedgerSettings settings =
                TestSettings.withCheckpoints(
                        TestStore.SQLITE.settings(directory), 1000, java.time.Duration.ofDays(1));
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            CommittedEntry given = Records.append(ledger, Records.given("call-x", "anna"));
            Receipt receipt = LedgerArchive.open(settings).receipt(given.entryId());
            ReceiptCheck check =
                    ReceiptCheck.of(
                            receipt.json(),
                            KeyFiles.verifiers(settings.keys().resolve("verifier.keys")));
            assertThat(check.passed()).as(check.toString()).isTrue();
        }
    }

    @Test
    void anythingChangedInAReceiptIsFoundAndNamed() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        ObjectNode receipt;
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerTest.fill(ledger, 20);
            CommittedEntry given = Records.append(ledger, Records.given("call-x", "anna"));
            LedgerTest.fill(ledger, 20);
            receipt = Records.receipt(ledger, settings, given.entryId()).json();
        }
        List<VerifierKey> keys = KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));

        ObjectNode level = receipt.deepCopy();
        ((ObjectNode) level.at("/payload/decision")).put("level", "voll");
        assertThat(failed(level, keys)).isEqualTo("payload");

        ObjectNode type = receipt.deepCopy();
        ((ObjectNode) type.path("entry")).put("type", "Refused");
        assertThat(failed(type, keys)).isEqualTo("inclusion");

        ObjectNode sibling = receipt.deepCopy();
        ((com.fasterxml.jackson.databind.node.ArrayNode) sibling.at("/proof/hashes"))
                .set(0, Base64.getEncoder().encodeToString(new byte[32]));
        assertThat(failed(sibling, keys)).isEqualTo("inclusion");

        ObjectNode index = receipt.deepCopy();
        ((ObjectNode) index.path("entry")).put("index", 3);
        assertThat(failed(index, keys)).isEqualTo("log");

        assertThat(failed(receipt, List.of(SigningKey.create(settings.logOrigin()).verifier())))
                .isEqualTo("signature");
        assertThat(failed(Records.JSON.createObjectNode(), keys)).isEqualTo("form");

        ObjectNode more = receipt.deepCopy();
        more.put("remark", "also valid for marketing");
        assertThat(failed(more, keys)).isEqualTo("members");
    }

    /** What people read stands around the proof, and the proof alone is hashed. */
    @Test
    void aWrappingThatSaysMoreThanTheProofIsFound() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        Receipt receipt;
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            receipt =
                    Records.receipt(
                            ledger,
                            settings,
                            Records.append(ledger, Records.given("call-x", "anna")).entryId());
        }
        List<VerifierKey> keys = KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));

        ObjectNode dpv = receipt.dpv();
        ((ObjectNode) dpv.at("/dpv:hasRecordOfActivity/dpv:hasProcess/0/dpv:hasPurpose"))
                .put("dct:identifier", "marketing");
        assertThat(failed(dpv, keys)).isEqualTo("wrapping");

        ObjectNode vcon = receipt.vcon();
        ((ObjectNode) vcon.at("/attachments/0/body")).put("expiration", "2099-01-01T00:00:00Z");
        assertThat(failed(vcon, keys)).isEqualTo("wrapping");

        ObjectNode renamed = receipt.vcon();
        ((ObjectNode) renamed.at("/parties/0")).put("name", "Erika Mustermann");
        assertThat(failed(renamed, keys)).as("an envelope").isEqualTo("wrapping");

        ObjectNode second = receipt.vcon();
        ObjectNode basis = second.at("/attachments/0").deepCopy();
        ((ObjectNode) basis.path("body")).remove("proof_mechanisms");
        ((ObjectNode) basis.path("body")).putNull("expiration");
        ((com.fasterxml.jackson.databind.node.ArrayNode) second.path("attachments"))
                .insert(0, basis);
        assertThat(failed(second, keys)).as("a second lawful basis").isEqualTo("wrapping");

        ObjectNode shared = receipt.vcon();
        ((com.fasterxml.jackson.databind.node.ArrayNode) shared.path("attachments"))
                .addObject()
                .put("purpose", "transcript")
                .putObject("body")
                .put("text", "added by another system");
        assertThat(ReceiptCheck.of(shared, keys).passed()).as("a vCon may be added to").isTrue();
    }

    @Test
    void theCountriesInAReceiptAreThoseOfTheRecord() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        NewEntry entry = Records.given("call-x", "anna");
        ((ObjectNode) entry.payload().path("controller")).put("country", "AT");
        entry.payload().putObject("storage").put("location", "FR");
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            JsonNode record =
                    Records.receipt(ledger, settings, Records.append(ledger, entry).entryId())
                            .dpv()
                            .path("dpv:hasRecordOfActivity");
            assertThat(record.at("/dpv:hasProcess/0/dpv:hasJurisdiction").toString())
                    .isEqualTo("[\"loc:EU\",\"loc:AT\"]");
            assertThat(
                            record.at("/dpv:hasProcess/0/dpv:hasStorageCondition/0/dpv:hasLocation")
                                    .toString())
                    .isEqualTo("[\"loc:FR\"]");
        }
    }

    @Test
    void dpvAndVconCarryTheConsentAndTheProof() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        Receipt receipt;
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            receipt =
                    Records.receipt(
                            ledger,
                            settings,
                            Records.append(ledger, Records.given("call-x", "anna")).entryId());
        }
        List<VerifierKey> keys = KeyFiles.verifiers(settings.keys().resolve("verifier.keys"));

        ObjectNode dpv = receipt.dpv();
        JsonNode record = dpv.path("dpv:hasRecordOfActivity");
        assertThat(record.at("/dpv:hasConsentStatus/@type").asText()).isEqualTo("dpv:ConsentGiven");
        assertThat(record.at("/dpv:hasConsentStatus/dct:valid").asText())
                .isEqualTo("2026-11-24T09:00:00Z/2027-11-24T09:00:00Z");
        assertThat(record.path("dpv:hasProcess")).hasSize(2);
        assertThat(record.has("dct:conformsTo"))
                .as("nobody said who gets the data, so no conformity is claimed")
                .isFalse();
        assertThat(dpv.toString())
                .as("nor the controller in their place")
                .doesNotContain("Recipient");
        assertThat(ReceiptCheck.of(dpv, keys).passed()).isTrue();

        ObjectNode vcon = receipt.vcon();
        JsonNode attachment = vcon.at("/attachments/0");
        assertThat(vcon.path("vcon").asText()).isEqualTo("0.4.0");
        assertThat(attachment.path("purpose").asText()).isEqualTo("lawful_basis");
        assertThat(attachment.at("/body/lawful_basis").asText()).isEqualTo("consent");
        assertThat(attachment.at("/body/expiration").asText()).isEqualTo("2027-11-24T09:00:00Z");
        assertThat(attachment.at("/body/purpose_grants/0/granted").asBoolean()).isTrue();
        assertThat(ReceiptCheck.of(vcon, keys).passed()).isTrue();
    }

    private static String failed(JsonNode receipt, List<VerifierKey> keys) {
        ReceiptCheck check = ReceiptCheck.of(receipt, keys);
        assertThat(check.passed()).isFalse();
        assertThat(check.steps().getLast().held()).isFalse();
        return check.steps().getLast().what();
    }
}
