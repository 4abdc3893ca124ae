package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.consentgateway.console.ApiRefused;
import org.consentgateway.console.PageWords;

/**
 * The answer to a request for access as one file: for the caller to read, and to check. Of a number
 * with very many entries the API tells one part after the other, and each is written on as it
 * comes.
 */
final class AnswerArchive {
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    /**
     * Before a part is asked for again, half a minute in all: the rate, or the store for a while.
     */
    private static final List<Duration> PAUSES =
            Stream.of(1, 2, 4, 8, 15).map(Duration::ofSeconds).toList();

    private AnswerArchive() {}

    /** What passes before a part is asked for again. */
    interface Pause {
        void of(Duration time);
    }

    /** The next part of an answer. */
    interface NextPart {
        /**
         * @param cursor as the part before says
         * @throws ApiRefused where there is none now
         */
        JsonNode behind(String cursor);
    }

    /**
     * As a ZIP archive. Where a part cannot be had any more, the archive says so.
     *
     * @param first part of the answer, as the API tells it
     * @param words of whoever sends it
     */
    static void write(JsonNode first, NextPart parts, PageWords words, Pause pause, OutputStream to)
            throws IOException {
        try (var zip = new ZipOutputStream(to, StandardCharsets.UTF_8)) {
            int missing = 0;
            int number = 0;
            JsonNode part = first;
            boolean whole = true;
            while (part != null) {
                number++;
                add(zip, part, number == 1 ? "" : "-" + number);
                missing += part.path("receipts_missing").asInt();
                String next = part.path("next_cursor").asText();
                part = null;
                if (!next.isEmpty()) {
                    try {
                        part = patiently(parts, next, pause);
                    } catch (ApiRefused e) {
                        whole = false;
                    }
                }
            }
            StringBuilder readme = new StringBuilder();
            if (!whole) {
                readme.append(words.of("answer.cut")).append("\r\n");
                add(zip, "INCOMPLETE.txt", words.of("answer.cut") + "\r\n");
            }
            readme.append(readme(first, number, missing, words));
            add(zip, "README.txt", readme.toString());
        }
    }

    /** What is refused for now is asked for again: else all parts before were fetched in vain. */
    private static JsonNode patiently(NextPart parts, String cursor, Pause pause) {
        for (Duration time : PAUSES) {
            try {
                return parts.behind(cursor);
            } catch (ApiRefused e) {
                if (e.status() != TOO_MANY && e.status() != UNAVAILABLE) {
                    throw e;
                }
            }
            pause.of(time);
        }
        return parts.behind(cursor);
    }

    private static void add(ZipOutputStream zip, JsonNode part, String suffix) throws IOException {
        add(zip, "export" + suffix + ".html", part.path("page").asText());
        add(zip, "export" + suffix + ".json", part.path("export").toPrettyString());
        for (Map.Entry<String, JsonNode> each : part.path("receipts").properties()) {
            add(zip, "receipts/" + each.getKey() + ".json", each.getValue().toPrettyString());
        }
    }

    /** For whoever sends it, who takes it out. */
    private static String readme(JsonNode answer, int parts, int missing, PageWords words) {
        StringBuilder text = new StringBuilder(words.of("answer.send")).append("\r\n");
        if (parts > 1) {
            text.append(words.of("answer.parts", parts)).append("\r\n");
        }
        if (answer.path("shared_number").asBoolean()) {
            text.append(words.of("answer.shared")).append("\r\n");
        }
        if (answer.path("call_records").asBoolean()) {
            text.append(words.of("answer.calls")).append("\r\n");
        }
        if (missing > 0) {
            text.append(words.of("answer.missing", missing)).append("\r\n");
        }
        return text.toString();
    }

    private static void add(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
