package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.consentgateway.console.PageWords;

/** Immutable. What the page Settings shows. */
public record SettingsView(List<Part> parts) {
    /**
     * @param changed how many of them stand in the file
     */
    public record Part(String name, int changed, List<Row> rows) {}

    /**
     * @param source line of the file, or that it is the default
     * @param meaning in English
     */
    public record Row(String key, String value, String source, boolean inFile, String meaning) {}

    static SettingsView of(JsonNode json, PageWords words) {
        Map<String, List<Row>> parts = new LinkedHashMap<>();
        for (JsonNode each : json.path("settings")) {
            String key = each.path("key").asText();
            boolean inFile = each.path("source").asText().equals("file");
            parts.computeIfAbsent(key.replaceAll("[.\\[].*", ""), _ -> new ArrayList<>())
                    .add(
                            new Row(
                                    key,
                                    each.path("value").asText(),
                                    inFile
                                            ? words.of("settings.line", each.path("line").asInt())
                                            : words.of("settings.default"),
                                    inFile,
                                    each.path("meaning").asText()));
        }
        return new SettingsView(
                parts.entrySet().stream()
                        .map(each ->
                                new Part(
                                        each.getKey(),
                                        (int) each.getValue().stream().filter(Row::inFile).count(),
                                        List.copyOf(each.getValue())))
                        .toList());
    }
}
