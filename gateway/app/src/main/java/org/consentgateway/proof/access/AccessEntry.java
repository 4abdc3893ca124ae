package org.consentgateway.proof.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.NewEntry;

/** What stays in the log of somebody who has looked at persons, or was not let. */
public final class AccessEntry {
    private static final Duration KEPT = Duration.ofDays(365);

    private AccessEntry() {}

    /**
     * Under nobody's pseudonym: what is kept for control shall not be one more list of a person's
     * calls.
     *
     * @param access what was looked at and by whom
     */
    public static NewEntry of(EntryType type, ObjectNode access, Instant at) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("event_state", type.text());
        payload.set("access", access);
        payload.putObject("retention")
                .put("basis", "accountability")
                .put("delete_at", Header.time(at.plus(KEPT)));
        return NewEntry.of(type, null, null, payload, at);
    }

    /**
     * @param by by which way, such as the name of a key
     * @param action such as "GET /v1/consents/{id}"
     */
    public static ObjectNode access(String by, String action) {
        return JsonNodeFactory.instance.objectNode().put("by", by).put("action", action);
    }
}
