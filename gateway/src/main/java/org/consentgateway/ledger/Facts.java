package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What an entry is looked up by, read from its payload: the lookup table can at any time
 * be checked against the payloads, which the leaves commit to.
 */
record Facts(
        @Nullable String subject,
        @Nullable String notice,
        @Nullable String line,
        @Nullable String callId,
        @Nullable String sipHash,
        @Nullable String refers,
        @Nullable Long untilMillis,
        @Nullable Long deleteMillis) {
    static Facts of(JsonNode payload) {
        return new Facts(
                text(payload, "/subject/pseudonym"),
                text(payload, "/notice/id"),
                text(payload, "/call/line"),
                text(payload, "/call/gateway_call_id"),
                text(payload, "/call/sip_call_id_hash"),
                text(payload, "/refers_to"),
                millis(payload, "/validity/until"),
                millis(payload, "/retention/delete_at"));
    }

    private static @Nullable String text(JsonNode payload, String path) {
        return payload.at(path).textValue();
    }

    private static @Nullable Long millis(JsonNode payload, String path) {
        String text = payload.at(path).textValue();
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(path + " is no instant of RFC 3339", e);
        }
    }
}
