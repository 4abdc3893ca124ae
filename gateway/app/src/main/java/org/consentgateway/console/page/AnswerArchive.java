package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.consentgateway.console.PageWords;

/** The answer to a request for access as one file: for the caller to read, and to check. */
final class AnswerArchive {
    private AnswerArchive() {}

    /**
     * @param answer as the API tells it
     * @param words of whoever sends it
     * @return a ZIP archive
     */
    static byte[] of(JsonNode answer, PageWords words) {
        var octets = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(octets, StandardCharsets.UTF_8)) {
            add(zip, "README.txt", readme(answer, words));
            add(zip, "export.html", answer.path("page").asText());
            add(zip, "export.json", answer.path("export").toPrettyString());
            for (Map.Entry<String, JsonNode> each : answer.path("receipts").properties()) {
                add(zip, "receipts/" + each.getKey() + ".json", each.getValue().toPrettyString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return octets.toByteArray();
    }

    /** For whoever sends it, who takes it out. */
    private static String readme(JsonNode answer, PageWords words) {
        StringBuilder text = new StringBuilder(words.of("answer.send")).append("\r\n");
        if (answer.path("shared_number").asBoolean()) {
            text.append(words.of("answer.shared")).append("\r\n");
        }
        int missing = answer.path("receipts_missing").asInt();
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
