package org.consentgateway.proof;

import static org.consentgateway.proof.EntryJson.call;
import static org.consentgateway.proof.EntryJson.instant;
import static org.consentgateway.proof.EntryJson.maybeInstant;
import static org.consentgateway.proof.EntryJson.notice;
import static org.consentgateway.proof.EntryJson.readCall;
import static org.consentgateway.proof.EntryJson.readNotice;
import static org.consentgateway.proof.EntryJson.readSubject;
import static org.consentgateway.proof.EntryJson.refers;
import static org.consentgateway.proof.EntryJson.refersTo;
import static org.consentgateway.proof.EntryJson.text;
import static org.consentgateway.proof.EntryJson.uuid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Playing;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.proof.evidence.EvidenceJson;

/**
 * Consent records as the JSON that the ledger keeps, and back. The fields are those of ISO/IEC TS
 * 27560:2023 as far as it has them. Instants are RFC 3339 in UTC.
 */
public final class RecordJson {
    static final String SCHEMA = "consent-record/3";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private RecordJson() {}

    /** As it stands in the log, but for retention and where it is processed. */
    public static ObjectNode write(ConsentRecord record) {
        ObjectNode json = common(record);
        event(json, record);
        return json;
    }

    private static ObjectNode common(ConsentRecord record) {
        ObjectNode json = JSON.objectNode();
        json.put("schema", SCHEMA);
        json.put("record_id", record.id().toString());
        json.put("event_time", record.at().toString());
        ObjectNode subject = json.putObject("subject");
        Subject caller = record.subject();
        if (caller != null && names(record)) {
            subject.put("pseudonym", caller.pseudonym());
        }
        return json;
    }

