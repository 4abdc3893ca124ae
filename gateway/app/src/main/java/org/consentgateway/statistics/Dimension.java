package org.consentgateway.statistics;

import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Immutable. By what callers are told apart. */
enum Dimension {
    ALL("All calls", _ -> "all"),
    LINE("By line", Cell::line),
    LANGUAGE("By language", Cell::language),
    VERSION("By version of the text", cell -> joined(cell.notice(), cell.version())),
    VARIANT("By variant of the text", cell -> joined(cell.notice(), cell.variant())),
    WORDING(
            "By line and wording",
            cell ->
                    joined(
                            cell.line(),
                            cell.notice(),
                            cell.version(),
                            cell.language(),
                            cell.variant()));

    private static final String UNKNOWN = "(hung up before)";

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Function<Cell, String> group;

    Dimension(String title, Function<Cell, String> group) {
        this.title = title;
        this.group = group;
    }

    String title() {
        return title;
    }

    /** Which group a caller is in. */
    String group(Cell cell) {
        String text = group.apply(cell);
        return text.isEmpty() ? UNKNOWN : text;
    }

    private static String joined(String... parts) {
        return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining(" "));
    }
}
