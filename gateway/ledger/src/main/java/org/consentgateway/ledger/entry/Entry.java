package org.consentgateway.ledger.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
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

    /**
     * From when a consent holds: one from elsewhere was given before it came here.
     *
     * @return the beginning of 1970 where its payload says what is no time
     */
    public Instant from() {
        try {
            String from = payload == null ? "" : payload.at("/validity/from").asText();
            return from.isEmpty() ? time : Instant.parse(from);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /** The purpose that this ended by itself, while the rest of its consent went on. */
    public Optional<String> endedPurpose() {
        return payload != null
                        && type == EntryType.PURPOSE_DECIDED
                        && payload.at("/decision/outcome").asText().equals("ENDED")
                ? Optional.of(payload.at("/decision/purpose").asText())
                : Optional.empty();
    }

    /**
     * Whether it was made in a call whose number no trunk asserted: whoever that was need not be
     * the person who has the number. What was made in no call was claimed by nobody on a telephone.
     */
    public boolean isOfClaimedNumber() {
        return payload != null && !payload.at("/subject/asserted").asBoolean(true);
    }

    /** The payload is personal. */
    @Override
    public String toString() {
        return "Entry[" + log + " " + index + " " + type + " " + id + "]";
    }
}
