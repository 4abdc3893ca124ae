package org.consentgateway.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.store.LedgerUnavailable;

/** Thread-safe. Puts one message as its endpoint wants it, signs it and posts it, once. */
public final class Delivery {
    /** Begun later, a further request of a message might outlast the message's lease. */
    static final Duration MOST_TIME = Duration.ofSeconds(60);

    private static final int MULTI_STATUS = 207;

    /** What is to be deleted is not there: that is what was wanted. */
    private static final Set<Integer> DELETED_BEFORE = Set.of(404, 410);

    private final CloudEvent events;
    private final Signatures signatures;
    private final Poster poster;
    private final EventContext context;
    private final InstantSource clock;

    /** Does not jump where the machine's clock is set. */
    private final InstantSource steady;

    /**
     * @param source URL that the logs are named under, without a slash at its end
     * @param seed of the key that signs {@code v1a}: 32 octets, the same on all nodes
     */
    public Delivery(
            String source,
            byte[] seed,
            HttpPoster poster,
            EventContext context,
            InstantSource clock) {
        this(source, seed, (Poster) poster, context, clock);
    }

    Delivery(String source, byte[] seed, Poster poster, EventContext context, InstantSource clock) {
        this(new CloudEvent(source), Signatures.of(seed), poster, context, clock, clock);
    }

    private Delivery(
            CloudEvent events,
            Signatures signatures,
            Poster poster,
            EventContext context,
            InstantSource clock,
            InstantSource steady) {
        this.events = events;
        this.signatures = signatures;
        this.poster = poster;
        this.context = context;
        this.clock = clock;
        this.steady = steady;
    }

    /**
     * Each second attempt is signed by this time instead: where the machine's clock was set, one of
     * the two is right, and receivers refuse what is minutes off.
     *
     * @param expected does not jump
     */
    public Delivery orBy(InstantSource expected) {
        return new Delivery(events, signatures, poster, context, clock, expected);
    }

    /** By which receivers check {@code v1a}. */
    public String publicKey() {
        return signatures.publicKey();
    }

    Poster.Response of(Message message, Endpoint endpoint) {
        Optional<Mapping> mapping = endpoint.format().mapping();
        if (mapping.isPresent()) {
            return mapped(message, endpoint, mapping.get());
        }
        byte[] body = events.of(message);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", CloudEvent.CONTENT_TYPE);
        if (endpoint.format().secrets().get().isEmpty()) {
            return new Poster.Response.Failed("no secret");
        }
        return poster.post(
                endpoint, signed(message, WebRequest.post(endpoint, headers, body), endpoint));
    }

