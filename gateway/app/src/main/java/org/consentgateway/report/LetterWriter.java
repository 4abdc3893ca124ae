package org.consentgateway.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.report.Letter.Section;

/**
 * Immutable. Puts a report into words.
 *
 * @param languages folder of the words
 * @param zone of its dates
 * @param stop where a customer ends it, with {@code {report}} for its id; empty: by writing to the
 *     company
 */
public record LetterWriter(Path languages, ZoneId zone, String stop) {
    /** Nobody reads more. */
    private static final int MOST_EVENTS = 50;

    Letter write(CustomerReport report, UUID id) throws IOException {
        ReportWords words = ReportWords.in(languages, report.language(), zone);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("company", report.company());
        values.put("contact", report.contact().isEmpty() ? report.company() : report.contact());
        values.put("month", words.month(report.month()));
        values.put("agreed", words.day(report.agreed().given()));
        values.put("entries", Integer.toString(report.history().size()));
        values.put("oldest", words.day(report.oldest()));
        List<Section> sections = new ArrayList<>();
        sections.add(Section.of("", words.say("greeting", values), words.say("reason", values)));
        sections.add(choices(report, words));
        sections.add(happened(report, words, values));
        sections.add(stored(report, words, values));
        sections.add(change(report, words, values));
        sections.add(Section.of(words.say("stop-title"), stopped(words, values, id)));
        return Letter.of(words.language(), words.say("subject", values), sections);
    }

    private static Section choices(CustomerReport report, ReportWords words) {
        List<String> items = new ArrayList<>();
        for (LastingConsent choice : report.choices()) {
            for (String purpose : choice.purposes()) {
                items.add(
                        words.say(
                                "choice",
                                Map.of(
                                        "purpose",
                                        words.named(purpose),
                                        "until",
                                        words.day(choice.until()),
                                        "given",
                                        words.day(choice.given()))));
            }
        }
        return new Section(words.say("choices-title"), List.of(words.say("choices-else")), items);
    }

    private Section happened(CustomerReport report, ReportWords words, Map<String, String> values) {
        List<String> items = new ArrayList<>();
        for (FoundEntries.At each : report.happened(zone)) {
            EntryType type = each.type();
            String event = type == null ? "" : words.event(type.text());
            if (!event.isEmpty()) {
                items.add(
                        words.say("event", Map.of("day", words.day(each.time()), "event", event)));
            }
        }
        String title = words.say("happened-title", values);
        if (items.isEmpty()) {
            return Section.of(title, words.say("nothing-happened", values));
        }
        int more = items.size() - MOST_EVENTS;
        if (more > 0) {
            items.subList(MOST_EVENTS, items.size()).clear();
            items.add(words.say("more-events", Map.of("n", Integer.toString(more))));
        }
        return new Section(title, List.of(), items);
    }

    private static Section stored(
            CustomerReport report, ReportWords words, Map<String, String> values) {
        Map<String, String> items = new LinkedHashMap<>();
        for (LastingConsent choice : report.choices()) {
            for (JsonNode one : choice.record().path("processing")) {
                String purpose = one.path("purpose").asText();
                if (choice.purposes().contains(purpose)) {
                    items.putIfAbsent(purpose, processing(one, words));
                }
            }
        }
        return new Section(
                words.say("stored-title"),
                List.of(words.say("stored", values)),
                List.copyOf(items.values()));
    }

    private static String processing(JsonNode one, ReportWords words) {
        List<String> data = new ArrayList<>();
        one.path("data").forEach(kind -> data.add(words.data(kind.asText())));
        List<String> who = new ArrayList<>();
        one.path("recipients").forEach(each -> who.add(each.path("name").asText()));
        String purpose = words.named(one.path("purpose").asText());
        return data.isEmpty()
                ? words.say("processing-unknown", Map.of("purpose", purpose))
                : words.say(
                        who.isEmpty() ? "processing" : "processing-by",
                        Map.of(
                                "purpose",
                                purpose,
                                "data",
                                String.join(", ", data),
                                "kept",
                                words.kept(one.path("kept").asText("P0D")),
                                "recipients",
                                String.join(", ", who)));
    }

    private static Section change(
            CustomerReport report, ReportWords words, Map<String, String> values) {
        JsonNode control = report.agreed().record().path("control");
        List<String> items = new ArrayList<>();
        String keys = control.path("keys").asText();
        if (control.path("phrase").asBoolean()) {
            items.add(words.say("change-phrase"));
        }
        if (!keys.isEmpty()) {
            items.add(words.say("change-keys", Map.of("keys", keys)));
        }
        List<String> lines = new ArrayList<>();
        control.path("privacy_lines").forEach(each -> lines.add(each.asText()));
        if (!lines.isEmpty()) {
            items.add(words.say("change-line", Map.of("lines", String.join(", ", lines))));
        }
        if (!report.contact().isEmpty()) {
            items.add(words.say("change-contact", values));
        }
        return new Section(
                words.say("change-title"),
                List.of(words.say("change", values), words.say("rights", values)),
                items);
    }

    private String stopped(ReportWords words, Map<String, String> values, UUID id) {
        return stop.isEmpty()
                ? words.say("stop-writing", values)
                : words.say("stop-link", Map.of("link", link(id)));
    }

    /** Empty where there is none. */
    String link(UUID report) {
        return stop.replace("{report}", report.toString());
    }
}
