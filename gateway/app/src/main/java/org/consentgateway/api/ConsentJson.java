package org.consentgateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.number.AboutEntries;
import org.jspecify.annotations.Nullable;

/** How a consent is told: what was agreed to, in which words, and whether it holds. */
final class ConsentJson {
    /** As the log's own search for what has ended has it. */
    private static final Duration LONGEST_TALK = Duration.ofHours(12);

    private ConsentJson() {}

    static boolean isConsent(Entry entry) {
        return entry.type() == EntryType.GIVEN
                || entry.type() == EntryType.RENEWED
                || entry.type() == EntryType.IMPORTED;
    }

    /**
     * @param consent with its content
     * @param about what refers to it, as {@link AboutEntries} has it
     */
    static ObjectNode of(Entry consent, List<Entry> about, Instant now) {
        JsonNode record = consent.payload();
        if (record == null) {
            throw new IllegalArgumentException("its content is gone: " + consent.id());
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("consent_id", consent.id().toString());
        copy(record, "/call/gateway_call_id", json, "call_id");
        copy(record, "/call/line", json, "line");
        json.put("given_at", givenAt(record, consent));
        copy(record, "/decision/level", json, "level");
        json.set("purposes", record.at("/decision/purposes").deepCopy());
        validity(record, json.putObject("validity"));
        ObjectNode notice = json.putObject("notice");
        for (String field : new String[] {"id", "version", "language", "variant", "text_sha256"}) {
            copy(record, "/notice/" + field, notice, field);
        }
        if (consent.type() == EntryType.IMPORTED) {
            json.set("origin", record.path("origin").deepCopy());
        }
        json.putObject("place").put("log", consent.log()).put("index", consent.index());
        state(json, record, about, consent.time(), now);
        history(json.putArray("history"), about);
        if (about.size() >= AboutEntries.MOST) { // the newest, and whatever has ended it
            json.put("history_complete", false);
        }
        return json;
    }

    /** All that happened to it, the first first: what, when, and how where that is recorded. */
    private static void history(ArrayNode history, List<Entry> about) {
        for (Entry each : about) {
            ObjectNode event = history.addObject();
            event.put("record_id", each.id().toString()).put("type", each.type().text());
            event.put("at", Header.time(each.time()));
            event.put(
                    "ends",
                    switch (each.type()) {
                        case WITHDRAWN, EXPIRED, RENEWED, GIVEN -> true;
                        default -> false;
                    });
            JsonNode record = each.payload();
            if (record != null) {
                copy(record, "/withdrawal/reason", event, "reason");
                copy(record, "/withdrawal/method", event, "method");
            }
        }
    }

    /** A consent from elsewhere was given before it came here. */
    private static String givenAt(JsonNode record, Entry consent) {
        return consent.type() == EntryType.IMPORTED
                ? record.at("/validity/from").asText()
                : record.path("event_time").asText(Header.time(consent.time()));
    }

    private static void validity(JsonNode record, ObjectNode validity) {
        for (String field : new String[] {"from", "until", "renewal_due"}) {
            copy(record, "/validity/" + field, validity, field);
        }
        JsonNode only = record.at("/validity/this_call_only");
        if (only.isArray()) {
            validity.set("this_call_only", only.deepCopy());
        }
    }

    private static void state(
            ObjectNode json, JsonNode record, List<Entry> about, Instant given, Instant now) {
        @Nullable Entry end = null;
        String state = "";
        boolean cut = false;
        for (Entry each : about) {
            switch (each.type()) {
                case WITHDRAWN -> {
                    end = each;
                    state = "withdrawn";
                }
                case EXPIRED -> {
                    end = end == null ? each : end;
                    state = state.isEmpty() ? "expired" : state;
                }
                case RENEWED, GIVEN -> {
                    end = end == null ? each : end;
                    state = state.isEmpty() ? "replaced" : state;
                }
                case ASSISTANT_CUT -> cut = true;
                // The rest of what was agreed to goes on.
                case PURPOSE_DECIDED ->
                        each.endedPurpose()
                                .ifPresent(
                                        purpose -> json.withArray("ended_purposes").add(purpose));
                case USED, REAFFIRMED -> json.put("last_used_at", Header.time(each.time()));
                default -> {
                    // says nothing about whether it holds
                }
            }
        }
        json.put("state", state.isEmpty() ? untilNow(record, cut, given, now) : state);
        if (end != null) {
            ended(json.putObject("ended"), end);
        }
    }

    private static String untilNow(JsonNode record, boolean cut, Instant given, Instant now) {
        String until = record.at("/validity/until").asText();
        if (!until.isEmpty()) {
            return now.isBefore(Instant.parse(until)) ? "in_force" : "expired";
        }
        return cut || given.plus(LONGEST_TALK).isBefore(now) ? "over_with_call" : "in_force";
    }

    private static void ended(ObjectNode json, Entry end) {
        json.put("record_id", end.id().toString());
        json.put("at", Header.time(end.time()));
        JsonNode record = end.payload();
        if (record != null) {
            copy(record, "/withdrawal/reason", json, "reason");
            copy(record, "/withdrawal/method", json, "method");
            copy(record, "/withdrawal/at", json, "withdrawn_at");
            copy(record, "/withdrawal/media_cut_at", json, "media_cut_at");
        }
    }

    private static void copy(JsonNode from, String path, ObjectNode to, String name) {
        String text = from.at(path).textValue();
        if (text != null) {
            to.put(name, text);
        }
    }
}
