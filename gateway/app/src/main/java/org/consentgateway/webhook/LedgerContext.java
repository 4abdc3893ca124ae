package org.consentgateway.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/** Thread-safe. What the log knows of an event's person and consent. */
public final class LedgerContext implements EventContext {
    /** What a platform takes for a consent in force. */
    private static final Set<String> IN_FORCE =
            Set.of(
                    EventType.CONSENT_GIVEN.text(),
                    EventType.CONSENT_RENEWED.text(),
                    EventType.CONSENT_IMPORTED.text(),
                    EventType.CONSENT_REAFFIRMED.text(),
                    EventType.CONSENT_PURPOSE_ENDED.text());

    /** What ends a consent as a whole. */
    private static final Set<String> OVER =
            Set.of(EventType.CONSENT_WITHDRAWN.text(), EventType.CONSENT_EXPIRED.text());

    private static final Set<EntryType> ENDED_OR_REPLACED =
            Set.of(EntryType.WITHDRAWN, EntryType.EXPIRED, EntryType.GIVEN, EntryType.RENEWED);

    /**
     * The newest tie may be one whose content does not open, and a switchboard is tied to
     * thousands. A platform may keep an object per customer and purpose: then it is a request for
     * each, one after the other, within a minute ({@link Delivery#MOST_TIME}).
     */
    static final int MOST_TIES = 25;

    private final LogReader reader;

    public LedgerContext(LogReader reader) {
        this.reader = reader;
    }

    @Override
    public ObjectNode of(Message message, ObjectNode data) throws LedgerUnavailable {
        ObjectNode context = JsonNodeFactory.instance.objectNode();
        Optional<Entry> consent = entry(data, "consent_id");
        // A request that was confirmed: what says so names nobody, the request does.
        String record = data.has("request_id") ? "request_id" : "record_id";
        Optional<Entry> about = consent.isPresent() ? consent : entry(data, record);
        List<Tie> ties = about.isPresent() ? ties(about.get()) : List.of();
        if (!ties.isEmpty()) {
            context.put("customer", ties.getFirst().customer());
        }
        if (consent.isPresent()) {
            boolean over = OVER.contains(message.type());
            context.set("consent", told(consent.get(), ties, over));
        }
        Optional<Entry> before = entry(data, replaced(data));
        if (before.isPresent()) {
            context.set("replaced", told(before.get(), ties(before.get()), false));
        }
        return context;
    }

    /** Which member of an event names the consent that it replaces. */
    static String replaced(ObjectNode data) {
        return data.has("supersedes") ? "supersedes" : "renews";
    }

    /** What the company calls a person, and since when. */
    private record Tie(String customer, Instant since) {
        static Tie of(Entry entry) {
            ObjectNode payload = entry.payload();
            String text = payload == null ? "" : payload.at("/reference/text").asText();
            return new Tie(text, entry.time());
        }
    }

    /**
     * Of whom an entry is, the newest first, which counts. Who only claims a number need not be the
     * customer who has it.
     */
    private List<Tie> ties(Entry about) throws LedgerUnavailable {
        ObjectNode payload = about.payload();
        if (payload == null || about.isOfClaimedNumber()) {
            return List.of();
        }
        String pseudonym = payload.at("/subject/pseudonym").asText();
        if (pseudonym.isEmpty()) {
            return List.of();
        }
        return reader.referencesOf(pseudonym, MOST_TIES).stream()
                .map(Tie::of)
                .filter(tie -> !tie.customer.isEmpty())
                .toList();
    }

    /** Whose a consent was since it is there: under any of these somebody may have it. */
    private static Set<String> customers(List<Tie> ties, Instant since) {
        Set<String> customers = new LinkedHashSet<>();
        for (Tie tie : ties) {
            customers.add(tie.customer);
            if (!tie.since.isAfter(since)) {
                break;
            }
        }
        return customers;
    }

    /**
     * @param ties of its caller
     * @param over whether the whole consent has ended: the end of a purpose before it may have been
     *     overtaken, and then only this tells of it
     */
    private ObjectNode told(Entry consent, List<Tie> ties, boolean over) throws LedgerUnavailable {
        ObjectNode payload = Objects.requireNonNull(consent.payload());
        Set<String> ended = ended(consent.id());
        ObjectNode told = JsonNodeFactory.instance.objectNode();
        told.put("id", consent.id().toString());
        customers(ties, consent.time()).forEach(told.putArray("customers")::add);
        told.put("level", payload.at("/decision/level").asText());
        JsonNode until = payload.at("/validity/until");
        ArrayNode all = told.putArray("purposes");
        ArrayNode lasting = told.putArray("lasting");
        ArrayNode noLonger = told.putArray("ended");
        for (JsonNode purpose : payload.at("/decision/purposes")) {
            boolean lasts = until.isTextual() && !onlyInCall(payload, purpose);
            if (!ended.contains(purpose.asText())) {
                all.add(purpose.asText());
            }
            if (lasts && ended.contains(purpose.asText())) {
                noLonger.add(purpose.asText());
            }
            if (lasts && (over || !ended.contains(purpose.asText()))) {
                lasting.add(purpose.asText());
            }
        }
        told.put("given_at", payload.at("/validity/from").asText());
        if (until.isTextual()) {
            told.put("until", until.asText());
        }
        return told;
    }

