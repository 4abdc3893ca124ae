package org.consentgateway.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Immutable. Which series an expression of Prometheus asks for, and by which labels. */
final class PromQl {
    private static final Pattern TOKEN =
            Pattern.compile(
                    "\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|\\[[^\\]]*\\]"
                            + "|[0-9][0-9A-Za-z_.]*|[A-Za-z_:][A-Za-z0-9_:]*|[^\\s]");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_:][A-Za-z0-9_:]*");

    /** They stand before labels in brackets, and those are no series. */
    private static final Set<String> BEFORE_LABELS =
            Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    private final List<String> tokens = new ArrayList<>();
    private int at;

    /** What is asked for. */
    record Selector(String metric, Set<String> labels) {}

    private PromQl(String expression) {
        Matcher matcher = TOKEN.matcher(expression);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
    }

    static List<Selector> selectors(String expression) {
        return new PromQl(expression).read();
    }

    private List<Selector> read() {
        List<Selector> found = new ArrayList<>();
        while (at < tokens.size()) {
            String token = tokens.get(at++);
            if (BEFORE_LABELS.contains(token)) {
                skipTo(")");
            } else if (NAME.matcher(token).matches() && !WORDS.contains(token) && !isFunction()) {
                found.add(new Selector(token, labels()));
            }
        }
        return found;
    }

    /** Or an aggregation, whose labels may stand before its brackets. */
    private boolean isFunction() {
        return peek().equals("(") || BEFORE_LABELS.contains(peek());
    }

    private Set<String> labels() {
        Set<String> labels = new TreeSet<>();
        if (!peek().equals("{")) {
            return labels;
        }
        while (!tokens.get(at++).equals("}")) {
            if (NAME.matcher(tokens.get(at)).matches()) {
                labels.add(tokens.get(at));
            }
        }
        return labels;
    }

    private void skipTo(String end) {
        while (!tokens.get(at++).equals(end)) {
            // a label
        }
    }

    private String peek() {
        return at < tokens.size() ? tokens.get(at) : "";
    }
}
