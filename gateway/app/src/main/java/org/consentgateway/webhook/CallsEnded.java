package org.consentgateway.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.UUID;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.consent.journal.TimeOrderedIds;

/** Thread-safe. Tells of each call how it ended. */
public final class CallsEnded implements CallListener {
    private final LooseEvents events;
    private final InstantSource clock;

    public CallsEnded(LooseEvents events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    @Override
    public void told(CallEvent event) {
        if (event instanceof CallEvent.Ended(CallOutcome outcome, _)
                && events.wanted(EventType.CALL_ENDED)) {
            CallOutcome.Trail trail = outcome.trail();
            UUID id = trail.facts().callId();
            String call = id.toString();
            ObjectNode data = JsonNodeFactory.instance.objectNode();
            data.put("call_id", call);
            data.put("line", trail.facts().line());
            data.put("outcome", outcome.name());
            data.put("seconds", trail.took().toMillis() / 1000.0);
            if (!trail.language().isEmpty()) {
                data.put("language", trail.language());
            }
            events.tell(
                    EventType.CALL_ENDED,
                    TimeOrderedIds.ofPair(id, id), // as whoever finds this node dead tells it
                    data,
                    call.replace("-", ""),
                    clock.instant());
        }
    }
}
