package org.consentgateway.ledger.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Immutable but for its payload, which is the reader's own copy. An entry as stored.
 *
 * @param log origin of the log it is in
 * @param leafHash lower-case hex
 * @param payload null where it was erased or the payload key is not here
 */
public record Entry(
        String log,
        long index,
        UUID id,
        EntryType type,
        Instant time,
        String leafHash,
        @Nullable ObjectNode payload) {
    /** As if it had been erased. */
    public Entry withoutPayload() {
        return new Entry(log, index, id, type, time, leafHash, null);
    }

    /** The purpose that this ended by itself, while the rest of its consent went on. */
    public Optional<String> endedPurpose() {
        return payload != null
                        && type == EntryType.PURPOSE_DECIDED
                        && payload.at("/decision/outcome").asText().equals("ENDED")
                ? Optional.of(payload.at("/decision/purpose").asText())
                : Optional.empty();
    }

    /** The payload is personal. */
    @Override
    public String toString() {
        return "Entry[" + log + " " + index + " " + type + " " + id + "]";
    }
}
