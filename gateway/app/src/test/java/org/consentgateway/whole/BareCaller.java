package org.consentgateway.whole;

import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.srtp.SrtpKey;
import org.consentgateway.media.srtp.SrtpKeys;
import org.consentgateway.media.srtp.SrtpSession;
import org.consentgateway.media.srtp.SrtpSuite;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Thread-safe. A caller written by hand, down to the single RTP packet, so that it can also do what
 * no telephone does. Sends silence all the time and answers nothing.
 */
final class BareCaller implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int SSRC = 0x0BAD_CAFE;
    private static final int EVENTS = 101;

    /** In A-law; with the other sign just as silent. */
    private static final byte SILENCE = (byte) 0xD5;

    private final InetSocketAddress gateway;
    private final DatagramSocket sip = new DatagramSocket(0, HERE);
    private final DatagramSocket rtp = new DatagramSocket(0, HERE);
    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicInteger spoken = new AtomicInteger();
    private final AtomicInteger silent = new AtomicInteger();
    private final String callId = Long.toHexString(new SecureRandom().nextLong());
    private final String line;
    private final String number;
    private final @Nullable SrtpKey key;

    /** Whether it can send keys as events, and not only as tones. */
    private final boolean events;

    /** 20 ms of A-law each; silence where there are none. */
    private final Queue<byte[]> toSay = new ConcurrentLinkedQueue<>();

    private String toTag = "";
    private int cseq = 1;
    private volatile @Nullable SrtpSession session;
    private volatile @Nullable InetSocketAddress gatewayRtp;
    private int sequence = 1000;
    private int timestamp = 77_777;

    private BareCaller(
            InetSocketAddress gateway,
            String line,
            String number,
            @Nullable SrtpSuite suite,
            boolean events)
            throws IOException {
        this.events = events;
        this.gateway = gateway;
        this.line = line;
        this.number = number;
        this.key = suite == null ? null : SrtpKey.random(suite, new SecureRandom());
    }

    /**
     * Calls, and returns once answered.
     *
     * @param suite null for plain RTP
     */
    static BareCaller calls(
            TestGateway gateway, String line, String number, @Nullable SrtpSuite suite)
            throws Exception {
        return calls(gateway, line, number, suite, "");
    }

    /**
     * The same.
     *
     * @param headers more of them in the INVITE, each with its line's end
     */
    static BareCaller calls(
            TestGateway gateway,
            String line,
            String number,
            @Nullable SrtpSuite suite,
            String headers)
            throws Exception {
        BareCaller caller = new BareCaller(gateway.sip(), line, number, suite, true);
        caller.invite(headers);
        caller.acknowledges();
        caller.talks();
        return caller;
    }

    /** The same with a telephone whose keys make tones only. */
    static BareCaller callsWithTones(TestGateway gateway, String line, String number)
            throws Exception {
        BareCaller caller = new BareCaller(gateway.sip(), line, number, null, false);
        caller.invite("");
        caller.acknowledges();
        caller.talks();
        return caller;
    }

    /** Calls, and returns once answered: has acknowledged nothing and sends nothing. */
    static BareCaller callsOnly(TestGateway gateway, String line, String number) throws Exception {
        BareCaller caller = new BareCaller(gateway.sip(), line, number, null, true);
        caller.invite("");
        Thread.ofPlatform().daemon().name("bare ear").start(caller::listen);
        return caller;
    }

    /** Calls, and returns the refusal that has to come: headers and all. */
    static String refused(TestGateway gateway, String line, String number, int status)
            throws Exception {
        try (BareCaller caller = new BareCaller(gateway.sip(), line, number, null, true)) {
            String headers = "Content-Type: application/sdp\r\n";
            caller.send("INVITE", 1, headers, caller.sdp());
            String refusal = caller.receives("SIP/2.0 " + status);
            caller.toTag = ";tag=" + group(refusal, "(?mi)^To:.*;tag=([^\\s;]+)");
            caller.send(
                    caller.request(
                                    "ACK sip:" + line + "@127.0.0.1",
                                    caller.callId,
                                    caller.toTag,
                                    1,
                                    "",
                                    "")
                            .replace("ACK1\r\n", "INVITE1\r\n"),
                    caller.gateway);
            return refusal;
        }
    }

    void acknowledges() throws IOException {
        send("ACK", 1, "", "");
    }

    /** Sends silence from now on, and listens. */
    void talks() {
        Thread.ofPlatform().daemon().name("bare caller").start(this::talk);
        Thread.ofPlatform().daemon().name("bare ear").start(this::listen);
    }

    private void invite(String headers) throws IOException {
        String crypto =
                key == null
                        ? ""
                        : "a=crypto:1 "
                                + key.suite()
                                + " inline:"
                                + Base64.getEncoder().encodeToString(key.keyAndSalt())
                                + "\r\n";
        send("INVITE", 1, headers + "Content-Type: application/sdp\r\n", sdp() + crypto);
        String answer = receives("SIP/2.0 200");
        if (key != null) {
            String theirs = group(answer, "a=crypto:1 " + key.suite() + " inline:(\\S+)");
            SrtpKey sent =
                    Objects.requireNonNull(
                            SrtpKey.of(key.suite(), Base64.getDecoder().decode(theirs)));
            session = new SrtpSession(new SrtpKeys(key, sent), SSRC);
        }
        toTag = ";tag=" + group(answer, "(?mi)^To:.*;tag=([^\\s;]+)");
        gatewayRtp =
                new InetSocketAddress(HERE, Integer.parseInt(group(answer, "m=audio (\\d+) ")));
    }

    private String sdp() {
        return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                + "m=audio "
                + rtp.getLocalPort()
                + (key == null ? " RTP/AVP" : " RTP/SAVP")
                + (events ? " 8 101\r\na=rtpmap:101 telephone-event/8000\r\n" : " 8\r\n");
    }

    private static String group(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in an answer");
        }
        return matcher.group(1);
    }

    private void send(String method, int number, String headers, String body) throws IOException {
        String uri = "sip:" + line + "@127.0.0.1";
        send(request(method + " " + uri, callId, toTag, number, headers, body), gateway);
    }

    private void send(String text, InetSocketAddress to) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        sip.send(new DatagramPacket(octets, octets.length, to));
    }

    private String request(
            String start, String id, String tag, int sequenceNumber, String headers, String body) {
        String method = start.substring(0, start.indexOf(' '));
        return start
                + (" SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:" + sip.getLocalPort())
                + (";branch=z9hG4bK" + id + method + sequenceNumber + "\r\nMax-Forwards: 70\r\n")
                + ("From: <sip:" + number + "@127.0.0.1>;tag=" + id + "\r\n")
                + ("To: <sip:" + line + "@127.0.0.1>" + tag + "\r\n")
                + ("Call-ID: " + id + "\r\nCSeq: " + sequenceNumber + " " + method + "\r\n")
                + ("P-Asserted-Identity: <sip:" + number + "@127.0.0.1>\r\n")
                + ("Contact: <sip:bare@127.0.0.1:" + sip.getLocalPort() + ">\r\n")
                + (headers + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** The next message that begins so; a final answer of another kind is none of the others. */
    String receives(String beginning) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        sip.setSoTimeout(PATIENCE_MILLIS);
        while (true) {
            packet.setLength(4096);
            sip.receive(packet);
            String text =
                    new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
            if (text.startsWith(beginning)) {
                return text;
            }
            if (text.matches("(?s)SIP/2.0 [3-6].*")) {
                throw new AssertionError(text.lines().findFirst().orElse(""));
            }
        }
    }

    /** Whether anything is said by SIP within this time. */
    boolean isToldAnything(int millis) throws IOException {
        return hearsAnything(sip, millis);
    }

    void answers(String request, String status) throws IOException {
        StringBuilder text = new StringBuilder("SIP/2.0 " + status + "\r\n");
        request.lines()
                .filter(field -> field.matches("(?i)(Via|From|To|Call-ID|CSeq):.*"))
                .forEach(field -> text.append(field).append("\r\n"));
        send(text + "Content-Length: 0\r\n\r\n", gateway);
    }

    // ------------------------------------------------------------------ being transferred

    /** How it goes with the transfer, such as "SIP/2.0 200 OK" (RFC 3515 §2.4.5). */
    void notifies(String fragment) throws IOException {
        String state =
                fragment.contains(" 1") ? "active;expires=60" : "terminated;reason=noresource";
        String headers =
                "Event: refer\r\nSubscription-State: "
                        + state
                        + "\r\nContent-Type: message/sipfrag;version=2.0\r\n";
        send("NOTIFY", ++cseq, headers, fragment + "\r\n");
        receives("SIP/2.0 200");
    }

    /**
     * Calls whom a REFER names, with the headers that its address has (RFC 3261 §19.1.5).
     *
     * @param headers more of them
     */
    void calls(String refer, String headers) throws IOException {
        String uri = group(refer, "(?mi)^Refer-To: <([^>?]*)");
        String embedded = "";
        Matcher replaces =
                Pattern.compile("(?mi)^Refer-To: .*[?&]Replaces=([^>&]*)").matcher(refer);
        if (replaces.find()) {
            String value = URLDecoder.decode(replaces.group(1), StandardCharsets.UTF_8);
            embedded = "Replaces: " + value + "\r\n";
        }
        String id = callId + "b";
        InetSocketAddress there =
                new InetSocketAddress(HERE, Integer.parseInt(group(uri, ":(\\d+)$")));
        String all = embedded + headers + "Content-Type: application/sdp\r\n";
        send(request("INVITE " + uri, id, "", 1, all, sdp()), there);
        String tag = group(receives("SIP/2.0 200"), "(?mi)^To:.*(;tag=[^\\s;]+)");
        send(request("ACK " + uri, id, tag, 1, "", ""), there);
    }

    // ------------------------------------------------------------------ RTP

    /** Where the gateway hears this call. */
    InetSocketAddress gatewayRtp() {
        return Objects.requireNonNull(gatewayRtp);
    }

    /** RTP packets of the gateway so far. */
    int heard() {
        return heard.get();
    }

    /** Those of them that are not silence, where they are in plain. */
    int spoken() {
        return spoken.get();
    }

    /** Packets of silence since the last one that was not. */
    int silent() {
        return silent.get();
    }

    private void talk() {
        byte[] silence = new byte[160];
        java.util.Arrays.fill(silence, SILENCE);
        while (!rtp.isClosed()) {
            try {
                byte[] next = toSay.poll();
                say(8, false, next == null ? silence : next);
            } catch (IOException closed) {
                return;
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void listen() {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        while (!rtp.isClosed()) {
            try {
                rtp.receive(packet);
                heard.incrementAndGet();
                byte last = packet.getData()[packet.getLength() - 1];
                if (last != SILENCE && last != (SILENCE ^ (byte) 0x80)) {
                    spoken.incrementAndGet();
                    silent.set(0);
                } else {
                    silent.incrementAndGet();
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private synchronized void say(int type, boolean marker, byte[] payload) throws IOException {
        ByteBuffer packet = packet(type, marker, sequence++, timestamp, SSRC, payload);
        timestamp += 160;
        sendRtp(packet, session);
    }

    /** One packet, as any sender would write it. */
    static ByteBuffer packet(
            int type, boolean marker, int sequence, int timestamp, int ssrc, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(2048);
        packet.putInt(0x8000_0000 | (marker ? 0x80_0000 : 0) | type << 16 | (sequence & 0xFFFF));
        packet.putInt(timestamp).putInt(ssrc).put(payload).flip();
        return packet;
    }

    private void sendRtp(ByteBuffer packet, @Nullable SrtpSession with) throws IOException {
        int length = packet.limit();
        packet.clear();
        if (with != null) {
            length = with.protect(packet, 0, length, packet);
        }
        byte[] octets = new byte[length];
        packet.get(0, octets);
        rtp.send(new DatagramPacket(octets, length, gatewayRtp()));
    }

    /** Presses a key as telephones do. */
    void presses(char key) throws IOException {
        for (int i = 0; i < 8; i++) {
            event(key, i, SSRC, session);
            LockSupport.parkNanos(20_000_000);
        }
        synchronized (this) {
            timestamp += 1600;
        }
    }

    /** The same by tones, for 100 ms (ITU-T Q.23). */
    void sounds(char key) {
        int place = "123456789*0#".indexOf(key);
        short[] low = Tone.sine(new int[] {697, 770, 852, 941}[place / 3], 100, 6000);
        short[] high = Tone.sine(new int[] {1209, 1336, 1477}[place % 3], 100, 6000);
        for (int i = 0; i < low.length; i++) {
            low[i] += high[i];
        }
        byte[] law = G711.PCMA.encode(low);
        for (int frame = 0; frame < 5; frame++) {
            toSay.add(java.util.Arrays.copyOfRange(law, frame * 160, (frame + 1) * 160));
        }
    }

    /** The same key from the same socket, with this SSRC and this session in place of our own. */
    void pressesAs(char key, int ssrc, @Nullable SrtpSession other) throws IOException {
        for (int i = 0; i < 8; i++) {
            event(key, i, ssrc, other);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private synchronized void event(char key, int step, int ssrc, @Nullable SrtpSession with)
            throws IOException {
        boolean own = ssrc == SSRC && with == session;
        int number = own ? sequence++ : sequence + step;
        sendRtp(packet(EVENTS, step == 0, number, timestamp, ssrc, payload(key, step)), with);
    }

    /** RFC 4733: 100 ms, and its end three times. */
    static byte[] payload(char key, int step) {
        int duration = Math.min(step + 1, 5) * 160;
        byte end = (byte) (step >= 5 ? 0x8A : 0x0A);
        int code = "0123456789*#".indexOf(key);
        return new byte[] {(byte) code, end, (byte) (duration >> 8), (byte) duration};
    }

    int ssrc() {
        return SSRC;
    }

    void hangsUp() throws IOException {
        send("BYE", ++cseq, "", "");
    }

    @Override
    public void close() {
        sip.close();
        rtp.close();
    }

    /** Whether anything at all comes to a socket within this time. */
    static boolean hearsAnything(DatagramSocket socket, int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            socket.receive(new DatagramPacket(new byte[2048], 2048));
            return true;
        } catch (SocketTimeoutException nothing) {
            return false;
        }
    }
}
