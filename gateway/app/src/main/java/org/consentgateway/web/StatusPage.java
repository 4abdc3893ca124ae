package org.consentgateway.web;

import static org.consentgateway.ledger.HtmlText.escaped;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.stream.Collectors;

/** Immutable. The page for people: one look says whether calls are taken, and how they go. */
final class StatusPage {
    static final String STYLE = resource("status.css");

    private static final String PAGE = resource("status.html");
    private static final String TRY = "<p><a href=\"/try\">Try a call from this browser</a></p>";
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    /** Percent of the picture's width. */
    private static final double FULL = 100;

    private StatusPage() {}

    /**
     * @param tried whether a browser can call from here
     */
    static String of(Status status, boolean tried) {
        return PAGE.replace("{node}", escaped(status.node()))
                .replace("{try}", tried ? TRY : "")
                .replace("{state}", Routes.word(status.state()))
                .replace("{headline}", headline(status.state()))
                .replace("{parts}", parts(status))
                .replace("{active}", Integer.toString(status.activeCalls()))
                .replace("{limit}", Integer.toString(status.callLimit()))
                .replace("{load}", percent(status.activeCalls(), status.callLimit()))
                .replace("{since}", CLOCK.format(status.countedSince()))
                .replace("{decisions}", decisions(status.decisionsToday()));
    }

    private static String headline(Status.State state) {
        return switch (state) {
            case READY -> "Calls are taken";
            case LIMITED -> "Calls are taken, with limits";
            case DOWN -> "No calls are taken";
        };
    }

    private static String parts(Status status) {
        return status.parts().stream()
                .map(part ->
                        "<tr><th scope=\"row\">%s</th><td><span class=\"%s\">%2$s</span></td><td>%s</td></tr>"
                                .formatted(
                                        escaped(part.name()),
                                        Routes.word(part.state()),
                                        escaped(part.detail())))
                .collect(Collectors.joining("\n"));
    }

    /** A bar per state; the largest one fills its place. No colour says that one is better. */
    private static String decisions(Map<String, Long> counts) {
        long largest = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return counts.entrySet().stream()
                .map(entry ->
                        "<tr><th scope=\"row\">%s</th><td>%d</td><td class=\"bar\">%s</td></tr>"
                                .formatted(
                                        escaped(entry.getKey()),
                                        entry.getValue(),
                                        bar(entry.getValue(), largest)))
                .collect(Collectors.joining("\n"));
    }

    private static String bar(long count, long largest) {
        return "<svg aria-hidden=\"true\"><rect width=\"%s%%\" height=\"100%%\"/></svg>"
                .formatted(percent(count, largest));
    }

    private static String percent(long part, long all) {
        return all == 0 ? "0" : Long.toString(Math.round(FULL * part / all));
    }

    static String resource(String name) {
        try (InputStream in = StatusPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read from the jar", e);
        }
    }
}
