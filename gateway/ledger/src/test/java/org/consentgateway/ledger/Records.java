package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.proof.Verification;

/** Payloads as the gateway writes them. */
final class Records {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Instant START = Instant.parse("2026-11-24T09:00:00Z");

    private Records() {}

    static NewEntry given(String callId, String pseudonym) {
        ObjectNode payload = base("hotline", "booking");
        payload.putObject("decision")
                .put("level", "komfort")
                .put("state", "GIVEN")
                .put("method", "key")
                .put("key", "1")
                .put("attempts", 1)
                .put("latency_ms", 1840)
                .putArray("purposes")
                .add("talk")
                .add("transcript");
        payload.putObject("validity")
                .put("from", "2026-11-24T09:00:00Z")
                .put("until", "2027-11-24T09:00:00Z")
                .put("renewal_due", "2027-10-24T09:00:00Z");
        return NewEntry.of(EntryType.GIVEN, callId, pseudonym, payload, START);
    }

    static NewEntry served(String callId, String pseudonym) {
        ObjectNode payload = base("hotline", "booking");
        payload.putObject("served")
                .put("started_at", "2026-11-24T08:59:40Z")
                .put("samples_planned", 64000)
                .put("samples_sent", 64000)
                .put("completed", true);
        return NewEntry.of(EntryType.SERVED, callId, pseudonym, payload, START);
    }

    static ObjectNode base(String line, String notice) {
        ObjectNode payload = JSON.createObjectNode();
        payload.put("schema", "consent-record/1");
        payload.putObject("call")
                .put("line", line)
                .put("trunk", "demo")
                .put("answered_at", "2026-11-24T08:59:39Z");
        payload.putObject("controller")
                .put("name", "Muster GmbH")
                .put("contact", "datenschutz@example.com");
        payload.putObject("notice")
                .put("id", notice)
                .put("version", "2026-11")
                .put("language", "de")
                .put("variant", "a")
                .put("text_sha256", "11".repeat(32))
                .put("audio_sha256", "22".repeat(32));
        return payload;
    }

    static List<String> words(Verification verification) {
        return verification.findings().stream().map(Verification.Finding::toString).toList();
    }
}
