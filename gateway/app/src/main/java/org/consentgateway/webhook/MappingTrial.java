package org.consentgateway.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.ledger.outbox.Message;

/** Immutable. What a mapping makes of an example of each event, without sending anything. */
public final class MappingTrial {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant WHEN = Instant.parse("2026-11-28T09:00:00Z");
    private static final String CUSTOMER = "K-4711";

    private final Endpoint endpoint;
    private final Mapping mapping;
    private final CloudEvent events;
    private final JsonNode examples;

    /**
     * @param source URL that the logs are named under, without a slash at its end
     */
    public MappingTrial(Endpoint endpoint, Mapping mapping, String source) {
        this.endpoint = endpoint;
        this.mapping = mapping;
        this.events = new CloudEvent(source);
        this.examples = examples();
    }

    private static JsonNode examples() {
        try (InputStream in = MappingTrial.class.getResourceAsStream("examples.json")) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<WebRequest> requests(EventType type) throws Mapping.Unfit {
        ObjectNode example = (ObjectNode) examples.path(type.text());
        JsonNode data = example.path("data");
        Message message =
                new Message(
                        0,
                        UUID.fromString(data.path("record_id").asText()),
                        endpoint.name(),
                        type.text(),
                        new Message.Place("consent-gateway/log/gw1", 4711),
                        WHEN,
                        type.urgent(),
                        data.toString(),
                        0,
                        0);
        ObjectNode context = example.deepCopy();
        context.remove("data");
        if (type != EventType.LEDGER_ALARM && type != EventType.CALL_ENDED) {
            context.put("customer", CUSTOMER);
            for (String consent : List.of("consent", "replaced")) {
                if (context.path(consent) instanceof ObjectNode told) {
                    told.putArray("customers").add(CUSTOMER);
                }
            }
        }
        return mapping.requests(
                MappingInput.of(type.text(), events.json(message), context), endpoint);
    }

    /**
     * What is wrong with it for the events that the endpoint is told of; empty where nothing is.
     * Whoever is told that somebody has agreed has to be told the end of it as well.
     */
    public Optional<String> wrong() {
        boolean gives = false;
        boolean ends = false;
        for (EventType type : EventType.values()) {
            if (type == EventType.ENDPOINT_TEST || !endpoint.events().contains(type)) {
                continue;
            }
            try {
                boolean sends = !requests(type).isEmpty();
                gives |= sends && type == EventType.CONSENT_GIVEN;
                ends |= sends && type == EventType.CONSENT_WITHDRAWN;
            } catch (Mapping.Unfit e) {
                return Optional.of(type.text() + ": " + e.getMessage());
            }
        }
        return gives && !ends
                ? Optional.of("tells of consent.given and not of consent.withdrawn")
                : Optional.empty();
    }

    /** The requests as they would be sent, but for what shows who asks. */
    public String shown(EventType type) throws Mapping.Unfit {
        List<WebRequest> requests = requests(type);
        if (requests.isEmpty()) {
            return "nothing is sent\n";
        }
        var text = new StringBuilder();
        for (WebRequest one : requests) {
            text.append(one.method())
                    .append(' ')
                    .append(endpoint.url().getScheme())
                    .append("://")
                    .append(endpoint.url().getRawAuthority())
                    .append(one.target())
                    .append('\n');
            one.headers().forEach((name, value) -> text.append(name + ": " + value + "\n"));
            if (one.body().length > 0) {
                text.append(pretty(one.body())).append('\n');
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String pretty(byte[] body) {
        try {
            return JSON.readTree(new String(body, StandardCharsets.UTF_8)).toPrettyString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
