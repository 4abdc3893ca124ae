package org.consentgateway.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.store.LedgerUnavailable;

/** Thread-safe. What a mapping is told besides the event, since the event alone is thin. */
public interface EventContext {
    /** Nothing is known. */
    EventContext NONE =
            new EventContext() {
                @Override
                public ObjectNode of(ObjectNode data) {
                    return JsonNodeFactory.instance.objectNode();
                }

                @Override
                public Optional<Message> endOf(Message message, ObjectNode data) {
                    return Optional.empty();
                }
            };

    /**
     * Members that stand beside those of the event: {@code customer}, {@code consent}, {@code
     * replaced}.
     *
     * @param data of the event
     */
    ObjectNode of(ObjectNode data) throws LedgerUnavailable;

    /**
     * What tells that the consent which this event gives has ended since; empty where it holds, or
     * the event gives none.
     */
    Optional<Message> endOf(Message message, ObjectNode data) throws LedgerUnavailable;
}
