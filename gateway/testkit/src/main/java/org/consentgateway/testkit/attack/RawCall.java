package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** One call as short as it can be, from a socket that others share. Confined to one thread. */
final class RawCall {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final DatagramSocket socket;
    private final Target target;
    private final String name =
            Long.toString(System.nanoTime(), 36) + "-" + COUNT.incrementAndGet();
    private String toTag = "";
    private int media;
    private int sequence = 1;

    /** Octets sent, with the headers of UDP and IPv4. */
    private long sent;

    RawCall(DatagramSocket socket, Target target) {
        this.socket = socket;
        this.target = target;
    }

    static DatagramSocket socket(Target target) throws IOException {
        return new DatagramSocket(0, InetAddress.ofLiteral(target.from()));
    }

    private String request(String method, String body) {
        String here = target.from() + ":" + socket.getLocalPort();
        String to = "<sip:" + target.line() + "@gw>" + (toTag.isEmpty() ? "" : ";tag=" + toTag);
        return (method + " sip:" + target.line() + "@gw SIP/2.0\r\n")
                + ("Via: SIP/2.0/UDP " + here + ";branch=z9hG4bK" + name + method + sequence)
                + "\r\nMax-Forwards: 70\r\n"
                + ("From: <sip:a@" + target.from() + ">;tag=" + name + "\r\n")
                + ("To: " + to + "\r\nCall-ID: " + name + "\r\n")
                + ("CSeq: " + sequence + " " + method + "\r\n")
                + ("Contact: <sip:a@" + here + ">\r\n")
                + (body.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                + ("Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    static String sdp(String host, int port) {
        return "v=0\r\no=- 1 1 IN IP4 %1$s\r\ns=-\r\nc=IN IP4 %1$s\r\nt=0 0\r\nm=audio %2$d RTP/AVP 8\r\n"
                .formatted(host, port);
    }

    private void send(String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(octets, octets.length, target.gateway()));
        sent += octets.length + Bystander.HEADERS;
    }

    void invites(String sdp) throws IOException {
        send(request("INVITE", sdp));
    }

    void cancels() throws IOException {
        send(
                request("CANCEL", "")
                        .replace("z9hG4bK" + name + "CANCEL", "z9hG4bK" + name + "INVITE"));
    }

    /**
     * Anything that belongs to no call.
     *
     * @param more headers, each with its line's end
     */
    void asks(String method, String more) throws IOException {
        send(request(method, "").replace("Max-Forwards", more + "Max-Forwards"));
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
        DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
        while (true) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return 0;
            }
            socket.setSoTimeout((int) left);
            try {
                packet.setLength(65535);
                socket.receive(packet);
            } catch (SocketTimeoutException none) {
                return 0;
            }
            String text =
                    new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
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
}
