package org.consentgateway.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The real-time text of one telephone, written from RFC 4103 and RFC 2198 apart from the gateway's
 * own, so that the two share no mistake: keystrokes are sent every 300 ms with two generations of
 * redundancy; what comes is put together by sequence number. In plain or over SRTP. Thread-safe.
 */
public final class RttStream implements AutoCloseable {
    /** Payload types in our own offers. */
    public static final int T140 = 98;

    public static final int RED = 100;

    private static final String SUITE = "AES_CM_128_HMAC_SHA1_80";
    private static final int GENERATIONS = 2;

    /** A second, on average over ten, that a telephone takes. */
    public static final int USUAL = 30;

    /** The same where prompts follow each other quickly, as in tests. */
    public static final int QUICK = 200;

    private static final long INTERVAL_NANOS = 300_000_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private record Sent(byte[] text, int timestamp) {}

    private final DatagramSocket rtp;
    private final DatagramSocket rtcp;
    private final byte[] key = new byte[SrtpStream.KEY];
    private final int ssrc = RANDOM.nextInt();
    private final AtomicInteger packets = new AtomicInteger();
    private final StringBuilder toType = new StringBuilder();
    private final List<Sent> sent = new ArrayList<>();
    private final TreeMap<Integer, String> heard = new TreeMap<>();
    private final int charactersPerSecond;
    private IntPredicate lost = _ -> false;
    private @Nullable InetSocketAddress peer;
    private @Nullable SrtpStream sealing;
    private @Nullable SrtpStream opening;
    private int t140 = T140;
    private int red = RED;

    /** Of our suite, in what was agreed to (RFC 4568 §4.1). */
    private String tag = "1";

    private int sequence = RANDOM.nextInt(60_000);
    private int silent = GENERATIONS;
    private volatile long lastHeardNanos;

    /**
     * @param charactersPerSecond that we take, on average over ten
     */
    public RttStream(int charactersPerSecond) throws IOException {
        this.charactersPerSecond = charactersPerSecond;
        RANDOM.nextBytes(key);
        DatagramSocket[] pair = RtpVoice.pair();
        rtp = pair[0];
        rtcp = pair[1];
    }

    public int port() {
        return rtp.getLocalPort();
    }

    /** The media line that offers it, or answers with what was agreed on. */
    public synchronized String sdp() {
        return line("RTP/AVP", "");
    }

    /** The same with our key (RFC 4568). */
    public synchronized String secureSdp() {
        String inline = Base64.getEncoder().encodeToString(key);
        return line("RTP/SAVP", "a=crypto:" + tag + " " + SUITE + " inline:" + inline + "\r\n");
    }

    /** The answer to a description that was {@link #agree agreed} to: as secure as that is. */
    synchronized String answer() {
        return sealing == null ? sdp() : secureSdp();
    }

    private String line(String profile, String more) {
        return ("m=text " + port() + " " + profile + " " + red + " " + t140 + "\r\n")
                + ("a=rtpmap:" + t140 + " t140/1000\r\na=rtpmap:" + red + " red/1000\r\n")
                + ("a=fmtp:" + red + " " + t140 + "/" + t140 + "/" + t140 + "\r\n")
                + ("a=fmtp:" + t140 + " cps=" + charactersPerSecond + "\r\n")
                + more;
    }

