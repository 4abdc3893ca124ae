package org.consentgateway.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.SubjectRequest;

/** Requests of callers as the JSON that the ledger keeps, and back. */
final class RequestJson {
    private static final String SCHEMA = "subject-request/1";

    private static final String CALL_BACK = "call-back";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private RequestJson() {}

    static ObjectNode write(SubjectRequest request) {
        ObjectNode json = JSON.objectNode();
        json.put("schema", SCHEMA);
        json.put("record_id", request.id().toString());
        json.put("event_time", request.at().toString());
        keep(json, request.at());
        switch (request) {
            case SubjectRequest.Opened opened -> opened(json, opened);
            case SubjectRequest.Approved approved -> {
                answered(json, "RequestApproved", approved.asked(), approved.answer());
                ArrayNode kept = json.putArray("kept");
                approved.kept().forEach(law -> kept(kept.addObject(), law));
                if (!approved.until().isEmpty()) {
                    ObjectNode until = json.putObject("until");
                    new TreeMap<>(approved.until()).forEach(until::put);
                }
            }
            case SubjectRequest.Refused refused ->
                    answered(json, "RequestRefused", refused.asked(), refused.answer());
            case SubjectRequest.Unconfirmed unconfirmed -> {
                answered(json, "RequestUnconfirmed", unconfirmed.asked(), unconfirmed.answer());
                json.putObject("call_back").put("result", unconfirmed.why().name());
            }
            case SubjectRequest.Confirmed confirmed ->
                    about(json, "RequestConfirmed", confirmed.asked());
            case SubjectRequest.CallBackDue due -> due(json, due);
            case SubjectRequest.CallBackPlaced placed -> {
                about(json, "CallBackPlaced", placed.asked());
                json.putObject("call_back").put("placed_by", placed.by().toString());
            }
            case SubjectRequest.Extended extended -> {
                answered(json, "RequestExtended", extended.asked(), extended.answer());
                json.put("extended_to", extended.due().toString());
            }
        }
        return json;
    }

    private static void opened(ObjectNode json, SubjectRequest.Opened opened) {
        EntryJson.call(json, "RequestOpened", opened.call());
        json.withObject("subject").put("pseudonym", opened.subject().pseudonym());
        ArrayNode earlier = json.withObject("subject").putArray("earlier_pseudonyms");
        opened.subject().earlier().forEach(earlier::add);
        ObjectNode request =
                request(json, SubjectRequest.Asked.of(opened)).put("operator", opened.operator());
        if (opened.confirmation() != SubjectRequest.Confirmation.NOT_NEEDED) {
            request.put("confirm_by", CALL_BACK);
        }
    }

    /** Gone as soon as nobody may call the number again, or count how often it was called. */
    private static void due(ObjectNode json, SubjectRequest.CallBackDue due) {
        EntryJson.call(json, "CallBackDue", due.call());
        json.withObject("subject").put("pseudonym", due.subject().pseudonym());
        EntryJson.notice(json, due.notice());
        // Not "refers_to": what refers to an entry is kept as long as that one.
        request(json, due.asked()).put("id", due.asked().id().toString());
        json.putObject("call_back").put("number", due.number().text());
        json.putObject("retention")
                .put("basis", "short")
                .put("duration", SubjectRequest.NUMBER_KEPT.toString())
                .put("delete_at", due.at().plus(SubjectRequest.NUMBER_KEPT).toString());
    }

    /** That a request was answered, and how, can be asked for as long as claims can be raised. */
    static void keep(ObjectNode json, Instant from) {
        json.putObject("retention")
                .put("basis", "claims")
                .put(
                        "delete_at",
                        from.atZone(ZoneOffset.UTC)
                                .plus(SubjectRequest.KEPT)
                                .toInstant()
                                .toString());
    }

    private static void about(ObjectNode json, String state, SubjectRequest.Asked asked) {
        json.put("event_state", state);
        json.put("refers_to", asked.id().toString());
        request(json, asked);
    }

    private static ObjectNode request(ObjectNode json, SubjectRequest.Asked asked) {
        return json.putObject("request")
                .put("kind", asked.kind().name())
                .put("channel", asked.channel().name())
                .put("reference", asked.reference().digits())
                .put("asked_at", asked.at().toString())
                .put("due", asked.due().toString());
    }

    private static void answered(
            ObjectNode json,
            String state,
            SubjectRequest.Asked asked,
            SubjectRequest.Answer answer) {
        about(json, state, asked);
        json.putObject("answer").put("by", answer.by()).put("ground", answer.ground());
    }

