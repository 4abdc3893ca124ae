package org.consentgateway.console.page.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpStatus;
import java.util.regex.Pattern;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.ApiRefused;
import org.consentgateway.console.ConsoleGuard;
import org.consentgateway.console.ConsolePages;
import org.consentgateway.console.ConsoleSection;
import org.consentgateway.console.Visit;

/** Thread-safe. Calls under way and those that ended last, step by step; to end one. */
public final class CallPages implements ConsolePages {
    private static final int MOST_ENDED = 100;
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

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
        routes.get("/calls/{call}", guard.page(ConsoleSection.CALLS.scope(), CallPages::one));
        routes.post("/calls/end", guard.page(ApiScope.CALLS_WRITE, CallPages::end));
    }

    private static CallsView view(Visit visit) {
        JsonNode now = visit.api().get(visit.session(), "/v1/calls");
        JsonNode ended = visit.api().get(visit.session(), "/v1/calls/ended?limit=" + MOST_ENDED);
        return CallsView.of(now, ended, visit);
    }

    private static void one(Visit visit) {
        String call = id(visit.context().pathParam("call"));
        JsonNode told = visit.api().get(visit.session(), "/v1/calls/" + call);
        visit.show(
                visit.words().of("call.title"),
                "/calls/" + call,
                "call",
                CallView.of(told, trace(visit, call), visit.words()));
    }

    /** For those who operate the gateway; none where it is forgotten. */
    private static JsonNode trace(Visit visit, String call) {
        if (!visit.session().user().role().scopes().contains(ApiScope.OPERATION_READ)) {
            return MissingNode.getInstance();
        }
        try {
            return visit.api().get(visit.session(), "/v1/calls/" + call + "/trace");
        } catch (ApiRefused e) {
            if (e.status() == HttpStatus.NOT_FOUND.getCode()) {
                return MissingNode.getInstance();
            }
            throw e;
        }
    }

    private static String id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new ApiRefused(404, "");
        }
        return text;
    }

    private static void end(Visit visit) {
        String call = id(visit.form("call"));
        String path = ConsoleSection.CALLS.path();
        visit.change(
                        ConsoleSection.CALLS,
                        "/v1/calls/" + call + "/end",
                        JsonNodeFactory.instance.objectNode())
                .ifPresent(_ -> visit.context().redirect(path, HttpStatus.SEE_OTHER));
    }
}
