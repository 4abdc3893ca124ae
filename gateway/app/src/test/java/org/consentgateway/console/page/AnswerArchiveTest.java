package org.consentgateway.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.consentgateway.console.ApiRefused;
import org.consentgateway.console.PageWords;
import org.junit.jupiter.api.Test;

/** Of a number with very many entries the answer has several parts: all of them, or it says so. */
class AnswerArchiveTest {
    private static final PageWords WORDS = PageWords.in("en");

    private static ObjectNode part(int number, String next) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        part.putObject("export").put("part", number);
        part.put("page", "<p>" + number);
        part.putObject("receipts").putObject("of-" + number);
        part.put("receipts_missing", 2).put("shared_number", true);
        part.put("call_records", true);
        return next.isEmpty() ? part : part.put("next_cursor", next);
    }

    private final List<Duration> paused = new ArrayList<>();

    private Map<String, String> files(JsonNode first, AnswerArchive.NextPart parts)
            throws IOException {
        var octets = new ByteArrayOutputStream();
        AnswerArchive.write(first, parts, WORDS, paused::add, octets);
        Map<String, String> files = new LinkedHashMap<>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(octets.toByteArray()))) {
            for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                files.put(file.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    @Test
    void eachPartIsAFileAndWhoSendsItIsToldHowManyThereAre() throws Exception {
        Map<String, String> files =
                files(
                        part(1, "second"),
                        cursor -> cursor.equals("second") ? part(2, "third") : part(3, ""));

        assertThat(files)
                .containsOnlyKeys(
                        "export.html",
                        "export.json",
                        "receipts/of-1.json",
                        "export-2.html",
                        "export-2.json",
                        "receipts/of-2.json",
                        "export-3.html",
                        "export-3.json",
                        "receipts/of-3.json",
                        "README.txt")
                .containsEntry("export-2.html", "<p>2");
        assertThat(files.get("README.txt"))
                .contains(
                        "3 parts",
                        "different people",
                        "Call detail records",
                        "Receipts still missing: 6");
    }

    @Test
    void whatIsWholeInOnePartSaysNothingOfParts() throws Exception {
        Map<String, String> files = files(part(1, ""), _ -> part(2, ""));

        assertThat(files)
                .containsOnlyKeys("export.html", "export.json", "receipts/of-1.json", "README.txt");
        assertThat(files.get("README.txt")).doesNotContain("parts", "not complete");
    }

    @Test
    void whatCouldNotBeFetchedToItsEndSaysSo() throws Exception {
        Map<String, String> files =
                files(
                        part(1, "second"),
                        _ -> {
                            throw new ApiRefused(503, "");
                        });

        assertThat(files.get("README.txt")).startsWith("CAUTION: this answer is not complete.");
        assertThat(files).containsKey("INCOMPLETE.txt");
    }

    @Test
    void whatIsRefusedForNowIsAskedForAgain() throws Exception {
        for (int status : new int[] {429, 503}) {
            paused.clear();
            var refused = new AtomicInteger();
            Map<String, String> files =
                    files(
                            part(1, "second"),
                            _ -> {
                                if (refused.incrementAndGet() <= 3) {
                                    throw new ApiRefused(status, "");
                                }
                                return part(2, "");
                            });
            assertThat(files)
                    .as("after %d", status)
                    .containsKey("export-2.json")
                    .doesNotContainKey("INCOMPLETE.txt");
            assertThat(paused).hasSize(3).isSorted();
        }
    }

    @Test
    void whatIsRefusedForGoodIsNotAskedForAgain() throws Exception {
        Map<String, String> files =
                files(
                        part(1, "second"),
                        _ -> {
                            throw new ApiRefused(404, "");
                        });
        assertThat(files).containsKey("INCOMPLETE.txt");
        assertThat(paused).isEmpty();
    }
}
