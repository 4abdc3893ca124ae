package org.consentgateway.proof;

import static org.consentgateway.proof.EntryJson.instant;
import static org.consentgateway.proof.EntryJson.maybeInstant;
import static org.consentgateway.proof.EntryJson.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.Period;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.proof.evidence.EvidenceJson;

/**
 * What was agreed to and for how long it holds, as JSON: the fields {@code decision}, {@code
 * validity} and {@code retention} of an entry; and {@code origin} of one that was given elsewhere.
 */
final class GrantJson {
    private GrantJson() {}

    static void write(ObjectNode json, Grant grant) {
        Level level = grant.level();
        level(EvidenceJson.decision(json, "Given", grant.agreed(), grant.evidence()), level);
        ObjectNode validity = json.putObject("validity");
        validity.put("duration", level.validity().toString());
        instant(validity, "from", grant.from());
        instant(validity, "until", grant.until());
        instant(validity, "renewal_due", grant.renewalDue());
        if (grant.until() != null) {
            onlyInThisCall(validity, level);
            validity.put("during_a_call", "holds to the end of the call");
        }
        Instant end = grant.until() == null ? grant.from() : grant.until();
        json.putObject("retention")
                .put("basis", "proof")
                .put("duration", level.retention().toString())
                .put("delete_at", level.keptUntil(grant.from(), end).toString());
    }

    private static void level(ObjectNode decision, Level level) {
        decision.put("level", level.id());
        decision.put("spots_phrase", level.spotsPhrase());
        ArrayNode purposes = decision.putArray("purposes");
        level.purposes().forEach(purpose -> purposes.add(purpose.id()));
    }

    /** What a consent that lasts covers in its own call only. */
    private static void onlyInThisCall(ObjectNode validity, Level level) {
        List<Purpose> brief = level.purposes().stream().filter(Purpose::everyCall).toList();
        if (!brief.isEmpty()) {
            ArrayNode purposes = validity.putArray("this_call_only");
            brief.forEach(purpose -> purposes.add(purpose.id()));
        }
    }

    private static Level readLevel(JsonNode json) {
        var purposes = new LinkedHashSet<Purpose>();
        json.at("/decision/purposes").forEach(p -> purposes.add(new Purpose(p.asText())));
        return new Level(
                text(json, "/decision/level"),
                purposes,
                ValidityPeriod.parse(text(json, "/validity/duration")),
                Period.parse(text(json, "/retention/duration")),
                json.at("/decision/spots_phrase").asBoolean());
    }

    static Grant read(JsonNode json) {
        return new Grant(
                readLevel(json),
                Instant.parse(text(json, "/validity/from")),
                maybeInstant(json, "/validity/until"),
                maybeInstant(json, "/validity/renewal_due"),
                EvidenceJson.read(json));
    }

    // ------------------------------------------------------------------ given elsewhere

    /** With the field {@code origin}. Of other words than a notice's there is a digest in it. */
    static void writeImported(ObjectNode json, ConsentRecord.Imported record) {
        ConsentRecord.Provenance origin = record.origin();
        json.put("event_state", "Imported");
        EntryJson.notice(json, record.notice());
        if (!origin.sameWords()) {
            json.putObject("notice")
                    .put("id", record.notice().id())
                    .put("language", record.notice().language());
        }
        write(json, record.grant());
        json.putObject("origin")
                .put("source", origin.source().name())
                .put("form", origin.form())
                .put("reference", origin.reference())
                .put("identified", origin.identified().name())
                .put("same_words", origin.sameWords())
                .put("text_sha256", record.notice().textSha256())
                .put("by", origin.by());
    }

    static ConsentRecord readImported(UUID id, Instant at, JsonNode json) {
        boolean sameWords = json.at("/origin/same_words").asBoolean();
        return new ConsentRecord.Imported(
                id,
                at,
                Objects.requireNonNull(EntryJson.readSubject(json), "no subject"),
                sameWords ? EntryJson.readNotice(json) : otherWords(json),
                read(json),
                new ConsentRecord.Provenance(
                        ConsentRecord.Provenance.Source.valueOf(text(json, "/origin/source")),
                        text(json, "/origin/form"),
                        text(json, "/origin/reference"),
                        ConsentRecord.Provenance.Identified.valueOf(
                                text(json, "/origin/identified")),
                        sameWords,
                        text(json, "/origin/by")));
    }

    private static NoticeRef otherWords(JsonNode json) {
        return new NoticeRef(
                text(json, "/notice/id"),
                "",
                text(json, "/notice/language"),
                "",
                text(json, "/origin/text_sha256"),
                "",
                new Notice.Controller(
                        text(json, "/controller/name"),
                        json.at("/controller/contact").asText(),
                        json.at("/controller/country").asText()));
    }
}
