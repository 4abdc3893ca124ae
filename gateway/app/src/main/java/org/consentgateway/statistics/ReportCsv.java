package org.consentgateway.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.consentgateway.cdr.CsvLine;
import org.jspecify.annotations.Nullable;

/** Immutable. The rates of the report as a table (RFC 4180), a line each. */
public final class ReportCsv {
    private static final List<String> HEAD =
            List.of(
                    "month",
                    "by",
                    "group",
                    "measure",
                    "numerator",
                    "denominator",
                    "rate",
                    "low",
                    "high",
                    "source",
                    "suppressed");

    private ReportCsv() {}

    public static String of(OperationReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(CsvLine.of(HEAD));
        report.rows().forEach(row -> lines.add(CsvLine.of(cells(report, row))));
        return String.join("\r\n", lines) + "\r\n";
    }

    private static List<@Nullable Object> cells(OperationReport report, OperationReport.Row row) {
        Share share = row.share();
        Interval interval = share == null ? null : share.interval();
        return Arrays.asList(
                report.month(),
                ReportJson.name(row.by()),
                row.group(),
                ReportJson.name(row.measure()),
                share == null ? null : share.number(),
                share == null ? null : share.of(),
                share == null ? null : ReportJson.rounded(share.rate()),
                interval == null ? null : ReportJson.rounded(interval.low()),
                interval == null ? null : ReportJson.rounded(interval.high()),
                ReportJson.name(row.measure().source()),
                share == null);
    }
}
