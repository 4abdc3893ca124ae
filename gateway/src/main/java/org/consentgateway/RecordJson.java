package org.consentgateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Evidence;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Playing;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.SpokenWords;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.Validity;
import org.jspecify.annotations.Nullable;

/**
 * Consent records as the JSON that the ledger keeps, and back. The fields are those of ISO/IEC TS
 * 27560:2023 as far as it has them. Instants are RFC 3339 in UTC.
 */
final class RecordJson {
    static final int SCHEMA = 1;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private RecordJson() {}

    static ObjectNode write(ConsentRecord record) {
        ObjectNode json = JSON.objectNode();
        json.put("schema_version", SCHEMA);
        json.put("record_id", record.id().toString());
        json.put("event_time", record.at().toString());
        Subject subject = record.subject();
        if (subject != null) {
            json.putObject("subject").put("pseudonym", subject.pseudonym());
        }
        switch (record) {
            case ConsentRecord.Served r -> {
                call(json, "Served", r.call());
                notice(json, r.notice());
                served(json, r.part(), r.playing());
            }
            case ConsentRecord.Given r -> {
                call(json, "Given", r.call());
                notice(json, r.notice());
                grant(json, r.grant());
                refersTo(json, r.supersedes());
            }
            case ConsentRecord.Renewed r -> {
                call(json, "Renewed", r.call());
                notice(json, r.notice());
                grant(json, r.grant());
                refersTo(json, r.renews());
            }
            case ConsentRecord.Refused r -> {
                call(json, "Refused", r.call());
                notice(json, r.notice());
                evidence(json, r.evidence());
                refersTo(json, r.supersedes());
            }
            case ConsentRecord.Unanswered r -> {
                call(json, "Unanswered", r.call());
                notice(json, r.notice());
                json.put("reason", r.reason().name());
                evidence(json, r.evidence());
            }
            case ConsentRecord.Used r -> {
                call(json, "Used", r.call());
                refersTo(json, r.grant());
            }
            case ConsentRecord.AssistantOpened r -> {
                call(json, "AssistantOpened", r.call());
                refersTo(json, r.grant());
                json.put("assistant", r.assistant());
            }
            case ConsentRecord.AssistantCut r -> {
                call(json, "AssistantCut", r.call());
                refersTo(json, r.grant());
                json.put("reason", r.why().name());
            }
            case ConsentRecord.Withdrawn r -> {
                call(json, "Withdrawn", r.call());
                json.putObject("notice").put("id", r.lineage());
                refersTo(json, r.grant());
                withdrawal(json, r);
            }
            case ConsentRecord.Expired r -> {
                json.put("event_state", "Expired");
                json.putObject("notice").put("id", r.lineage());
                refersTo(json, r.grant());
            }
            case ConsentRecord.Erased r -> call(json, "Erased", r.call());
        }
        return json;
    }

    /**
     * @throws IllegalArgumentException where this is no record of ours
     */
    static ConsentRecord read(JsonNode json) {
        UUID id = UUID.fromString(text(json, "/record_id"));
        Instant at = Instant.parse(text(json, "/event_time"));
        String state = text(json, "/event_state");
        return switch (state) {
            case "Served" ->
                    new ConsentRecord.Served(
                            id,
                            at,
                            readCall(json),
                            readNotice(json),
                            text(json, "/served/part"),
                            readPlaying(json));
            case "Given" ->
                    new ConsentRecord.Given(
                            id,
                            at,
                            readCall(json),
                            readNotice(json),
                            readGrant(json),
                            uuid(json, "/refers_to"));
            case "Renewed" ->
                    new ConsentRecord.Renewed(
                            id, at, readCall(json), readNotice(json), readGrant(json), refers(json));
            case "Refused" ->
                    new ConsentRecord.Refused(
                            id,
                            at,
                            readCall(json),
                            readNotice(json),
                            readEvidence(json),
                            uuid(json, "/refers_to"));
            case "Unanswered" ->
                    new ConsentRecord.Unanswered(
                            id,
                            at,
                            readCall(json),
                            readNotice(json),
                            Unclear.valueOf(text(json, "/reason")),
                            readEvidence(json));
            case "Used" -> new ConsentRecord.Used(id, at, readCall(json), refers(json));
            case "AssistantOpened" ->
                    new ConsentRecord.AssistantOpened(
                            id, at, readCall(json), refers(json), text(json, "/assistant"));
            case "AssistantCut" ->
                    new ConsentRecord.AssistantCut(
                            id,
                            at,
                            readCall(json),
                            refers(json),
                            ConsentRecord.Cut.valueOf(text(json, "/reason")));
            case "Withdrawn" -> readWithdrawal(id, at, json);
            case "Expired" ->
                    new ConsentRecord.Expired(
                            id, at, readSubject(json), text(json, "/notice/id"), refers(json));
            case "Erased" -> readErased(id, at, json);
            default -> throw new IllegalArgumentException("unknown event_state " + state);
        };
    }

