package org.consentgateway.whole;

import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Thread-safe. An assistant or a human who keeps what the INVITE said and all that was heard. Its
 * SIP is its own and as small as can be, so that it shares no mistake with ours.
 */
final class Agent implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int LOUD = 500;

    /** Longer than a greeting. */
    private static final int EARLY_MILLIS = 700;

    /** Users by whose name it is always busy, or rings with early media before it answers. */
    static final String BUSY = "busy";

    static final String EARLY = "early";

    /** In an INVITE that replaces a call: that one is left for others to end. */
    static final String KEEPS_REPLACED = "X-Keeps-Replaced";

    private final String name;
    private final MediaEngine media;
    private final AudioClip greeting;
    private final DatagramSocket socket;
    private final List<Visit> visits = new CopyOnWriteArrayList<>();
    private volatile boolean answers = true;

    Agent(String name, MediaEngine media) throws IOException {
        this.name = name;
        this.media = media;
        this.greeting = AudioClip.of(ShortPrompts.melody("I am the " + name, 500));
        this.socket = new DatagramSocket(0, HERE);
        Thread.ofPlatform().daemon().name("agent " + name).start(this::listen);
    }

    /** What it says first. */
    AudioClip greeting() {
        return greeting;
    }

    String uri() {
        return "sip:" + name + "@127.0.0.1:" + socket.getLocalPort();
    }

    /** From now on it answers, or is busy. */
    void answers(boolean whether) {
        answers = whether;
    }

    List<Visit> visits() {
        return visits;
    }

    /** The calls that one header of the INVITE tells from others. */
    List<Visit> visits(String header, String containing) {
        return visits.stream().filter(v -> v.header(header).contains(containing)).toList();
    }

    /** Thread-safe. One call it has answered. */
    final class Visit implements MediaListener {
        private final String invite;
        private final InetSocketAddress peer;
        private final MediaLeg leg;
        private final Instant came = Instant.now();
        private final StringBuilder keys = new StringBuilder();
        private final String tag = Long.toHexString(System.identityHashCode(this)) + "a";
        private int loudFrames;
        private double toneShares;
        private final List<String> news = new CopyOnWriteArrayList<>();
        private int cseq;
        private volatile boolean over;

        Visit(String invite, InetSocketAddress peer, MediaLeg leg) {
            this.invite = invite;
            this.peer = peer;
            this.leg = leg;
        }

        /** Value of a header of the INVITE; empty where there is none. */
        String header(String wanted) {
            return value(invite, wanted);
        }

        String invite() {
            return invite;
        }

        /** When the INVITE came. */
        Instant came() {
            return came;
        }

        int rtpPort() {
            return leg.local().getPort();
        }

        boolean over() {
            return over;
        }

        synchronized String keys() {
            return keys.toString();
        }

        /** 20 ms frames that were more than silence. */
        synchronized int loudFrames() {
            return loudFrames;
        }

        /** Whether what was heard was mostly a test caller's voice, for half a second at least. */
        synchronized boolean heardTheCaller() {
            return loudFrames > 25 && toneShares / loudFrames > 0.7;
        }

        @Override
        public synchronized void frame(PcmFrame frame) {
            if (frame.origin() == PcmFrame.Origin.RECEIVED && Tone.level(frame.samples()) > LOUD) {
                loudFrames++;
                toneShares += Tone.share(frame.samples(), TestCaller.VOICE_HERTZ);
            }
        }

        @Override
        public synchronized void keyDown(char digit, long atNanos) {
            keys.append(digit);
        }

        void hangUp() {
            over = true;
            request("BYE", "");
            leg.close();
        }

        /** Asks for somebody else in its place (RFC 3515). */
        void refers(String uri) {
            request("REFER", "Refer-To: <" + uri + ">\r\n");
        }

        /** How that goes, as it was told: status lines. */
        List<String> news() {
            return news;
        }

        private void request(String method, String headers) {
            String contact = value(invite, "Contact").replaceAll(".*<([^>]*)>.*", "$1");
            cseq++;
            send(
                    method
                            + (" " + contact)
                            + " SIP/2.0\r\n"
                            + "Via: SIP/2.0/UDP 127.0.0.1:"
                            + socket.getLocalPort()
                            + ";branch=z9hG4bK"
                            + (tag + cseq)
                            + "\r\n"
                            + "Max-Forwards: 70\r\n"
                            + "From: "
                            + value(invite, "To")
                            + ";tag="
                            + tag
                            + "\r\n"
                            + "To: "
                            + value(invite, "From")
                            + "\r\n"
                            + "Call-ID: "
                            + value(invite, "Call-ID")
                            + "\r\n"
                            + ("CSeq: " + cseq + " " + method + "\r\nContact: <" + uri() + ">\r\n")
                            + (headers + "Content-Length: 0\r\n\r\n"),
                    peer);
        }

        private void ended() {
            over = true;
            leg.close();
        }
    }

    private void listen() {
        DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
        try {
            while (true) {
                socket.receive(packet);
                String text =
                        new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                hear(text, (InetSocketAddress) packet.getSocketAddress());
            }
        } catch (SocketException closed) {
            // the test is over
        } catch (IOException | PortsExhaustedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void hear(String message, InetSocketAddress from)
            throws IOException, PortsExhaustedException {
        String method = message.substring(0, message.indexOf(' '));
        Visit known = visit(value(message, "Call-ID"));
        switch (method) {
            case "INVITE" -> {
                if (!answers || uri(message).contains(":" + BUSY + "@")) {
                    send(response(message, "486 Busy Here", "busy", ""), from);
                    return;
                }
                String replaces = value(message, "Replaces");
                Visit replaced = replaces.isEmpty() ? null : replaced(replaces);
                if (!replaces.isEmpty() && replaced == null) {
                    send(response(message, "481 No Such Dialog", "none", ""), from);
                    return;
                }
                Visit visit = known != null ? known : open(message, from);
                String ok = response(message, "200 OK", visit.tag, sdp(message, visit));
                if (known == null && uri(message).contains(":" + EARLY + "@")) {
                    String progress = ok.replaceFirst("200 OK", "183 Session Progress");
                    send(progress, from);
                    send(response(message, "180 Ringing", visit.tag, ""), from);
                    CompletableFuture.delayedExecutor(EARLY_MILLIS, TimeUnit.MILLISECONDS)
                            .execute(() -> send(ok, from));
                } else {
                    send(ok, from);
                }
                if (replaced != null && value(message, KEEPS_REPLACED).isEmpty()) {
                    replaced.hangUp();
                }
            }
            case "BYE" -> {
                if (known != null) {
                    known.ended();
                }
                send(response(message, "200 OK", "", ""), from);
            }
            case "NOTIFY" -> {
                if (known != null) {
                    known.news.add(message.substring(message.indexOf("\r\n\r\n") + 4).strip());
                }
                send(response(message, "200 OK", "", ""), from);
            }
            case "SIP/2.0" -> {
                if (known != null && value(message, "CSeq").endsWith(" REFER")) {
                    known.news.add(message.substring(0, message.indexOf("\r\n")));
                }
            }
            default -> {
                // ACK, and what answers our BYE
            }
        }
    }

    /** The call of ours that a Replaces names (RFC 3891 §3). */
    private @Nullable Visit replaced(String replaces) {
        String[] parts = replaces.split(";", -1);
        Visit visit = visit(parts[0]);
        return visit != null
                        && replaces.contains(";to-tag=" + visit.tag)
                        && visit.header("From")
                                .endsWith(";tag=" + replaces.replaceAll(".*;from-tag=", ""))
                ? visit
                : null;
    }

    private @Nullable Visit visit(String sipCallId) {
        return visits.stream()
                .filter(v -> v.header("Call-ID").equals(sipCallId))
                .findFirst()
                .orElse(null);
    }

    private Visit open(String invite, InetSocketAddress from) throws PortsExhaustedException {
        MediaLeg leg = media.open();
        Visit visit = new Visit(invite, from, leg);
        leg.listen(visit);
        int port = Integer.parseInt(first(invite, "m=audio (\\d+)"));
        InetAddress address = InetAddress.ofLiteral(first(invite, "c=IN IP4 (\\S+)"));
        leg.connect(
                new MediaFormat(codec(invite), codec(invite) == G711.PCMA ? 8 : 0, events(invite)),
                new MediaPeer(
                        new InetSocketAddress(address, port),
                        new InetSocketAddress(address, port + 1),
                        MediaPeer.Direction.SENDRECV,
                        Set.of()));
        leg.play(List.of(greeting), false);
        visits.add(visit);
        return visit;
    }

    private static String uri(String request) {
        return request.split(" ", -1)[1];
    }

    private static Codec codec(String invite) {
        return first(invite, "m=audio \\d+ \\S+ (\\d+)").equals("8") ? G711.PCMA : G711.PCMU;
    }

    private static int events(String invite) {
        return Integer.parseInt(first(invite, "a=rtpmap:(\\d+) telephone-event/8000"));
    }

    private static String sdp(String invite, Visit visit) {
        int payload = codec(invite) == G711.PCMA ? 8 : 0;
        return "v=0\r\no=agent 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                + "m=audio "
                + visit.rtpPort()
                + " RTP/AVP "
                + payload
                + " "
                + events(invite)
                + "\r\na=rtpmap:"
                + events(invite)
                + " telephone-event/8000\r\na=ptime:20\r\n";
    }

    private String response(String request, String status, String tag, String body) {
        StringBuilder text = new StringBuilder("SIP/2.0 " + status + "\r\n");
        for (String line : request.split("\r\n", -1)) {
            if (line.matches("(?i)(Via|From|Call-ID|CSeq|Record-Route):.*")) {
                text.append(line).append("\r\n");
            } else if (line.toLowerCase(Locale.ROOT).startsWith("to:")) {
                boolean tagged = line.contains(";tag=") || tag.isEmpty();
                text.append(line).append(tagged ? "" : ";tag=" + tag).append("\r\n");
            }
        }
        text.append("Contact: <").append(uri()).append(">\r\nSupported: replaces\r\n");
        if (!body.isEmpty()) {
            text.append("Content-Type: application/sdp\r\n");
        }
        return text.append("Content-Length: ")
                .append(body.length())
                .append("\r\n\r\n")
                .append(body)
                .toString();
    }

    private static String first(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in an INVITE");
        }
        return matcher.group(1);
    }

    private static String value(String message, String header) {
        for (String line : message.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith(header.toLowerCase(Locale.ROOT) + ":")) {
                return line.substring(header.length() + 1).strip();
            }
        }
        return "";
    }

    private void send(String text, InetSocketAddress to) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
        visits.forEach(Visit::ended);
    }
}
