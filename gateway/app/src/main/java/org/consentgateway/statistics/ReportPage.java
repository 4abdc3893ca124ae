package org.consentgateway.statistics;

import static org.consentgateway.ledger.proof.HtmlText.escaped;
import static org.consentgateway.statistics.Picture.percent;

import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.statistics.Picture.Column;
import org.consentgateway.statistics.Picture.Dot;
import org.jspecify.annotations.Nullable;

/** Immutable. The report for people: one file that needs no other. */
public final class ReportPage {
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("MMMM uuuu", Locale.ENGLISH);

    private static final String FEW = "fewer than %d people".formatted(SmallGroups.LEAST);

    private static final String STYLE =
            """
            :root { color-scheme: light dark; --ink: #1c2024; --faint: #5b6470; --line: #c9ced6; --back: #fff;
              --mark: #1f5fbf; --other: #b4540a }
            @media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --faint: #a3abb6; --line: #444b55;
              --back: #15181c; --mark: #7fb0ff; --other: #f0a35e } }
            body { font: 16px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--back);
              max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
            h2 { margin-top: 2.4rem } p.faint, caption { color: var(--faint) }
            div.wide { overflow-x: auto }
            table { border-collapse: collapse; width: 100%; margin: .6rem 0 1.4rem; font-size: .92rem }
            caption { text-align: left; padding-bottom: .3rem }
            th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-top: 1px solid var(--line) }
            td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
            svg { max-width: 100%; height: auto; margin: .4rem 0 }
            svg text { fill: var(--ink); font: 13px system-ui, sans-serif } svg text.tick { fill: var(--faint); font-size: 11px }
            svg .mark { fill: var(--mark) } svg .other { fill: var(--other) }
            svg .reach { stroke: var(--ink); stroke-width: 1.5 } svg .grid { stroke: var(--line); stroke-width: 1 }
            """;

    private final OperationReport report;
    private final StringBuilder page = new StringBuilder();

    private ReportPage(OperationReport report) {
        this.report = report;
    }

    public static String of(OperationReport report) {
        return new ReportPage(report).written();
    }

