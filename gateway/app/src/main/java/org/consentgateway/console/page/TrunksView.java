package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.PageWords;
import org.consentgateway.console.Visit;

/**
 * Immutable. What the page Trunks shows.
 *
 * @param mayProbe whether the role of whoever looks asks them
 */
public record TrunksView(
        String token,
        boolean mayProbe,
        List<Group> groups,
        QualityView quality,
        List<Certificate> certificates,
        String once) {

    /** Trunks, assistants or humans. */
    public record Group(String id, String name, List<Peer> peers) {}

    /**
     * @param state for its sign
     * @param health that state in words
     * @param registration empty where there is none
     * @param calls under way, came and dialled, in words
     */
    public record Peer(
            String name,
            String uri,
            String state,
            String health,
            String registration,
            String heard,
            List<Server> servers,
            String calls) {}

    /** A server with its last answer to OPTIONS. */
    public record Server(String address, String state, String health, String answer) {}

    public record Certificate(String subject, String use, String ends, String state, String file) {}

    /** A month is enough to order one. */
    private static final int NEAR = 30;

    /** Who asks twice in so many seconds asks once. */
    private static final int AT_ONCE = 10;

    /**
     * @param now names the forms, so that a page that is kept up to date stays the same for a while
     */
    static TrunksView of(JsonNode json, Visit visit, Instant now) {
        return of(
                json,
                visit.words(),
                new Probing(
                        visit.session().formToken(),
                        visit.session().user().role().scopes().contains(ApiScope.OPERATION_PROBE),
                        "probe-" + now.getEpochSecond() / AT_ONCE));
    }

    /** What a probe takes. */
    record Probing(String token, boolean may, String once) {}

    static TrunksView of(JsonNode json, PageWords words, Probing asking) {
        List<Group> groups = new ArrayList<>();
        for (String kind : List.of("trunk", "assistant", "human")) {
            List<Peer> peers = new ArrayList<>();
            for (JsonNode each : json.path("peers")) {
                if (each.path("kind").asText().equals(kind)) {
                    peers.add(peer(each, words));
                }
            }
            groups.add(new Group(kind, words.of("trunks." + kind), List.copyOf(peers)));
        }
        List<Certificate> certificates = new ArrayList<>();
        json.path("certificates").forEach(each -> certificates.add(certificate(each, words)));
        return new TrunksView(
                asking.token(),
                asking.may(),
                List.copyOf(groups),
                QualityView.of(json.path("peers"), words),
                List.copyOf(certificates),
                asking.once());
    }

    private static Peer peer(JsonNode json, PageWords words) {
        List<Server> servers = new ArrayList<>();
        for (JsonNode each : json.path("servers")) {
            servers.add(
                    new Server(
                            each.path("address").asText(),
                            state(each.path("health").asText()),
                            words.named("health", each.path("health").asText()),
                            answer(each, words)));
        }
        String health = json.path("health").asText();
        return new Peer(
                json.path("name").asText(),
                json.path("uri").asText(),
                state(health),
                words.named("health", health),
                registration(json.path("registration"), words),
                moment(json.path("heard").asText(), words),
                List.copyOf(servers),
                calls(json, words));
    }

    private static String state(String health) {
        return switch (health) {
            case "up" -> "ready";
            case "down" -> "down";
            default -> "unknown";
        };
    }

    private static String answer(JsonNode server, PageWords words) {
        int status = server.path("status").asInt();
        if (status == 0) {
            return words.of("trunks.not-asked");
        }
        return server.has("round_trip_ms")
                ? words.of(
                        "trunks.answered",
                        status,
                        words.number(Math.round(server.path("round_trip_ms").asDouble())))
                : words.of("trunks.status", status);
    }

    private static String registration(JsonNode json, PageWords words) {
        if (!json.isObject()) {
            return "";
        }
        return json.path("registered").asBoolean()
                ? words.of("trunks.registered")
                : words.of("trunks.not-registered", json.path("status").asInt());
    }

    private static String calls(JsonNode json, PageWords words) {
        long came = sum(json.at("/came/answers"));
        long rejected = sum(json.at("/came/rejected"));
        long dialled = sum(json.at("/dialled/answers"));
        List<String> parts = new ArrayList<>();
        if (json.has("calls_now")) {
            parts.add(words.of("trunks.now", words.number(json.path("calls_now").asLong())));
            parts.add(words.of("trunks.came", words.number(came), words.number(rejected)));
        }
        if (dialled > 0) {
            parts.add(words.of("trunks.dialled", words.number(dialled)));
        }
        return String.join(" · ", parts);
    }

    private static long sum(JsonNode counts) {
        long sum = 0;
        for (JsonNode each : counts) {
            sum += each.asLong();
        }
        return sum;
    }

    private static Certificate certificate(JsonNode json, PageWords words) {
        long left = json.path("days_left").asLong();
        return new Certificate(
                json.path("subject").asText(),
                words.of(json.path("ours").asBoolean() ? "trunks.ours" : "trunks.believed"),
                words.day(Instant.parse(json.path("ends").asText()))
                        + (left < 0 ? "" : " (" + words.of("requests.days-left", left) + ")"),
                left < 0 ? "down" : left < NEAR ? "limited" : "ready",
                json.path("file").asText());
    }

    private static String moment(String text, PageWords words) {
        try {
            return words.moment(Instant.parse(text));
        } catch (DateTimeException e) {
            return "";
        }
    }
}