    /** Takes what a description of the other side says of its text. */
    public synchronized void agree(SipMessage description) {
        String section = description.body().substring(description.body().indexOf("m=text "));
        SipMessage text = new SipMessage("SIP/2.0 200 OK\r\n\r\n" + section);
        peer =
                new InetSocketAddress(
                        InetAddress.ofLiteral(description.find("c=IN IP4 (\\S+)")),
                        Integer.parseInt(text.find("m=text (\\d+) ")));
        t140 = Integer.parseInt(text.find("a=rtpmap:(\\d+) t140/1000"));
        red = Integer.parseInt(text.find("a=rtpmap:(\\d+) red/1000"));
        if (section.startsWith("m=text " + peer.getPort() + " RTP/SAVP ")) {
            tag = text.find("a=crypto:(\\d+) " + SUITE + " ");
            String theirs = text.find("a=crypto:\\d+ " + SUITE + " inline:([^\\s|]+)");
            try {
                sealing = new SrtpStream(key);
                opening = new SrtpStream(Base64.getDecoder().decode(theirs));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** From now on. */
    public void begin() {
        Thread.ofVirtual().name("text out " + port()).start(this::send);
        Thread.ofVirtual().name("text in " + port()).start(this::receive);
    }

    /** Loses packets of ours, told by their number, counted from 0. */
    public synchronized void losing(IntPredicate which) {
        lost = which;
    }

    // ------------------------------------------------------------------ typing

    public synchronized void type(String text) {
        toType.append(text);
    }

    private void send() {
        try {
            while (!rtp.isClosed()) {
                turn();
                LockSupport.parkNanos(INTERVAL_NANOS);
            }
        } catch (IOException closed) {
            // the call is over
        }
    }

    private synchronized void turn() throws IOException {
        if (toType.isEmpty() && silent >= GENERATIONS) {
            return;
        }
        boolean marker = silent >= GENERATIONS;
        silent = toType.isEmpty() ? silent + 1 : 0;
        byte[] text = toType.toString().getBytes(StandardCharsets.UTF_8);
        toType.setLength(0);
        int timestamp = (int) (System.nanoTime() / 1_000_000);
        byte[] payload = redundant(text, timestamp);
        sent.add(new Sent(text, timestamp));
        int number = packets.getAndIncrement();
        byte[] packet =
                new RtpPacket(marker, red, sequence++ & 0xFFFF, timestamp, ssrc, payload).octets();
        if (!lost.test(number)) {
            put(packet);
        }
    }

    /** As it is, with the next sequence number: for what no telephone sends. */
    public synchronized void raw(int payloadType, byte[] payload) throws IOException {
        int timestamp = (int) (System.nanoTime() / 1_000_000);
        put(
                new RtpPacket(false, payloadType, sequence++ & 0xFFFF, timestamp, ssrc, payload)
                        .octets());
    }

    private void put(byte[] packet) throws IOException {
        byte[] octets = packet;
        if (sealing != null) {
            try {
                octets = sealing.protect(packet, packet.length);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        if (peer == null) {
            throw new IllegalStateException("nobody was called");
        }
        rtp.send(new DatagramPacket(octets, octets.length, peer));
    }

    /** RFC 2198 §3. */
    private byte[] redundant(byte[] text, int timestamp) {
        var headers = new ByteArrayOutputStream();
        var blocks = new ByteArrayOutputStream();
        for (Sent older : sent.subList(Math.max(0, sent.size() - GENERATIONS), sent.size())) {
            int offset = Math.min(timestamp - older.timestamp, 0x3FFF);
            int length = older.text.length;
            headers.write(0x80 | t140);
            headers.write(offset >> 6);
            headers.write(((offset & 0x3F) << 2) | (length >> 8));
            headers.write(length & 0xFF);
            blocks.writeBytes(older.text);
        }
        headers.write(t140);
        headers.writeBytes(blocks.toByteArray());
        headers.writeBytes(text);
        return headers.toByteArray();
    }

    // ------------------------------------------------------------------ reading

    /** All that was written to us so far. */
    public synchronized String read() {
        return String.join("", heard.values());
    }

    /** When the last packet came, as {@link System#nanoTime}. */
    public long lastHeardNanos() {
        return lastHeardNanos;
    }

    private void receive() {
        var datagram = new DatagramPacket(new byte[2048], 2048);
        while (!rtp.isClosed()) {
            try {
                datagram.setLength(2048);
                rtp.receive(datagram);
                lastHeardNanos = System.nanoTime();
                heard(datagram);
            } catch (IOException closed) {
                return;
            }
        }
    }

    private synchronized void heard(DatagramPacket datagram) {
        int length = datagram.getLength();
        if (opening != null) {
            try {
                length = opening.unprotect(datagram.getData(), length);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        if (length < RtpPacket.HEADER) {
            return;
        }
        RtpPacket packet = RtpPacket.of(datagram.getData(), length);
        if (packet.type() == t140) {
            keep(packet.sequence(), packet.payload());
        } else if (packet.type() == red) {
            blocks(packet);
        }
    }

    private void blocks(RtpPacket packet) {
        ByteBuffer payload = ByteBuffer.wrap(packet.payload());
        var lengths = new ArrayList<Integer>();
        int header = payload.get();
        while ((header & 0x80) != 0) {
            payload.get();
            int high = payload.get();
            lengths.add((high & 3) << 8 | (payload.get() & 0xFF));
            header = payload.get();
        }
        for (int i = 0; i < lengths.size(); i++) {
            keep(packet.sequence() - (lengths.size() - i), octets(payload, lengths.get(i)));
        }
        keep(packet.sequence(), octets(payload, payload.remaining()));
    }

    private static byte[] octets(ByteBuffer from, int length) {
        byte[] octets = new byte[length];
        from.get(octets);
        return octets;
    }

    private void keep(int number, byte[] text) {
        heard.putIfAbsent(number, new String(text, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        rtp.close();
        rtcp.close();
    }
}
