package org.consentgateway.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;

/**
 * What an entry of the log is told as: ids, purposes and the text that was heard, no number, no
 * word of a caller, nothing that could not be asked for by its id.
 */
final class EventBody {
    /** Of a purpose in the middle of a talk: the others go on. */
    private static final String ENDED = "ENDED";

    /** How a call ended whose node was not heard of any more. */
    static final String NODE_LOST = "node-lost";

    private EventBody() {}

    /** Empty where nobody outside needs to know of it. */
    static Optional<EventType> typeOf(NewEntry entry) {
        return Optional.ofNullable(
                switch (entry.type()) {
                    case SERVED -> EventType.CONSENT_SERVED;
                    case GIVEN -> EventType.CONSENT_GIVEN;
                    case REFUSED -> EventType.CONSENT_REFUSED;
                    case UNANSWERED -> EventType.CONSENT_UNANSWERED;
                    case REAFFIRMED -> EventType.CONSENT_REAFFIRMED;
                    case WITHDRAWN -> EventType.CONSENT_WITHDRAWN;
                    case EXPIRED -> EventType.CONSENT_EXPIRED;
                    case RENEWED -> EventType.CONSENT_RENEWED;
                    case IMPORTED -> EventType.CONSENT_IMPORTED;
                    case PURPOSE_DECIDED ->
                            entry.payload().at("/decision/outcome").asText().equals(ENDED)
                                    ? EventType.CONSENT_PURPOSE_ENDED
                                    : null;
                    case HOLDER_TO_TELL -> EventType.SUBJECT_ERASED;
                    case TASK_OPENED ->
                            entry.payload().at("/task/kind").asText().equals("COMPLAINT")
                                    ? EventType.COMPLAINT_MADE
                                    : EventType.CALLBACK_REQUESTED;
                    case CALL_LOST -> EventType.CALL_ENDED;
                    // Who acts on it must not do so before it is confirmed.
                    case REQUEST_OPENED ->
                            entry.payload().at("/request/confirm_by").isTextual()
                                    ? null
                                    : EventType.REQUEST_OPENED;
                    case REQUEST_CONFIRMED -> EventType.REQUEST_OPENED;
                    case REPORT_DUE ->
                            entry.payload().at("/report/way").asText().equals("event")
                                    ? EventType.REPORT_DUE
                                    : null;
                    case SIGNING_KEY_ROTATED,
                            SIGNING_KEY_REVOKED,
                            LOG_RESUMED,
                            LOG_ARCHIVED,
                            WITNESS_CONFLICT_RESOLVED,
                            ERASED,
                            ASSISTANT_OPENED,
                            ASSISTANT_CUT,
                            HOLDER_NOTIFIED,
                            HOLDER_TOLD,
                            USED,
                            REQUEST_APPROVED,
                            REQUEST_REFUSED,
                            REQUEST_EXTENDED,
                            CALL_BACK_DUE,
                            CALL_BACK_PLACED,
                            REQUEST_UNCONFIRMED,
                            TASK_CLOSED,
                            KEY_ISSUED,
                            KEY_REVOKED,
                            ACCESSED,
                            ACCESS_REFUSED,
                            SUBJECT_REFERENCED,
                            REPORT_SENT ->
                            null;
                });
    }

