package org.consentgateway.testkit;

import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Thread-safe. An assistant behind a WebSocket in Twilio's dialect or Telnyx', that greets and
 * keeps what it is told. By the path of its URL it does one thing wrong.
 */
public final class MediaStreamBot implements SocketServer.Behaviour {
    public static final String GREETS = "/greets";

    /** 401. */
    public static final String UNAUTHORISED = "/unauthorised";

    /** 404. */
    public static final String ELSEWHERE = "/elsewhere";

    /** Never answers the upgrade. */
    public static final String HANGS = "/hangs";

    /** Takes the call and says nothing. */
    public static final String SILENT = "/silent";

    /** Hangs up at once. */
    public static final String HANGS_UP = "/hangs-up";

    /** Dies after its greeting. */
    public static final String DIES = "/dies";

    /** Greets, and then reads nothing more, not even pings. */
    public static final String NEVER_READS = "/never-reads";

    /** Sends ten minutes at once. */
    public static final String FLOODS = "/floods";

    /** Sends what is no JSON. */
    public static final String BABBLES = "/babbles";

    /** Greets, and fails (1011) when it is told that the consent has ended. */
    public static final String FAILS_AT_THE_END = "/fails-at-the-end";

    private static final int TEN_MINUTES = 60 * 10;

    private final byte[] greeting;

    /**
     * @param greeting in the law of the dialect
     */
    public MediaStreamBot(byte[] greeting) {
        this.greeting = greeting.clone();
    }

    @Override
    public String answers(String path, Map<String, String> headers) {
        return switch (path) {
            case UNAUTHORISED -> "401 Unauthorized";
            case ELSEWHERE -> "404 Not Found";
            case HANGS -> "";
            default -> "101";
        };
    }

    @Override
    public void text(SocketPeer peer, String message) throws IOException {
        if (peer.path().equals(FAILS_AT_THE_END) && message.contains("\"withdrawn\"")) {
            peer.close(1011);
        }
        if (!message.contains("\"event\":\"start\"")) {
            return;
        }
        switch (peer.path()) {
            case SILENT -> {}
            case HANGS_UP -> peer.close(1000);
            case BABBLES -> peer.send("hello");
            case FLOODS -> {
                byte[] second = new byte[8000];
                for (int i = 0; i < TEN_MINUTES; i++) {
                    peer.send(media(peer, second));
                }
            }
            default -> {
                peer.send(media(peer, greeting));
                peer.send(mark(peer, "greeting"));
                if (peer.path().equals(NEVER_READS)) {
                    peer.stopReading();
                }
            }
        }
    }

    public static String media(SocketPeer peer, byte[] octets) {
        return "{\"event\":\"media\",\"streamSid\":\"%s\",\"media\":{\"payload\":\"%s\"}}"
                .formatted(stream(peer), Base64.getEncoder().encodeToString(octets));
    }

    public static String mark(SocketPeer peer, String name) {
        return "{\"event\":\"mark\",\"streamSid\":\"%s\",\"mark\":{\"name\":\"%s\"}}"
                .formatted(stream(peer), name);
    }

    public static String clear(SocketPeer peer) {
        return "{\"event\":\"clear\",\"streamSid\":\"%s\"}".formatted(stream(peer));
    }

    private static String stream(SocketPeer peer) {
        return all(peer, "start")
                .map(start -> field(start.text(), "streamSid"))
                .findFirst()
                .orElse("");
    }

    /** All messages of one kind. */
    public static Stream<SocketPeer.Message> all(SocketPeer peer, String event) {
        return peer.messages().stream()
                .filter(message -> message.text().startsWith("{\"event\":\"" + event + "\""));
    }

    /** The kinds of messages in order, media once in a row. */
    public static List<String> events(SocketPeer peer) {
        String[] last = {""};
        return peer.messages().stream()
                .map(message -> field(message.text(), "event"))
                .filter(event -> {
                    boolean again = event.equals("media") && last[0].equals(event);
                    last[0] = event;
                    return !again;
                })
                .toList();
    }

    /** The first text field of that name; empty if there is none. */
    public static String field(String message, String name) {
        Matcher field = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(message);
        return field.find() ? field.group(1) : "";
    }

    public static byte[] payload(SocketPeer.Message media) {
        return Base64.getDecoder().decode(field(media.text(), "payload"));
    }

    /** When the last of them came. */
    public static Instant last(SocketPeer peer, String event) {
        return all(peer, event)
                .map(SocketPeer.Message::at)
                .reduce((_, later) -> later)
                .orElseThrow(() -> new AssertionError("no " + event + " came"));
    }
}
