package org.consentgateway.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a mapping sees: the CloudEvent, its short name, and what is known besides. */
final class MappingInput {
    private MappingInput() {}

    /**
     * @param context of {@link EventContext}
     */
    static ObjectNode of(String type, ObjectNode event, ObjectNode context) {
        ObjectNode input = event.deepCopy();
        input.put("event", type);
        input.setAll(context);
        return input;
    }
}
