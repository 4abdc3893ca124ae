package org.consentgateway.cli;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipFlow;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipServer;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. A SIP assistant that greets for half a second and says everything again a second
 * later, but for what it does wrong.
 */
final class SipBot implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int HEADER = 12;
    private static final int GREETING_PACKETS = 25;
    private static final int LATER_PACKETS = 50;
    private static final byte[] TONE = new byte[160];

    static {
        for (int i = 0; i < TONE.length; i++) {
            TONE[i] = (byte) (i % 16 < 8 ? 0x90 : 0x10);
        }
    }

    /** What it does wrong. */
    enum Fault {
        NONE,
        SILENT,
        RINGS,
        RINGS_AND_BEARS_NO_CANCEL,
        BUSY,
        SAYS_NO_MEDIA,
        OTHER_CODEC,
        NO_KEYS,
        NO_INFO,
        NO_SOUND,
        SOUND_FROM_ELSEWHERE,
        WRONG_PAYLOAD,
        REFUSES_INFO,
        REFUSES_HOLD,
        IGNORES_HOLD,
        HANGS_UP,
        NEVER_ENDS,
        ASKS,
        WAITS_TO_BE_SPOKEN_TO
    }

    private final Fault fault;
    private final SipServer server;
    private final Predicate<SipMessage> believed;
    private final Map<String, Talk> talks = new ConcurrentHashMap<>();

    /** By Call-ID: an INVITE that is repeated is judged once. */
    private final Map<String, Boolean> verdicts = new ConcurrentHashMap<>();

    /**
     * @param believed whether a call is taken; may take its time
     */
    SipBot(Fault fault, Predicate<SipMessage> believed) throws IOException {
        this.fault = fault;
        this.believed = believed;
        this.server = SipServer.udp(this::take);
    }

    SipBot(Fault fault) throws IOException {
        this(fault, _ -> true);
    }

    String uri() {
        return "sip:bot@127.0.0.1:" + server.port();
    }

    /** INFOs that came, of all calls. */
    String told() {
        StringBuilder all = new StringBuilder();
        talks.values().forEach(talk -> talk.told.values().forEach(all::append));
        return all.toString();
    }

    private void take(SipMessage message, SipFlow back) throws IOException {
        if (fault == Fault.SILENT) {
            return;
        }
        Talk talk = talks.get(message.header("Call-ID"));
        switch (message.method()) {
            case "INVITE" -> invited(message, talk, back);
            case "ACK" -> acknowledged(talk, back);
            case "INFO" -> {
                if (talk != null) {
                    talk.told.put(message.header("CSeq"), message.body());
                }
                String status = fault == Fault.REFUSES_INFO ? "415 Unsupported" : "200 OK";
                back.send(message.response(status, "", ""));
            }
            case "BYE" -> {
                if (fault != Fault.NEVER_ENDS) {
                    back.send(message.response("200 OK", "", ""));
                    end(talk);
                }
            }
            case "CANCEL" -> {
                back.send(message.response("200 OK", "", ""));
                if (fault != Fault.RINGS_AND_BEARS_NO_CANCEL) {
                    String invite = message.text().replace("CANCEL", "INVITE");
                    back.send(
                            new SipMessage(invite)
                                    .response("487 Request Terminated", "bot", "", ""));
                }
            }
            default -> {
                // an answer to our INFO or BYE
            }
        }
    }

    private static void end(@Nullable Talk talk) {
        if (talk != null) {
            talk.close();
        }
    }

    private void invited(SipMessage invite, @Nullable Talk talk, SipFlow back) throws IOException {
        if (talk != null && !invite.toTag().isEmpty()) {
            again(invite, talk, back);
            return;
        }
        back.send(invite.response("100 Trying", "", ""));
        switch (fault) {
            case RINGS, RINGS_AND_BEARS_NO_CANCEL -> {
                back.send(invite.response("180 Ringing", "bot", server.contact("bot"), ""));
                return;
            }
            case BUSY -> {
                back.send(invite.response("486 Busy Here", "bot", "", ""));
                return;
            }
            default -> {
                // it answers
            }
        }
        if (!verdicts.computeIfAbsent(invite.header("Call-ID"), _ -> believed.test(invite))) {
            back.send(invite.response("603 Decline", "bot", "", ""));
            return;
        }
        Talk opened = talk;
        if (opened == null) {
            opened = new Talk(invite);
            talks.put(invite.header("Call-ID"), opened);
        }
        back.send(ok(invite, fault == Fault.SAYS_NO_MEDIA ? "" : opened.sdp("sendrecv")));
    }

    private String ok(SipMessage invite, String sdp) {
        String allow = "Allow: INVITE, ACK, BYE, CANCEL" + (fault == Fault.NO_INFO ? "" : ", INFO");
        return invite.response("200 OK", "bot", server.contact("bot") + allow + "\r\n", sdp);
    }

    private void again(SipMessage invite, Talk talk, SipFlow back) throws IOException {
        if (fault == Fault.REFUSES_HOLD) {
            back.send(invite.response("488 Not Acceptable Here", "bot", "", ""));
            return;
        }
        boolean held = invite.body().contains("a=sendonly") && fault != Fault.IGNORES_HOLD;
        talk.held = held;
        back.send(ok(invite, talk.sdp(held ? "recvonly" : "sendrecv")));
    }

    private void acknowledged(@Nullable Talk talk, SipFlow back) throws IOException {
        if (talk == null || talk.begun) {
            return;
        }
        talk.begun = true;
        if (fault == Fault.HANGS_UP) {
            back.send(talk.dialog.bye());
        } else if (fault == Fault.ASKS) {
            back.send(
                    talk.dialog.next(
                            "INFO",
                            "application/consent+json",
                            "{\"event\":\"step-up\",\"purpose\":\"recording\"}"));
        }
        if (fault != Fault.NO_SOUND) {
            Thread.ofVirtual().name("bot").start(talk::echo);
        }
    }

    @Override
    public void close() {
        server.close();
        talks.values().forEach(Talk::close);
    }

    /** One call of it. */
    private final class Talk {
        private final SipDialog dialog;
        private final DatagramSocket announced;
        private final DatagramSocket used;
        private final Map<String, String> told = new ConcurrentHashMap<>();
        private volatile boolean begun;
        private volatile boolean held;

        Talk(SipMessage invite) throws IOException {
            dialog = SipDialog.called(invite, server, "bot", "bot");
            announced = new DatagramSocket(0, HERE);
            used =
                    fault == Fault.SOUND_FROM_ELSEWHERE
                            ? new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.2"))
                            : announced;
        }

        String sdp(String direction) {
            int payload = fault == Fault.OTHER_CODEC ? 111 : 8;
            String codec = fault == Fault.OTHER_CODEC ? "opus/48000/2" : "PCMA/8000";
            String events = fault == Fault.NO_KEYS ? "" : "a=rtpmap:101 telephone-event/8000\r\n";
            return """
            v=0\r
            o=- 7 7 IN IP4 127.0.0.1\r
            s=-\r
            c=IN IP4 127.0.0.1\r
            t=0 0\r
            m=audio %d RTP/AVP %d%s\r
            a=rtpmap:%d %s\r
            %sa=%s\r
            """
                    .formatted(
                            announced.getLocalPort(),
                            payload,
                            events.isEmpty() ? "" : " 101",
                            payload,
                            codec,
                            events,
                            direction);
        }

        /** A packet for each that comes: the tempo is the caller's. */
        void echo() {
            Deque<byte[]> later = new ArrayDeque<>();
            byte[] buffer = new byte[1500];
            int greeting = fault == Fault.WAITS_TO_BE_SPOKEN_TO ? 0 : GREETING_PACKETS;
            int sent = 0;
            try {
                while (true) {
                    var packet = new DatagramPacket(buffer, buffer.length);
                    announced.receive(packet);
                    if (packet.getLength() != HEADER + TONE.length || (buffer[1] & 0x7F) != 8) {
                        continue; // RTCP, or a key
                    }
                    later.add(Arrays.copyOfRange(buffer, HEADER, packet.getLength()));
                    byte[] sound = later.size() < greeting ? TONE : silence();
                    if (later.size() > LATER_PACKETS) {
                        sound = later.remove();
                    }
                    if (!held) {
                        byte[] octets = rtp(sent, sound);
                        used.send(
                                new DatagramPacket(
                                        octets, octets.length, packet.getSocketAddress()));
                        sent++;
                    }
                }
            } catch (IOException closed) {
                used.close();
            }
        }

        private byte[] rtp(int number, byte[] sound) {
            byte[] octets = new byte[HEADER + sound.length];
            octets[0] = (byte) 0x80;
            octets[1] = (byte) (fault == Fault.WRONG_PAYLOAD ? 96 : 8);
            octets[2] = (byte) (number >> 8);
            octets[3] = (byte) number;
            int timestamp = number * sound.length;
            for (int i = 0; i < 4; i++) {
                octets[4 + i] = (byte) (timestamp >> (24 - 8 * i));
                octets[8 + i] = (byte) (port() >> (24 - 8 * i));
            }
            System.arraycopy(sound, 0, octets, HEADER, sound.length);
            return octets;
        }

        private int port() {
            return announced.getLocalPort();
        }

        void close() {
            announced.close();
        }
    }

    private static byte[] silence() {
        byte[] silence = new byte[TONE.length];
        Arrays.fill(silence, (byte) 0xD5);
        return silence;
    }
}
