package org.consentgateway.api.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.consentgateway.api.ApiAnswer;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.statistics.today.CallsToday;
import org.consentgateway.statistics.today.MinuteCounts;
import org.consentgateway.web.Status;

/** Thread-safe. How this node is, and how its day goes so far. */
public final class TodayRoutes {
    private final Supplier<Status> status;
    private final Supplier<CallsToday.Look> today;

    public TodayRoutes(Supplier<Status> status, Supplier<CallsToday.Look> today) {
        this.status = status;
        this.today = today;
    }

    public List<ApiRoute> all() {
        return List.of(ApiRoute.get("/v1/today", ApiScope.STATISTICS_READ, _ -> today()));
    }

    private ApiAnswer today() {
        Status now = status.get();
        CallsToday.Look look = today.get();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("node", now.node()).put("state", lower(now.state()));
        ArrayNode parts = json.putArray("parts");
        for (Status.Part each : now.parts()) {
            parts.addObject()
                    .put("name", each.name())
                    .put("state", lower(each.state()))
                    .put("detail", each.detail());
        }
        json.putObject("calls").put("now", now.activeCalls()).put("most", now.callLimit());
        json.put("since", Header.time(look.since()));
        ArrayNode funnel = json.putArray("funnel");
        look.funnel()
                .forEach((stage, calls) ->
                        funnel.addObject().put("stage", stage.text()).put("calls", calls));
        json.put("human", look.human());
        json.putObject("helped").put("yes", look.helped()).put("of", look.toldWhether());
        ArrayNode minutes = json.putArray("minutes");
        look.minutes().forEach(each -> minutes.add(minute(each)));
        return ApiAnswer.impersonal(json);
    }

    private static ObjectNode minute(MinuteCounts minute) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("at", Header.time(minute.at()));
        for (MinuteCounts.Kind kind : MinuteCounts.Kind.values()) {
            json.put(lower(kind), minute.of(kind));
        }
        return json;
    }

    private static String lower(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }
}
