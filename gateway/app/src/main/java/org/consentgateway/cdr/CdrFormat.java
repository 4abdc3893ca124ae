package org.consentgateway.cdr;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How a record is written: one line each, without the end of the line. */
public enum CdrFormat {
    /** JSON lines. */
    JSON(
            "jsonl",
            "",
            "(.*?\"call_id\":\"([^\"]*)\".*?\"caller_pseudonym\":)\"([^\"]+)\"(.*)",
            "null") {
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
    CSV("csv", String.join(",", CallDetailRecord.COLUMNS), row(), "") {
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

    /** What is before a pseudonym and in it the id of the call; the pseudonym; what follows it. */
    private final Pattern named;

    /** In place of a pseudonym. */
    private final String nobody;

    CdrFormat(String ending, String head, String named, String nobody) {
        this.ending = ending;
        this.head = head;
        this.named = Pattern.compile(named, Pattern.DOTALL);
        this.nobody = nobody;
    }

    private static String row() {
        String cell = "(?:\"(?:[^\"]|\"\")*+\"|[^,\"]*+)";
        int call = CallDetailRecord.COLUMNS.indexOf("call_id");
        int pseudonym = CallDetailRecord.COLUMNS.indexOf("caller_pseudonym");
        return "((?:%1$s,){%2$d}(%1$s)(?:,%1$s){%3$d},)([^,\"]+)(,.*)"
                .formatted(cell, call, pseudonym - call - 1);
    }

    /** That of a file, by its name; empty where it is none of call detail records. */
    static Optional<CdrFormat> of(Path file) {
        return named(".+", file);
    }

    /** The same of those of one node. */
    static Optional<CdrFormat> of(Path file, String node) {
        return named(Pattern.quote(node), file);
    }

    private static Optional<CdrFormat> named(String node, Path file) {
        String name = file.getFileName().toString();
        return Stream.of(values())
                .filter(each -> RotatedFiles.names(node, each.ending).matcher(name).matches())
                .findFirst();
    }

    /** Whom a line names; nobody where it is torn before that, or the head. */
    Optional<NamedCall> named(String line) {
        Matcher found = named.matcher(line);
        return !line.equals(head) && found.matches()
                ? Optional.of(new NamedCall(found.group(2), found.group(3)))
                : Optional.empty();
    }

    /** A line that names somebody, and does so no more. */
    String withoutName(String line) {
        Matcher found = named.matcher(line);
        return found.matches() ? found.group(1) + nobody + found.group(4) : line;
    }

    abstract String line(CallDetailRecord cdr);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
