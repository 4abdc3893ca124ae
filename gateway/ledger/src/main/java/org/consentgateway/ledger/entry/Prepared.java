package org.consentgateway.ledger.entry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.consentgateway.ledger.tree.CanonicalJson;
import org.jspecify.annotations.Nullable;

/** Immutable. An entry with all its work done that needs no place in the log yet. */
public record Prepared(
        UUID id, EntryType type, byte[] payload, Facts facts, List<Outgoing> outgoing) {
    /** More than any record needs; keeps a mistake out of the store for good. */
    public static final int MAX_PAYLOAD_BYTES = 64 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** As the lookup columns hold it. */
    private static final int MAX_FACT_CHARS = 64;

    /**
     * @param announcing who is to be told of it
     * @throws IllegalArgumentException where it could not be stored: said now, to the one who made
     *     it, and not in the middle of everybody's commit
     */
    public static Prepared of(NewEntry entry, String node, String keyId, Announcing announcing) {
        ObjectNode payload = entry.payload().deepCopy();
        if (entry.callId() != null) {
            child(payload, "call").put("gateway_call_id", entry.callId());
        }
        if (entry.subject() != null) {
            child(payload, "subject").put("pseudonym", entry.subject());
        }
        ObjectNode issuer = child(payload, "issuer").put("node", node).put("key_id", keyId);
        if (entry.type().isConsent()) {
            issuer.put(
                    "endings", "counted"); // a row without a count is then a row that was changed
        }
        byte[] bytes = CanonicalJson.bytes(payload);
        if (bytes.length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "payload of " + bytes.length + " bytes, more than " + MAX_PAYLOAD_BYTES);
        }
        Facts facts = Facts.of(payload);
        requireShort(facts.subject());
        requireShort(facts.notice());
        requireShort(facts.line());
        requireShort(facts.callId());
        requireShort(facts.sipHash());
        requireShort(facts.refers());
        return new Prepared(
                entry.id(), entry.type(), bytes, facts, List.copyOf(announcing.of(entry)));
    }

    /** The same without its caller: for what is written about somebody who was erased. */
    public Prepared withoutSubject() {
        try {
            ObjectNode stripped = (ObjectNode) JSON.readTree(payload);
            child(stripped, "subject").remove("pseudonym");
            return new Prepared(
                    id, type, CanonicalJson.bytes(stripped), Facts.of(stripped), outgoing);
        } catch (IOException e) {
            throw new IllegalStateException("we have written it ourselves", e);
        }
    }

    private static ObjectNode child(ObjectNode parent, String name) {
        if (parent.get(name) instanceof ObjectNode there) {
            return there;
        }
        ObjectNode child = JsonNodeFactory.instance.objectNode();
        parent.set(name, child);
        return child;
    }

    private static void requireShort(@Nullable String fact) {
        if (fact != null && (fact.length() > MAX_FACT_CHARS || fact.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("a lookup value is longer than 64 characters");
        }
    }
}
