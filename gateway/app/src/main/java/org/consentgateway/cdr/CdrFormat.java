package org.consentgateway.cdr;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a record is written: one line each, without the end of the line. */
public enum CdrFormat {
    /** JSON lines. */
    JSON("jsonl", "") {
        @Override
        String line(CallDetailRecord cdr) {
            ObjectNode json = MAPPER.createObjectNode();
            cdr.fields()
                    .forEach((name, value) -> {
                        switch (value) {
                            case null -> json.putNull(name);
                            case BigDecimal number -> json.put(name, number);
                            case Boolean truth -> json.put(name, truth);
                            default -> json.put(name, value.toString());
                        }
                    });
            return json.toString();
        }
    },

    /** RFC 4180, with the names of the columns in the first line. */
    CSV("csv", String.join(",", CallDetailRecord.COLUMNS)) {
        @Override
        String line(CallDetailRecord cdr) {
            List<String> cells = new ArrayList<>();
            cdr.fields().values().forEach(value -> cells.add(cell(value)));
            return String.join(",", cells);
        }
    };

    private static final JsonMapper MAPPER = new JsonMapper();

    /** Of a file's name. */
    final String ending;

    /** The first line of each file; empty: none. */
    final String head;

    CdrFormat(String ending, String head) {
        this.ending = ending;
        this.head = head;
    }

    abstract String line(CallDetailRecord cdr);

    /** A spreadsheet must not take a value for a formula, nor must a name end the cell. */
    private static String cell(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        if (!(value instanceof BigDecimal) && text.matches("[=+@\t-].*")) {
            text = "'" + text;
        }
        return text.matches("(?s).*[\",\r\n].*") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
