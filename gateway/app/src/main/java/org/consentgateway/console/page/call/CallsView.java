package org.consentgateway.console.page.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.PageWords;
import org.consentgateway.console.Visit;

/**
 * Immutable. What the page Calls shows.
 *
 * @param token of the forms in it
 * @param mayEnd whether the role of whoever looks ends calls
 */
public record CallsView(
        String token, boolean mayEnd, boolean draining, List<Running> running, List<Past> past) {

    /**
     * @param stage what happened last
     * @param once for the form that ends it
     */
    public record Running(
            String id, String line, String trunk, String since, String stage, String once) {}

    public record Past(
            String id, String ended, String line, String outcome, String took, List<Step> steps) {}

    /**
     * @param at since the call was answered, such as "0:07"
     */
    public record Step(String at, String what, String detail) {}

    static CallsView of(JsonNode now, JsonNode ended, Visit visit) {
        PageWords words = visit.words();
        List<Running> running = new ArrayList<>();
        for (JsonNode each : now.path("calls")) {
            JsonNode steps = each.path("steps");
            running.add(
                    new Running(
                            each.path("call_id").asText(),
                            each.path("line").asText(),
                            each.path("trunk").asText(),
                            each.has("answered_at") ? time(each, "answered_at", words) : "",
                            stage(steps, words),
                            UUID.randomUUID().toString()));
        }
        List<Past> past = new ArrayList<>();
        for (JsonNode each : ended.path("calls")) {
            past.add(past(each, words));
        }
        return new CallsView(
                visit.session().formToken(),
                visit.session().user().role().scopes().contains(ApiScope.CALLS_WRITE),
                now.path("draining").asBoolean(),
                List.copyOf(running),
                List.copyOf(past));
    }

    /** What happened last; that it was recorded goes without saying. */
    private static String stage(JsonNode steps, PageWords words) {
        String stage = words.of("step.rings");
        for (JsonNode each : steps) {
            if (!each.path("what").asText().equals("recorded")) {
                stage = what(each, words);
            }
        }
        return stage;
    }

    private static Past past(JsonNode call, PageWords words) {
        return new Past(
                call.path("call_id").asText(),
                time(call, "ended_at", words),
                call.path("line").asText(),
                words.named("outcome", call.path("outcome").asText()),
                words.minutes(Math.round(call.path("took_seconds").asDouble())),
                steps(call.path("steps"), words));
    }

    /** With their times since the first one. */
    static List<Step> steps(JsonNode all, PageWords words) {
        List<Step> steps = new ArrayList<>();
        for (JsonNode each : all) {
            Duration since = Duration.between(at(all.get(0)), at(each));
            steps.add(
                    new Step(
                            words.minutes(since.toSeconds()),
                            what(each, words),
                            each.path("detail").asText()));
        }
        return List.copyOf(steps);
    }

    private static Instant at(JsonNode step) {
        return Instant.parse(step.path("at").asText());
    }

    private static String what(JsonNode step, PageWords words) {
        return words.named("step", step.path("what").asText());
    }

    private static String time(JsonNode call, String field, PageWords words) {
        return words.timeWithSeconds(Instant.parse(call.path(field).asText()));
    }
}
