package org.consentgateway.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/**
 * Thread-safe. All records in the order of the logs, for a data warehouse: what was asked and
 * answered where and in which words, never by whom.
 */
final class LogRoutes {
    /** For one page: between what is told may lie much that is not. */
    private static final int MOST_READINGS = 50;

    private final LogReader reader;

    LogRoutes(LogReader reader) {
        this.reader = reader;
    }

    List<ApiRoute> all() {
        return List.of(ApiRoute.get("/v1/records", ApiScope.RECORDS_READ, this::page));
    }

    private ApiAnswer page(ApiRequest request) throws LedgerUnavailable {
        LogCursor behind = LogCursor.parse(request.query("cursor").orElse(""));
        int limit = request.limit();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode records = json.putArray("records");
        List<UUID> consents = new ArrayList<>();
        boolean more = true;
        for (int i = 0; i < MOST_READINGS && more && records.size() < limit; i++) {
            List<Entry> entries = reader.from(behind.next(), limit);
            more = entries.size() == limit;
            for (Entry entry : entries) {
                if (records.size() == limit) {
                    more = true;
                    break;
                }
                behind = behind.behind(entry);
                if (isOfCallers(entry)) {
                    records.add(record(entry));
                    if (ConsentJson.isConsent(entry)) {
                        consents.add(entry.id());
                    }
                }
            }
        }
        json.put("next_cursor", behind.text());
        ApiAnswer answer = ApiAnswer.personal(json, consents);
        return more
                ? answer.withNext("/v1/records?limit=%d&cursor=%s".formatted(limit, behind.text()))
                : answer;
    }

    /** What reading the log leaves in the log is not read: it would never end. */
    private static boolean isOfCallers(Entry entry) {
        return switch (entry.type()) {
            case KEY_ISSUED, KEY_REVOKED, ACCESSED, ACCESS_REFUSED, SUBJECT_REFERENCED -> false;
            default -> true;
        };
    }

    /** Without pseudonym, number and words of the caller. */
    private static ObjectNode record(Entry entry) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("record_id", entry.id().toString()).put("type", entry.type().text());
        json.put("time", Header.time(entry.time()));
        json.putObject("place").put("log", entry.log()).put("index", entry.index());
        JsonNode record = entry.payload();
        json.put("erased", record == null);
        if (record == null) {
            return json;
        }
        copy(record, "/call/gateway_call_id", json, "call_id");
        copy(record, "/call/line", json, "line");
        copy(record, "/refers_to", json, "refers_to");
        copy(record, "/decision/level", json, "level");
        if (record.at("/decision/purposes").isArray()) {
            json.set("purposes", record.at("/decision/purposes").deepCopy());
        }
        copy(record, "/decision/method", json, "method");
        copy(record, "/decision/reason", json, "reason");
        copy(record, "/withdrawal/method", json, "method");
        copy(record, "/withdrawal/reason", json, "reason");
        copy(record, "/validity/until", json, "until");
        if (record.has("notice")) {
            ObjectNode notice = json.putObject("notice");
            for (String each : new String[] {"id", "version", "language", "variant"}) {
                copy(record, "/notice/" + each, notice, each);
            }
        }
        return json;
    }

    private static void copy(JsonNode from, String path, ObjectNode to, String name) {
        String text = from.at(path).textValue();
        if (text != null) {
            to.put(name, text);
        }
    }
}