    private String written() {
        String title = "Operation of the consent gateway, " + MONTH.format(report.month());
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
                .append(escaped(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n<h1>")
                .append(escaped(title))
                .append("</h1>\n");
        introduction();
        headlines();
        comparison();
        groups();
        days();
        waits();
        clarity();
        basis();
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    private void introduction() {
        String line = report.line().isEmpty() ? "all lines" : "line " + report.line();
        paragraph(
                "Of %s; made on %s. Days are in UTC.%s"
                        .formatted(
                                line,
                                report.at().truncatedTo(ChronoUnit.SECONDS),
                                report.over()
                                        ? ""
                                        : " The month is not over: these are its figures so far."));
        paragraph(
                "Each rate stands with what it counts, of whom, and between what it lies at 95 %"
                        + " (Wilson). A group of "
                        + FEW
                        + " is not told of, nor is another one from which it could be computed. No"
                        + " caller is named and no call.");
        OperationReport.Agreement agreement = report.agreement();
        if (agreement.decisions() != agreement.calls()) {
            paragraph(
                    ("The log has %d answered calls; %d told of their end. Where these differ by"
                                    + " more than a few, a node has died or counts of calls began"
                                    + " within the month: read figures of calls with care.")
                            .formatted(agreement.decisions(), agreement.calls()));
        }
        if (!report.lost().isEmpty()) {
            paragraph(
                    "Caution: records of this month had lost their content before they were"
                            + " counted, and are in no figure of a group: "
                            + report.lost()
                            + ". Rates of the log are wrong by as much.");
        }
    }

    private void headlines() {
        heading("The month in figures");
        List<OperationReport.Row> rows = report.headlines();
        page.append(Picture.dots("All rates of the month, with 95 % intervals", dots(rows)));
        table(
                "All calls",
                List.of("Rate", "Number", "Of", "Share", "95 %", "Who of whom", "Counted in"),
                rows.stream()
                        .map(row ->
                                cells(
                                        row.share(),
                                        row.measure().title(),
                                        row.measure().who() + ", of " + row.measure().ofWhom(),
                                        source(row.measure())))
                        .toList());
    }

    private static String source(Rate measure) {
        return switch (measure.source()) {
            case LOG -> "log";
            case CALLS -> "calls";
        };
    }

    private static List<Dot> dots(List<OperationReport.Row> rows) {
        List<Dot> dots = new ArrayList<>();
        for (OperationReport.Row row : rows) {
            String label = row.by() == Dimension.ALL ? row.measure().title() : row.group();
            dot(label, row.share(), false, dots);
        }
        return dots;
    }

    private static void dot(String label, @Nullable Share share, boolean strong, List<Dot> dots) {
        Double rate = share == null ? null : share.rate();
        Interval interval = share == null ? null : share.interval();
        if (rate != null && interval != null) {
            dots.add(new Dot(label, rate, interval, strong));
        }
    }

    private void comparison() {
        Comparison comparison = report.comparison();
        if (comparison == null) {
            return;
        }
        heading("Beside what was before");
        paragraph(
                "Before: "
                        + comparison.baseline()
                        + ", as it was imported. The callers of both are others, and so may be the"
                        + " season and what they called for: the difference is what was counted,"
                        + " not what the gateway has caused.");
        List<Dot> dots = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        for (Comparison.Beside beside : comparison.measures()) {
            String title = beside.measure().title();
            dot(title + ", before", beside.before(), true, dots);
            dot(title + ", now", beside.now(), false, dots);
            rows.add(beside(beside));
        }
        page.append(Picture.dots("Before (square) and now (circle)", dots));
        table(
                "Differences: Newcombe's interval; relative changes: Katz's",
                List.of("Rate", "Before", "Now", "Difference", "Relative change"),
                rows);
        if (!comparison.claims().isEmpty()) {
            table(
                    "What is said, and whether the figures bear it out",
                    List.of("Said", "Verdict"),
                    comparison.claims().stream()
                            .map(claim -> List.of(claim.text(), claim.verdict().words()))
                            .toList());
        }
    }

    private static List<String> beside(Comparison.Beside beside) {
        Change change = beside.change();
        Interval percent = change == null ? null : change.percent();
        Double relative = change == null ? null : change.relative();
        return List.of(
                beside.measure().title(),
                words(beside.before()),
                words(beside.now()),
                change == null
                        ? "–"
                        : signed(change.difference(), " points")
                                + " ("
                                + signed(change.points().low(), "")
                                + " to "
                                + signed(change.points().high(), "")
                                + ")",
                relative == null || percent == null
                        ? "–"
                        : signed(relative, " %")
                                + " ("
                                + signed(percent.low(), "")
                                + " to "
                                + signed(percent.high(), "")
                                + ")");
    }

    private static String words(@Nullable Share share) {
        if (share == null) {
            return FEW;
        }
        Double rate = share.rate();
        return share.number() + " of " + share.of() + (rate == null ? "" : ", " + percent(rate));
    }

    private static String signed(double share, String unit) {
        return String.format(Locale.ROOT, "%+.1f%s", share * 100, unit);
    }

    private void groups() {
        for (Dimension by : Dimension.values()) {
            if (by == Dimension.ALL) {
                continue;
            }
            heading(by.title());
            List<OperationReport.Row> consent =
                    rows(row -> row.by() == by && row.measure() == Rate.CONSENT);
            if (!consent.isEmpty()) {
                page.append(
                        Picture.dots(
                                "Consent, " + by.title().toLowerCase(Locale.ROOT), dots(consent)));
            }
            table(
                    by.title(),
                    List.of("Rate", "Number", "Of", "Share", "95 %", "Group"),
                    rows(row -> row.by() == by).stream()
                            .map(row -> cells(row.share(), row.measure().title(), row.group()))
                            .toList());
        }
    }

    private List<OperationReport.Row> rows(Predicate<OperationReport.Row> wanted) {
        return report.rows().stream().filter(wanted).toList();
    }

    private void days() {
        heading("Consent by day");
        List<Dot> dots = new ArrayList<>();
        report.days().forEach(day -> dot(day.day().toString(), day.share(), false, dots));
        page.append(Picture.dots("Consent of each day, with 95 % intervals", dots));
        table(
                Rate.CONSENT.who() + ", of " + Rate.CONSENT.ofWhom(),
                List.of("Day", "Number", "Of", "Share", "95 %"),
                report.days().stream()
                        .map(day -> cells(day.share(), day.day().toString()))
                        .toList());
    }

    private void waits() {
        heading("Seconds to help");
        paragraph(
                "From our answer until the caller was joined with the assistant or a human for the"
                        + " first time, in whole seconds. The interval is that of the median, by"
                        + " the order of the waits.");
        for (OperationReport.Wait wait : report.waits()) {
            Seconds seconds = wait.seconds();
            if (wait.by() == Dimension.ALL && seconds != null) {
                histogram(wait.whom(), seconds);
            }
        }
        table(
                "By group",
                List.of("Group", "Joined with", "Callers", "Median", "95 %", "Nine of ten within"),
                report.waits().stream().map(ReportPage::wait).toList());
    }

    private void histogram(String whom, Seconds seconds) {
        List<Column> columns = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        seconds.columns()
                .forEach((from, callers) -> {
                    columns.add(new Column(Seconds.label(from), callers));
                    rows.add(List.of(Seconds.label(from), callers.toString()));
                });
        page.append(
                Picture.columns(
                        "Callers by seconds until they were joined with the " + whom, columns));
        table("Seconds until joined with the " + whom, List.of("Seconds", "Callers"), rows);
    }

    private static List<String> wait(OperationReport.Wait wait) {
        Seconds seconds = wait.seconds();
        Interval interval = seconds == null ? null : seconds.interval();
        if (seconds == null || interval == null) {
            return List.of(wait.group(), wait.whom(), FEW, "", "", "");
        }
        return List.of(
                wait.group(),
                wait.whom(),
                String.valueOf(seconds.callers()),
                seconds.median() + " s",
                "%.0f to %.0f s".formatted(interval.low(), interval.high()),
                seconds.quantile(0.9) + " s");
    }

    private void clarity() {
        heading("How clear it was");
        paragraph(
                "Marks of those who answered: 1 is very clear, 5 is not clear at all, so a lower"
                        + " mean is better; never linked to a call.");
        for (OperationReport.Clarity clarity : report.clarity()) {
            Scores scores = clarity.scores();
            if (clarity.by() == Dimension.ALL && scores != null) {
                List<Column> columns = new ArrayList<>();
                for (int mark = 1; mark <= scores.of().size(); mark++) {
                    columns.add(new Column(String.valueOf(mark), scores.of().get(mark - 1)));
                }
                page.append(Picture.columns("Callers by mark", columns));
            }
        }
        table(
                "By group",
                List.of("Group", "Callers", "Mean", "95 %", "1", "2", "3", "4", "5"),
                report.clarity().stream().map(ReportPage::clarity).toList());
    }

    private static List<String> clarity(OperationReport.Clarity clarity) {
        Scores scores = clarity.scores();
        if (scores == null) {
            return List.of(clarity.group(), FEW, "", "", "", "", "", "", "");
        }
        Interval interval = scores.interval();
        return Stream.concat(
                        Stream.of(
                                clarity.group(),
                                String.valueOf(scores.callers()),
                                String.format(Locale.ROOT, "%.2f", scores.mean()),
                                String.format(
                                        Locale.ROOT,
                                        "%.2f to %.2f",
                                        interval.low(),
                                        interval.high())),
                        scores.of().stream().map(String::valueOf))
                .toList();
    }

    private void basis() {
        heading("Where the figures come from");
        paragraph(
                "Log: the entries of the consent ledger, one decision for each answered call,"
                        + " counted on the day it was written. It is the truth of what was decided;"
                        + " scripts/gateway ledger verify checks it. Entries are counted before"
                        + " they lose their content, so that figures outlive them.");
        paragraph(
                "Calls: what the gateway was told of each call as it ended, since no record says"
                        + " it: how it ended, how long the caller waited, what callers answered"
                        + " afterwards. Kept every minute: what a node had counted in its last"
                        + " minute is lost where it dies.");
        paragraph(
                "A known caller is one with a remembered consent, who heard the short disclosure."
                        + " Consents withdrawn are those given in this month and withdrawn by"
                        + " whoever gave them or by an operator for them, until the day the report"
                        + " was made.");
    }

    private void heading(String text) {
        page.append("<h2>").append(escaped(text)).append("</h2>\n");
    }

    private void paragraph(String text) {
        page.append("<p>").append(escaped(text)).append("</p>\n");
    }

    private static List<String> cells(@Nullable Share share, String first, String... more) {
        Double rate = share == null ? null : share.rate();
        Interval interval = share == null ? null : share.interval();
        Stream<String> figures =
                share == null
                        ? Stream.of("", FEW, "", "")
                        : Stream.of(
                                String.valueOf(share.number()),
                                String.valueOf(share.of()),
                                rate == null ? "–" : percent(rate),
                                interval == null
                                        ? "–"
                                        : percent(interval.low())
                                                + " to "
                                                + percent(interval.high()));
        return Stream.concat(Stream.concat(Stream.of(first), figures), Stream.of(more)).toList();
    }

    /** Figures stand on the right. */
    private void table(String caption, List<String> head, List<List<String>> rows) {
        page.append("<div class=\"wide\"><table>\n<caption>")
                .append(escaped(caption))
                .append("</caption>\n<thead><tr>")
                .append(
                        head.stream()
                                .map(name -> "<th scope=\"col\">" + escaped(name) + "</th>")
                                .collect(Collectors.joining()))
                .append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            page.append("<tr><th scope=\"row\">").append(escaped(row.getFirst())).append("</th>");
            row.stream()
                    .skip(1)
                    .forEach(cell ->
                            page.append(isFigure(cell) ? "<td class=\"n\">" : "<td>")
                                    .append(escaped(cell))
                                    .append("</td>"));
            page.append("</tr>\n");
        }
        page.append("</tbody>\n</table></div>\n");
    }

    private static boolean isFigure(String cell) {
        return cell.matches("[-+0-9].*");
    }
}
