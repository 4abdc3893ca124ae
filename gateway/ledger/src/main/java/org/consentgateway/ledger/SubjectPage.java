package org.consentgateway.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;

/** The readable form of an access request's answer. */
final class SubjectPage {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    /** Everything a page says, in one language. */
    private record Words(
            Locale locale,
            String title,
            String intro,
            String none,
            String when,
            String what,
            String details,
            String rights,
            String source,
            Holding holders,
            Map<EntryType, String> types,
            Map<String, String> facts,
            Map<String, String> values) {}

    /** What is told of those who got data under a consent. */
    private record Holding(String given, String told, String untold) {}

    private static final Words GERMAN =
            new Words(
                    Locale.GERMAN,
                    "Was über Sie gespeichert ist",
                    "Auskunft nach Art. 15 DSGVO. Stand: ",
                    "Über Sie ist nichts gespeichert.",
                    "Wann",
                    "Was geschah",
                    "Einzelheiten",
                    "Sie können Ihre Einwilligung jederzeit widerrufen (Art. 7 Abs. 3). Sie können"
                            + " Auskunft (Art. 15), Berichtigung (Art. 16), Löschung (Art. 17),"
                            + " Einschränkung (Art. 18) und Ihre Daten zum Mitnehmen (Art. 20)"
                            + " verlangen. Sie können sich bei einer Aufsichtsbehörde beschweren"
                            + " (Art. 77).",
                    "Alle Angaben stammen aus Ihren Anrufen. Statt Ihrer Nummer ist ein Pseudonym"
                            + " gespeichert. Anrufe, in denen Sie nur abgelehnt oder nichts gesagt"
                            + " haben, sind Ihnen nicht zugeordnet.",
                    new Holding(
                            "Daten erhielt: %s, zuerst am %s, zuletzt am %s",
                            "; bestätigte am %s, vom Ende zu wissen (%s)",
                            "; hat noch nicht bestätigt, vom Ende zu wissen"),
                    Map.ofEntries(
                            Map.entry(EntryType.SERVED, "Ein Hinweis wurde vorgelesen"),
                            Map.entry(EntryType.GIVEN, "Sie haben eingewilligt"),
                            Map.entry(EntryType.REFUSED, "Sie haben abgelehnt"),
                            Map.entry(EntryType.UNANSWERED, "Sie haben nicht geantwortet"),
                            Map.entry(EntryType.WITHDRAWN, "Die Einwilligung wurde widerrufen"),
                            Map.entry(EntryType.EXPIRED, "Die Einwilligung ist abgelaufen"),
                            Map.entry(EntryType.RENEWED, "Sie haben die Einwilligung erneuert"),
                            Map.entry(EntryType.ERASED, "Daten wurden gelöscht"),
                            Map.entry(EntryType.ASSISTANT_OPENED, "Der Assistent wurde verbunden"),
                            Map.entry(EntryType.ASSISTANT_CUT, "Der Assistent wurde getrennt"),
                            Map.entry(
                                    EntryType.PURPOSE_DECIDED,
                                    "Sie haben über einen einzelnen Zweck entschieden"),
                            Map.entry(
                                    EntryType.HOLDER_NOTIFIED,
                                    "Ein Empfänger erfuhr vom Ende der Einwilligung"),
                            Map.entry(
                                    EntryType.HOLDER_TOLD,
                                    "Ein Empfänger wurde vom Ende der Einwilligung unterrichtet"),
                            Map.entry(
                                    EntryType.REAFFIRMED,
                                    "Sie haben einer früheren Einwilligung noch einmal zugestimmt"),
                            Map.entry(EntryType.USED, "Eine frühere Einwilligung galt noch"),
                            Map.entry(
                                    EntryType.REQUEST_OPENED,
                                    "Sie haben Auskunft oder Löschung verlangt"),
                            Map.entry(
                                    EntryType.TASK_OPENED,
                                    "Sie haben um einen Rückruf gebeten oder sich beschwert"),
                            Map.entry(
                                    EntryType.SUBJECT_REFERENCED,
                                    "Ihre Nummer wurde Ihrem Kundenkonto zugeordnet")),
                    Map.ofEntries(
                            Map.entry("/call/line", "Anschluss"),
                            Map.entry("/controller/name", "Verantwortlich"),
                            Map.entry("/controller/contact", "Kontakt"),
                            Map.entry("/notice/version", "Fassung des Textes"),
                            Map.entry("/decision/level", "Stufe"),
                            Map.entry("/decision/purposes", "Zwecke"),
                            Map.entry("/decision/method", "Antwort durch"),
                            Map.entry("/decision/key", "Taste"),
                            Map.entry("/decision/words", "Worte"),
                            Map.entry(
                                    "/validity/until",
                                    "Gilt bis (ein Gespräch bis zu seinem Ende)"),
                            Map.entry("/withdrawal/at", "Widerrufen am"),
                            Map.entry("/assistant", "Empfänger"),
                            Map.entry("/holder/name", "Empfänger"),
                            Map.entry("/holder/event", "Anlass"),
                            Map.entry("/holder/acknowledged_by", "Bestätigt auf"),
                            Map.entry("/task/kind", "Anliegen"),
                            Map.entry("/task/number", "Rufnummer"),
                            Map.entry("/reference/text", "Kundennummer"),
                            Map.entry("/authority", "Aufsichtsbehörde"),
                            Map.entry("/retention/delete_at", "Wird frühestens gelöscht am"),
                            Map.entry("spoken", "Gesagt wurde"),
                            Map.entry("data", "Daten"),
                            Map.entry("kept", "Aufbewahrt"),
                            Map.entry("recipients", "Empfänger")),
                    Map.ofEntries(
                            Map.entry("assistant", "mit der KI sprechen"),
                            Map.entry("CALL_BACK", "Rückruf"),
                            Map.entry("COMPLAINT", "Beschwerde"),
                            Map.entry("transcript", "mitschreiben"),
                            Map.entry("recording", "aufnehmen"),
                            Map.entry("learning", "aus Aufnahmen lernen"),
                            Map.entry("marketing", "Werbung"),
                            Map.entry("biometrics", "an der Stimme erkennen"),
                            Map.entry("KEY", "Taste"),
                            Map.entry("SPEECH", "Stimme"),
                            Map.entry("BOTH", "Taste und Stimme"),
                            Map.entry("voice", "Stimme"),
                            Map.entry("phone-number", "Rufnummer"),
                            Map.entry("transcript-data", "Mitschrift"),
                            Map.entry("recording-data", "Aufnahme"),
                            Map.entry("contact", "Kontaktdaten"),
                            Map.entry("processor", "Auftragsverarbeiter"),
                            Map.entry("joint-controller", "gemeinsam verantwortlich"),
                            Map.entry("third-party", "Dritter"),
                            Map.entry("P0D", "nicht")));

