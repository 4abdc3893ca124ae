package org.consentgateway.ledger;

import static org.consentgateway.ledger.proof.HtmlText.escaped;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.LocalTimes;
import org.consentgateway.ledger.proof.HtmlText;

/** The readable form of an access request's answer. */
final class SubjectPage {
    /** The order in which details are told. */
    private static final List<String> FACTS =
            List.of(
                    "/controller/name",
                    "/controller/contact",
                    "/call/line",
                    "/notice/version",
                    "/origin/form",
                    "/decision/level",
                    "/decision/purposes",
                    "/decision/method",
                    "/decision/key",
                    "/decision/words",
                    "/validity/until",
                    "/withdrawal/at",
                    "/task/kind",
                    "/task/number",
                    "/assistant",
                    "/holder/name",
                    "/holder/event",
                    "/holder/acknowledged_by",
                    "/authority",
                    "/retention/delete_at");

    private SubjectPage() {}

    /** Of what is told here. */
    static String of(SubjectPart part, AnswerWords words) {
        String which =
                part.isWhole()
                        ? ""
                        : "<p>"
                                + escaped(
                                        words.part()
                                                .formatted(
                                                        part.from() + 1,
                                                        part.to(),
                                                        part.of().entries()))
                                + "</p>\n";
        return begin(part.of(), words) + rows(part, words) + end(part.of(), words, which);
    }

    static String begin(SubjectPart.Whole whole, AnswerWords words) {
        String table =
                whole.entries() == 0
                        ? "<p>" + escaped(words.none()) + "</p>\n"
                        : "<table>\n<tr><th>"
                                + escaped(words.when())
                                + "</th><th>"
                                + escaped(words.what())
                                + "</th><th>"
                                + escaped(words.details())
                                + "</th></tr>\n";
        return """
        <!DOCTYPE html>
        <html lang="%s">
        <head>
        <meta charset="utf-8">
        <title>%s</title>
        <style>
        body { font-family: sans-serif; max-width: 60em; margin: 2em auto; line-height: 1.4 }
        table { border-collapse: collapse; width: 100%% }
        th, td { text-align: left; vertical-align: top; padding: .4em; border-top: 1px solid #999 }
        </style>
        </head>
        <body>
        <h1>%s</h1>
        <p>%s%s</p>
        %s\
        """
                .formatted(
                        words.locale().getLanguage(),
                        escaped(words.title()),
                        escaped(words.title()),
                        escaped(words.intro()),
                        escaped(time(whole.at(), words)),
                        table);
    }

    static String rows(SubjectPart part, AnswerWords words) {
        StringBuilder rows = new StringBuilder();
        for (Entry entry : part.entries()) {
            rows.append("<tr><td>")
                    .append(escaped(time(entry.time(), words)))
                    .append("</td><td>")
                    .append(
                            escaped(
                                    words.events()
                                            .getOrDefault(
                                                    entry.type().text(), entry.type().text())))
                    .append("</td><td>")
                    .append(details(part, entry, words))
                    .append("</td></tr>\n");
        }
        return rows.toString();
    }

    static String end(SubjectPart.Whole whole, AnswerWords words) {
        return end(whole, words, "");
    }

    private static String end(SubjectPart.Whole whole, AnswerWords words, String which) {
        return """
        %s%s<p>%s</p>
        <p>%s</p>
        <p>%s</p>
        </body>
        </html>
        """
                .formatted(
                        whole.entries() == 0 ? "" : "</table>\n",
                        which,
                        escaped(words.source()),
                        escaped(words.proofs()),
                        escaped(words.rights()));
    }

    private static String details(SubjectPart export, Entry entry, AnswerWords words) {
        ObjectNode payload = entry.payload();
        List<String> lines = new ArrayList<>();
        for (String path : FACTS) {
            JsonNode value = payload == null ? null : payload.at(path);
            if (value == null || value.isMissingNode() || value.isNull() || isEmpty(value)) {
                continue;
            }
            lines.add(fact(path, value(value, words), words));
        }
        if (payload != null) {
            payload.path("processing").forEach(one -> lines.add(processing(one, words)));
        }
        JsonNode holders = export.holders().get(entry.id());
        if (holders != null) {
            holders.forEach(holder -> lines.add(escaped(holder(holder, words))));
        }
        export.spoken(entry)
                .forEach((part, spoken) -> lines.add(fact("spoken", "„" + spoken + "“", words)));
        lines.add("<small>" + entry.id() + "</small>");
        return String.join("<br>", lines);
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isTextual() && value.asText().isEmpty();
    }

    private static String fact(String path, String value, AnswerWords words) {
        return escaped(words.facts().getOrDefault(path, path)) + ": " + HtmlText.escaped(value);
    }

    /** What becomes of the data for one purpose. */
    private static String processing(JsonNode one, AnswerWords words) {
        List<String> kinds = new ArrayList<>();
        one.path("data")
                .forEach(kind ->
                        kinds.add(
                                words.values()
                                        .getOrDefault(
                                                kind.asText() + "-data", named(kind, words))));
        List<String> who = new ArrayList<>();
        one.path("recipients")
                .forEach(recipient ->
                        who.add(
                                recipient.path("name").asText()
                                        + ", "
                                        + recipient.path("address").asText()
                                        + " ("
                                        + named(recipient.path("role"), words)
                                        + ", "
                                        + recipient.path("country").asText()
                                        + ")"));
        return escaped(named(one.path("purpose"), words))
                + " – "
                + fact("data", String.join(", ", kinds), words)
                + "; "
                + fact("kept", named(one.path("kept"), words), words)
                + "; "
                + fact("recipients", String.join("; ", who), words);
    }

    /** Who got data under a consent, and what became of telling them of its end. */
    private static String holder(JsonNode holder, AnswerWords words) {
        JsonNode told = holder.path("told");
        String by = told.path("acknowledged_by").asText();
        String end;
        if (told.isMissingNode()) {
            end = "";
        } else if (by.isEmpty()) {
            end = words.untold();
        } else {
            end = words.told().formatted(value(told.path("acknowledged_at"), words), by);
        }
        return words.given()
                        .formatted(
                                holder.path("name").asText(),
                                value(holder.path("first_given_at"), words),
                                value(holder.path("last_given_at"), words))
                + end;
    }

    private static String named(JsonNode value, AnswerWords words) {
        return words.values().getOrDefault(value.asText(), value.asText());
    }

    private static String value(JsonNode value, AnswerWords words) {
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            value.forEach(item -> items.add(named(item, words)));
            return String.join(", ", items);
        }
        try {
            return time(Instant.parse(value.asText()), words);
        } catch (DateTimeException e) {
            return named(value, words);
        }
    }

    private static String time(Instant time, AnswerWords words) {
        String which = LocalTimes.whichOfTwo(time);
        return DateTimeFormatter.ofPattern("d. MMMM uuuu, HH:mm:ss", words.locale())
                        .withZone(LocalTimes.ZONE)
                        .format(time)
                + (which.isEmpty() ? "" : " (" + which + ")");
    }
}
