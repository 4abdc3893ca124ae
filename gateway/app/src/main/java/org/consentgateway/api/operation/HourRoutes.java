package org.consentgateway.api.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.consentgateway.api.ApiAnswer;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.statistics.today.AnswerCounts;
import org.consentgateway.statistics.today.DecisionHours;

/** Thread-safe. What callers of all nodes answered in the last day, hour by hour. */
public final class HourRoutes {
    private final DecisionHours hours;

    public HourRoutes(DecisionHours hours) {
        this.hours = hours;
    }

    public List<ApiRoute> all() {
        return List.of(
                ApiRoute.get("/v1/statistics/hours", ApiScope.STATISTICS_READ, _ -> hours()));
    }

    private ApiAnswer hours() throws LedgerUnavailable {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("hours");
        for (AnswerCounts each : hours.look()) {
            all.add(AnswersJson.of(each));
        }
        return ApiAnswer.impersonal(json);
    }
}
