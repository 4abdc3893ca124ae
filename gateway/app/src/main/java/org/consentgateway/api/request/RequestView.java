package org.consentgateway.api.request;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.proof.desk.SeenRequest;
import org.jspecify.annotations.Nullable;

/** A request of a caller as JSON. */
final class RequestView {
    private RequestView() {}

    static ObjectNode of(SeenRequest request) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("request_id", request.id().toString()).put("reference", request.reference());
        json.put("kind", request.kind()).put("channel", request.channel());
        json.put("asked_at", Header.time(request.asked()));
        json.put("due", Header.time(request.due()));
        json.put("state", request.state().text());
        if (!request.takenBy().isEmpty()) {
            json.put("taken_by", request.takenBy());
        }
        if (request.confirmed() != null) {
            json.put("confirmed_at", Header.time(request.confirmed()));
        }
        if (request.callBack() != null) {
            json.put("call_back", request.callBack());
        }
        step(json, "extended", request.extended());
        step(json, "answered", request.answered());
        ArrayNode restricted = json.putArray("restricted");
        for (SeenRequest.Restricted each : request.restricted()) {
            restricted.addObject().put("law", each.law()).put("records", each.records());
        }
        return json;
    }

    private static void step(ObjectNode json, String name, SeenRequest.@Nullable Step step) {
        if (step != null) {
            json.putObject(name)
                    .put("at", Header.time(step.at()))
                    .put("by", step.by())
                    .put("ground", step.ground());
        }
    }
}
