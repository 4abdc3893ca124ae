package org.consentgateway.statistics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Immutable. The report for programs. Shares are from 0 to 1. */
public final class ReportJson {
    static final String SCHEMA = "operation-report/1";

    private static final int DIGITS = 6;

    private ReportJson() {}

    public static ObjectNode of(OperationReport report) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("schema", SCHEMA)
                .put("month", report.month().toString())
                .put("line", report.line().isEmpty() ? null : report.line())
                .put("made_at", report.at().toString())
                .put("month_is_over", report.over())
                .put("level", "95 %")
                .put("interval", "Wilson")
                .put("least_people_in_a_group", SmallGroups.LEAST);
        measures(json.putArray("measures"));
        rows(json.putArray("rates"), report);
        waits(json.putArray("seconds_to_help"), report);
        clarity(json.putArray("clarity"), report);
        ArrayNode days = json.putArray("consent_by_day");
        report.days()
                .forEach(day ->
                        share(days.addObject().put("day", day.day().toString()), day.share()));
        ObjectNode basis = json.putObject("basis");
        basis.put("answered_calls_by_the_log", report.agreement().decisions())
                .put("answered_calls_by_their_end", report.agreement().calls())
                .put("entries_not_counted_yet", report.agreement().left());
        ObjectNode lost = basis.putObject("records_without_content");
        report.lost().forEach(lost::put);
        comparison(json, report.comparison());
        return json;
    }

    private static void measures(ArrayNode json) {
        for (Rate measure : Rate.values()) {
            json.addObject()
                    .put("measure", name(measure))
                    .put("title", measure.title())
                    .put("numerator", measure.who())
                    .put("denominator", measure.ofWhom())
                    .put("source", name(measure.source()));
        }
    }

    private static void rows(ArrayNode json, OperationReport report) {
        for (OperationReport.Row row : report.rows()) {
            ObjectNode one = group(json, row.by(), row.group());
            one.put("measure", name(row.measure()));
            share(one, row.share());
        }
    }

    private static ObjectNode group(ArrayNode json, Dimension by, String group) {
        return json.addObject().put("by", name(by)).put("group", group);
    }

    private static void share(ObjectNode json, @Nullable Share share) {
        json.put("suppressed", share == null);
        if (share != null) {
            json.put("numerator", share.number()).put("denominator", share.of());
            json.put("rate", rounded(share.rate()));
            interval(json, share.interval());
        }
    }

    private static void interval(ObjectNode json, @Nullable Interval interval) {
        if (interval != null) {
            json.put("low", rounded(interval.low())).put("high", rounded(interval.high()));
        }
    }

    private static void waits(ArrayNode json, OperationReport report) {
        for (OperationReport.Wait wait : report.waits()) {
            ObjectNode one = group(json, wait.by(), wait.group()).put("joined_with", wait.whom());
            Seconds seconds = wait.seconds();
            one.put("suppressed", seconds == null);
            if (seconds != null) {
                one.put("callers", seconds.callers()).put("median", seconds.median());
                interval(one, seconds.interval());
                one.put("p90", seconds.quantile(0.9));
                ObjectNode waited = one.putObject("from_seconds");
                seconds.columns()
                        .forEach((second, callers) -> waited.put(second.toString(), callers));
            }
        }
    }

    private static void clarity(ArrayNode json, OperationReport report) {
        for (OperationReport.Clarity clarity : report.clarity()) {
            ObjectNode one = group(json, clarity.by(), clarity.group());
            Scores scores = clarity.scores();
            one.put("suppressed", scores == null);
            if (scores != null) {
                one.put("callers", scores.callers()).put("mean", rounded(scores.mean()));
                interval(one, scores.interval());
                ArrayNode marks = one.putArray("marks");
                scores.of().forEach(marks::add);
            }
        }
    }

    private static void comparison(ObjectNode json, @Nullable Comparison comparison) {
        if (comparison == null) {
            return;
        }
        ObjectNode told = json.putObject("comparison");
        told.put("baseline", comparison.baseline())
                .put("difference_interval", "Newcombe")
                .put("relative_interval", "Katz");
        ArrayNode measures = told.putArray("measures");
        for (Comparison.Beside beside : comparison.measures()) {
            ObjectNode one = measures.addObject().put("measure", name(beside.measure()));
            share(one.putObject("before"), beside.before());
            share(one.putObject("now"), beside.now());
            Change change = beside.change();
            if (change != null) {
                ObjectNode difference = one.putObject("difference");
                difference.put("points", rounded(change.difference()));
                interval(difference, change.points());
            }
            if (change != null && change.relative() != null) {
                ObjectNode relative = one.putObject("relative");
                relative.put("change", rounded(change.relative()));
                interval(relative, change.percent());
            }
        }
        ArrayNode claims = told.putArray("claims");
        comparison
                .claims()
                .forEach(claim ->
                        claims.addObject()
                                .put("claim", claim.text())
                                .put("verdict", name(claim.verdict())));
    }

    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static @Nullable BigDecimal rounded(@Nullable Double value) {
        return value == null
                ? null
                : BigDecimal.valueOf(value)
                        .setScale(DIGITS, RoundingMode.HALF_UP)
                        .stripTrailingZeros();
    }
}
