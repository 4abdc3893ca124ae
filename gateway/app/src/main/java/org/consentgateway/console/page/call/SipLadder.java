package org.consentgateway.console.page.call;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.consentgateway.console.PageWords;
import org.consentgateway.picture.LadderPicture;

/**
 * Immutable. The SIP messages of a call, as a picture and as a table.
 *
 * @param picture SVG; empty where there are no messages, or too many sides for a picture
 */
public record SipLadder(String picture, List<Row> messages) {
    /** The caller's, ours, and three that were dialled. */
    private static final int MOST_SIDES = 5;

    private static final int MOST_MESSAGES = 80;

    /**
     * @param at since the first one
     */
    public record Row(String at, String from, String to, String message) {}

    static SipLadder of(JsonNode messages, PageWords words) {
        TreeMap<Integer, String> peers = new TreeMap<>();
        for (JsonNode each : messages) {
            peers.putIfAbsent(each.path("leg").asInt(), each.path("peer").asText());
        }
        List<Integer> legs = List.copyOf(peers.keySet());
        List<String> sides = new ArrayList<>();
        for (int i = 0; i < legs.size(); i++) {
            sides.add(i == 0 ? words.of("call.caller-side") : words.of("call.dialled", i));
        }
        if (!sides.isEmpty()) {
            sides.add(1, words.of("call.gateway"));
        }
        List<Row> rows = new ArrayList<>();
        List<LadderPicture.Arrow> arrows = new ArrayList<>();
        for (JsonNode each : messages) {
            int leg = legs.indexOf(each.path("leg").asInt());
            int side = leg == 0 ? 0 : leg + 1;
            boolean sent = each.path("sent").asBoolean();
            String at = since(messages.get(0), each);
            String peer = sides.get(side) + " (" + each.path("peer").asText() + ")";
            String message = each.path("message").asText();
            arrows.add(new LadderPicture.Arrow(at, sent ? 1 : side, sent ? side : 1, message));
            String ours = sides.get(1);
            rows.add(new Row(at, sent ? ours : peer, sent ? peer : ours, message));
        }
        boolean drawn =
                !rows.isEmpty() && sides.size() <= MOST_SIDES && rows.size() <= MOST_MESSAGES;
        return new SipLadder(
                drawn
                        ? LadderPicture.of(
                                words.of("call.ladder"),
                                words.of("call.ladder-picture"),
                                sides,
                                arrows)
                        : "",
                List.copyOf(rows));
    }

    private static String since(JsonNode first, JsonNode each) {
        Duration since =
                Duration.between(
                        Instant.parse(first.path("at").asText()),
                        Instant.parse(each.path("at").asText()));
        return String.format(
                Locale.ROOT,
                "%d:%02d.%03d",
                since.toMinutes(),
                since.toSecondsPart(),
                since.toMillisPart());
    }
}
