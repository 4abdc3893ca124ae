package org.consentgateway.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.consentgateway.ledger.entry.Entry;

/**
 * Immutable. Where a reader of all logs has got to, in each of them: what another node writes
 * meanwhile has a place of its own and is never passed over.
 *
 * @param next origin of a log to the index that comes next
 */
record LogCursor(Map<String, Long> next) {
    /** Logs of a store. */
    private static final int MOST = 200;

    LogCursor {
        next = Map.copyOf(next);
    }

    /**
     * @param text empty for the beginning
     */
    static LogCursor parse(String text) {
        Map<String, Long> next = new TreeMap<>();
        if (text.isEmpty()) {
            return new LogCursor(next);
        }
        try {
            String lines = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            for (String line : lines.split("\n", MOST)) {
                if (!line.matches("[0-9]{1,18} [!-~]{1,200}")) {
                    throw new IllegalArgumentException("not one of ours");
                }
                int space = line.indexOf(' ');
                next.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
            }
        } catch (IllegalArgumentException e) {
            throw ApiProblem.of(
                    ApiProblem.Kind.MALFORMED, "cursor has to be a next_cursor of an earlier page");
        }
        return new LogCursor(next);
    }

    LogCursor behind(Entry entry) {
        Map<String, Long> more = new TreeMap<>(next);
        more.put(entry.log(), entry.index() + 1);
        return new LogCursor(more);
    }

    /** Empty for the beginning. */
    String text() {
        String lines =
                new TreeMap<>(next)
                        .entrySet().stream()
                                .map(each -> each.getValue() + " " + each.getKey())
                                .collect(Collectors.joining("\n"));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(lines.getBytes(StandardCharsets.UTF_8));
    }
}
