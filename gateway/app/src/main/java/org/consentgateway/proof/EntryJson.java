package org.consentgateway.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Subject;
import org.jspecify.annotations.Nullable;

/**
 * What entries of all kinds say alike, as JSON: state, call, subject, notice, what they refer to.
 */
final class EntryJson {
    private EntryJson() {}

    static void call(ObjectNode json, String state, @Nullable CallFacts facts) {
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
        json.withObject("subject")
                .put("caller_id_present", facts.callerIdPresent())
                .put("clir", facts.clir())
                .put("asserted", facts.asserted());
    }

    static CallFacts readCall(JsonNode json) {
        return new CallFacts(
                UUID.fromString(text(json, "/call/gateway_call_id")),
                text(json, "/call/sip_call_id_hash"),
                text(json, "/call/trunk"),
                text(json, "/call/line"),
                maybeInstant(json, "/call/answered_at"),
                readSubject(json),
                json.at("/subject/caller_id_present").asBoolean(),
                json.at("/subject/clir").asBoolean(),
                json.at("/subject/asserted").asBoolean());
    }

    static void notice(ObjectNode json, NoticeRef notice) {
        json.putObject("notice")
                .put("id", notice.id())
                .put("version", notice.version())
                .put("language", notice.language())
                .put("variant", notice.variant())
                .put("text_sha256", notice.textSha256())
                .put("audio_sha256", notice.audioSha256());
        json.putObject("controller")
                .put("name", notice.controller().name())
                .put("contact", notice.controller().contact())
                .put("country", notice.controller().country());
    }

    static NoticeRef readNotice(JsonNode json) {
        return new NoticeRef(
                text(json, "/notice/id"),
                text(json, "/notice/version"),
                text(json, "/notice/language"),
                text(json, "/notice/variant"),
                text(json, "/notice/text_sha256"),
                text(json, "/notice/audio_sha256"),
                new Notice.Controller(
                        text(json, "/controller/name"),
                        json.at("/controller/contact").asText(),
                        json.at("/controller/country").asText()));
    }

    static void refersTo(ObjectNode json, @Nullable UUID record) {
        if (record != null) {
            json.put("refers_to", record.toString());
        }
    }

    static UUID refers(JsonNode json) {
        return UUID.fromString(text(json, "/refers_to"));
    }

    static @Nullable UUID uuid(JsonNode json, String path) {
        String text = json.at(path).textValue();
        return text == null ? null : UUID.fromString(text);
    }

    static @Nullable Subject readSubject(JsonNode json) {
        String pseudonym = json.at("/subject/pseudonym").textValue();
        return pseudonym == null ? null : new Subject(pseudonym);
    }

    static void instant(ObjectNode json, String name, @Nullable Instant instant) {
        if (instant != null) {
            json.put(name, instant.toString());
        }
    }

    static @Nullable Instant maybeInstant(JsonNode json, String path) {
        String text = json.at(path).textValue();
        return text == null ? null : Instant.parse(text);
    }

    static String text(JsonNode json, String path) {
        String text = json.at(path).textValue();
        if (text == null) {
            throw new IllegalArgumentException("no " + path);
        }
        return text;
    }
}
