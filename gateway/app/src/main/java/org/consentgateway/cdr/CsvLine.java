package org.consentgateway.cdr;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Immutable. A line of a table (RFC 4180), without its end. */
public final class CsvLine {
    private CsvLine() {}

    /**
     * @param cells null where there is nothing
     */
    public static String of(List<? extends @Nullable Object> cells) {
        return cells.stream().map(CsvLine::cell).collect(Collectors.joining(","));
    }

    /** A spreadsheet must not take a value for a formula, nor must a name end the cell. */
    private static String cell(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        if (!(value instanceof Number) && text.matches("[=+@\t-].*")) {
            text = "'" + text;
        }
        return text.matches("(?s).*[\",\r\n].*") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }
}
