package org.consentgateway.api.call;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.consentgateway.api.ApiAnswer;
import org.consentgateway.api.ApiBody;
import org.consentgateway.api.ApiProblem;
import org.consentgateway.api.ApiRequest;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.statistics.today.CallSteps;

/**
 * Thread-safe. The calls of this node: which there are, to end one, to ask its caller one thing
 * more, to let it run empty.
 */
public final class RunningCallRoutes {
    private static final Pattern PURPOSE = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    private final RunningCalls calls;
    private final CallSteps steps;

    public RunningCallRoutes(RunningCalls calls, CallSteps steps) {
        this.calls = calls;
        this.steps = steps;
    }

    public List<ApiRoute> all() {
        return List.of(
                ApiRoute.get("/v1/calls", ApiScope.CALLS_READ, _ -> list()),
                ApiRoute.get("/v1/calls/ended", ApiScope.CALLS_READ, this::ended),
                ApiRoute.post("/v1/calls/{id}/end", ApiScope.CALLS_WRITE, this::end),
                ApiRoute.post("/v1/calls/{id}/step-up", ApiScope.CALLS_WRITE, this::stepUp),
                ApiRoute.post("/v1/drain", ApiScope.CALLS_WRITE, _ -> drain()));
    }

    /** Names nobody, and no consent. */
    private ApiAnswer list() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("draining", calls.draining());
        ArrayNode all = json.putArray("calls");
        for (RunningCalls.RunningCall each : calls.all()) {
            ObjectNode one = all.addObject().put("call_id", each.id().toString());
            CallJson.running(one, each, steps.of(each.id()));
        }
        return ApiAnswer.impersonal(json);
    }

    /** Those that ended last, of this node since its start; what must be proved is in the log. */
    private ApiAnswer ended(ApiRequest request) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("calls");
        for (CallSteps.EndedCall each : steps.ended(request.limit())) {
            CallJson.ended(all.addObject().put("call_id", each.id().toString()), each);
        }
        return ApiAnswer.impersonal(json);
    }

    private ApiAnswer end(ApiRequest request) {
        if (!calls.end(request.id("id"))) {
            throw unknown();
        }
        return ApiAnswer.done(List.of());
    }

    /** The answer says that it will be asked, and not what the caller answers. */
    private ApiAnswer stepUp(ApiRequest request) {
        UUID call = request.id("id");
        ApiBody body = request.body();
        String purpose = body.required("purpose", PURPOSE, "the id of a purpose of the line");
        body.done();
        if (calls.all().stream().noneMatch(each -> each.id().equals(call))) {
            throw unknown();
        }
        if (!calls.ask(call, purpose)) {
            throw ApiProblem.of(
                    ApiProblem.Kind.CONFLICT,
                    "the caller is not talking with an assistant, so nobody is asked");
        }
        return ApiAnswer.done(List.of()).with(202);
    }

    private static ApiProblem unknown() {
        return ApiProblem.of(ApiProblem.Kind.NOT_FOUND, "no such call is under way here");
    }

    private ApiAnswer drain() {
        calls.drain();
        return ApiAnswer.done(List.of()).with(202);
    }
}
