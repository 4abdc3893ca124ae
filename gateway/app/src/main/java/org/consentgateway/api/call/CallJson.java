package org.consentgateway.api.call;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.statistics.today.CallSteps;

/** A call as JSON. */
final class CallJson {
    private static final double MILLIS = 1000.0;

    private CallJson() {}

    static void running(
            ObjectNode json, RunningCalls.RunningCall call, List<CallSteps.Step> steps) {
        json.put("line", call.line()).put("trunk", call.trunk());
        if (call.answered() != null) {
            json.put("answered_at", call.answered().toString());
        }
        steps(json.putArray("steps"), steps);
    }

    static void ended(ObjectNode json, CallSteps.EndedCall call) {
        CallSteps.Ending ending = call.ending();
        json.put("line", call.line()).put("trunk", call.trunk());
        json.put("language", call.language()).put("outcome", ending.outcome());
        json.put("ended_at", Header.time(ending.at()));
        json.put("took_seconds", ending.took().toMillis() / MILLIS);
        json.set("quality", QualityJson.of(ending));
        steps(json.putArray("steps"), call.steps());
    }

    private static void steps(ArrayNode into, List<CallSteps.Step> steps) {
        for (CallSteps.Step each : steps) {
            into.addObject()
                    .put("at", Header.time(each.at()))
                    .put("what", each.what())
                    .put("detail", each.detail());
        }
    }
}
