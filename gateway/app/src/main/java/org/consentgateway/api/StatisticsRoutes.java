package org.consentgateway.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.statistics.MonthCounts;
import org.consentgateway.statistics.OperationReport;
import org.consentgateway.statistics.ReportJson;

/** Thread-safe. How many records there are of each kind, and how a month went. */
final class StatisticsRoutes {
    private static final int MOST_DAYS = 366;

    private final LogReader reader;
    private final ApiArchive archive;

    StatisticsRoutes(LogReader reader, ApiArchive archive) {
        this.reader = reader;
        this.archive = archive;
    }

    List<ApiRoute> all() {
        return List.of(
                ApiRoute.get("/v1/statistics", ApiScope.STATISTICS_READ, this::statistics),
                ApiRoute.get("/v1/reports/operation", ApiScope.STATISTICS_READ, this::operation));
    }

    /**
     * As the command {@code reports operation} writes it, but for what nobody has counted yet and
     * would take too long.
     */
    private ApiAnswer operation(ApiRequest request) throws LedgerUnavailable {
        YearMonth month = month(request);
        String line = request.query("line").orElse("");
        MonthCounts counts;
        try {
            counts = MonthCounts.of(archive.open(), month, ApiArchive.MOST_COUNTED);
        } catch (IOException e) {
            throw new LedgerUnavailable(
                    LedgerUnavailable.Reason.STORE_DOWN, String.valueOf(e.getMessage()), e);
        }
        if (!line.isEmpty() && !counts.lines().contains(line)) {
            throw ApiProblem.of(
                    ApiProblem.Kind.NOT_FOUND, "there was no call on this line in that month");
        }
        // To the minute, so that an answer that tells the same has the same ETag for a while.
        var at = request.at().truncatedTo(ChronoUnit.MINUTES);
        return ApiAnswer.impersonal(ReportJson.of(OperationReport.of(counts, line, null, at)));
    }

    private static YearMonth month(ApiRequest request) {
        String text = request.query("month").orElse("");
        YearMonth now = YearMonth.from(request.at().atZone(ZoneOffset.UTC));
        if (text.isEmpty()) {
            return now;
        }
        if (text.matches("[0-9]{4}-(0[1-9]|1[0-2])") && !YearMonth.parse(text).isAfter(now)) {
            return YearMonth.parse(text);
        }
        throw ApiProblem.of(
                ApiProblem.Kind.MALFORMED, "month is one that has begun, such as 2026-10, in UTC");
    }

    private ApiAnswer statistics(ApiRequest request) throws LedgerUnavailable {
        LocalDate today = LocalDate.ofInstant(request.at(), ZoneOffset.UTC);
        LocalDate from = day(request, "from", today.withDayOfMonth(1));
        LocalDate to = day(request, "to", today.plusDays(1));
        if (!from.isBefore(to) || from.plusDays(MOST_DAYS).isBefore(to)) {
            throw ApiProblem.of(
                    ApiProblem.Kind.MALFORMED,
                    "from has to be before to, %d days at most".formatted(MOST_DAYS));
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("from", from.toString()).put("to", to.toString());
        var begin = from.atStartOfDay(ZoneOffset.UTC).toInstant();
        var end = to.atStartOfDay(ZoneOffset.UTC).toInstant();
        ObjectNode types = json.putObject("types");
        reader.countsOfTypes(begin, end).forEach(each -> types.put(each.type(), each.entries()));
        ArrayNode lines = json.putArray("lines");
        for (LogReader.Count each : reader.countsOfLines(begin, end)) {
            lines.addObject()
                    .put("line", each.line())
                    .put("notice", each.notice())
                    .put("type", each.type())
                    .put("records", each.entries());
        }
        return ApiAnswer.impersonal(json);
    }

    private static LocalDate day(ApiRequest request, String name, LocalDate usual) {
        String text = request.query(name).orElse("");
        try {
            if (text.isEmpty()) {
                return usual;
            }
            if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
                return LocalDate.parse(text);
            }
        } catch (DateTimeException e) {
            // no day of any calendar
        }
        throw ApiProblem.of(
                ApiProblem.Kind.MALFORMED, name + " is a day such as 2026-11-01, in UTC");
    }
}
