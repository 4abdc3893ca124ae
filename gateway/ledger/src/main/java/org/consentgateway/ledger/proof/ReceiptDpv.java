package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.Merkle;

/**
 * A receipt in the terms of ISO/IEC TS 27560:2023 as the W3C DPV guide "consent-27560" puts them: a
 * receipt that holds one record. Clause numbers are those of ISO/IEC TS 27560.
 */
public final class ReceiptDpv {
    /** Our own member, with the proof: other readers of JSON-LD pass over it. */
    static final String RECEIPT = "cg:receipt";

    private static final String PROFILE = "https://w3id.org/dpv/schema/dpv-27560#";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ReceiptDpv() {}

    static ObjectNode of(ObjectNode receipt) {
        JsonNode entry = receipt.path("entry");
        JsonNode payload = receipt.path("payload");
        String id = entry.path("entry_id").asText();
        ObjectNode json = JSON.objectNode();
        json.putObject("@context")
                .put("dpv", "https://w3id.org/dpv#")
                .put("eu-gdpr", "https://w3id.org/dpv/legal/eu/gdpr#")
                .put("loc", "https://w3id.org/dpv/loc#")
                .put("pd", "https://w3id.org/dpv/pd#")
                .put("dct", "http://purl.org/dc/terms/")
                .put("schema", "https://schema.org/")
                .put("cg", "https://consentgateway.org/terms#");
        json.put("@id", "urn:uuid:" + UUID.nameUUIDFromBytes(Digests.HEX.parseHex(leaf(entry))));
        json.put("@type", "dpv:ConsentReceipt");
        json.put("dct:conformsTo", PROFILE + "receipt-eu-gdpr");
        json.set("dct:created", entry.path("time"));
        json.set("dct:publisher", controller(payload));
        json.put("dct:recipient", subject(payload));
        json.set("dpv:hasRecordOfActivity", record(id, entry, payload));
        json.set(RECEIPT, receipt.deepCopy());
        return json;
    }

    private static String leaf(JsonNode entry) {
        return Digests.hex(Merkle.leaf(CanonicalJson.bytes(entry)));
    }

    private static String subject(JsonNode payload) {
        return "urn:consent-subject:" + payload.at("/subject/pseudonym").asText("unknown");
    }

    private static ObjectNode record(String id, JsonNode entry, JsonNode payload) {
        ObjectNode record = JSON.objectNode();
        record.put("@id", "urn:uuid:" + id).put("@type", "dpv:ConsentRecord");
        record.put("dct:conformsTo", PROFILE + "record-eu-gdpr");
        record.put("dct:identifier", id);
        record.putObject("dpv:hasDataSubject")
                .put("@id", subject(payload))
                .put("@type", "dpv:DataSubject");
        record.set("dpv:hasDataController", controller(payload));
        record.set("dpv:hasJurisdiction", jurisdiction(payload));
        record.set("dpv:hasNotice", notice(payload));
        ArrayNode processes = record.putArray("dpv:hasProcess");
        for (JsonNode purpose : payload.at("/decision/purposes")) {
            processes.add(process(purpose.asText(), payload));
        }
        record.set("dpv:hasConsentStatus", event(entry, payload));
        JsonNode refers = payload.path("refers_to");
        if (refers.isTextual()) {
            record.put("dct:replaces", "urn:uuid:" + refers.asText());
        }
        return record;
    }

    /** The law by which it was asked, and the country that supervises the controller. */
    private static ArrayNode jurisdiction(JsonNode payload) {
        ArrayNode jurisdiction = JSON.arrayNode().add("loc:EU");
        JsonNode country = payload.at("/controller/country");
        if (country.isTextual()) {
            jurisdiction.add("loc:" + country.asText());
        }
        return jurisdiction;
    }

    /** 6.3.6 party. */
    private static ObjectNode controller(JsonNode payload) {
        ObjectNode controller = JSON.objectNode();
        controller.put("@type", "dpv:DataController");
        controller.set("dpv:hasName", payload.at("/controller/name").deepCopy());
        controller.set("schema:contactPoint", payload.at("/controller/contact").deepCopy());
        return withoutMissing(controller);
    }