    private static final Words ENGLISH =
            new Words(
                    Locale.ENGLISH,
                    "What is stored about you",
                    "Answer to your access request (Art. 15 GDPR). As of: ",
                    "Nothing is stored about you.",
                    "When",
                    "What happened",
                    "Details",
                    "You may withdraw your consent at any time (Art. 7(3)). You may ask for access"
                        + " (Art. 15), rectification (Art. 16), erasure (Art. 17), restriction"
                        + " (Art. 18) and your data to take with you (Art. 20). You may complain to"
                        + " a supervisory authority (Art. 77).",
                    "All of this stems from your calls. Instead of your number a pseudonym is"
                            + " stored. Calls in which you only refused or said nothing are not"
                            + " linked to you.",
                    new Holding(
                            "Data went to: %s, first on %s, last on %s",
                            "; confirmed on %s that it knows of the end (%s)",
                            "; has not yet confirmed that it knows of the end"),
                    Map.ofEntries(
                            Map.entry(EntryType.SERVED, "A notice was read out"),
                            Map.entry(EntryType.GIVEN, "You gave consent"),
                            Map.entry(EntryType.REFUSED, "You refused"),
                            Map.entry(EntryType.UNANSWERED, "You did not answer"),
                            Map.entry(EntryType.WITHDRAWN, "The consent was withdrawn"),
                            Map.entry(EntryType.EXPIRED, "The consent expired"),
                            Map.entry(EntryType.RENEWED, "You renewed the consent"),
                            Map.entry(EntryType.ERASED, "Data was erased"),
                            Map.entry(EntryType.ASSISTANT_OPENED, "The assistant was connected"),
                            Map.entry(EntryType.ASSISTANT_CUT, "The assistant was cut off"),
                            Map.entry(EntryType.PURPOSE_DECIDED, "You decided on a single purpose"),
                            Map.entry(
                                    EntryType.HOLDER_NOTIFIED,
                                    "A recipient was told that the consent has ended"),
                            Map.entry(
                                    EntryType.REAFFIRMED, "You agreed again to an earlier consent"),
                            Map.entry(EntryType.USED, "An earlier consent still held"),
                            Map.entry(EntryType.REQUEST_OPENED, "You asked for access or erasure"),
                            Map.entry(
                                    EntryType.TASK_OPENED,
                                    "You asked to be called back, or complained"),
                            Map.entry(
                                    EntryType.SUBJECT_REFERENCED,
                                    "Your number was tied to your customer account")),
                    Map.ofEntries(
                            Map.entry("/call/line", "Line"),
                            Map.entry("/controller/name", "Controller"),
                            Map.entry("/controller/contact", "Contact"),
                            Map.entry("/notice/version", "Version of the text"),
                            Map.entry("/decision/level", "Level"),
                            Map.entry("/decision/purposes", "Purposes"),
                            Map.entry("/decision/method", "Answered by"),
                            Map.entry("/decision/key", "Key"),
                            Map.entry("/decision/words", "Words"),
                            Map.entry("/validity/until", "Valid until (a call to its end)"),
                            Map.entry("/withdrawal/at", "Withdrawn at"),
                            Map.entry("/assistant", "Recipient"),
                            Map.entry("/holder/name", "Recipient"),
                            Map.entry("/holder/event", "Because"),
                            Map.entry("/holder/acknowledged_by", "Confirmed by"),
                            Map.entry("/task/kind", "Wish"),
                            Map.entry("/task/number", "Number"),
                            Map.entry("/authority", "Supervisory authority"),
                            Map.entry("/retention/delete_at", "Erased on, at the earliest"),
                            Map.entry("spoken", "You were told"),
                            Map.entry("data", "data"),
                            Map.entry("kept", "kept"),
                            Map.entry("recipients", "recipients")),
                    Map.ofEntries(
                            Map.entry("assistant", "talk to the AI"),
                            Map.entry("CALL_BACK", "call back"),
                            Map.entry("COMPLAINT", "complaint"),
                            Map.entry("transcript", "take notes"),
                            Map.entry("recording", "record"),
                            Map.entry("learning", "learn from recordings"),
                            Map.entry("marketing", "advertising"),
                            Map.entry("biometrics", "recognise by voice"),
                            Map.entry("KEY", "key"),
                            Map.entry("SPEECH", "voice"),
                            Map.entry("BOTH", "key and voice"),
                            Map.entry("phone-number", "telephone number"),
                            Map.entry("transcript-data", "transcript"),
                            Map.entry("recording-data", "recording"),
                            Map.entry("contact", "contact details"),
                            Map.entry("joint-controller", "joint controller"),
                            Map.entry("third-party", "third party"),
                            Map.entry("P0D", "not at all")));

