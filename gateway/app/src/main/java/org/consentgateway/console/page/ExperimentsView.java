package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.console.PageWords;
import org.consentgateway.picture.IntervalsPicture;

/**
 * Immutable. What the page Experiments shows, in words and figures.
 *
 * @param notCounted that entries are in no figure yet; empty where all are
 */
public record ExperimentsView(List<One> experiments, String notCounted) {
    private static final double PERCENT = 100;

    /**
     * An experiment.
     *
     * @param where line, text and days
     * @param state of the verdict, as a class
     * @param facts what else is to be known, a sentence each
     * @param picture SVG; empty where no rate is told
     * @param rates of each variant
     * @param guards empty where none is told
     */
    public record One(
            String name,
            String where,
            String state,
            String verdict,
            List<String> facts,
            String picture,
            List<VariantRate> rates,
            List<Guard> guards) {}

    public record VariantRate(
            String variant, String asked, String agreed, String rate, String between) {}

    /**
     * @param state as a class, told in words beside it
     */
    public record Guard(String name, String state, String told, String difference, String margin) {}

    static ExperimentsView of(JsonNode json, PageWords words) {
        List<One> all = new ArrayList<>();
        for (JsonNode each : json.path("experiments")) {
            all.add(one(each, words));
        }
        long left = json.path("entries_not_counted_yet").asLong();
        return new ExperimentsView(
                List.copyOf(all),
                left == 0 ? "" : words.of("experiments.not-counted", words.number(left)));
    }

    private static One one(JsonNode json, PageWords words) {
        String verdict = json.path("verdict").asText();
        List<VariantRate> rates = new ArrayList<>();
        List<IntervalsPicture.Row> rows = new ArrayList<>();
        for (JsonNode each : json.path("variants")) {
            if (each.has("rate")) {
                String name = words.of("experiments.variant", each.path("variant").asText());
                JsonNode rate = each.path("rate");
                rates.add(
                        new VariantRate(
                                name,
                                words.number(each.path("asked").asLong()),
                                words.number(each.path("agreed").asLong()),
                                words.percent(rate.path("value").asDouble()),
                                between(rate, words)));
                rows.add(
                        new IntervalsPicture.Row(
                                name,
                                rate.path("value").asDouble(),
                                rate.path("low").asDouble(),
                                rate.path("high").asDouble(),
                                !rows.isEmpty()));
            }
        }
        List<Guard> guards = new ArrayList<>();
        json.path("guardrails").forEach(each -> guards.add(guard(each, words)));
        return new One(
                json.path("name").asText(),
                words.of(
                        "experiments.where",
                        json.path("line").asText(),
                        "%s/%s/%s, %s – %s"
                                .formatted(
                                        json.path("notice").asText(),
                                        json.path("language").asText(),
                                        json.path("version").asText(),
                                        json.path("start").asText(),
                                        json.path("end").asText())),
                state(verdict),
                words.of("experiments.verdict-" + verdict),
                facts(json, words),
                rows.isEmpty()
                        ? ""
                        : IntervalsPicture.of(
                                words.of("experiments.picture", json.path("name").asText()),
                                words.of("experiments.picture-words"),
                                rows,
                                words::percent),
                List.copyOf(rates),
                List.copyOf(guards));
    }

    private static String state(String verdict) {
        return switch (verdict) {
            case "proposed" -> "ready";
            case "mismatch", "harm" -> "down";
            case "held_back" -> "limited";
            case "keep", "no_difference" -> "expired";
            default -> "open";
        };
    }

    private static List<String> facts(JsonNode json, PageWords words) {
        List<String> facts = new ArrayList<>();
        facts.add(
                words.of(
                        "experiments.asked",
                        words.number(json.path("asked").asLong()),
                        words.number(json.path("callers").asLong())));
        long left = json.path("days_left").asLong();
        if (left > 0) {
            facts.add(words.of("experiments.days-left", words.number(left)));
        }
        JsonNode difference = json.path("consent");
        if (!difference.isMissingNode()) {
            facts.add(
                    words.of(
                            "experiments.difference",
                            points(difference.path("value").asDouble(), words),
                            words.of("experiments.points", range(difference, PERCENT, words))));
        }
        if (json.has("detectable")) {
            facts.add(
                    words.of(
                            "experiments.detectable",
                            points(json.path("detectable").asDouble(), words)));
        }
        return List.copyOf(facts);
    }

    private static Guard guard(JsonNode json, PageWords words) {
        boolean share = json.path("unit").asText().equals("share");
        String state = json.path("state").asText();
        JsonNode difference = json.path("difference");
        return new Guard(
                words.of("guardrail." + json.path("guardrail").asText()),
                switch (state) {
                    case "safe" -> "ready";
                    case "harmed" -> "down";
                    case "unasked" -> "unknown";
                    default -> "open";
                },
                words.of("experiments.guard-" + state),
                difference.isMissingNode() ? "–" : difference(difference, share, words),
                value(json.path("margin"), share, words));
    }

    /** Such as "+0.4 (-1.2 … +2.0) seconds". */
    private static String difference(JsonNode difference, boolean share, PageWords words) {
        double times = share ? PERCENT : 1;
        return words.of(
                share ? "experiments.points" : "experiments.seconds",
                "%s (%s)"
                        .formatted(
                                words.signed(difference.path("value").asDouble() * times),
                                range(difference, times, words)));
    }

    private static String range(JsonNode estimate, double times, PageWords words) {
        return "%s … %s"
                .formatted(
                        words.signed(estimate.path("low").asDouble() * times),
                        words.signed(estimate.path("high").asDouble() * times));
    }

    private static String value(JsonNode value, boolean share, PageWords words) {
        return share
                ? points(value.asDouble(), words)
                : words.of("experiments.seconds", words.signed(value.asDouble()));
    }

    private static String points(double share, PageWords words) {
        return words.of("experiments.points", words.signed(share * PERCENT));
    }

    private static String between(JsonNode estimate, PageWords words) {
        return "%s – %s"
                .formatted(
                        words.percent(estimate.path("low").asDouble()),
                        words.percent(estimate.path("high").asDouble()));
    }
}
