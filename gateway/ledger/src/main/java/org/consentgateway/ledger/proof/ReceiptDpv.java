package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Merkle;

/**
 * A receipt in the terms of ISO/IEC TS 27560:2023 as the W3C DPV guide "consent-27560" puts them: a
 * receipt that holds one record. Says only what the record says. Clause numbers are those of
 * ISO/IEC TS 27560.
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
        ObjectNode record = record(receipt, AskedWords.of(receipt));
        ObjectNode json = JSON.objectNode();
        json.set("@context", context());
        json.put("@id", "urn:uuid:" + UUID.nameUUIDFromBytes(leaf(entry)));
        json.put("@type", "dpv:ConsentReceipt");
        if (record.has("dct:conformsTo")) {
            json.put("dct:conformsTo", PROFILE + "receipt-eu-gdpr");
        }
        json.set("dct:created", entry.path("time"));
        JsonNode controller = payload.at("/controller/name");
        if (controller.isTextual()) {
            json.putObject("dct:publisher").put("@id", party(controller.asText()));
        }
        json.putObject("dct:recipient").put("@id", subject(payload));
        json.set("dpv:hasRecordOfActivity", record);
        json.set(RECEIPT, receipt.deepCopy());
        return json;
    }

    /** Members of which the values are terms or addresses, not texts: as RDF they differ. */
    private static final List<String> REFERENCES =
            List.of(
                    "dct:conformsTo",
                    "dpv:hasIdentifier",
                    "dpv:hasLegalBasis",
                    "dpv:hasProcessing",
                    "dpv:hasJurisdiction",
                    "dpv:hasLocation",
                    "dpv:hasNecessity",
                    "dpv:hasRight",
                    "skos:broader");

    private static final List<String> TIMES = List.of("dct:created", "dpv:isIndicatedAtTime");

    private static ObjectNode context() {
        ObjectNode context = JSON.objectNode();
        context.put("dpv", "https://w3id.org/dpv#")
                .put("eu-gdpr", "https://w3id.org/dpv/legal/eu/gdpr#")
                .put("loc", "https://w3id.org/dpv/loc#")
                .put("pd", "https://w3id.org/dpv/pd#")
                .put("dct", "http://purl.org/dc/terms/")
                .put("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#")
                .put("skos", "http://www.w3.org/2004/02/skos/core#")
                .put("schema", "https://schema.org/")
                .put("xsd", "http://www.w3.org/2001/XMLSchema#")
                .put("cg", "urn:consent-gateway:terms:");
        REFERENCES.forEach(term -> context.putObject(term).put("@id", term).put("@type", "@id"));
        TIMES.forEach(
                term -> context.putObject(term).put("@id", term).put("@type", "xsd:dateTime"));
        context.putObject(RECEIPT).put("@id", RECEIPT).put("@type", "@json");
        return context;
    }

    private static byte[] leaf(JsonNode entry) {
        return Merkle.leaf(CanonicalJson.bytes(entry));
    }

    private static String subject(JsonNode payload) {
        return "urn:consent-subject:" + payload.at("/subject/pseudonym").asText("unknown");
    }

    /** The same party has the same identifier in every receipt. */
    private static String party(String name) {
        return "urn:uuid:" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode record(JsonNode receipt, AskedWords words) {
        JsonNode entry = receipt.path("entry");
        JsonNode payload = receipt.path("payload");
        boolean depends = Receipt.dependsOnAnother(receipt);
        String id = entry.path("entry_id").asText();
        ObjectNode record = JSON.objectNode();
        record.put("@id", "urn:uuid:" + id).put("@type", "dpv:ConsentRecord");
        record.put("dct:identifier", id).put("dpv:hasIdentifier", "urn:uuid:" + id);
        record.putObject("dpv:hasDataSubject")
                .put("@id", subject(payload))
                .put("@type", "dpv:DataSubject");
        record.set("dpv:hasNotice", notice(payload, words));
        ArrayNode processes = record.putArray("dpv:hasProcess");
        Set<String> ended = ReceiptHistory.endedPurposes(receipt).keySet();
        for (JsonNode purpose : payload.at("/decision/purposes")) {
            if (ended.contains(purpose.asText())) {
                continue; // nothing is processed for it any more: the events tell since when
            }
            ObjectNode process = DpvProcess.of(purpose.asText(), payload, words);
            if (depends) {
                process.remove("dpv:hasLegalBasis"); // that is the consent it refers to
            }
            processes.add(process);
        }
        if (isComplete(payload) && !depends && !processes.isEmpty()) {
            record.put("dct:conformsTo", PROFILE + "record-eu-gdpr");
        }
        record.set("dpv:hasConsentStatus", events(receipt));
        ArrayNode holders = holders(receipt.path("since"));
        if (!holders.isEmpty()) {
            record.set("cg:holders", holders);
        }
        record.set("dpv:hasEntity", entities(payload));
        JsonNode refers = payload.path("refers_to");
        if (refers.isTextual()) {
            record.putObject(depends ? "dct:requires" : "dct:replaces")
                    .put("@id", "urn:uuid:" + refers.asText());
        }
        return record;
    }

    /**
     * Whether all that the profile demands is known. Where the configuration does not say who gets
     * the data or which they are, no conformity is claimed.
     */
    private static boolean isComplete(JsonNode payload) {
        JsonNode processing = payload.path("processing");
        boolean told = payload.path("control").isObject() && !processing.isEmpty();
        for (JsonNode one : processing) {
            told &= !one.path("data").isEmpty() && !one.path("recipients").isEmpty();
        }
        return told && processing.size() == payload.at("/decision/purposes").size();
    }

    /** 6.3.4.1 privacy_notice, 6.3.4.2 language; the hashes bind the very words and sound. */
    private static ObjectNode notice(JsonNode payload, AskedWords words) {
        ObjectNode notice = JSON.objectNode();
        notice.put("@type", "dpv:ConsentNotice");
        notice.set("dct:identifier", payload.at("/notice/id").deepCopy());
        notice.set("dct:hasVersion", payload.at("/notice/version").deepCopy());
        notice.set("dct:language", payload.at("/notice/language").deepCopy());
        notice.set("cg:variant", payload.at("/notice/variant").deepCopy());
        ArrayNode parts = notice.putArray("schema:hasPart");
        hash(parts, "schema:TextDigitalDocument", payload.at("/notice/text_sha256"));
        hash(parts, "schema:AudioObject", payload.at("/notice/audio_sha256"));
        words.spoken()
                .forEach((part, spoken) ->
                        parts.addObject()
                                .put("@type", "schema:TextDigitalDocument")
                                .put("dct:identifier", part)
                                .put("schema:text", spoken));
        return withoutMissing(notice);
    }

    private static void hash(ArrayNode parts, String type, JsonNode sha256) {
        if (sha256.isTextual()) {
            parts.addObject().put("@type", type).put("schema:sha256", sha256.asText());
        }
    }

    /** 6.3.6 party: the controller, whoever gets data, and whom to complain to. */
    private static ArrayNode entities(JsonNode payload) {
        ArrayNode entities = JSON.arrayNode();
        JsonNode controller = payload.path("controller");
        if (controller.path("name").isTextual()) {
            ObjectNode one =
                    entity(
                            entities,
                            controller.path("name").asText(),
                            controller.path("contact").asText(),
                            List.of("dpv:DataController"));
            place(one, controller.path("country"));
        }
        Set<String> seen = new LinkedHashSet<>();
        for (JsonNode one : payload.path("processing")) {
            for (JsonNode recipient : one.path("recipients")) {
                String name = recipient.path("name").asText();
                if (seen.add(name)) {
                    ObjectNode entity =
                            entity(
                                    entities,
                                    name,
                                    recipient.path("address").asText(),
                                    List.of("dpv:Recipient", role(recipient)));
                    place(entity, recipient.path("country"));
                }
            }
        }
        JsonNode authority = payload.path("authority");
        if (authority.isTextual()) {
            entity(
                    entities,
                    authority.asText(),
                    authority.asText(),
                    List.of("dpv:DataProtectionAuthority"));
        }
        return entities;
    }

    private static String role(JsonNode recipient) {
        return switch (recipient.path("role").asText()) {
            case "joint-controller" -> "dpv:JointDataControllers";
            case "third-party" -> "dpv:ThirdParty";
            default -> "dpv:DataProcessor";
        };
    }

    private static ObjectNode entity(
            ArrayNode entities, String name, String address, List<String> roles) {
        ObjectNode entity = entities.addObject().put("@id", party(name));
        ArrayNode types = entity.putArray("@type");
        roles.forEach(types::add);
        entity.put("dpv:hasName", name).put("dpv:hasIdentifier", party(name));
        entity.putObject("schema:contactPoint")
                .put("@type", "schema:PostalAddress")
                .put("schema:streetAddress", address);
        return entity;
    }

    private static void place(ObjectNode entity, JsonNode country) {
        if (country.isTextual()) {
            entity.put("dpv:hasLocation", "loc:" + country.asText());
        }
    }

    /** 6.3.7: that it was given, and what ended it, or a purpose of it, since. */
    private static JsonNode events(JsonNode receipt) {
        ArrayNode events =
                JSON.arrayNode().add(event(receipt.path("entry"), receipt.path("payload")));
        Set<JsonNode> ends = Collections.newSetFromMap(new IdentityHashMap<>());
        ends.addAll(ReceiptHistory.endings(receipt));
        ends.addAll(ReceiptHistory.endedPurposes(receipt).values());
        receipt.path("since")
                .valueStream()
                .filter(ends::contains)
                .forEach(later -> events.add(end(later)));
        return events.size() == 1 ? events.get(0) : events;
    }

    /** For how long another consent holds that is in its place stands in the record of that one. */
    private static ObjectNode end(JsonNode later) {
        JsonNode entry = later.path("entry");
        String type = entry.path("type").asText();
        if (!type.equals(EntryType.GIVEN.text()) && !type.equals(EntryType.RENEWED.text())) {
            return event(entry, later.path("payload"));
        }
        ObjectNode event = JSON.objectNode();
        event.put("@type", "dpv:ConsentExpired");
        event.set("dpv:isIndicatedAtTime", entry.path("time").deepCopy());
        event.putObject("dpv:isIndicatedBy").put("@id", subject(later.path("payload")));
        event.putObject("dct:isReplacedBy")
                .put("@id", "urn:uuid:" + entry.path("entry_id").asText());
        return event;
    }

    /** Who got data under it, and who was told of its end: DPV has no words for the second. */
    static ArrayNode holders(JsonNode since) {
        var holders = new Holders();
        for (JsonNode later : since) {
            holders.add(
                    later.at("/entry/type").asText(),
                    later.at("/entry/time").asText(),
                    later.path("payload"));
        }
        return holders.json();
    }

    private static ObjectNode event(JsonNode entry, JsonNode payload) {
        ObjectNode event = JSON.objectNode();
        event.put("@type", status(entry.path("type").asText(), payload));
        JsonNode purpose = payload.at("/decision/purpose");
        if (purpose.isTextual()) {
            event.putObject("dpv:hasPurpose")
                    .put("@type", "dpv:Purpose")
                    .put("dct:identifier", purpose.asText());
        }
        event.set("dpv:isIndicatedAtTime", entry.path("time").deepCopy());
        event.putObject("dpv:isIndicatedBy").put("@id", subject(payload));
        event.set("dpv:hasIndicationMethod", payload.at("/decision/method").deepCopy());
        JsonNode from = payload.at("/validity/from");
        JsonNode until = payload.at("/validity/until");
        if (entry.path("type").asText().equals(EntryType.REAFFIRMED.text())) {
            return withoutMissing(event); // for how long, the consent that it refers to tells
        }
        if (until.isTextual()) {
            // ISO 8601 interval: from, and the first instant at which it no longer holds
            String interval = from.asText() + "/" + until.asText();
            event.putObject("dpv:hasDuration")
                    .put("@type", "dpv:TemporalDuration")
                    .put("rdf:value", payload.at("/validity/duration").asText(interval));
            event.put("dct:valid", interval);
        } else if (from.isTextual()) {
            event.putObject("dpv:hasDuration")
                    .put("@type", "dpv:UntilEventDuration")
                    .put("rdf:value", "end of the call");
        }
        return withoutMissing(event);
    }

    private static String status(String type, JsonNode payload) {
        return EntryType.of(type)
                .map(known ->
                        switch (known) {
                            case SERVED -> "dpv:ConsentRequested";
                            case GIVEN, IMPORTED, USED, ASSISTANT_OPENED, ASSISTANT_CUT ->
                                    "dpv:ConsentGiven";
                            case PURPOSE_DECIDED ->
                                    decided(payload.at("/decision/outcome").asText());
                            case REFUSED -> "dpv:ConsentRefused";
                            case UNANSWERED,
                                    REAFFIRMED,
                                    CALL_LOST,
                                    REQUEST_OPENED,
                                    REQUEST_APPROVED,
                                    REQUEST_REFUSED,
                                    REQUEST_EXTENDED,
                                    CALL_BACK_DUE,
                                    CALL_BACK_PLACED,
                                    REQUEST_CONFIRMED,
                                    REQUEST_UNCONFIRMED,
                                    TASK_OPENED,
                                    TASK_CLOSED,
                                    KEY_ISSUED,
                                    KEY_REVOKED,
                                    ACCESSED,
                                    ACCESS_REFUSED,
                                    SUBJECT_REFERENCED,
                                    REPORT_DUE,
                                    REPORT_SENT,
                                    SIGNING_KEY_ROTATED,
                                    SIGNING_KEY_REVOKED,
                                    LOG_RESUMED,
                                    LOG_ARCHIVED,
                                    WITNESS_CONFLICT_RESOLVED ->
                                    "dpv:ConsentUnknown";
                            case WITHDRAWN -> "dpv:ConsentWithdrawn";
                            case EXPIRED -> "dpv:ConsentExpired";
                            case RENEWED -> "dpv:RenewedConsentGiven";
                            case ERASED -> "dpv:ConsentInvalidated";
                            case HOLDER_NOTIFIED, HOLDER_TOLD, HOLDER_TO_TELL ->
                                    "dpv:ConsentStatusInvalidForProcessing";
                        })
                .orElse("dpv:ConsentUnknown");
    }

    /** Of one purpose: an agreement to one is a consent of its own. */
    private static String decided(String outcome) {
        return switch (outcome) {
            case "REFUSED" -> "dpv:ConsentRefused";
            case "ENDED" -> "dpv:ConsentWithdrawn";
            default -> "dpv:ConsentUnknown";
        };
    }

    static ObjectNode withoutMissing(ObjectNode node) {
        node.properties().removeIf(member -> member.getValue().isMissingNode());
        return node;
    }

    /** Refers to one of the {@link #entities}. */
    static ObjectNode reference(String name) {
        return JSON.objectNode().put("@id", party(name));
    }
}
