package org.consentgateway.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. All that an erasure decides by of one entry of a caller: a number may have hundreds of
 * thousands of them, so nothing else of their contents is kept in memory.
 *
 * @param time when it was recorded
 * @param refersTo what it is about; null for nothing
 * @param call id of the call that it is of; empty for none
 * @param until when the consent that it is ends; null where it is none, or ends with its call
 * @param advertising whether it is a consent to that
 * @param assistant who heard the caller from then on; empty where nobody did
 * @param recipients who gets data for its purposes besides
 */
record SeenEntry(
        UUID id,
        EntryType type,
        Instant time,
        @Nullable UUID refersTo,
        String call,
        @Nullable Instant until,
        boolean advertising,
        String assistant,
        List<Recipient> recipients) {
    private static final String ADVERTISING = "marketing";

    /**
     * Who gets data.
     *
     * @param way where and as what, in words
     */
    record Recipient(String name, String way) {}

    /** Empty where there is nothing in it to decide by: it was erased, or does not open. */
    static Optional<SeenEntry> of(Entry entry) {
        ObjectNode payload = entry.payload();
        if (payload == null) {
            return Optional.empty();
        }
        boolean consent = entry.type().isConsent();
        boolean agreed = consent || entry.type() == EntryType.REAFFIRMED;
        String refers = payload.path("refers_to").textValue();
        String until = consent ? payload.at("/validity/until").asText() : "";
        return Optional.of(
                new SeenEntry(
                        entry.id(),
                        entry.type(),
                        entry.time(),
                        refers == null ? null : UUID.fromString(refers),
                        payload.at("/call/gateway_call_id").asText(),
                        until.isEmpty() ? null : Instant.parse(until),
                        consent && isForAdvertising(payload),
                        entry.type() == EntryType.ASSISTANT_OPENED
                                ? payload.path("assistant").asText().intern()
                                : "",
                        agreed ? recipients(payload) : List.of()));
    }

    private static boolean isForAdvertising(ObjectNode consent) {
        for (JsonNode purpose : consent.at("/decision/purposes")) {
            if (purpose.asText().equals(ADVERTISING)) {
                return true;
            }
        }
        return false;
    }

    private static List<Recipient> recipients(ObjectNode consent) {
        List<Recipient> all = new ArrayList<>();
        for (JsonNode one : consent.path("processing")) {
            for (JsonNode each : one.path("recipients")) {
                String way = each.path("role").asText() + ", " + each.path("address").asText();
                all.add(new Recipient(each.path("name").asText().intern(), way.intern()));
            }
        }
        return List.copyOf(all);
    }

    boolean refersTo(Set<UUID> some) {
        return refersTo != null && some.contains(refersTo);
    }
}
