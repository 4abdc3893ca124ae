package org.consentgateway.ledger.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.Period;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.consentgateway.ledger.entry.LocalTimes;

/**
 * Immutable. What receipts say to people, in German or English: in the module, not in the
 * configuration, for the auditor's program has none and says the same.
 */
final class ReceiptWords {
    static final String USUAL = "en";
    private static final List<String> LANGUAGES = List.of("de", USUAL);

    private static final JsonMapper JSON = new JsonMapper();

    private final String language;
    private final JsonNode words;
    private final DateTimeFormatter times;

    private ReceiptWords(String language, JsonNode words) {
        this.language = language;
        this.words = words;
        // The zone is named as its place: abbreviations differ between versions of Java.
        String pattern = language.equals("de") ? "d. MMMM uuuu, HH:mm:ss" : "d MMMM uuuu, HH:mm:ss";
        times = DateTimeFormatter.ofPattern(pattern, Locale.of(language)).withZone(LocalTimes.ZONE);
    }

    /** English where there are none in the language. */
    static ReceiptWords in(String language) {
        String known = LANGUAGES.contains(language) ? language : USUAL;
        try (InputStream in =
                ReceiptWords.class.getResourceAsStream("receipt-" + known + ".json")) {
            return new ReceiptWords(known, JSON.readTree(Objects.requireNonNull(in, known)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In which the caller of a receipt was spoken to, where we have words for it. */
    static String languageOf(JsonNode receipt) {
        String spoken = receipt.at("/payload/notice/language").asText();
        String code = spoken.substring(0, Math.min(2, spoken.length()));
        return LANGUAGES.contains(code) ? code : USUAL;
    }

    String language() {
        return language;
    }

    boolean has(String what) {
        return words.has(what);
    }

    /** On one line, whatever the values hold. */
    String say(String what, Object... values) {
        return String.format(Locale.ROOT, words.path(what).asText(what), values)
                .replaceAll("\\p{Cntrl}", " ");
    }

    /** Of a kind of things, such as "purpose"; what has no words here is called by its id. */
    String named(String kind, String id) {
        return words.path(kind + "-" + id).asText(id);
    }

    /** As it stands where it is none of ISO 8601. */
    String period(String iso8601) {
        try {
            Period period = Period.parse(iso8601);
            List<String> parts = new ArrayList<>();
            many(parts, "year", period.getYears());
            many(parts, "month", period.getMonths());
            many(parts, "day", period.getDays());
            return parts.isEmpty() ? iso8601 : String.join(", ", parts);
        } catch (DateTimeException e) {
            return iso8601;
        }
    }

    private void many(List<String> parts, String unit, int many) {
        if (many != 0) {
            parts.add(many == 1 ? say(unit) : say(unit + "s", many));
        }
    }

    /** Local time of Berlin; as it stands where it is no time. */
    String time(String rfc3339) {
        try {
            Instant time = Instant.parse(rfc3339);
            String which = LocalTimes.whichOfTwo(time);
            return times.format(time)
                    + (which.isEmpty() ? " (Berlin)" : " (Berlin, " + which + ")");
        } catch (DateTimeException e) {
            return rfc3339;
        }
    }
}
