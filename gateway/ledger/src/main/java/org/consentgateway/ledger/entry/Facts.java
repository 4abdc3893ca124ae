package org.consentgateway.ledger.entry;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What an entry is looked up by, read from its payload: the lookup table can at any time
 * be checked against the payloads, which the leaves commit to.
 */
public record Facts(
        @Nullable String subject,
        @Nullable String notice,
        @Nullable String line,
        @Nullable String callId,
        @Nullable String sipHash,
        @Nullable String refers,
        @Nullable Long untilMillis,
        @Nullable Long deleteMillis) {
    private static final JsonPointer SUBJECT = JsonPointer.compile("/subject/pseudonym");
    private static final JsonPointer NOTICE = JsonPointer.compile("/notice/id");
    private static final JsonPointer LINE = JsonPointer.compile("/call/line");
    private static final JsonPointer CALL_ID = JsonPointer.compile("/call/gateway_call_id");
    private static final JsonPointer SIP_HASH = JsonPointer.compile("/call/sip_call_id_hash");
    private static final JsonPointer REFERS = JsonPointer.compile("/refers_to");
    private static final JsonPointer UNTIL = JsonPointer.compile("/validity/until");
    private static final JsonPointer DELETE_AT = JsonPointer.compile("/retention/delete_at");

    public static Facts of(JsonNode payload) {
        return new Facts(
                text(payload, SUBJECT),
                text(payload, NOTICE),
                text(payload, LINE),
                text(payload, CALL_ID),
                text(payload, SIP_HASH),
                text(payload, REFERS),
                millis(payload, UNTIL),
                millis(payload, DELETE_AT));
    }

    private static @Nullable String text(JsonNode payload, JsonPointer path) {
        return payload.at(path).textValue();
    }

    private static @Nullable Long millis(JsonNode payload, JsonPointer path) {
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