    /**
     * Who was silent, hung up or refused is not named: there is no consent to be shown (Art. 5 (1)
     * (c), 25 (2) DSGVO). What was played is found by its call. A refusal of a caller who agreed
     * before is named, for it tells that somebody else uses the number.
     */
    private static boolean names(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Served _, ConsentRecord.Unanswered _ -> false;
            case ConsentRecord.Refused refused -> refused.inForce() != null;
            case ConsentRecord.PurposeDecided _,
                    ConsentRecord.Given _,
                    ConsentRecord.Renewed _,
                    ConsentRecord.Reaffirmed _,
                    ConsentRecord.Used _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.HolderNotified _,
                    ConsentRecord.Withdrawn _,
                    ConsentRecord.Imported _,
                    ConsentRecord.Expired _ ->
                    true;
        };
    }

    private static void event(ObjectNode json, ConsentRecord record) {
        switch (record) {
            case ConsentRecord.Served r -> {
                call(json, "Served", r.call());
                notice(json, r.notice());
                served(json, r.part(), r.playing());
            }
            case ConsentRecord.Given r -> {
                consent(json, "Given", r, r.notice(), r.grant());
                refersTo(json, r.supersedes());
            }
            case ConsentRecord.Renewed r -> {
                consent(json, "Renewed", r, r.notice(), r.grant());
                refersTo(json, r.renews());
            }
            case ConsentRecord.Refused r -> {
                call(json, "Refused", r.call());
                notice(json, r.notice());
                EvidenceJson.decision(json, "Refused", r.evidence());
                refersTo(json, r.inForce());
            }
            case ConsentRecord.Unanswered r -> {
                call(json, "Unanswered", r.call());
                notice(json, r.notice());
                EvidenceJson.decision(json, "Unanswered", r.evidence())
                        .put("reason", r.reason().name());
            }
            case ConsentRecord.Reaffirmed r -> {
                consent(json, "Reaffirmed", r, r.notice(), r.grant());
                json.withObject("retention").put("last_used_at", r.at().toString());
                refersTo(json, r.reaffirms());
            }
            case ConsentRecord.Used r -> {
                call(json, "Used", r.call());
                refersTo(json, r.grant());
                json.putObject("retention")
                        .put("basis", "proof")
                        .put("last_used_at", r.at().toString())
                        .put("delete_at", r.keptUntil().toString());
            }
            case ConsentRecord.PurposeDecided r -> purpose(json, r);
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
            case ConsentRecord.HolderNotified r -> {
                call(json, "HolderNotified", r.call());
                refersTo(json, r.end().grant());
                notified(json, r);
            }
            case ConsentRecord.Withdrawn r -> {
                call(json, "Withdrawn", r.call());
                json.putObject("notice").put("id", r.lineage());
                refersTo(json, r.grant());
                withdrawal(json, r);
            }
            case ConsentRecord.Imported r -> GrantJson.writeImported(json, r);
            case ConsentRecord.Expired r -> {
                json.put("event_state", "Expired");
                json.putObject("notice").put("id", r.lineage());
                refersTo(json, r.grant());
            }
        }
    }

    private static void purpose(ObjectNode json, ConsentRecord.PurposeDecided record) {
        call(json, "PurposeDecided", record.call());
        refersTo(json, record.grant());
        EvidenceJson.decision(json, "PurposeDecided", record.evidence())
                .put("purpose", record.purpose().id())
                .put("outcome", record.outcome().name())
                .put("method", record.method().name());
    }

    private static void consent(
            ObjectNode json,
            String state,
            ConsentRecord.OfCall record,
            NoticeRef notice,
            Grant grant) {
        call(json, state, record.call());
        notice(json, notice);
        GrantJson.write(json, grant);
    }

    /**
     * @throws IllegalArgumentException where this is no record of ours
     */
    public static ConsentRecord read(JsonNode json) {
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
            case "Given", "Renewed", "Reaffirmed" -> readConsent(state, id, at, json);
            case "Refused" ->
                    new ConsentRecord.Refused(
                            id,
                            at,
                            readCall(json),
                            readNotice(json),
                            EvidenceJson.read(json),
                            uuid(json, "/refers_to"));
            case "Unanswered" ->
                    new ConsentRecord.Unanswered(
                            id,
                            at,
                            readCall(json),
                            readNotice(json),
                            Unclear.valueOf(text(json, "/decision/reason")),
                            EvidenceJson.read(json));
            case "Used" -> readUsed(id, at, json);
            case "PurposeDecided" ->
                    new ConsentRecord.PurposeDecided(
                            id,
                            at,
                            readCall(json),
                            refers(json),
                            new Purpose(text(json, "/decision/purpose")),
                            ConsentRecord.PurposeDecided.Outcome.valueOf(
                                    text(json, "/decision/outcome")),
                            Method.valueOf(text(json, "/decision/method")),
                            EvidenceJson.read(json));
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
            case "HolderNotified" -> readNotified(id, at, json);
            case "Withdrawn" -> readWithdrawal(id, at, json);
            case "Imported" -> GrantJson.readImported(id, at, json);
            case "Expired" ->
                    new ConsentRecord.Expired(
                            id, at, readSubject(json), text(json, "/notice/id"), refers(json));
            default -> throw new IllegalArgumentException("unknown event_state " + state);
        };
    }

    private static ConsentRecord readConsent(String state, UUID id, Instant at, JsonNode json) {
        CallFacts call = readCall(json);
        NoticeRef notice = readNotice(json);
        Grant grant = GrantJson.read(json);
        return switch (state) {
            case "Renewed" -> new ConsentRecord.Renewed(id, at, call, notice, grant, refers(json));
            case "Reaffirmed" ->
                    new ConsentRecord.Reaffirmed(id, at, call, notice, grant, refers(json));
            default ->
                    new ConsentRecord.Given(id, at, call, notice, grant, uuid(json, "/refers_to"));
        };
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

    private static void notified(ObjectNode json, ConsentRecord.HolderNotified record) {
        json.putObject("holder")
                .put("name", record.holder())
                .put("event", record.end().how().name())
                .put("ended_at", record.end().at().toString())
                .put("delivered", record.delivered())
                .put("acknowledged_by", record.acknowledgedBy());
    }

    private static ConsentRecord readUsed(UUID id, Instant at, JsonNode json) {
        return new ConsentRecord.Used(
                id,
                at,
                readCall(json),
                refers(json),
                Instant.parse(text(json, "/retention/delete_at")));
    }

    private static ConsentRecord readNotified(UUID id, Instant at, JsonNode json) {
        return new ConsentRecord.HolderNotified(
                id,
                at,
                readCall(json),
                text(json, "/holder/name"),
                new EndOfConsent(
                        refers(json),
                        EndOfConsent.How.valueOf(text(json, "/holder/event")),
                        Instant.parse(text(json, "/holder/ended_at"))),
                json.at("/holder/delivered").asBoolean(),
                text(json, "/holder/acknowledged_by"));
    }

    private static void withdrawal(ObjectNode json, ConsentRecord.Withdrawn record) {
        ObjectNode to = json.putObject("withdrawal");
        to.put("reason", record.reason().name());
        to.put("method", record.method().name());
        to.put("scope", "all purposes");
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
}
