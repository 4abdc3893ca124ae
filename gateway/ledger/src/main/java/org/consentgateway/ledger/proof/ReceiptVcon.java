package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.consentgateway.ledger.tree.Digests;
import org.consentgateway.ledger.tree.Merkle;

/**
 * A receipt as a vCon 0.4.0 with a lawful_basis attachment (draft-howe-vcon-lawful-basis). The
 * draft knows no proof by key press, no notice hash and no language: these go into proof_data and
 * metadata. The body is bound to its vCon by the vCon's uuid in it.
 */
public final class ReceiptVcon {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ReceiptVcon() {}

    static ObjectNode of(ObjectNode receipt) {
        JsonNode entry = receipt.path("entry");
        JsonNode payload = receipt.path("payload");
        String start = payload.at("/call/answered_at").asText(entry.path("time").asText());
        // One vCon per entry: made again, it is the same one.
        String uuid = UUID.nameUUIDFromBytes(Merkle.leaf(CanonicalJson.bytes(entry))).toString();
        ObjectNode vcon = JSON.objectNode();
        vcon.put("vcon", "0.4.0").put("uuid", uuid);
        vcon.set("created_at", entry.path("time").deepCopy());
        vcon.putArray("extensions").add("lawful_basis");
        ArrayNode parties = vcon.putArray("parties");
        parties.addObject()
                .put("role", "caller")
                .put("uuid", payload.at("/subject/pseudonym").asText("unknown"));
        parties.addObject()
                .put("role", "controller")
                .put("name", payload.at("/controller/name").asText());
        ObjectNode dialog = vcon.putArray("dialog").addObject();
        // The call itself; what was said in it is not ours to pass on.
        dialog.put("type", "recording").put("start", start).put("originator", 0);
        dialog.putArray("parties").add(0).add(1);
        ObjectNode attachment = vcon.putArray("attachments").addObject();
        attachment
                .put("purpose", "lawful_basis")
                .put("start", start)
                .put("party", 0)
                .put("dialog", 0)
                .put("encoding", "json");
        attachment.set("body", body(uuid, entry, payload, receipt));
        return vcon;
    }

    private static ObjectNode body(
            String uuid, JsonNode entry, JsonNode payload, ObjectNode receipt) {
        ObjectNode body = JSON.objectNode();
        body.put("lawful_basis", "consent");
        JsonNode until = payload.at("/validity/until");
        body.set("expiration", until.isTextual() ? until.deepCopy() : JSON.nullNode());
        String type = entry.path("type").asText();
        boolean granted =
                type.equals(EntryType.GIVEN.text()) || type.equals(EntryType.RENEWED.text());
        ArrayNode grants = body.putArray("purpose_grants");
        for (JsonNode purpose : payload.at("/decision/purposes")) {
            grants.addObject()
                    .put("purpose", purpose.asText())
                    .put("granted", granted)
                    .put("granted_at", entry.path("time").asText());
        }
        ObjectNode hash = body.putObject("content_hash");
        hash.put("algorithm", "sha-256").put("canonicalization", "jcs");
        hash.put("value", Digests.hex(Digests.of(CanonicalJson.bytes(payload))));
        ArrayNode proofs = body.putArray("proof_mechanisms");
        spoken(proofs, entry, payload);
        ObjectNode signature = proofs.addObject();
        signature.put("proof_type", "cryptographic_signature");
        signature.put("timestamp", entry.path("time").asText());
        signature.putObject("proof_data").set("receipt", receipt.deepCopy());
        ObjectNode metadata = body.putObject("metadata");
        metadata.put("vcon_uuid", uuid).put("entry_type", type);
        if (payload.path("notice").isObject()) {
            metadata.set("notice", payload.path("notice").deepCopy());
        }
        return body;
    }

    private static void spoken(ArrayNode proofs, JsonNode entry, JsonNode payload) {
        JsonNode decision = payload.path("decision");
        if (!decision.isObject()) {
            return;
        }
        ObjectNode proof = proofs.addObject();
        boolean words = decision.path("words").isTextual();
        proof.put("proof_type", words ? "verbal_confirmation" : "external_system");
        proof.put("timestamp", entry.path("time").asText());
        ObjectNode how = proof.putObject("proof_data");
        how.put("dialog_reference", 0);
        if (words) {
            how.put("confirmation_text", decision.path("words").asText());
        }
        how.set("evidence", decision.deepCopy());
    }
}
