package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SubjectTableTest {
    private static final Pattern CELL = Pattern.compile("\"((?:[^\"]|\"\")*)\"(,|\r\n)");

    private static SubjectPart export(@Nullable ObjectNode payload) {
        Entry entry =
                new Entry(
                        "example.com/log/node-1",
                        3,
                        new UUID(1, 2),
                        EntryType.GIVEN,
                        Records.START,
                        "ab".repeat(32),
                        payload);
        return new SubjectPart(
                new SubjectPart.Whole(Records.START, "de", 1, false, null),
                0,
                1,
                Optional.empty(),
                List.of(entry),
                Map.of(),
                Map.of());
    }

    private static String table(SubjectPart part) {
        return SubjectTable.head() + SubjectTable.lines(part);
    }

    /** As RFC 4180 has it; nothing may stand between the cells. */
    private static List<List<String>> read(String table) {
        List<List<String>> lines = new ArrayList<>(List.of(new ArrayList<>()));
        Matcher cells = CELL.matcher(table);
        int at = 0;
        while (cells.find()) {
            assertThat(cells.start()).isEqualTo(at);
            at = cells.end();
            lines.getLast().add(cells.group(1).replace("\"\"", "\""));
            if (cells.group(2).equals("\r\n")) {
                lines.add(new ArrayList<>());
            }
        }
        assertThat(at).isEqualTo(table.length());
        lines.removeLast();
        return lines;
    }

    @Test
    void whateverARecordSaysIsOneCellAndNoFormula() {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.putObject("call").put("line", "=HYPERLINK(\"http://x\";\"y\")");
        payload.putObject("decision")
                .put("words", "ja,\r\n\"gern\"")
                .put("level", "\t-1")
                .putArray("purposes")
                .add("assistant")
                .add("recording");
        List<List<String>> lines = read(table(export(payload)));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).hasSameSizeAs(lines.getFirst());
        assertThat(cell(lines, "line")).isEqualTo("'=HYPERLINK(\"http://x\";\"y\")");
        assertThat(cell(lines, "level")).startsWith("'\t");
        assertThat(cell(lines, "words")).isEqualTo("ja,\r\n\"gern\"");
        assertThat(cell(lines, "purposes")).isEqualTo("assistant recording");
        assertThat(cell(lines, "record")).as("all there is").isEqualTo(payload.toString());
        assertThat(cell(lines, "id")).isEqualTo(new UUID(1, 2).toString());
    }

    @Test
    void ofAnErasedRecordThereIsThatItWas() {
        List<List<String>> lines = read(table(export(null)));
        assertThat(cell(lines, "type")).isEqualTo("Given");
        assertThat(cell(lines, "record")).isEmpty();
    }

    private static String cell(List<List<String>> lines, String column) {
        return lines.get(1).get(lines.getFirst().indexOf(column));
    }
}
