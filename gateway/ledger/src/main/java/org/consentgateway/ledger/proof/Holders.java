package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.consentgateway.ledger.entry.EntryType;

/**
 * Confined to one reading of the entries about one consent, oldest first. Who was given data under
 * it, from when to when, and who was told that it has ended (Art. 19 DSGVO).
 */
public final class Holders {
    private final Map<String, ObjectNode> byName = new LinkedHashMap<>();

    /**
     * @param time RFC 3339
     */
    public void add(String type, String time, JsonNode payload) {
        if (type.equals(EntryType.ASSISTANT_OPENED.text())) {
            ObjectNode holder = of(payload.path("assistant").asText());
            if (!holder.has("first_given_at")) {
                holder.put("first_given_at", time);
            }
            holder.put("last_given_at", time);
        } else if (type.equals(EntryType.HOLDER_NOTIFIED.text())
                || type.equals(EntryType.HOLDER_TOLD.text())) {
            told(time, payload.path("holder"));
        }
    }

    private ObjectNode of(String name) {
        return byName.computeIfAbsent(
                name, _ -> JsonNodeFactory.instance.objectNode().put("name", name));
    }

    /** What was confirmed once stays so. */
    private void told(String time, JsonNode notified) {
        ObjectNode holder = of(notified.path("name").asText());
        String acknowledgedBy = notified.path("acknowledged_by").asText();
        if (holder.at("/told/acknowledged_by").asText().isEmpty() || !acknowledgedBy.isEmpty()) {
            ObjectNode told = holder.putObject("told");
            told.put("event", notified.path("event").asText());
            told.put("at", time);
            told.put("delivered", notified.path("delivered").asBoolean());
            told.put("acknowledged_by", acknowledgedBy);
            if (!acknowledgedBy.isEmpty()) {
                told.put("acknowledged_at", time);
            }
        }
    }

    /** One each: name, first_given_at, last_given_at, told (event, at, delivered, …). */
    public ArrayNode json() {
        return JsonNodeFactory.instance.arrayNode().addAll(byName.values());
    }
}
