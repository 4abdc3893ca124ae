package org.consentgateway.api.call;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.api.ApiAnswer;
import org.consentgateway.api.ApiProblem;
import org.consentgateway.api.ApiRequest;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.statistics.today.CallSteps;
import org.consentgateway.web.Diagnosis;

/**
 * Thread-safe. One call: its course, what its caller was told, how it sounded, its SIP messages.
 */
public final class CallDetailRoutes {
    private final RunningCalls calls;
    private final CallSteps steps;
    private final HeardTexts heard;
    private final Diagnosis diagnosis;

    public CallDetailRoutes(
            RunningCalls calls, CallSteps steps, HeardTexts heard, Diagnosis diagnosis) {
        this.calls = calls;
        this.steps = steps;
        this.heard = heard;
        this.diagnosis = diagnosis;
    }

    public List<ApiRoute> all() {
        return List.of(
                ApiRoute.get("/v1/calls/{id}", ApiScope.CALLS_READ, this::one),
                ApiRoute.get("/v1/calls/{id}/trace", ApiScope.OPERATION_READ, this::trace));
    }

    /** What this node remembers of it, and what the log has; one of them is enough. */
    private ApiAnswer one(ApiRequest request) throws LedgerUnavailable {
        UUID id = request.id("id");
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("call_id", id.toString());
        Optional<CallSteps.EndedCall> ended = steps.endedOf(id);
        boolean known = ended.isPresent() || running(json, id);
        ended.ifPresent(call -> CallJson.ended(json, call));
        try {
            ArrayNode texts = heard.of(id);
            if (!known && texts.isEmpty()) {
                throw unknown();
            }
            json.put("log_reached", true).set("heard", texts);
        } catch (LedgerUnavailable e) {
            if (!known) {
                throw e;
            }
            json.put("log_reached", false).putArray("heard");
        }
        return ApiAnswer.impersonal(json);
    }

    private boolean running(ObjectNode json, UUID id) {
        for (RunningCalls.RunningCall each : calls.all()) {
            if (each.id().equals(id)) {
                CallJson.running(json, each, steps.of(id));
                return true;
            }
        }
        return false;
    }

    private ApiAnswer trace(ApiRequest request) {
        List<Diagnosis.Step> messages = diagnosis.trace(request.id("id"));
        if (messages.isEmpty()) {
            throw unknown();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("messages");
        for (Diagnosis.Step each : messages) {
            all.addObject()
                    .put("at", each.at())
                    .put("leg", each.leg())
                    .put("sent", each.sent())
                    .put("peer", each.peer())
                    .put("message", each.message());
        }
        return ApiAnswer.impersonal(json);
    }

    private static ApiProblem unknown() {
        return ApiProblem.of(ApiProblem.Kind.NOT_FOUND, "nothing is known of such a call here");
    }
}
