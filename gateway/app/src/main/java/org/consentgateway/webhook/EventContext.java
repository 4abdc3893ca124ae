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
                public ObjectNode of(Message message, ObjectNode data) {
                    return JsonNodeFactory.instance.objectNode();
                }

                @Override
                public Optional<Message> endOf(Message message, String consent) {
                    return Optional.empty();
                }
            };

    /**
     * Members that stand beside those of the event: {@code customer}, {@code consent}, {@code
     * replaced}.
     *
     * @param data of the event
     */
    ObjectNode of(Message message, ObjectNode data) throws LedgerUnavailable;

    /**
     * What tells that a consent has ended since, or what came in its place; empty where it holds,
     * or the event gives none.
     *
     * @param message that gives one
     * @param consent id of the one it gives, or of the one that is replaced by it; may be empty
     */
    Optional<Message> endOf(Message message, String consent) throws LedgerUnavailable;
}
