package org.consentgateway.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.proof.TaskRegister;
import org.consentgateway.proof.TaskRegister.Waiting;

/** Thread-safe. What callers left to be done: whom to call back, who complains. */
final class TaskRoutes {
    private static final Pattern RESULT =
            Pattern.compile("(?s)(?!.*[0-9]{5})[^\\p{Cc}\\p{Zl}\\p{Zp}]{0,500}");

    private final TaskRegister tasks;

    TaskRoutes(TaskRegister tasks) {
        this.tasks = tasks;
    }

    List<ApiRoute> all() {
        return List.of(
                ApiRoute.get(
                        "/v1/callbacks",
                        ApiScope.TASKS_READ,
                        request -> list(tasks.callBacks(), request.at())),
                ApiRoute.get(
                        "/v1/complaints",
                        ApiScope.TASKS_READ,
                        request -> list(tasks.complaints(), request.at())),
                ApiRoute.post(
                        "/v1/callbacks/{id}/closing",
                        ApiScope.TASKS_WRITE,
                        request -> close(request, tasks::closeCallBack)),
                ApiRoute.post(
                        "/v1/complaints/{id}/closing",
                        ApiScope.TASKS_WRITE,
                        request -> close(request, tasks::closeComplaint)));
    }

    private interface Register {
        boolean close(TaskRegister.Closing closing) throws LedgerUnavailable;
    }

    private static ApiAnswer list(List<Waiting> waiting, Instant now) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("tasks");
        for (Waiting each : waiting) {
            ObjectNode one = all.addObject();
            one.put("task_id", each.id().toString()).put("reference", each.reference());
            one.put("call_id", each.of().call().toString()).put("line", each.of().line());
            one.put("language", each.of().language());
            one.put("since", Header.time(each.since())).put("due", Header.time(each.due()));
            one.put("overdue", !now.isBefore(each.due()));
            if (each.number() != null) {
                one.put("number", each.number());
            }
        }
        return ApiAnswer.personal(json, waiting.stream().map(Waiting::id).toList());
    }

    private static ApiAnswer close(ApiRequest request, Register register) throws LedgerUnavailable {
        ApiBody body = request.body();
        String by = body.by();
        String result =
                Objects.requireNonNullElse(
                        body.optionalWords(
                                "result",
                                RESULT,
                                "what became of it, in 500 characters, without a number"),
                        "");
        body.done();
        var id = request.id("id");
        if (!register.close(new TaskRegister.Closing(id, request.at(), by, result))) {
            throw ApiProblem.of(ApiProblem.Kind.NOT_FOUND, "no such task waits");
        }
        return ApiAnswer.done(List.of(id)).by(by);
    }
}
