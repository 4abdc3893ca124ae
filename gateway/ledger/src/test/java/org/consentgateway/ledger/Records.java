package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.jspecify.annotations.Nullable;

/** Payloads as the gateway writes them, and what tests do with them at one go. */
final class Records {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Instant START = Instant.parse("2026-11-24T09:00:00Z");

    private Records() {}

    static NewEntry given(String callId, @Nullable String pseudonym) {
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

    /** Waits until it is durable. */
    static CommittedEntry append(Ledger ledger, NewEntry entry) throws LedgerUnavailable {
        return append(ledger, List.of(entry)).getFirst();
    }

    /** Waits until all of them are durable. */
    static List<CommittedEntry> append(Ledger ledger, List<NewEntry> entries)
            throws LedgerUnavailable {
        try {
            return ledger.append(entries).toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LedgerUnavailable unavailable) {
                throw unavailable;
            }
            if (e.getCause() instanceof RuntimeException wrong) {
                throw wrong;
            }
            throw e;
        }
    }

    /** Of an entry that a checkpoint covers. */
    static Receipt receipt(Ledger ledger, LedgerSettings settings, UUID id)
            throws LedgerUnavailable, IOException {
        ledger.checkpoint();
        return LedgerArchive.open(settings).receipt(id);
    }

    static List<String> words(Verification verification) {
        return verification.findings().stream().map(Verification.Finding::toString).toList();
    }
}
