package org.consentgateway.bench.testbed;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.consentgateway.bench.load.Samples;

/** Confined to the main thread. The rows, in the order in which they were first measured. */
public final class Report {
    /** What a row is held to; NaN: nothing, it only informs. */
    public enum Limit {
        AT_MOST,
        AT_LEAST
    }

    private record Row(String name, String unit, double budget, Limit limit, Samples runs) {
        boolean met() {
            double value = runs.quantile(0.5);
            return limit == Limit.AT_MOST ? value <= budget : value >= budget;
        }
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final List<String> head = new ArrayList<>();
    private final List<String> foot = new ArrayList<>();
    private final PrintStream progress;

    public Report(PrintStream progress) {
        this.progress = progress;
    }

    public void head(String line) {
        head.add(line);
        progress.println(line);
    }

    public void foot(String line) {
        foot.add(line);
        progress.println(line);
    }

    public void add(String name, String unit, double value) {
        add(name, unit, Double.NaN, Limit.AT_MOST, value);
    }

    public void add(String name, String unit, double budget, Limit limit, double value) {
        rows.computeIfAbsent(name, n -> new Row(n, unit, budget, limit, new Samples()))
                .runs()
                .add(value);
        progress.printf(Locale.ROOT, "  %-52s %10.3f %s%n", name, value, unit);
    }

    private String text(Row row) {
        String budget = "";
        String verdict = "";
        if (!Double.isNaN(row.budget())) {
            String sign = row.limit() == Limit.AT_MOST ? "<= " : ">= ";
            budget = sign + number(row.budget());
            verdict = row.met() ? "met" : "NOT MET";
        }
        return "| %-52s | %10s | %-21s | %4d | %-8s | %-9s | %-7s |"
                .formatted(
                        row.name(),
                        number(row.runs().quantile(0.5)),
                        number(row.runs().min()) + " to " + number(row.runs().max()),
                        row.runs().count(),
                        row.unit(),
                        budget,
                        verdict);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.2f", value);
    }

    public void print(PrintStream out) {
        head.forEach(out::println);
        out.println();
        out.printf(
                "| %-52s | %10s | %-21s | %4s | %-8s | %-9s | %-7s |%n",
                "work", "median", "range", "runs", "unit", "budget", "");
        rows.values().forEach(row -> out.println(text(row)));
        out.println();
        foot.forEach(out::println);
    }

    public void printJson(PrintStream out) {
        StringBuilder json = new StringBuilder("{\"machine\":[");
        json.append(String.join(",", head.stream().map(Report::quoted).toList()));
        json.append("],\"rows\":[");
        String between = "";
        for (Row row : rows.values()) {
            json.append(between)
                    .append(
                            String.format(
                                    Locale.ROOT,
                                    "%n{\"name\":%s,\"unit\":%s,\"median\":%s,\"least\":%s,"
                                            + "\"most\":%s,\"runs\":%d",
                                    quoted(row.name()),
                                    quoted(row.unit()),
                                    json(row.runs().quantile(0.5)),
                                    json(row.runs().min()),
                                    json(row.runs().max()),
                                    row.runs().count()));
            if (!Double.isNaN(row.budget())) {
                json.append(
                        String.format(
                                Locale.ROOT,
                                ",\"budget\":%s,\"met\":%s",
                                json(row.budget()),
                                row.met()));
            }
            json.append('}');
            between = ",";
        }
        json.append("],\"notes\":[");
        json.append(String.join(",", foot.stream().map(Report::quoted).toList()));
        out.println(json.append("]}"));
    }

    private static String json(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "null";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** How many rows with a budget do not keep it. */
    public long notMet() {
        return rows.values().stream()
                .filter(row -> !Double.isNaN(row.budget()) && !row.met())
                .count();
    }
}
