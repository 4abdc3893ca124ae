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
import org.consentgateway.statistics.Seconds;
import org.consentgateway.statistics.today.CallsToday;
import org.consentgateway.statistics.today.TodaySeen;
import org.consentgateway.web.Status;

/** Thread-safe. How this node is, and how its day goes so far. */
public final class TodayRoutes {
    private static final double NINE_OF_TEN = 0.9;

    private final Supplier<Status> status;
    private final TodaySeen seen;

    public TodayRoutes(Supplier<Status> status, TodaySeen seen) {
        this.status = status;
        this.seen = seen;
    }

    public List<ApiRoute> all() {
        return List.of(ApiRoute.get("/v1/today", ApiScope.STATISTICS_READ, _ -> today()));
    }

    private ApiAnswer today() {
        Status now = status.get();
        CallsToday.Look look = seen.calls().look();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("node", now.node())
                .put("state", lower(now.state()))
                .put("calls_state", lower(now.calls()));
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
        look.minutes().forEach(each -> minutes.add(AnswersJson.of(each)));
        ArrayNode waits = json.putArray("seconds_to_help");
        seen.waits()
                .look()
                .waits()
                .forEach((whom, seconds) ->
                        waited(waits.addObject().put("joined_with", whom), seconds));
        return ApiAnswer.impersonal(json);
    }

    /** As the monthly report has it, but for what is only said of many. */
    private static void waited(ObjectNode json, Seconds seconds) {
        json.put("callers", seconds.callers());
        if (seconds.callers() > 0) {
            json.put("median", seconds.median()).put("p90", seconds.quantile(NINE_OF_TEN));
        }
        ObjectNode columns = json.putObject("from_seconds");
        seconds.columns().forEach((second, callers) -> columns.put(second.toString(), callers));
    }

    private static String lower(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }
}
