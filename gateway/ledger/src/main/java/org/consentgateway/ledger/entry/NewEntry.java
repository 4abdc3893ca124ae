package org.consentgateway.ledger.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry to be written.
 *
 * @param id UUIDv7; handing in the same id again changes nothing and names the entry there is
 * @param callId of the gateway; null where no call is behind it
 * @param subject {@link PseudonymousSubject#current()}; null where the caller is unknown
 * @param payload the record as laid out in the package description; copied, and completed with call
 *     id, pseudonym and issuer
 */
public record NewEntry(
        UUID id,
        EntryType type,
        @Nullable String callId,
        @Nullable String subject,
        ObjectNode payload) {
    /** With an id of its own. */
    public static NewEntry of(
            EntryType type,
            @Nullable String callId,
            @Nullable String subject,
            ObjectNode payload,
            java.time.Instant now) {
        return new NewEntry(EntryIds.next(now), type, callId, subject, payload);
    }

    @Override
    public String toString() {
        return "NewEntry[" + type + " " + id + "]";
    }
}