    private static void call(ObjectNode json, String state, @Nullable CallFacts facts) {
        json.put("event_state", state);
        if (facts == null) {
            return;
        }
        ObjectNode call = json.putObject("call");
        call.put("gateway_call_id", facts.callId().toString());
        call.put("sip_call_id_hash", facts.sipCallIdHash());
        call.put("trunk", facts.trunk());
        call.put("line", facts.line());
        instant(call, "answered_at", facts.answeredAt());
        call.put("caller_id_present", facts.callerIdPresent());
        call.put("clir", facts.clir());
        call.put("asserted", facts.asserted());
    }

    private static CallFacts readCall(JsonNode json) {
        return new CallFacts(
                UUID.fromString(text(json, "/call/gateway_call_id")),
                text(json, "/call/sip_call_id_hash"),
                text(json, "/call/trunk"),
                text(json, "/call/line"),
                maybeInstant(json, "/call/answered_at"),
                readSubject(json),
                json.at("/call/caller_id_present").asBoolean(),
                json.at("/call/clir").asBoolean(),
                json.at("/call/asserted").asBoolean());
    }

    private static void notice(ObjectNode json, NoticeRef notice) {
        json.putObject("notice")
                .put("id", notice.id())
                .put("version", notice.version())
                .put("language", notice.language())
                .put("variant", notice.variant())
                .put("text_sha256", notice.textSha256())
                .put("audio_sha256", notice.audioSha256());
        json.put("controller", notice.controller());
    }

    private static NoticeRef readNotice(JsonNode json) {
        return new NoticeRef(
                text(json, "/notice/id"),
                text(json, "/notice/version"),
                text(json, "/notice/language"),
                text(json, "/notice/variant"),
                text(json, "/notice/text_sha256"),
                text(json, "/notice/audio_sha256"),
                text(json, "/controller"));
    }

    private static void served(ObjectNode json, String part, Playing playing) {
        json.putObject("served")
                .put("part", part)
                .put("started_at", playing.started().toString())
                .put("samples_planned", playing.samplesPlanned())
                .put("samples_sent", playing.samplesSent())
                .put("completed", playing.completed())
                .put("interrupted_by", playing.interruptedBy());
    }

    private static Playing readPlaying(JsonNode json) {
        return new Playing(
                Instant.parse(text(json, "/served/started_at")),
                json.at("/served/samples_planned").asLong(),
                json.at("/served/samples_sent").asLong(),
                json.at("/served/completed").asBoolean(),
                text(json, "/served/interrupted_by"));
    }

    private static void grant(ObjectNode json, Grant grant) {
        Level level = grant.level();
        ObjectNode to = json.putObject("level");
        to.put("id", level.id());
        ArrayNode purposes = to.putArray("purposes");
        level.purposes().forEach(purpose -> purposes.add(purpose.id()));
        to.put("validity", level.validity().toString());
        to.put("retention", level.retention().toString());
        to.put("spots_phrase", level.spotsPhrase());
        ObjectNode validity = json.putObject("validity");
        instant(validity, "from", grant.from());
        instant(validity, "until", grant.until());
        instant(validity, "renewal_due", grant.renewalDue());
        Instant end = grant.until() == null ? grant.from() : grant.until();
        json.putObject("retention")
                .put(
                        "delete_at",
                        end.atZone(ZoneOffset.UTC).plus(level.retention()).toInstant().toString());
        evidence(json, grant.evidence());
    }

