package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.ledger.entry.Rfc3339;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.Merkle;

/**
 * A receipt as a vCon 0.4.0 with a lawful_basis attachment (draft-howe-vcon-lawful-basis-02). The
 * draft knows no proof by key press, no notice and no recipients: these go into proof_data and
 * metadata. The body is bound to its vCon by the vCon's uuid in it. What is no consent claims no
 * lawful basis: it is an attachment of our own.
 */
public final class ReceiptVcon {
    /** Token of the extension, and purpose of its attachment. */
    static final String LAWFUL_BASIS = "lawful_basis";

    static final String RECORD = "consent_record";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ReceiptVcon() {}

    static ObjectNode of(ObjectNode receipt) {
        JsonNode entry = receipt.path("entry");
        JsonNode payload = receipt.path("payload");
        // One vCon per entry: made again, it is the same one.
        String uuid = UUID.nameUUIDFromBytes(Merkle.leaf(CanonicalJson.bytes(entry))).toString();
        boolean granted = grants(receipt);
        ObjectNode vcon = JSON.objectNode();
        vcon.put("vcon", "0.4.0").put("uuid", uuid);
        vcon.set("created_at", entry.path("time").deepCopy());
        ArrayNode extensions = vcon.putArray("extensions");
        if (granted) {
            extensions.add(LAWFUL_BASIS);
        }
        ArrayNode parties = vcon.putArray("parties");
        ObjectNode caller = parties.addObject().put("role", "caller");
        JsonNode pseudonym = payload.at("/subject/pseudonym");
        if (pseudonym.isTextual()) {
            byte[] name = pseudonym.asText().getBytes(StandardCharsets.UTF_8);
            caller.put("uuid", UUID.nameUUIDFromBytes(name).toString());
        }
        parties.addObject()
                .put("role", "controller")
                .put("name", payload.at("/controller/name").asText());
        // Nothing that was said is passed on: there is no dialog, and 0 stands for none.
        vcon.putArray("dialog");
        ObjectNode attachment = vcon.putArray("attachments").addObject();
        attachment
                .put("purpose", granted ? LAWFUL_BASIS : RECORD)
                .put("start", entry.path("time").asText())
                .put("party", 0)
                .put("dialog", 0)
                .put("encoding", "json");
        attachment.set("body", granted ? body(uuid, entry, receipt) : record(receipt));
        return vcon;
    }

    private static ObjectNode record(ObjectNode receipt) {
        ObjectNode body = JSON.objectNode();
        body.set("receipt", receipt.deepCopy());
        return body;
    }

    /** By itself: of a reaffirmation nobody knows here whether its consent still holds. */
    private static boolean grants(JsonNode receipt) {
        return Receipt.CONSENTS.contains(receipt.at("/entry/type").asText())
                && !Receipt.dependsOnAnother(receipt);
    }

    private static ObjectNode body(String uuid, JsonNode entry, ObjectNode receipt) {
        JsonNode payload = receipt.path("payload");
        AskedWords words = AskedWords.of(receipt);
        ObjectNode body = JSON.objectNode();
        body.put("lawful_basis", "consent");
        String expiration = expiration(receipt);
        body.put("expiration", expiration.isEmpty() ? null : expiration);
        ArrayNode grants = body.putArray("purpose_grants");
        Map<String, JsonNode> ended = ReceiptHistory.endedPurposes(receipt);
        for (JsonNode purpose : payload.at("/decision/purposes")) {
            JsonNode end = ended.get(purpose.asText());
            JsonNode decided = end == null ? entry : end.path("entry");
            ObjectNode grant = grant(grants, purpose.asText(), end == null, decided);
            String asked = words.of(purpose.asText());
            if (!asked.isEmpty()) {
                grant.putArray("conditions").add(asked);
            }
        }
        words.declined().forEach(purpose -> grant(grants, purpose, false, entry));
        ArrayNode proofs = body.putArray("proof_mechanisms");
        answered(proofs, entry, payload);
        proofs.addObject()
                .put("proof_type", "external_system")
                .put("timestamp", entry.path("time").asText())
                .putObject("proof_data")
                .set("receipt", receipt.deepCopy());
        ObjectNode metadata = body.putObject("metadata");
        metadata.put("vcon_uuid", uuid).put("entry_type", entry.path("type").asText());
        for (String told : new String[] {"notice", "processing", "control", "authority"}) {
            if (payload.has(told)) {
                metadata.set(told, payload.path(told).deepCopy());
            }
        }
        if (expiration.isEmpty() && payload.has("validity")) {
            metadata.set("validity", payload.path("validity").deepCopy());
        }
        ArrayNode holders = ReceiptDpv.holders(receipt.path("since"));
        if (!holders.isEmpty()) {
            metadata.set("holders", holders);
        }
        ObjectNode spoken = metadata.putObject("spoken");
        words.spoken().forEach(spoken::put);
        // Over the canonical body without this member.
        String hash = Digests.hex(Digests.of(CanonicalJson.bytes(body)));
        body.putObject("content_hash")
                .put("algorithm", "sha-256")
                .put("canonicalization", "jcs")
                .put("value", hash);
        return body;
    }

    /**
     * When nothing may be done on this consent any more: the first of all its ends.
     *
     * @return empty where none is known yet, as in a call that goes on
     */
    private static String expiration(JsonNode receipt) {
        String first = validUntil(receipt);
        for (JsonNode ending : ReceiptHistory.endings(receipt)) {
            String at = ReceiptHistory.endedAt(ending);
            if (first.isEmpty() || Rfc3339.of(at).isBefore(Rfc3339.of(first))) {
                first = at;
            }
        }
        return first;
    }

    /**
     * Of a consent for one call, the end of that call; what was made in it may be kept for so long
     * as was said. Never before it was granted, which is later than the call has begun.
     */
    private static String validUntil(JsonNode receipt) {
        JsonNode payload = receipt.path("payload");
        JsonNode until = payload.at("/validity/until");
        String from = payload.at("/validity/from").asText();
        if (until.isTextual() || from.isEmpty()) {
            return until.asText();
        }
        Instant begun = Instant.parse(from);
        List<Instant> ends = new ArrayList<>();
        for (JsonNode one : payload.path("processing")) {
            Period kept = Period.parse(one.path("kept").asText("P0D"));
            if (!kept.isZero()) {
                ends.add(begun.atZone(ZoneOffset.UTC).plus(kept).toInstant());
            }
        }
        ReceiptHistory.endOfTalks(receipt).ifPresent(ends::add);
        if (ends.isEmpty()) {
            return "";
        }
        ends.add(Rfc3339.of(receipt.at("/entry/time").asText()));
        return Collections.max(ends).toString();
    }

    private static ObjectNode grant(
            ArrayNode grants, String purpose, boolean granted, JsonNode entry) {
        return grants.addObject()
                .put("purpose", purpose)
                .put("granted", granted)
                .put("granted_at", entry.path("time").asText());
    }

    private static void answered(ArrayNode proofs, JsonNode entry, JsonNode payload) {
        JsonNode decision = payload.path("decision");
        if (!decision.isObject()) {
            return;
        }
        boolean words = decision.path("words").isTextual();
        ObjectNode proof = proofs.addObject();
        proof.put("proof_type", words ? "verbal_confirmation" : "external_system");
        proof.put("timestamp", entry.path("time").asText());
        ObjectNode how = proof.putObject("proof_data");
        if (words) {
            how.put("confirmation_text", decision.path("words").asText());
        }
        how.set("evidence", decision.deepCopy());
    }
}