    /** The order in which details are told. */
    private static final List<String> FACTS =
            List.of(
                    "/controller/name",
                    "/controller/contact",
                    "/call/line",
                    "/notice/version",
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

    static String of(SubjectExport export) {
        Words words = export.language().startsWith("de") ? GERMAN : ENGLISH;
        StringBuilder rows = new StringBuilder();
        for (Entry entry : export.entries()) {
            rows.append("<tr><td>")
                    .append(escape(time(entry.time(), words)))
                    .append("</td><td>")
                    .append(escape(words.types.getOrDefault(entry.type(), entry.type().text())))
                    .append("</td><td>")
                    .append(details(export, entry, words))
                    .append("</td></tr>\n");
        }
        String body =
                export.entries().isEmpty()
                        ? "<p>" + escape(words.none) + "</p>"
                        : "<table>\n<tr><th>"
                                + escape(words.when)
                                + "</th><th>"
                                + escape(words.what)
                                + "</th><th>"
                                + escape(words.details)
                                + "</th></tr>\n"
                                + rows
                                + "</table>";
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
        %s
        <p>%s</p>
        <p>%s</p>
        </body>
        </html>
        """
                .formatted(
                        words.locale.getLanguage(),
                        escape(words.title),
                        escape(words.title),
                        escape(words.intro),
                        escape(time(export.at(), words)),
                        body,
                        escape(words.source),
                        escape(words.rights));
    }

    private static String details(SubjectExport export, Entry entry, Words words) {
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
            holders.forEach(holder -> lines.add(escape(holder(holder, words))));
        }
        export.spoken(entry)
                .forEach((part, spoken) -> lines.add(fact("spoken", "„" + spoken + "“", words)));
        lines.add("<small>" + entry.id() + "</small>");
        return String.join("<br>", lines);
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isTextual() && value.asText().isEmpty();
    }

    private static String fact(String path, String value, Words words) {
        return escape(words.facts.getOrDefault(path, path)) + ": " + escape(value);
    }

    /** What becomes of the data for one purpose. */
    private static String processing(JsonNode one, Words words) {
        List<String> kinds = new ArrayList<>();
        one.path("data")
                .forEach(kind ->
                        kinds.add(
                                words.values.getOrDefault(
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
        return escape(named(one.path("purpose"), words))
                + " – "
                + fact("data", String.join(", ", kinds), words)
                + "; "
                + fact("kept", named(one.path("kept"), words), words)
                + "; "
                + fact("recipients", String.join("; ", who), words);
    }

    /** Who got data under a consent, and what became of telling them of its end. */
    private static String holder(JsonNode holder, Words words) {
        JsonNode told = holder.path("told");
        String by = told.path("acknowledged_by").asText();
        String end;
        if (told.isMissingNode()) {
            end = "";
        } else if (by.isEmpty()) {
            end = words.holders.untold();
        } else {
            end = words.holders.told().formatted(value(told.path("acknowledged_at"), words), by);
        }
        return words.holders
                        .given()
                        .formatted(
                                holder.path("name").asText(),
                                value(holder.path("first_given_at"), words),
                                value(holder.path("last_given_at"), words))
                + end;
    }

    private static String named(JsonNode value, Words words) {
        return words.values.getOrDefault(value.asText(), value.asText());
    }

    private static String value(JsonNode value, Words words) {
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

    private static String time(Instant time, Words words) {
        return DateTimeFormatter.ofPattern("d. MMMM uuuu, HH:mm:ss", words.locale)
                .withZone(ZONE)
                .format(time);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