    /** Purposes of a consent that its caller has ended since. */
    private Set<String> ended(UUID consent) throws LedgerUnavailable {
        return ofConsent(consent, EntryType.PURPOSE_DECIDED).stream()
                .flatMap(later -> later.endedPurpose().stream())
                .collect(Collectors.toSet());
    }

    /** However many talks there were under it. */
    private List<Entry> ofConsent(UUID consent, EntryType... types) throws LedgerUnavailable {
        return AboutEntries.ends(reader, List.of(consent), Set.of(types))
                .getOrDefault(consent, List.of());
    }

    private static boolean onlyInCall(ObjectNode payload, JsonNode purpose) {
        for (JsonNode one : payload.at("/validity/this_call_only")) {
            if (one.equals(purpose)) {
                return true;
            }
        }
        return false;
    }

    /** One whose content can be read. */
    private Optional<Entry> entry(ObjectNode data, String field) throws LedgerUnavailable {
        String id = data.path(field).asText();
        return id.isEmpty()
                ? Optional.empty()
                : reader.entry(UUID.fromString(id)).filter(entry -> entry.payload() != null);
    }

    @Override
    public Optional<Message> endOf(Message message, String consent) throws LedgerUnavailable {
        if (!IN_FORCE.contains(message.type()) || consent.isEmpty()) {
            return Optional.empty();
        }
        UUID id = UUID.fromString(consent);
        List<Entry> ends = ofConsent(id, EntryType.WITHDRAWN, EntryType.EXPIRED);
        if (!ends.isEmpty()) {
            return Optional.of(told(message, ends.getFirst(), id));
        }
        Optional<Entry> later = endOfReplacement(id);
        if (later.isPresent()) {
            return Optional.of(toldOfReplaced(message, later.get(), id));
        }
        // With its payload went the rows that tell what refers to it.
        return reader.erased(Set.of(id)).isEmpty()
                ? Optional.empty()
                : Optional.of(erased(message, id));
    }

    /**
     * Of what came in the place of a consent, or in the place of that: whoever withdraws it writes
     * nothing of what it has replaced.
     */
    private Optional<Entry> endOfReplacement(UUID consent) throws LedgerUnavailable {
        Set<UUID> known = new HashSet<>();
        Set<UUID> next = Set.of(consent);
        while (!next.isEmpty()) {
            known.addAll(next);
            Set<UUID> later = new HashSet<>();
            for (List<Entry> ofOne : AboutEntries.ends(reader, next, ENDED_OR_REPLACED).values()) {
                for (Entry entry : ofOne) {
                    if (!entry.type().isConsent()) {
                        return Optional.of(entry);
                    }
                    later.add(entry.id());
                }
            }
            later.removeAll(known);
            next = later;
        }
        return Optional.empty();
    }

    private static Message erased(Message like, UUID consent) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putArray("consents").add(consent.toString());
        return told(
                like,
                new NewEntry(like.id(), EntryType.HOLDER_TO_TELL, null, null, payload),
                like.place(),
                like.time());
    }

    /** It has ended also where its end cannot be read. */
    private static Message told(Message like, Entry end, UUID consent) {
        ObjectNode payload =
                end.payload() == null
                        ? JsonNodeFactory.instance.objectNode().put("refers_to", consent.toString())
                        : end.payload();
        return told(
                like,
                new NewEntry(end.id(), end.type(), null, null, payload),
                new Message.Place(end.log(), end.index()),
                end.time());
    }

    /**
     * By an id of its own: under that of the end, the end of what replaced it is told.
     *
     * @param end of what replaced it
     */
    private static Message toldOfReplaced(Message like, Entry end, UUID consent) {
        ObjectNode payload =
                end.payload() == null
                        ? JsonNodeFactory.instance.objectNode()
                        : end.payload().deepCopy();
        payload.put("refers_to", consent.toString());
        return told(
                like,
                new NewEntry(like.id(), end.type(), null, null, payload),
                like.place(),
                end.time());
    }

    private static Message told(Message like, NewEntry entry, Message.Place place, Instant time) {
        EventType type = EventBody.typeOf(entry).orElseThrow();
        return new Message(
                like.position(),
                entry.id(),
                like.recipient(),
                type.text(),
                place,
                time,
                type.urgent(),
                EventBody.of(type, entry).toString(),
                0,
                0);
    }
}
