package org.consentgateway.webhook;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.consentgateway.ledger.outbox.Message;

/** Thread-safe. Signs one message for one endpoint and posts it, once. */
public final class Delivery {
    private final CloudEvent events;
    private final Signatures signatures;
    private final Poster poster;
    private final InstantSource clock;

    /**
     * @param source URL that the logs are named under, without a slash at its end
     * @param seed of the key that signs {@code v1a}: 32 octets, the same on all nodes
     */
    public Delivery(String source, byte[] seed, HttpPoster poster, InstantSource clock) {
        this(source, seed, (Poster) poster, clock);
    }

    Delivery(String source, byte[] seed, Poster poster, InstantSource clock) {
        this.events = new CloudEvent(source);
        this.signatures = Signatures.of(seed);
        this.poster = poster;
        this.clock = clock;
    }

    /** By which receivers check {@code v1a}. */
    public String publicKey() {
        return signatures.publicKey();
    }

    Poster.Response of(Message message, Endpoint endpoint) {
        byte[] body = events.of(message);
        List<byte[]> secrets = endpoint.secrets().get();
        if (secrets.isEmpty()) {
            return new Poster.Response.Failed("no secret");
        }
        long now = clock.instant().getEpochSecond();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", CloudEvent.CONTENT_TYPE);
        headers.put("webhook-id", message.id().toString());
        headers.put("webhook-timestamp", Long.toString(now));
        headers.put(
                "webhook-signature", signatures.of(message.id().toString(), now, body, secrets));
        return poster.post(endpoint, headers, body);
    }

    /** Sends a message that says nothing, and tells what came back. */
    public String test(Endpoint endpoint, java.util.UUID id) {
        Instant now = clock.instant();
        Message message =
                new Message(
                        0,
                        Objects.requireNonNull(id),
                        endpoint.name(),
                        EventType.ENDPOINT_TEST.text(),
                        Message.Place.NONE,
                        now,
                        false,
                        "{\"record_id\":\"" + id + "\"}",
                        0);
        return switch (of(message, endpoint)) {
            case Poster.Response.HttpStatus status -> Integer.toString(status.code());
            case Poster.Response.Failed failed -> failed.why();
        };
    }
}
