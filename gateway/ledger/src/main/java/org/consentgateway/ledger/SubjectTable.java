package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.Header;

/** The answer to an access request as a table (RFC 4180, UTF-8), a line for each record. */
final class SubjectTable {
    private static final String END = "\r\n";

    /** What most people look for, by its place in the record. */
    private static final Map<String, String> COLUMNS = columns();

    private SubjectTable() {}

    private static Map<String, String> columns() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("line", "/call/line");
        all.put("controller", "/controller/name");
        all.put("notice", "/notice/id");
        all.put("version", "/notice/version");
        all.put("language", "/notice/language");
        all.put("level", "/decision/level");
        all.put("purposes", "/decision/purposes");
        all.put("answered_by", "/decision/method");
        all.put("key", "/decision/key");
        all.put("words", "/decision/words");
        all.put("until", "/validity/until");
        all.put("withdrawn_at", "/withdrawal/at");
        all.put("kept_until", "/retention/delete_at");
        return all;
    }

    static String head() {
        List<String> head = new ArrayList<>(List.of("time", "type"));
        head.addAll(COLUMNS.keySet());
        head.addAll(List.of("spoken", "recipients", "id", "log", "index", "leaf_hash", "record"));
        return line(head);
    }

    static String lines(SubjectPart export) {
        StringBuilder table = new StringBuilder();
        export.entries().forEach(entry -> table.append(line(cells(export, entry))));
        return table.toString();
    }

    private static List<String> cells(SubjectPart export, Entry entry) {
        JsonNode record = entry.payload() == null ? MissingNode.getInstance() : entry.payload();
        List<String> cells = new ArrayList<>();
        cells.add(Header.time(entry.time()));
        cells.add(entry.type().text());
        COLUMNS.values().forEach(path -> cells.add(text(record.at(path))));
        cells.add(String.join(" ", export.spoken(entry).values()));
        List<String> recipients = new ArrayList<>();
        JsonNode holders = export.holders().get(entry.id());
        if (holders != null) {
            holders.forEach(holder -> recipients.add(holder.path("name").asText()));
        }
        cells.add(String.join(" ", recipients));
        cells.add(entry.id().toString());
        cells.add(entry.log());
        cells.add(Long.toString(entry.index()));
        cells.add(entry.leafHash());
        cells.add(record.isMissingNode() ? "" : record.toString()); // all there is
        return cells;
    }

    private static String text(JsonNode value) {
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asText()));
        return value.isArray() ? String.join(" ", items) : value.asText();
    }

    private static String line(List<String> cells) {
        return cells.stream().map(SubjectTable::cell).collect(Collectors.joining(",", "", END));
    }

    /** A spreadsheet must not take a value for a formula. */
    private static String cell(String text) {
        String harmless = text.matches("(?s)[=+@\t\r-].*") ? "'" + text : text;
        return '"' + harmless.replace("\"", "\"\"") + '"';
    }
}
