package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.console.PageWords;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What the page Today shows, in words and figures.
 *
 * @param day it is
 * @param state what becomes of calls: a word of {@code calls_state}
 * @param alarms parts that are not as they should be
 */
public record TodayView(
        String day,
        String node,
        String state,
        List<Part> alarms,
        List<Part> parts,
        Load calls,
        Funnel funnel,
        Pictures pictures) {

    /**
     * @param minutes of the last hour, at this node
     * @param hours of the last day, at all nodes; null where the log cannot be reached
     */
    public record Pictures(
            AnswersPicture minutes, @Nullable AnswersPicture hours, WaitsView waits) {}

    /** As health tells it; the detail is English. */
    public record Part(String name, String state, String detail) {}

    /**
     * @param percent of the room there is
     */
    public record Load(int now, int most, int percent) {}

    /**
     * @param since when is counted, as a time
     * @param human callers who talked to a person first
     * @param helped in words, of those who said whether they were; empty where nobody did
     */
    public record Funnel(String since, List<Stage> stages, String human, String helped) {}

    /**
     * @param width of its bar, of 100
     * @param share of those who were answered
     */
    public record Stage(String name, String calls, String share, int width) {}

    private static final int ENDS = 2;

    /** Of a day: every sixth hour. */
    private static final int QUARTERS = 5;

    /**
     * @param today as {@code /v1/today} tells it
     * @param hours as {@code /v1/statistics/hours} does; missing where the log cannot be reached
     */
    static TodayView of(JsonNode today, JsonNode hours, PageWords words, Instant now) {
        List<Part> parts = new ArrayList<>();
        for (JsonNode each : today.path("parts")) {
            parts.add(
                    new Part(
                            each.path("name").asText(),
                            each.path("state").asText(),
                            each.path("detail").asText()));
        }
        int calls = today.at("/calls/now").asInt();
        int most = today.at("/calls/most").asInt();
        return new TodayView(
                words.day(now),
                today.path("node").asText(),
                today.path("calls_state").asText(),
                parts.stream().filter(each -> !each.state().equals("ready")).toList(),
                List.copyOf(parts),
                new Load(calls, most, most == 0 ? 0 : Math.min(100, 100 * calls / most)),
                funnel(today, words),
                new Pictures(
                        AnswersPicture.of("minutes", today.path("minutes"), ENDS, words),
                        hours.isMissingNode()
                                ? null
                                : AnswersPicture.of("hours", hours.path("hours"), QUARTERS, words),
                        WaitsView.of(today.path("seconds_to_help"), words)));
    }

    private static Funnel funnel(JsonNode today, PageWords words) {
        List<Stage> stages = new ArrayList<>();
        long answered = today.at("/funnel/0/calls").asLong();
        for (JsonNode each : today.path("funnel")) {
            long calls = each.path("calls").asLong();
            stages.add(
                    new Stage(
                            words.named("stage", each.path("stage").asText()),
                            words.number(calls),
                            words.percent(calls, answered),
                            answered == 0 ? 0 : Math.toIntExact(100 * calls / answered)));
        }
        long of = today.at("/helped/of").asLong();
        return new Funnel(
                words.time(Instant.parse(today.path("since").asText())),
                List.copyOf(stages),
                words.number(today.path("human").asLong()),
                of == 0
                        ? ""
                        : words.of(
                                "today.helped",
                                words.number(today.at("/helped/yes").asLong()),
                                words.number(of)));
    }
}
