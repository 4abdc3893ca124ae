package org.consentgateway.web;

import static org.consentgateway.ledger.proof.HtmlText.escaped;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Immutable. The page for people: one look says whether calls are taken, and how they go. */
final class StatusPage {
    static final String STYLE = JarText.of(StatusPage.class, "status.css");

    private static final String PAGE = JarText.of(StatusPage.class, "status.html");
    private static final String TRY = "<p><a href=\"/try\">Try a call from this browser</a></p>";
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
    private final boolean tried;

    /**
     * @param tried whether a browser can call from here
     */
    StatusPage(Status status, Diagnosis diagnosis, boolean tried) {
        this.status = status;
        this.diagnosis = diagnosis;
        this.tried = tried;
    }

    String html() {
        return PAGE.replace("{node}", escaped(status.node()))
                .replace("{version}", escaped(VERSION))
                .replace("{try}", tried ? TRY : "")
                .replace("{state}", Routes.word(status.state()))
                .replace("{headline}", headline(status.state()))
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
    private static String peers(List<Diagnosis.Peer> peers) {
        return peers.stream()
                .map(peer ->
                        "<tr><th scope=\"row\">%s</th><td>%s</td><td><span class=\"%s\">%s</span></td><td>%s</td></tr>"
                                .formatted(
                                        escaped(peer.name()),
                                        escaped(peer.kind()),
                                        health(peer),
                                        escaped(peer.health()),
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

    private static String detail(Diagnosis.Peer peer) {
        Diagnosis.Registration registration = peer.registration();
        if (registration != null && !registration.registered()) {
            return "not registered, " + registration.status();
        }
        if (registration != null) {
            return "registered";
        }
        String uri = peer.uri();
        return uri == null ? "by its addresses" : uri;
    }

    private static String calls(List<Diagnosis.PastCall> calls) {
        if (calls.isEmpty()) {
            return "<tr><td>None since the start</td></tr>";
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
}
