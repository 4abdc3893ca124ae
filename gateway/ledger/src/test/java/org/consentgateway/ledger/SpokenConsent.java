package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.archive.NoticeKey;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;

/** A notice with its words and a consent that was given to it, as the gateway writes them. */
final class SpokenConsent {
    private SpokenConsent() {}

    private static final Map<String, String> WORDS =
            Map.of(
                    "opening", "Muster GmbH, hier ist die KI.",
                    "question.assistant", "Darf sie zuhören? Ja oder Nein?",
                    "question.transcript", "Darf sie mitschreiben? Ja oder Nein?",
                    "repeat-1.transcript", "Mitschreiben? Ja oder Nein?",
                    "question.recording", "Darf sie aufnehmen? Ja oder Nein?",
                    "goodbye", "Auf Wiederhören.");
    static final ArchivedNotice NOTICE = notice();

    private static ArchivedNotice notice() {
        var sounds = new TreeMap<String, byte[]>();
        WORDS.keySet().forEach(part -> sounds.put(part, part.getBytes(StandardCharsets.UTF_8)));
        return new ArchivedNotice(
                new NoticeKey("booking", "2026-11", "de", "a"),
                new NoticeWords(new TreeMap<>(WORDS)),
                sounds,
                Records.JSON.createObjectNode());
    }

    /** As the gateway writes it: listening and writing down agreed to, recording declined. */
    static NewEntry given(boolean phrase) {
        ObjectNode payload = Records.base("hotline", "booking");
        payload.put("schema", "consent-record/2");
        ((ObjectNode) payload.path("notice"))
                .put("text_sha256", NOTICE.words().sha256())
                .put("audio_sha256", NOTICE.audioSha256());
        ((ObjectNode) payload.path("controller")).put("country", "DE");
        ObjectNode decision = payload.putObject("decision");
        decision.put("level", "komfort").put("state", "Given").put("method", "SPEECH");
        decision.put("words", "ja");
        decision.putArray("purposes").add("assistant").add("transcript");
        ArrayNode evidence = decision.putArray("evidence");
        asked(evidence, "question.assistant", "assistant", "AGREED");
        asked(evidence, "question.transcript", "transcript", "NO_MATCH");
        asked(evidence, "repeat-1.transcript", "transcript", "AGREED");
        asked(evidence, "question.recording", "recording", "DECLINED");
        payload.putObject("validity").put("duration", "call").put("from", "2026-11-24T09:00:00Z");
        payload.putObject("retention").put("delete_at", "2029-11-24T09:00:00Z");
        payload.putObject("storage").put("location", "DE");
        payload.put("authority", "Der Landesbeauftragte, Musterplatz 1");
        ArrayNode processing = payload.putArray("processing");
        told(processing, "assistant", "P0D", "voice", "phone-number");
        told(processing, "transcript", "P90D", "transcript");
        payload.putObject("control")
                .put("keys", "*9")
                .put("phrase", phrase)
                .putArray("privacy_lines")
                .add("+4930123458");
        return NewEntry.of(EntryType.GIVEN, "call-1", "anna", payload, Records.START);
    }

    private static void asked(ArrayNode evidence, String part, String about, String result) {
        evidence.addObject().put("part", part).put("about", about).put("result", result);
    }

    private static void told(ArrayNode processing, String purpose, String kept, String... data) {
        ObjectNode one = processing.addObject().put("purpose", purpose).put("kept", kept);
        ArrayNode kinds = one.putArray("data");
        for (String kind : data) {
            kinds.add(kind);
        }
        one.putArray("recipients")
                .addObject()
                .put("name", "KI-Dienst AG")
                .put("address", "Bahnhofstrasse 1, Zürich")
                .put("role", "processor")
                .put("country", "CH");
    }

    /** The same, agreed to again in another call: for how long stands in it as well. */
    static NewEntry again(UUID consent) {
        ObjectNode payload = given(true).payload();
        ((ObjectNode) payload.path("decision")).put("state", "Reaffirmed");
        ((ObjectNode) payload.path("validity"))
                .put("duration", "P1Y")
                .put("until", "2027-11-24T09:00:00Z");
        payload.put("refers_to", consent.toString());
        return NewEntry.of(EntryType.REAFFIRMED, "call-2", "anna", payload, Records.START);
    }

    static NewEntry about(EntryType type, UUID consent) {
        ObjectNode payload = Records.base("hotline", "booking");
        payload.put("refers_to", consent.toString());
        return NewEntry.of(type, "call-1", "anna", payload, Records.START);
    }

    /** A part of the notice that was played in the call of {@link #given}. */
    static NewEntry served(String part, String started, boolean whole) {
        ObjectNode payload = Records.base("hotline", "booking");
        payload.put("schema", "consent-record/2");
        ((ObjectNode) payload.path("notice"))
                .put("text_sha256", NOTICE.words().sha256())
                .put("audio_sha256", NOTICE.audioSha256());
        payload.putObject("served")
                .put("part", part)
                .put("started_at", started)
                .put("samples_planned", 16000)
                .put("samples_sent", whole ? 16000 : 12000)
                .put("completed", whole);
        return NewEntry.of(
                EntryType.SERVED, "call-1", null, payload, Instant.parse(started).plusSeconds(2));
    }
}