    private static Grant readGrant(JsonNode json) {
        var purposes = new TreeSet<Purpose>();
        json.at("/level/purposes").forEach(purpose -> purposes.add(new Purpose(purpose.asText())));
        var level =
                new Level(
                        text(json, "/level/id"),
                        purposes,
                        Validity.parse(text(json, "/level/validity")),
                        Period.parse(text(json, "/level/retention")),
                        json.at("/level/spots_phrase").asBoolean());
        return new Grant(
                level,
                Instant.parse(text(json, "/validity/from")),
                maybeInstant(json, "/validity/until"),
                maybeInstant(json, "/validity/renewal_due"),
                readEvidence(json));
    }

    private static void evidence(ObjectNode json, List<Evidence> evidence) {
        ArrayNode all = json.putArray("evidence");
        for (Evidence e : evidence) {
            ObjectNode one = all.addObject();
            one.put("part", e.part());
            one.put("level", e.level());
            one.put("attempt", e.attempt());
            one.put("result", e.result().name());
            one.put("method", e.method().name());
            Character key = e.key();
            if (key != null) {
                one.put("key", key.toString());
            }
            SpokenWords words = e.words();
            if (words != null) {
                one.put("words", words.entry());
            }
            one.put("confidence", e.confidence());
            one.put("model_sha256", e.model());
            one.put("latency_ms", e.latency().toMillis());
        }
    }

    private static List<Evidence> readEvidence(JsonNode json) {
        var all = new ArrayList<Evidence>();
        for (JsonNode one : json.at("/evidence")) {
            JsonNode key = one.get("key");
            JsonNode words = one.get("words");
            all.add(
                    new Evidence(
                            text(one, "/part"),
                            text(one, "/level"),
                            one.at("/attempt").asInt(),
                            Evidence.Result.valueOf(text(one, "/result")),
                            Method.valueOf(text(one, "/method")),
                            key == null ? null : key.asText().charAt(0),
                            words == null ? null : new SpokenWords(words.asText()),
                            one.at("/confidence").asDouble(),
                            text(one, "/model_sha256"),
                            Duration.ofMillis(one.at("/latency_ms").asLong())));
        }
        return all;
    }

    private static void withdrawal(ObjectNode json, ConsentRecord.Withdrawn record) {
        ObjectNode to = json.putObject("withdrawal");
        to.put("reason", record.reason().name());
        to.put("method", record.method().name());
        instant(to, "at", record.withdrawnAt());
        instant(to, "media_cut_at", record.mediaCutAt());
    }

    private static ConsentRecord readWithdrawal(UUID id, Instant at, JsonNode json) {
        return new ConsentRecord.Withdrawn(
                id,
                at,
                json.has("call") ? readCall(json) : null,
                readSubject(json),
                text(json, "/notice/id"),
                refers(json),
                ConsentRecord.Withdrawn.Reason.valueOf(text(json, "/withdrawal/reason")),
                Method.valueOf(text(json, "/withdrawal/method")),
                Instant.parse(text(json, "/withdrawal/at")),
                maybeInstant(json, "/withdrawal/media_cut_at"));
    }

    private static ConsentRecord readErased(UUID id, Instant at, JsonNode json) {
        Subject subject = readSubject(json);
        if (subject == null) {
            throw new IllegalArgumentException("Erased without a subject");
        }
        return new ConsentRecord.Erased(id, at, json.has("call") ? readCall(json) : null, subject);
    }

    private static void refersTo(ObjectNode json, @Nullable UUID record) {
        if (record != null) {
            json.put("refers_to", record.toString());
        }
    }

    private static UUID refers(JsonNode json) {
        return UUID.fromString(text(json, "/refers_to"));
    }

    private static @Nullable UUID uuid(JsonNode json, String path) {
        String text = json.at(path).textValue();
        return text == null ? null : UUID.fromString(text);
    }

    private static @Nullable Subject readSubject(JsonNode json) {
        String pseudonym = json.at("/subject/pseudonym").textValue();
        return pseudonym == null ? null : new Subject(pseudonym);
    }

    private static void instant(ObjectNode json, String name, @Nullable Instant instant) {
        if (instant != null) {
            json.put(name, instant.toString());
        }
    }

    private static @Nullable Instant maybeInstant(JsonNode json, String path) {
        String text = json.at(path).textValue();
        return text == null ? null : Instant.parse(text);
    }

    private static String text(JsonNode json, String path) {
        String text = json.at(path).textValue();
        if (text == null) {
            throw new IllegalArgumentException("no " + path);
        }
        return text;
    }
}
