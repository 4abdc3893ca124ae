package org.consentgateway.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.Period;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Immutable. All that a report says, in one language: a file of {@code config/languages/reports},
 * and how the answers to access requests call purposes and events.
 */
final class ReportWords {
    private static final String USUAL = "en";
    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode words;
    private final JsonNode answers;
    private final ZoneId zone;

    private ReportWords(JsonNode words, JsonNode answers, ZoneId zone) {
        this.words = words;
        this.answers = answers;
        this.zone = zone;
    }

    /**
     * In English where there is no file for the language, or not all of it.
     *
     * @param folder of languages
     * @param zone of the dates
     */
    static ReportWords in(Path folder, String language, ZoneId zone) throws IOException {
        String code = language.matches("[a-z]{2}([^a-z].*)?") ? language.substring(0, 2) : USUAL;
        if (!Files.exists(folder.resolve("reports").resolve(code + ".json"))) {
            code = USUAL;
        }
        return new ReportWords(
                read(folder.resolve("reports"), code), read(folder.resolve("answers"), code), zone);
    }

    private static JsonNode read(Path folder, String code) throws IOException {
        JsonNode words = JSON.readTree(folder.resolve(USUAL + ".json").toFile());
        Path own = folder.resolve(code + ".json");
        return Files.exists(own) ? JSON.readerForUpdating(words).readValue(own.toFile()) : words;
    }

    String language() {
        return words.path("language").asText();
    }

    /**
     * @param values by their names, which stand in braces
     */
    String say(String key, Map<String, String> values) {
        String text = words.path(key).asText();
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("{" + value.getKey() + "}", value.getValue());
        }
        return text;
    }

    String say(String key) {
        return say(key, Map.of());
    }

    /** What happened; empty where customers need not hear of it. */
    String event(String type) {
        for (JsonNode told : words.path("told")) {
            if (told.asText().equals(type)) {
                return answers.path("events").path(type).asText();
            }
        }
        return "";
    }

    /** A purpose, a kind of data, a role. */
    String named(String value) {
        JsonNode values = answers.path("values");
        return values.path(value).asText(value);
    }

    /** Of a kind of data, which may be called as a purpose is. */
    String data(String kind) {
        return answers.path("values").path(kind + "-data").asText(named(kind));
    }

    String day(Instant time) {
        return format("day", time.atZone(zone));
    }

    String month(YearMonth month) {
        return format("month", month);
    }

    private String format(String pattern, TemporalAccessor time) {
        return DateTimeFormatter.ofPattern(
                        words.path(pattern).asText(), Locale.of(words.path("language").asText()))
                .format(time);
    }

    /**
     * For how long something is kept.
     *
     * @param period of ISO 8601, as records have it
     */
    String kept(String period) {
        Period time = Period.parse(period);
        if (time.isZero()) {
            return say("kept-not");
        }
        List<String> parts = new ArrayList<>();
        part(parts, "year", time.getYears());
        part(parts, "month-of-time", time.getMonths());
        part(parts, "day-of-time", time.getDays());
        return say("kept", Map.of("time", String.join(" ", parts)));
    }

    private void part(List<String> parts, String unit, int many) {
        if (many > 0) {
            parts.add(say(unit + (many == 1 ? "" : "s"), Map.of("n", Integer.toString(many))));
        }
    }
}
