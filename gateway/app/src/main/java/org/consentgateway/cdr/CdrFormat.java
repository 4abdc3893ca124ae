package org.consentgateway.cdr;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Locale;

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
            return CsvLine.of(new ArrayList<>(cdr.fields().values()));
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

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
