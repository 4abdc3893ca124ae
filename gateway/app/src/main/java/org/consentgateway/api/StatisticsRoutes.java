package org.consentgateway.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/** Thread-safe. How many records there are of each kind. */
final class StatisticsRoutes {
    private static final int MOST_DAYS = 366;

    private final LogReader reader;

    StatisticsRoutes(LogReader reader) {
        this.reader = reader;
    }

    List<ApiRoute> all() {
        return List.of(ApiRoute.get("/v1/statistics", ApiScope.STATISTICS_READ, this::statistics));
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
