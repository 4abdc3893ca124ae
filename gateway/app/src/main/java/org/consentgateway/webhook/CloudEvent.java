package org.consentgateway.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.consentgateway.ledger.outbox.Message;

/**
 * Immutable. How a message is put: a CloudEvent in structured mode (CloudEvents 1.0.2, JSON format
 * 1.0.2), with the extension {@code sequence}: the place of its entry in the log of its source.
 */
final class CloudEvent {
    static final String CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";

    private static final JsonMapper JSON = new JsonMapper();

    /** URL that the logs are named under. */
    private final String base;

    /**
     * @param base without a slash at its end
     */
    CloudEvent(String base) {
        this.base = base;
    }

    /**
     * @throws IllegalArgumentException where the body in the outbox is no JSON
     */
    byte[] of(Message message) {
        try {
            return JSON.writeValueAsString(json(message)).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The same before it is written.
     *
     * @throws IllegalArgumentException where the body in the outbox is no JSON
     */
    ObjectNode json(Message message) {
        ObjectNode event = JSON.createObjectNode();
        event.put("specversion", "1.0");
        event.put("id", message.id().toString());
        String log = message.place().log();
        event.put("source", log.isEmpty() ? base : base + "/" + log);
        event.put("type", "org.consentgateway." + message.type() + ".v1");
        event.put("time", message.time().toString());
        event.put("datacontenttype", "application/json");
        event.put("dataschema", "urn:consentgateway:event:" + message.type() + ":1");
        if (message.place().index() >= 0) {
            // Compared as text by the extension's specification, so all are of one length.
            event.put("sequence", String.format(Locale.ROOT, "%019d", message.place().index()));
        }
        try {
            ObjectNode data = (ObjectNode) JSON.readTree(message.body());
            event.put("subject", subject(data));
            event.set("data", data);
            return event;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: message " + message.id(), e);
        }
    }

    /** Of what a message tells; empty where it has none. */
    static String field(Message message, String name) {
        try {
            return JSON.readTree(message.body()).path(name).asText();
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    /** What it is about, the narrowest first. */
    private static String subject(ObjectNode data) {
        for (String kind : new String[] {"consent", "task", "call", "record"}) {
            String id = data.path(kind + "_id").asText();
            if (!id.isEmpty()) {
                return kind + "/" + id;
            }
        }
        return "gateway";
    }
}
