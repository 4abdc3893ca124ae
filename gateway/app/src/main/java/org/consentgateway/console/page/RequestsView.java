package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.PageWords;
import org.consentgateway.console.Visit;

/**
 * Immutable. What the page Requests shows.
 *
 * @param done what was done just now, in a sentence; empty: nothing
 */
public record RequestsView(
        String token,
        May may,
        String done,
        List<Request> waiting,
        List<Request> answered,
        List<Left> callBacks,
        List<Left> complaints,
        String once) {

    /** What the role of whoever looks allows. */
    public record May(boolean open, boolean answer, boolean export, boolean close) {}

    /**
     * @param approvable whether it need not wait for a call back
     * @param once for the forms in it
     */
    public record Request(
            String id,
            String reference,
            String kind,
            boolean erasure,
            Due due,
            List<Step> history,
            boolean extendable,
            boolean approvable,
            String once) {}

    /**
     * @param state for its sign, such as "overdue"
     * @param name of that state
     * @param left how long there is, or was; empty where nobody waits
     */
    public record Due(String day, String state, String name, String left) {}

    /**
     * @param end whether nothing is to be done any more
     */
    public record Step(String at, String what, String detail, boolean end) {}

    /**
     * To be called back, or a complaint.
     *
     * @param number that the caller left for this; empty for none
     */
    public record Left(
            String id,
            String reference,
            String since,
            Due due,
            String number,
            String line,
            String once) {}

    /** What the API has told. */
    record Told(JsonNode requests, JsonNode callBacks, JsonNode complaints) {}

    /** States in which nothing is left to do. */
    private static final Set<String> OVER =
            Set.of("approved", "refused", "unconfirmed", "disowned");

    /** From when on a deadline is near. */
    private static final Duration NEAR = Duration.ofDays(7);

    /** What can have been done: what stands in an address is not believed. */
    private static final Set<String> DONE =
            Set.of("open", "approval", "refusal", "extension", "callbacks", "complaints");

    static RequestsView of(Told told, Visit visit, Instant now) {
        Set<ApiScope> scopes = visit.session().user().role().scopes();
        return of(
                told,
                visit.words(),
                now,
                new Beside(
                        visit.session().formToken(),
                        new May(
                                scopes.contains(ApiScope.REQUESTS_WRITE),
                                scopes.contains(ApiScope.REQUESTS_ANSWER),
                                scopes.contains(ApiScope.SUBJECTS_EXPORT),
                                scopes.contains(ApiScope.TASKS_WRITE)),
                        done(visit)));
    }

    /** What does not come from the API. */
    record Beside(String token, May may, String done) {}

    static RequestsView of(Told told, PageWords words, Instant now, Beside beside) {
        List<Request> waiting = new ArrayList<>();
        List<Request> answered = new ArrayList<>();
        for (JsonNode each : told.requests().path("requests")) {
            String state = each.path("state").asText();
            boolean over = OVER.contains(state);
            (over ? answered : waiting).add(request(each, words, now));
        }
        return new RequestsView(
                beside.token(),
                beside.may(),
                beside.done(),
                List.copyOf(waiting),
                List.copyOf(answered),
                left(told.callBacks(), words, now),
                left(told.complaints(), words, now),
                UUID.randomUUID().toString());
    }

    private static String done(Visit visit) {
        String what = visit.context().queryParam("done");
        if (what == null || !DONE.contains(what)) {
            return "";
        }
        StringBuilder text = new StringBuilder(visit.words().of("requests.done-" + what));
        for (String more : List.of("holders", "calls")) {
            if (visit.context().queryParam(more) != null) {
                text.append(' ').append(visit.words().of("requests." + more));
            }
        }
        return text.toString();
    }

    private static Request request(JsonNode json, PageWords words, Instant now) {
        String state = json.path("state").asText();
        return new Request(
                json.path("request_id").asText(),
                json.path("reference").asText(),
                words.named("request-kind", json.path("kind").asText()),
                json.path("kind").asText().equals("erasure"),
                due(json, state, words, now),
                history(json, words),
                state.equals("open") && !json.has("extended"),
                !state.equals("to-confirm"),
                UUID.randomUUID().toString());
    }

    private static Due due(JsonNode json, String state, PageWords words, Instant now) {
        Instant due = Instant.parse(json.path("due").asText());
        Duration left = Duration.between(now, due);
        boolean near = state.equals("open") && left.compareTo(NEAR) < 0;
        return new Due(
                words.day(due.minusSeconds(1)),
                near ? "near" : state,
                words.named("request-state", state),
                switch (state) {
                    case "open" -> words.of("requests.days-left", Math.max(0, left.toDays()));
                    case "overdue" -> words.of("requests.days-over", -left.toDays() + 1);
                    default -> "";
                });
    }

    private static List<Step> history(JsonNode json, PageWords words) {
        List<Step> steps = new ArrayList<>();
        steps.add(
                new Step(
                        words.day(Instant.parse(json.path("asked_at").asText())),
                        words.named("request-channel", json.path("channel").asText()),
                        json.has("taken_by")
                                ? words.of("requests.taken-by", json.path("taken_by").asText())
                                : "",
                        false));
        if (json.has("confirmed_at")) {
            steps.add(
                    new Step(
                            words.day(Instant.parse(json.path("confirmed_at").asText())),
                            words.of("requests.confirmed"),
                            "",
                            false));
        }
        step(json, "extended", "requests.extended", words, steps);
        step(json, "answered", "requests." + json.path("state").asText(), words, steps);
        for (JsonNode each : json.path("restricted")) {
            steps.add(
                    new Step(
                            "",
                            words.of("requests.kept", each.path("records").asInt()),
                            each.path("law").asText(),
                            true));
        }
        return List.copyOf(steps);
    }

    /** A person says why in words of their own, a call back by one of ours. */
    private static String why(JsonNode step, JsonNode request, PageWords words) {
        return request.has("call_back")
                ? words.named("call-back", request.path("call_back").asText())
                : step.path("ground").asText();
    }

    private static void step(
            JsonNode all, String name, String what, PageWords words, List<Step> into) {
        JsonNode json = all.path(name);
        boolean end = name.equals("answered");
        if (json.isObject()) {
            into.add(
                    new Step(
                            words.day(Instant.parse(json.path("at").asText())),
                            words.of(what, json.path("by").asText()),
                            end ? why(json, all, words) : json.path("ground").asText(),
                            end));
        }
    }

    private static List<Left> left(JsonNode tasks, PageWords words, Instant now) {
        List<Left> all = new ArrayList<>();
        for (JsonNode each : tasks.path("tasks")) {
            Instant due = Instant.parse(each.path("due").asText());
            Instant since = Instant.parse(each.path("since").asText());
            String state = now.isBefore(due) ? "open" : "overdue";
            all.add(
                    new Left(
                            each.path("task_id").asText(),
                            each.path("reference").asText(),
                            words.day(since) + ", " + words.time(since),
                            new Due(
                                    words.day(due) + ", " + words.time(due),
                                    state,
                                    words.named("request-state", state),
                                    ""),
                            each.path("number").asText(),
                            each.path("line").asText(),
                            UUID.randomUUID().toString()));
        }
        return List.copyOf(all);
    }
}
