package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** One call as short as it can be, over a connection that others share. Confined to one thread. */
final class RawCall {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Connection connection;
    private final Target target;
    private final String name =
            Long.toString(System.nanoTime(), 36) + "-" + COUNT.incrementAndGet();
    private String last = "";
    private String toTag = "";
    private int media;
    private int sequence = 1;

    /** Octets sent, with the headers of UDP and IP. */
    private long sent;

    private int lastOctets;

    RawCall(Connection connection, Target target) {
        this.connection = connection;
        this.target = target;
    }

    private String request(String method, String body) {
        return request(method, sequence, "", body.isEmpty() ? "" : "application/sdp", body);
    }

    private String request(String method, int number, String more, String type, String body) {
        String transport = connection.transport();
        String from = Ip.host(target.from());
        String here = from + ":" + connection.port();
        String uri = "sip:" + target.line() + "@" + target.host();
        String to = "<" + uri + ">" + (toTag.isEmpty() ? "" : ";tag=" + toTag);
        String branch = "z9hG4bK" + name + method + sequence;
        return (method + " " + uri + " SIP/2.0\r\n")
                + ("Via: SIP/2.0/" + transport + " " + here + ";branch=" + branch)
                + ("\r\n" + more + "Max-Forwards: 70\r\n")
                + ("From: <sip:a@" + from + ">;tag=" + name + "\r\n")
                + ("To: " + to + "\r\nCall-ID: " + name + "\r\n")
                + ("CSeq: " + number + " " + method + "\r\n")
                + contact(here)
                + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
                + ("Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private String contact(String here) {
        String by =
                connection.transport().equals("UDP")
                        ? ""
                        : ";transport=" + connection.transport().toLowerCase(Locale.ROOT);
        return "Contact: <sip:a@" + here + by + ">\r\n";
    }

    private void send(String text) throws IOException {
        last = text;
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        connection.send(octets);
        sent += octets.length + target.headers();
        lastOctets = octets.length;
    }

    void invites(String sdp) throws IOException {
        send(request("INVITE", sdp));
    }

    /**
     * The same.
     *
     * @param more headers, each with its line's end
     */
    void invites(String sdp, String more) throws IOException {
        send(request("INVITE", sequence, more, "application/sdp", sdp));
    }

    void cancels() throws IOException {
        send(
                request("CANCEL", "")
                        .replace("z9hG4bK" + name + "CANCEL", "z9hG4bK" + name + "INVITE"));
    }

    /**
     * Anything that belongs to no call.
     *
     * @param method a number is the status of a response
     * @param more headers, each with its line's end
     */
    void asks(String method, String more) throws IOException {
        boolean response = Character.isDigit(method.charAt(0));
        String text = request(response ? "INVITE" : method, sequence, more, "", "");
        send(response ? "SIP/2.0 " + method + " OK" + text.substring(text.indexOf("\r\n")) : text);
    }

    /**
     * A request within this call, each in a transaction of its own. A BYE is out of order (RFC 3261
     * §12.2.2), so that it ends nothing.
     *
     * @param more headers, each with its line's end
     * @param type of the body
     */
    void asksWithin(String method, String more, String type, String body) throws IOException {
        sequence++;
        int number = method.equals("BYE") ? 1 : sequence;
        send(request(method, number, more, body.isEmpty() ? "" : type, body));
    }

    /** The last message once more, as it was (RFC 3261 §17.1.2.2). */
    void repeats() throws IOException {
        send(last);
    }

    void acknowledges() throws IOException {
        send(request("ACK", ""));
    }

    void invitesAgain(String sdp) throws IOException {
        sequence++;
        send(request("INVITE", sdp));
    }

    void hangsUp() throws IOException {
        sequence++;
        send(request("BYE", ""));
    }

    /**
     * Waits for a final answer to this call.
     *
     * @return its status; 0 where none comes in time
     */
    int answer(int millis) throws IOException {
        long end = System.nanoTime() + millis * 1_000_000L;
        while (true) {
            long left = (end - System.nanoTime()) / 1_000_000;
            String text = left <= 0 ? "" : connection.receive((int) left);
            if (text.isEmpty()) {
                return 0;
            }
            boolean mine =
                    text.contains("Call-ID: " + name + "\r\n")
                            && text.contains("CSeq: " + sequence + " ");
            if (mine && text.startsWith("SIP/2.0 ") && text.charAt(8) >= '2') {
                int tag = text.indexOf(";tag=", text.indexOf("\r\nTo:"));
                toTag = text.substring(tag + 5, text.indexOf("\r\n", tag));
                int audio = text.indexOf("m=audio ");
                media = audio < 0 ? 0 : Integer.parseInt(text.substring(audio).split(" ", 3)[1]);
                return Integer.parseInt(text.substring(8, 11));
            }
        }
    }

    /** The port at which the gateway hears this call; 0 where it was not answered. */
    int media() {
        return media;
    }

    long sent() {
        return sent;
    }

    /** Of the last message, without those headers. */
    int lastOctets() {
        return lastOctets;
    }
}