    /** 6.3.4.1 privacy_notice, 6.3.4.2 language; the hashes bind the very words and sound. */
    private static ObjectNode notice(JsonNode payload) {
        ObjectNode notice = JSON.objectNode();
        notice.put("@type", "dpv:ConsentNotice");
        notice.set("dct:identifier", payload.at("/notice/id").deepCopy());
        notice.set("dct:hasVersion", payload.at("/notice/version").deepCopy());
        notice.set("dct:language", payload.at("/notice/language").deepCopy());
        notice.set("cg:variant", payload.at("/notice/variant").deepCopy());
        notice.set("cg:textSha256", payload.at("/notice/text_sha256").deepCopy());
        notice.set("cg:audioSha256", payload.at("/notice/audio_sha256").deepCopy());
        return withoutMissing(notice);
    }

    /** 6.3.4.3 to 6.3.4.19, one process per purpose. */
    private static ObjectNode process(String purpose, JsonNode payload) {
        ObjectNode process = JSON.objectNode();
        process.put("@type", "dpv:Process");
        process.putObject("dpv:hasPurpose")
                .put("@type", "dpv:Purpose")
                .put("dct:identifier", purpose);
        process.put("dpv:hasLegalBasis", "eu-gdpr:A6-1-a");
        process.putArray("dpv:hasPersonalData").add("pd:Voice").add("pd:TelephoneNumber");
        process.put("dpv:hasDataSource", "dpv:DataSubject");
        process.put("dpv:hasProcessing", "dpv:AutomatedProcessingWithHumanInvolvement");
        ArrayNode storage = process.putArray("dpv:hasStorageCondition");
        JsonNode location = payload.at("/storage/location");
        if (location.isTextual()) {
            storage.addObject()
                    .put("@type", "dpv:StorageLocation")
                    .put("dpv:hasLocation", "loc:" + location.asText());
        }
        JsonNode deleteAt = payload.at("/retention/delete_at");
        if (deleteAt.isTextual()) {
            storage.addObject()
                    .put("@type", "dpv:StorageDeletion")
                    .put("dct:valid", deleteAt.asText());
        }
        process.set("dpv:hasRecipient", controller(payload));
        ArrayNode controls = process.putArray("dpv:hasConsentControl");
        controls.addObject()
                .put("@type", "dpv:WithdrawConsent")
                .put("schema:description", "by key or spoken phrase in any call, or in writing");
        ArrayNode rights = process.putArray("dpv:hasRight");
        List.of("A7-3", "A15", "A16", "A17", "A18", "A20", "A77")
                .forEach(article -> rights.add("eu-gdpr:" + article));
        return process;
    }

    /** 6.3.7 event. */
    private static ObjectNode event(JsonNode entry, JsonNode payload) {
        ObjectNode event = JSON.objectNode();
        event.put("@type", status(entry.path("type").asText()));
        event.put("cg:consentType", "dpv:ExplicitlyExpressedConsent");
        event.set("dpv:isIndicatedAtTime", entry.path("time").deepCopy());
        event.put("dpv:isIndicatedBy", subject(payload));
        event.set("dpv:hasIndicationMethod", payload.at("/decision/method").deepCopy());
        JsonNode from = payload.at("/validity/from");
        JsonNode until = payload.at("/validity/until");
        if (from.isTextual() && until.isTextual()) {
            // ISO 8601 interval: from, and the first instant at which it no longer holds
            event.put("dpv:hasDuration", from.asText() + "/" + until.asText());
        }
        return withoutMissing(event);
    }

    private static String status(String type) {
        return EntryType.of(type)
                .map(known ->
                        switch (known) {
                            case SERVED -> "dpv:ConsentRequested";
                            case GIVEN, USED, ASSISTANT_OPENED, ASSISTANT_CUT -> "dpv:ConsentGiven";
                            case REFUSED -> "dpv:ConsentRefused";
                            case UNANSWERED, REQUEST_OPENED, REQUEST_APPROVED, REQUEST_REFUSED ->
                                    "dpv:ConsentUnknown";
                            case WITHDRAWN -> "dpv:ConsentWithdrawn";
                            case EXPIRED -> "dpv:ConsentExpired";
                            case RENEWED -> "dpv:RenewedConsentGiven";
                            case ERASED -> "dpv:ConsentInvalidated";
                            case HOLDER_NOTIFIED -> "dpv:ConsentStatusInvalidForProcessing";
                        })
                .orElse("dpv:ConsentUnknown");
    }

    private static ObjectNode withoutMissing(ObjectNode node) {
        node.properties().removeIf(member -> member.getValue().isMissingNode());
        return node;
    }
}
