package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpStatus;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.ApiRefused;
import org.consentgateway.console.ConsoleGuard;
import org.consentgateway.console.ConsolePages;
import org.consentgateway.console.ConsoleSection;
import org.consentgateway.console.Visit;

/** Thread-safe. Calls under way and those that ended last, step by step; to end one. */
public final class CallPages implements ConsolePages {
    private static final int MOST_ENDED = 100;

    @Override
    public void into(RoutesConfig routes, ConsoleGuard guard) {
        routes.get(
                ConsoleSection.CALLS.path(),
                guard.page(ConsoleSection.CALLS, "calls", CallPages::view));
        routes.get(
                "/calls/live",
                guard.region(
                        ConsoleSection.CALLS.scope(),
                        visit -> visit.region("calls-region", view(visit))));
        routes.post("/calls/end", guard.page(ApiScope.CALLS_WRITE, CallPages::end));
    }

    private static CallsView view(Visit visit) {
        JsonNode now = visit.api().get(visit.session(), "/v1/calls");
        JsonNode ended = visit.api().get(visit.session(), "/v1/calls/ended?limit=" + MOST_ENDED);
        return CallsView.of(now, ended, visit);
    }

    private static void end(Visit visit) {
        String call = visit.form("call");
        if (!call.matches("[0-9a-f-]{36}")) {
            throw new ApiRefused(404, "");
        }
        visit.api()
                .change(
                        visit.session(),
                        "/v1/calls/" + call + "/end",
                        JsonNodeFactory.instance.objectNode(),
                        visit.form("once"));
        visit.context().redirect(ConsoleSection.CALLS.path(), HttpStatus.SEE_OTHER);
    }
}