    static ObjectNode of(EventType type, NewEntry entry) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("record_id", entry.id().toString());
        JsonNode record = entry.payload();
        String call = entry.callId();
        if (type != EventType.SUBJECT_ERASED
                && type != EventType.CONSENT_IMPORTED
                && type != EventType.REPORT_DUE) { // which are of no call
            if (call != null) {
                data.put("call_id", call);
            }
            copy(record, "/call/line", data, "line");
        }
        switch (type) {
            case CONSENT_SERVED -> served(record, data);
            case CONSENT_GIVEN, CONSENT_RENEWED -> {
                data.put("consent_id", entry.id().toString());
                granted(record, data);
                copy(
                        record,
                        "/refers_to",
                        data,
                        type == EventType.CONSENT_GIVEN ? "supersedes" : "renews");
            }
            case CONSENT_IMPORTED -> {
                data.put("consent_id", entry.id().toString());
                granted(record, data);
                data.set("origin", record.path("origin").deepCopy());
                data.withObject("origin").remove("by"); // who works there is nobody's business
            }
            case CONSENT_REAFFIRMED -> {
                copy(record, "/refers_to", data, "consent_id");
                granted(record, data);
            }
            case CONSENT_REFUSED -> {
                copy(record, "/refers_to", data, "in_force");
                notice(record, data);
            }
            case CONSENT_UNANSWERED -> {
                copy(record, "/decision/reason", data, "reason");
                notice(record, data);
            }
            case CONSENT_WITHDRAWN -> withdrawn(record, data);
            case CONSENT_PURPOSE_ENDED -> {
                copy(record, "/refers_to", data, "consent_id");
                copy(record, "/decision/purpose", data, "purpose");
                copy(record, "/decision/method", data, "method");
                copy(record, "/event_time", data, "ended_at");
            }
            case CONSENT_EXPIRED -> copy(record, "/refers_to", data, "consent_id");
            case SUBJECT_ERASED -> data.set("consent_ids", record.path("consents").deepCopy());
            case REQUEST_OPENED -> request(entry, data);
            case CALLBACK_REQUESTED, COMPLAINT_MADE -> {
                data.put("task_id", entry.id().toString());
                notice(record, data);
            }
            case REPORT_DUE -> {
                data.put("report_id", entry.id().toString());
                copy(record, "/report/month", data, "month");
            }
            case CALL_ENDED -> lost(record, data);
            case LEDGER_ALARM, ENDPOINT_TEST -> {
                // no entry is behind them
            }
        }
        return data;
    }

    /** By another node: of other ends of calls there is no entry. */
    private static void lost(JsonNode record, ObjectNode data) {
        Instant answered = Instant.parse(record.at("/call/answered_at").asText());
        Instant seen = Instant.parse(record.at("/lost/last_seen").asText());
        data.put("outcome", NODE_LOST);
        data.put("seconds", Math.max(0, Duration.between(answered, seen).toMillis()) / 1000.0);
    }

    private static void served(JsonNode record, ObjectNode data) {
        copy(record, "/served/part", data, "part");
        data.put("completed", record.at("/served/completed").asBoolean());
        notice(record, data);
    }

    private static void granted(JsonNode record, ObjectNode data) {
        copy(record, "/decision/level", data, "level");
        data.set("purposes", record.at("/decision/purposes").deepCopy());
        ObjectNode validity = data.putObject("validity");
        copy(record, "/validity/from", validity, "from");
        copy(record, "/validity/until", validity, "until");
        copy(record, "/validity/renewal_due", validity, "renewal_due");
        if (record.at("/validity/this_call_only").isArray()) {
            validity.set("this_call_only", record.at("/validity/this_call_only").deepCopy());
        }
        notice(record, data);
    }

    private static void withdrawn(JsonNode record, ObjectNode data) {
        copy(record, "/refers_to", data, "consent_id");
        copy(record, "/withdrawal/reason", data, "reason");
        copy(record, "/withdrawal/method", data, "method");
        copy(record, "/withdrawal/at", data, "withdrawn_at");
        copy(record, "/withdrawal/media_cut_at", data, "media_cut_at");
    }

    private static void request(NewEntry entry, ObjectNode data) {
        JsonNode record = entry.payload();
        boolean confirmed = entry.type() == EntryType.REQUEST_CONFIRMED;
        copy(record, confirmed ? "/refers_to" : "/record_id", data, "request_id");
        for (String field : new String[] {"reference", "kind", "channel", "due"}) {
            copy(record, "/request/" + field, data, field);
        }
    }

    private static void notice(JsonNode record, ObjectNode data) {
        ObjectNode notice = data.putObject("notice");
        for (String field : new String[] {"id", "version", "language", "variant", "text_sha256"}) {
            copy(record, "/notice/" + field, notice, field);
        }
    }

    private static void copy(JsonNode from, String path, ObjectNode to, String name) {
        String text = from.at(path).textValue();
        if (text != null) {
            to.put(name, text);
        }
    }
}
