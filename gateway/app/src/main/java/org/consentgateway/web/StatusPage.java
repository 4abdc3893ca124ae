package org.consentgateway.web;

import static org.consentgateway.ledger.proof.HtmlText.escaped;

import java.net.URI;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Immutable. The page for people: one look says whether calls are taken, and how they go. */
final class StatusPage {
    static final String STYLE = JarText.of(StatusPage.class, "status.css");

    private static final String PAGE = JarText.of(StatusPage.class, "status.html");
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

    /** Percent of the picture's width. */
    private static final double FULL = 100;

    private static final String VERSION =
            Objects.requireNonNullElse(
                    StatusPage.class.getPackage().getImplementationVersion(), "(not packaged)");

    private final Status status;
    private final Diagnosis diagnosis;
    private final Links links;
    private final StatusWords words;

    /**
     * Where else people go from here.
     *
     * @param tried whether a browser can call from here
     * @param console where one is
     */
    record Links(boolean tried, Optional<URI> console) {}

    StatusPage(Status status, Diagnosis diagnosis, Links links, StatusWords words) {
        this.status = status;
        this.diagnosis = diagnosis;
        this.links = links;
        this.words = words;
    }

    String html() {
        return words.into(PAGE)
                .replace("{node}", escaped(status.node()))
                .replace("{version}", escaped(VERSION))
                .replace("{try}", links.tried() ? link("/try", "try") : "")
                .replace(
                        "{console}",
                        links.console().map(url -> link(url.toString(), "console")).orElse(""))
                .replace("{state}", Routes.word(status.state()))
                .replace("{headline}", words.of("headline.", Routes.word(status.calls())))
                .replace("{parts}", parts(status))
                .replace("{active}", Integer.toString(status.activeCalls()))
                .replace("{limit}", Integer.toString(status.callLimit()))
                .replace("{load}", percent(status.activeCalls(), status.callLimit()))
                .replace("{since}", CLOCK.format(status.countedSince()))
                .replace("{decisions}", decisions(status.decisionsToday()))
                .replace("{peers}", peers(diagnosis.peers()))
                .replace("{calls}", calls(diagnosis.lastCalls()));
    }

    /** Trunks, and those we dial. */
    private String peers(List<Diagnosis.Peer> peers) {
        return peers.stream()
                .map(peer ->
                        "<tr><th scope=\"row\">%s</th><td>%s</td><td><span class=\"%s\">%s</span></td><td>%s</td></tr>"
                                .formatted(
                                        escaped(peer.name()),
                                        escaped(words.of("kind.", peer.kind())),
                                        health(peer),
                                        escaped(words.of("health.", peer.health())),
                                        escaped(detail(peer))))
                .collect(Collectors.joining("\n"));
    }

    private static String health(Diagnosis.Peer peer) {
        return switch (peer.health()) {
            case "up" -> "ready";
            case "down" -> "down";
            default -> "unknown";
        };
    }

    private String detail(Diagnosis.Peer peer) {
        Diagnosis.Registration registration = peer.registration();
        if (registration != null && !registration.registered()) {
            return words.of("", "not-registered") + ", " + registration.status();
        }
        if (registration != null) {
            return words.of("", "registered");
        }
        String uri = peer.uri();
        return uri == null ? words.of("", "by-addresses") : uri;
    }

    private String calls(List<Diagnosis.PastCall> calls) {
        if (calls.isEmpty()) {
            return "<tr><td>" + words.of("", "no-calls") + "</td></tr>";
        }
        return calls.stream()
                .map(call ->
                        "<tr><th scope=\"row\"><a href=\"/calls/%s/trace\">%s</a></th><td>%s</td><td>%s</td><td>%.1f s</td></tr>"
                                .formatted(
                                        call.id(),
                                        TIME.format(call.ended()),
                                        escaped(call.line()),
                                        escaped(call.outcome()),
                                        call.seconds()))
                .collect(Collectors.joining("\n"));
    }

    private String link(String to, String word) {
        return "<p><a href=\"%s\">%s</a></p>".formatted(escaped(to), words.of("", word));
    }

    private String parts(Status status) {
        return status.parts().stream()
                .map(part ->
                        "<tr><th scope=\"row\">%s</th><td><span class=\"%s\">%s</span></td><td lang=\"en\">%s</td></tr>"
                                .formatted(
                                        escaped(part.name()),
                                        Routes.word(part.state()),
                                        words.of("state.", Routes.word(part.state())),
                                        escaped(part.detail())))
                .collect(Collectors.joining("\n"));
    }

    /** A bar per state; the largest one fills its place. No colour says that one is better. */
    private String decisions(Map<String, Long> counts) {
        long largest = counts.values().stream().mapToLong(Long::longValue).max().orElse(0);
        return counts.entrySet().stream()
                .map(entry ->
                        "<tr><th scope=\"row\">%s</th><td>%d</td><td class=\"bar\">%s</td></tr>"
                                .formatted(
                                        escaped(words.of("decision.", entry.getKey())),
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
}
