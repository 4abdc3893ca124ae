package org.consentgateway.receipts;

import static org.consentgateway.ledger.proof.HtmlText.escaped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.LocalTimes;
import org.consentgateway.web.JarText;
import org.jspecify.annotations.Nullable;

/** Immutable. The page in one language: HTML without script, and nothing from elsewhere. */
final class ReceiptForms {
    private static final ReceiptForms GERMAN = new ReceiptForms("de");
    private static final ReceiptForms ENGLISH = new ReceiptForms("en");

    private final String language;
    private final Map<String, String> words;

    private ReceiptForms(String language) {
        this.language = language;
        try {
            this.words =
                    new ObjectMapper()
                            .readValue(
                                    JarText.of(ReceiptForms.class, "words_" + language + ".json"),
                                    new TypeReference<Map<String, String>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("words_" + language + ".json is no JSON", e);
        }
    }

    /**
     * @param chosen by the visitor
     * @param wished by the browser
     */
    static ReceiptForms in(@Nullable String chosen, @Nullable String wished) {
        String asked = chosen != null ? chosen : wished != null ? wished : "de";
        return asked.toLowerCase(Locale.ROOT).startsWith("de") ? GERMAN : ENGLISH;
    }

    String language() {
        return language;
    }

    Map<String, String> words() {
        return Map.copyOf(words);
    }

    private String say(String key) {
        return escaped(words.getOrDefault(key, key));
    }

    /**
     * @param trouble key of what is told before; empty for nothing
     */
    String form(String trouble) {
        String told =
                trouble.isEmpty() ? "" : "<p role=\"alert\"><b>" + say(trouble) + "</b></p>\n";
        return page(
                told
                        + """
                        <p>%s</p>
                        <form method="post" action="/?language=%s" autocomplete="off">
                        <p><label>%s<br>
                        <input name="number" inputmode="numeric" maxlength="12" required></label></p>
                        <p><label>%s<br>
                        <input name="code" maxlength="20" required></label></p>
                        <p><button>%s</button></p>
                        </form>
                        """
                                .formatted(
                                        say("intro"),
                                        language,
                                        say("number"),
                                        say("code"),
                                        say("show")));
    }

    /** What opens the page. */
    record Shown(String number, String code) {}

    /**
     * @param older how many stand before those that come next; 0 where these are the last
     */
    String list(Shown shown, List<Entry> entries, int older) {
        StringBuilder rows = new StringBuilder();
        for (Entry entry : entries) {
            rows.append("<tr><td>").append(escaped(time(entry))).append("</td><td>");
            rows.append(say(entry.type().text())).append("</td><td>");
            rows.append(button(shown, entry, "html", "read"));
            rows.append(button(shown, entry, "json", "save")).append("</td></tr>\n");
        }
        return page(
                entries.isEmpty() && older == 0
                        ? "<p>" + say("none") + "</p>\n"
                        : "<p>"
                                + say("found")
                                + "</p>\n<table>\n"
                                + rows
                                + "</table>\n"
                                + (older == 0 ? "" : more(shown, older)));
    }

    private String more(Shown shown, int older) {
        return """
        <p>%s</p>
        <form method="post" action="/?language=%s">
        <input type="hidden" name="number" value="%s"><input type="hidden" name="code" value="%s">
        <input type="hidden" name="from" value="%d">
        <button>%s</button></form>
        """
                .formatted(
                        say("more"),
                        language,
                        escaped(shown.number),
                        escaped(shown.code),
                        older,
                        say("older"));
    }

    /** A form, not a link: neither number nor code shall stand in an address. */
    private String button(Shown shown, Entry entry, String as, String label) {
        return """
        <form method="post" action="/?language=%s" target="_blank">
        <input type="hidden" name="number" value="%s"><input type="hidden" name="code" value="%s">
        <input type="hidden" name="id" value="%s"><input type="hidden" name="as" value="%s">
        <button>%s</button></form>
        """
                .formatted(
                        language,
                        escaped(shown.number),
                        escaped(shown.code),
                        entry.id(),
                        as,
                        say(label));
    }

    private String time(Entry entry) {
        String which = LocalTimes.whichOfTwo(entry.time());
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                        .withLocale(language.equals("de") ? Locale.GERMANY : Locale.UK)
                        .withZone(LocalTimes.ZONE)
                        .format(entry.time())
                + (which.isEmpty() ? "" : " (" + which + ")");
    }

    private String page(String body) {
        String other = language.equals("de") ? "en" : "de";
        return """
        <!DOCTYPE html>
        <html lang="%s">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>%s</title>
        <style>
        body { font: 1rem/1.5 sans-serif; max-width: 40em; margin: 2em auto; padding: 0 1em }
        input, button { font: inherit; padding: .3em } table form { display: inline }
        td { padding: .4em .8em .4em 0; vertical-align: top }
        </style>
        </head>
        <body>
        <p><a href="/?language=%s" lang="%s" hreflang="%s">%s</a></p>
        <h1>%s</h1>
        %s</body>
        </html>
        """
                .formatted(
                        language,
                        say("title"),
                        other,
                        other,
                        other,
                        say("other"),
                        say("title"),
                        body);
    }
}