    private static void kept(ObjectNode json, SubjectRequest.Kept kept) {
        json.put("law", kept.law());
        ArrayNode records = json.putArray("restricted");
        kept.records().forEach(id -> records.add(id.toString()));
    }

    /**
     * @throws IllegalArgumentException where this is no request of ours
     */
    static SubjectRequest read(JsonNode json) {
        UUID id = UUID.fromString(EntryJson.text(json, "/record_id"));
        Instant at = Instant.parse(EntryJson.text(json, "/event_time"));
        String state = EntryJson.text(json, "/event_state");
        return switch (state) {
            case "RequestOpened" ->
                    new SubjectRequest.Opened(
                            id,
                            at,
                            kind(json),
                            channel(json),
                            json.has("call") ? EntryJson.readCall(json) : null,
                            EntryJson.text(json, "/request/operator"),
                            subject(json),
                            due(json),
                            json.at("/request/confirm_by").asText().equals(CALL_BACK)
                                    ? SubjectRequest.Confirmation.AWAITED
                                    : SubjectRequest.Confirmation.NOT_NEEDED);
            case "RequestApproved" ->
                    new SubjectRequest.Approved(
                            id, at, asked(json), answer(json), kept(json), until(json));
            case "RequestRefused" -> new SubjectRequest.Refused(id, at, asked(json), answer(json));
            case "RequestUnconfirmed" ->
                    new SubjectRequest.Unconfirmed(
                            id,
                            at,
                            asked(json),
                            answer(json),
                            CallBackResult.valueOf(EntryJson.text(json, "/call_back/result")));
            case "RequestConfirmed" -> new SubjectRequest.Confirmed(id, at, asked(json));
            case "CallBackDue" ->
                    new SubjectRequest.CallBackDue(
                            id,
                            at,
                            asked(json, "/request/id"),
                            EntryJson.readCall(json).withoutSubject(),
                            EntryJson.readNotice(json),
                            new PhoneNumber(EntryJson.text(json, "/call_back/number")),
                            new Subject(EntryJson.text(json, "/subject/pseudonym")));
            case "CallBackPlaced" ->
                    new SubjectRequest.CallBackPlaced(
                            id,
                            at,
                            asked(json),
                            UUID.fromString(EntryJson.text(json, "/call_back/placed_by")));
            case "RequestExtended" ->
                    new SubjectRequest.Extended(
                            id,
                            at,
                            asked(json),
                            answer(json),
                            Instant.parse(EntryJson.text(json, "/extended_to")));
            default -> throw new IllegalArgumentException("unknown event_state " + state);
        };
    }

    private static Subject subject(JsonNode json) {
        var earlier = new ArrayList<String>();
        json.at("/subject/earlier_pseudonyms").forEach(name -> earlier.add(name.asText()));
        return new Subject(EntryJson.text(json, "/subject/pseudonym"), earlier);
    }

    private static SubjectRequest.Asked asked(JsonNode json) {
        return asked(json, "/refers_to");
    }

    private static SubjectRequest.Asked asked(JsonNode json, String id) {
        return new SubjectRequest.Asked(
                UUID.fromString(EntryJson.text(json, id)),
                kind(json),
                channel(json),
                Instant.parse(EntryJson.text(json, "/request/asked_at")),
                due(json));
    }

    private static SubjectRequest.Kind kind(JsonNode json) {
        return SubjectRequest.Kind.valueOf(EntryJson.text(json, "/request/kind"));
    }

    private static SubjectRequest.Channel channel(JsonNode json) {
        return SubjectRequest.Channel.valueOf(EntryJson.text(json, "/request/channel"));
    }

    private static Instant due(JsonNode json) {
        return Instant.parse(EntryJson.text(json, "/request/due"));
    }

    private static SubjectRequest.Answer answer(JsonNode json) {
        return new SubjectRequest.Answer(
                EntryJson.text(json, "/answer/by"), EntryJson.text(json, "/answer/ground"));
    }

    private static List<SubjectRequest.Kept> kept(JsonNode json) {
        var all = new ArrayList<SubjectRequest.Kept>();
        for (JsonNode one : json.at("/kept")) {
            var records = new ArrayList<UUID>();
            one.at("/restricted").forEach(id -> records.add(UUID.fromString(id.asText())));
            all.add(new SubjectRequest.Kept(EntryJson.text(one, "/law"), records));
        }
        return all;
    }

    /** How many entries each log had, by its origin. */
    static Map<String, Long> until(JsonNode json) {
        var until = new HashMap<String, Long>();
        json.path("until")
                .properties()
                .forEach(log -> until.put(log.getKey(), log.getValue().asLong()));
        return until;
    }
}
