package org.consentgateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.junit.jupiter.api.Test;

/** Other systems may act on a request as soon as they hear of it. */
class ConfirmedRequestsTest {
    private static final UUID REQUEST = UUID.randomUUID();

    private static NewEntry entry(EntryType type, String confirmBy) {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        UUID id = type == EntryType.REQUEST_OPENED ? REQUEST : UUID.randomUUID();
        payload.put("record_id", id.toString()).put("refers_to", REQUEST.toString());
        ObjectNode request = payload.putObject("request").put("kind", "ERASURE");
        if (!confirmBy.isEmpty()) {
            request.put("confirm_by", confirmBy);
        }
        return new NewEntry(id, type, null, null, payload);
    }

    @Test
    void whatWaitsForACallBackIsToldOnceItIsConfirmed() {
        assertThat(EventBody.typeOf(entry(EntryType.REQUEST_OPENED, ""))).isPresent();
        assertThat(EventBody.typeOf(entry(EntryType.REQUEST_OPENED, "call-back"))).isEmpty();
        assertThat(EventBody.typeOf(entry(EntryType.CALL_BACK_DUE, ""))).isEmpty();
        assertThat(EventBody.typeOf(entry(EntryType.REQUEST_UNCONFIRMED, ""))).isEmpty();
        NewEntry confirmed = entry(EntryType.REQUEST_CONFIRMED, "");
        assertThat(EventBody.typeOf(confirmed)).contains(EventType.REQUEST_OPENED);
        ObjectNode told = EventBody.of(EventType.REQUEST_OPENED, confirmed);
        assertThat(told.path("request_id").asText()).isEqualTo(REQUEST.toString());
        assertThat(told.path("record_id").asText()).isEqualTo(confirmed.id().toString());
    }
}