    /** Shows who asks: by a signature where there is a secret, by a token where there is one. */
    private WebRequest signed(Message message, WebRequest request, Endpoint endpoint) {
        String id = message.id().toString();
        // Half of them begin with the other one: an endpoint that fails is asked with one after the
        // other, and may get no second attempt of any.
        long turn = message.attempts() + message.id().getLeastSignificantBits();
        InstantSource by = turn % 2 == 0 ? clock : steady;
        long now = by.instant().getEpochSecond();
        List<byte[]> secrets = endpoint.format().secrets().get();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(now));
        if (!secrets.isEmpty()) {
            headers.put("webhook-signature", signatures.of(id, now, request.body(), secrets));
        }
        endpoint.format()
                .bearer()
                .get()
                .ifPresent(token -> headers.put("authorization", "Bearer " + token));
        return request.with(headers);
    }

    // ------------------------------------------------------------------ by a mapping

    /**
     * A platform that keeps one state per consent cannot tell that a late {@code consent.given} is
     * older than the {@code consent.withdrawn} that overtook it. So what has ended is not given any
     * more, and what ends while it is being given is ended again behind it.
     */
    private Poster.Response mapped(Message message, Endpoint endpoint, Mapping mapping) {
        try {
            Instant latest = steady.instant().plus(MOST_TIME);
            ObjectNode data = data(events.json(message));
            String consent = data.path("consent_id").asText();
            Optional<Message> ended = context.endOf(message, consent);
            if (ended.isPresent()) {
                return posted(insteadOf(message, data, ended.get()), endpoint, mapping, latest);
            }
            Poster.Response answer = posted(message, endpoint, mapping, latest);
            if (isTaken(answer)) {
                Optional<Message> end = context.endOf(message, consent);
                return end.isPresent() ? posted(end.get(), endpoint, mapping, latest) : answer;
            }
            return answer;
        } catch (Mapping.Unfit e) {
            return new Poster.Response.Unfit("mapping: " + e.getMessage());
        } catch (LedgerUnavailable e) {
            return new Poster.Response.Failed("store " + e.reason());
        }
    }

    /**
     * What is not given ends nothing either: the consent that it replaces is ended for it. An
     * earlier attempt that failed may have given it: then its own end is told again.
     */
    private List<Message> insteadOf(Message message, ObjectNode data, Message ended)
            throws LedgerUnavailable {
        List<Message> ends = new ArrayList<>();
        String replaced = data.path(LedgerContext.replaced(data)).asText();
        context.endOf(message, replaced).ifPresent(ends::add);
        if (message.attempts() > 0) {
            ends.add(ended);
        }
        return ends;
    }

    private static ObjectNode data(ObjectNode event) {
        return event.withObject("data");
    }

    private static boolean isTaken(Poster.Response answer) {
        return answer instanceof Poster.Response.HttpStatus status && status.taken();
    }

    /** One after the other, until one is not taken. */
    private Poster.Response posted(
            List<Message> messages, Endpoint endpoint, Mapping mapping, Instant latest)
            throws Mapping.Unfit, LedgerUnavailable {
        Poster.Response answer = new Poster.Response.NotWanted();
        for (Message message : messages) {
            Poster.Response next = posted(message, endpoint, mapping, latest);
            if (next instanceof Poster.Response.NotWanted) {
                continue;
            }
            answer = next;
            if (!isTaken(answer)) {
                return answer;
            }
        }
        return answer;
    }

    /**
     * @param latest when a request of it may begin
     */
    private Poster.Response posted(
            Message message, Endpoint endpoint, Mapping mapping, Instant latest)
            throws Mapping.Unfit, LedgerUnavailable {
        Poster.Response answer = new Poster.Response.NotWanted();
        for (WebRequest request : requests(message, endpoint, mapping)) {
            if (steady.instant().isAfter(latest)) {
                return new Poster.Response.Failed("timeout");
            }
            answer = poster.post(endpoint, signed(message, request, endpoint));
            if (!(answer instanceof Poster.Response.HttpStatus status)) {
                return answer;
            }
            if (request.method().equals("DELETE") && DELETED_BEFORE.contains(status.code())) {
                answer = new Poster.Response.HttpStatus(204, 0);
            } else if (status.code() == MULTI_STATUS) {
                return new Poster.Response.Unfit("207 Multi-Status: not all of it was taken");
            } else if (!status.taken()) {
                return answer;
            }
        }
        return answer;
    }

    private List<WebRequest> requests(Message message, Endpoint endpoint, Mapping mapping)
            throws Mapping.Unfit, LedgerUnavailable {
        ObjectNode event = events.json(message);
        return mapping.requests(
                MappingInput.of(message.type(), event, context.of(message, data(event))), endpoint);
    }

    // ------------------------------------------------------------------ by hand

    /** Sends a message that says nothing, and tells what came back. */
    public String test(Endpoint endpoint, UUID id) {
        Message message =
                example(
                        EventType.ENDPOINT_TEST,
                        endpoint,
                        Objects.requireNonNull(id),
                        "{\"record_id\":\"" + id + "\"}");
        return switch (of(message, endpoint)) {
            case Poster.Response.HttpStatus status -> Integer.toString(status.code());
            case Poster.Response.Failed failed -> failed.why();
            case Poster.Response.Unfit unfit -> unfit.why();
            case Poster.Response.NotWanted() ->
                    "nothing was sent: its mapping makes nothing of endpoint.test";
        };
    }

    private Message example(EventType type, Endpoint endpoint, UUID id, String body) {
        return new Message(
                0,
                id,
                endpoint.name(),
                type.text(),
                Message.Place.NONE,
                clock.instant(),
                type.urgent(),
                body,
                0,
                0);
    }
}
