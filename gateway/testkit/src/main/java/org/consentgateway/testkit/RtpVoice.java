package org.consentgateway.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The media of one telephone: a packet every 20 ms with what is to be said, keys among it, and
 * silence otherwise; and what is heard. In plain or over SRTP. Thread-safe.
 */
public final class RtpVoice implements AutoCloseable {
    /** Payload type of telephone-event in our own offers. */
    public static final int EVENTS = 101;

    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final String SUITE = "AES_CM_128_HMAC_SHA1_80";
    private static final int FRAME = 160;
    private static final long FRAME_NANOS = 20_000_000;

    /** A machine that stalled for longer does not make up for it. */
    private static final long LATE_NANOS = 100_000_000;

    /** Silence behind a key, so that two equal ones stay two. */
    private static final int PAUSE_FRAMES = 3;

    /** Longer than a machine stalls. */
    private static final int PATIENCE_MILLIS = 5_000;

    private static final int PORT_PAIRS = 400;
    private static final AtomicInteger PAIRS = new AtomicInteger();

    /** Octets of a receiver report with one block, and of a name. */
    private static final int REPORT = 44;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Told on the thread that hears. */
    public interface Listener {
        /** Any packet, as it comes. */
        default void packet(int sequence) {}

        /**
         * @param octets of one packet
         */
        default void audio(byte[] octets, Law law) {}

        default void key(char key) {}

        /**
         * @param octets of one packet of G.722
         */
        default void wideband(byte[] octets) {}
    }

    /** Static payload type of G.722 (RFC 3551 §6). */
    public static final int G722 = 9;

    /** What another encoder makes of silence, once it has settled. */
    private static final byte WIDEBAND_SILENCE = (byte) 0xFA;

    private final Listener listener;
    private final DatagramSocket rtp;
    private final DatagramSocket rtcp;
    private final int port;
    private final int ssrc = RANDOM.nextInt();
    private final byte[] key = new byte[SrtpStream.KEY];
    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicInteger spoken = new AtomicInteger();
    private final AtomicInteger silent = new AtomicInteger();
    private final Semaphore heardOut = new Semaphore(0);
    private volatile boolean listening;
    private volatile @Nullable RtpPacket lastHeard;

    private @Nullable InetSocketAddress peer;
    private Law law = Law.A;

    private boolean wantsWideband;

    /** Octets of G.722, which are only carried here, in place of a law's. */
    private boolean wideband;

    private int events = EVENTS;
    private @Nullable SrtpStream sealing;
    private @Nullable SrtpStream opening;
    private int sequence = 1000;
    private int timestamp = 77_777;

    private final Deque<byte[]> toSay = new ArrayDeque<>();
    private final Deque<Character> toPress = new ArrayDeque<>();
    private int keyStep;
    private int keyTimestamp;

    public RtpVoice(Listener listener) throws IOException {
        this.listener = listener;
        RANDOM.nextBytes(key);
        DatagramSocket[] pair = pair();
        rtp = pair[0];
        rtcp = pair[1];
        port = rtp.getLocalPort();
    }

    /** The next two ports of those that are kept for peers. */
    static DatagramSocket[] pair() throws IOException {
        for (int attempt = 0; attempt < PORT_PAIRS; attempt++) {
            int port = RtpPorts.PEERS + 2 * (PAIRS.getAndIncrement() % PORT_PAIRS);
            DatagramSocket first = null;
            try {
                first = new DatagramSocket(port, HERE);
                return new DatagramSocket[] {first, new DatagramSocket(port + 1, HERE)};
            } catch (BindException taken) {
                if (first != null) {
                    first.close();
                }
            }
        }
        throw new IOException("all ports for peers are taken");
    }

    public int port() {
        return port;
    }

    public int ssrc() {
        return ssrc;
    }

    /** Where it speaks to. */
    public synchronized InetSocketAddress peer() {
        if (peer == null) {
            throw new IllegalStateException("nobody was called");
        }
        return peer;
    }

    // ------------------------------------------------------------------ what is agreed on

    /** A description in plain, with A-law, or with what was agreed on. */
    public String sdp() {
        return sdp("RTP/AVP", payloadType() + " " + events, eventLines());
    }

    /** The same without telephone-event. */
    public String sdpWithoutEvents() {
        return sdp("RTP/AVP", "" + law.payloadType, "");
    }

    /** With G.722 before A-law. */
    public synchronized String sdpWideband() {
        wantsWideband = true;
        return sdp("RTP/AVP", G722 + " " + law.payloadType + " " + events, eventLines());
    }

    /** A description over SRTP, with our key (RFC 4568). */
    public String secureSdp() {
        String inline = Base64.getEncoder().encodeToString(key);
        return sdp(
                "RTP/SAVP",
                law.payloadType + " " + events,
                eventLines() + "a=crypto:1 " + SUITE + " inline:" + inline + "\r\n");
    }

    private String eventLines() {
        return "a=rtpmap:" + events + " telephone-event/8000\r\n";
    }

    private String sdp(String profile, String types, String lines) {
        return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                + ("m=audio " + port() + " " + profile + " " + types + "\r\n")
                + (lines + "a=ptime:20\r\n");
    }

    /** Takes what a description of the other side says of its address; and of its key. */
    public synchronized void agree(SipMessage answer) {
        agree(answer, Law.A, EVENTS);
    }

    /** The same, with the law and the type of events that were chosen. */
    public synchronized void agree(SipMessage description, Law chosen, int eventType) {
        peer =
                new InetSocketAddress(
                        InetAddress.ofLiteral(description.find("c=IN IP4 (\\S+)")),
                        description.mediaPort());
        law = chosen;
        events = eventType;
        wideband = description.body().contains(" RTP/AVP " + G722 + " ") && wantsWideband;
        if (description.body().contains("RTP/SAVP ")) {
            String theirs = description.find("a=crypto:\\d+ " + SUITE + " inline:([^\\s|]+)");
            sealing = srtp(key);
            opening = srtp(Base64.getDecoder().decode(theirs));
        }
    }

    /** Takes G.722 where the other side's description begins with it. */
    synchronized void wantsWideband() {
        wantsWideband = true;
    }

    /** Whether G.722 was agreed on. */
    public synchronized boolean isWideband() {
        return wideband;
    }

    private synchronized int payloadType() {
        return wideband ? G722 : law.payloadType;
    }

    /** A key that nobody has agreed on. */
    public static SrtpStream forged() {
        byte[] other = new byte[SrtpStream.KEY];
        RANDOM.nextBytes(other);
        return srtp(other);
    }

    private static SrtpStream srtp(byte[] with) {
        try {
            return new SrtpStream(with);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    // ------------------------------------------------------------------ speaking

    /** Sends from now on. */
    public void talk() {
        Thread.ofVirtual().name("rtp out " + port()).start(this::send);
    }

    /** Hears from now on. */
    public void listen() {
        listening = true;
        Thread.ofVirtual().name("rtp in " + port()).start(this::receive);
    }

    /** Octets of the law agreed on; what was being said stops. */
    public synchronized void say(byte[] octets) {
        toSay.clear();
        for (int at = 0; at + FRAME <= octets.length; at += FRAME) {
            toSay.add(Arrays.copyOfRange(octets, at, at + FRAME));
        }
    }

    public void say(short[] samples) {
        say(law().encode(samples));
    }

    private synchronized Law law() {
        return law;
    }

    private synchronized int events() {
        return events;
    }

    /** Presses a key for 100 ms, behind those that are still to be pressed. */
    public synchronized void press(char pressed) {
        toPress.add(pressed);
    }

    /** Waits until all keys are pressed. */
    public synchronized void pressed() throws InterruptedException {
        while (!toPress.isEmpty() && !rtp.isClosed()) {
            wait(1000);
        }
    }

    private void send() {
        long due = System.nanoTime();
        try {
            while (!rtp.isClosed()) {
                frame();
                due = Math.max(due + FRAME_NANOS, System.nanoTime() - LATE_NANOS);
                for (long left = due - System.nanoTime();
                        left > 0;
                        left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
            }
        } catch (IOException closed) {
            // the call is over
        }
    }

    private synchronized void frame() throws IOException {
        if (!toPress.isEmpty() && keyStep < RtpPacket.KEY_PACKETS) {
            keyTimestamp = keyStep == 0 ? timestamp : keyTimestamp;
            byte[] event = RtpPacket.key(toPress.element(), keyStep);
            send(
                    new RtpPacket(keyStep == 0, events, sequence++, keyTimestamp, ssrc, event),
                    sealing);
        } else {
            byte[] said = toPress.isEmpty() ? toSay.poll() : null;
            byte[] payload = said == null ? silence() : said;
            send(
                    new RtpPacket(false, payloadType(), sequence++, timestamp, ssrc, payload),
                    sealing);
        }
        timestamp += FRAME;
        if (!toPress.isEmpty() && ++keyStep == RtpPacket.KEY_PACKETS + PAUSE_FRAMES) {
            keyStep = 0;
            toPress.remove();
            notifyAll();
        }
    }

    private byte[] silence() {
        byte[] frame = new byte[FRAME];
        Arrays.fill(frame, wideband ? WIDEBAND_SILENCE : law.silence);
        return frame;
    }

    private synchronized void send(RtpPacket packet, @Nullable SrtpStream with) throws IOException {
        byte[] octets = packet.octets();
        if (with != null) {
            try {
                octets = with.protect(octets, octets.length);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        rtp.send(new DatagramPacket(octets, octets.length, peer()));
    }

    /** A key from our own socket, 5 ms a packet, with this SSRC and key in place of our own. */
    public void pressAs(char pressed, int otherSsrc, @Nullable SrtpStream with) throws IOException {
        for (int step = 0; step < RtpPacket.KEY_PACKETS; step++) {
            synchronized (this) {
                byte[] event = RtpPacket.key(pressed, step);
                int number = sequence + step;
                send(new RtpPacket(step == 0, events, number, timestamp, otherSsrc, event), with);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** What has been heard last, in a receiver report (RFC 3550 §6.4.2) in plain. */
    public void reports() throws IOException {
        RtpPacket last = lastHeard;
        if (last == null) {
            return;
        }
        ByteBuffer report = ByteBuffer.allocate(REPORT);
        report.putInt(0x81C9_0007).putInt(ssrc).putInt(last.ssrc()).putInt(0);
        report.putInt(last.sequence()).putInt(0).putInt(0).putInt(0);
        // The name it has to come with (§6.5): a "c".
        report.putInt(0x81CA_0002).putInt(ssrc).putInt(0x0101_6300);
        InetSocketAddress to = peer();
        rtcp.send(new DatagramPacket(report.array(), REPORT, to.getAddress(), to.getPort() + 1));
    }

    // ------------------------------------------------------------------ hearing

    /** Packets so far. */
    public int heard() {
        return heard.get();
    }

    /** Those of them that are more than silence, as their last octet tells. */
    public int spoken() {
        return spoken.get();
    }

    /** Packets of silence since the last one that was not. */
    public int silent() {
        return silent.get();
    }

    /**
     * Waits until what has come so far is heard, however late this machine lets anybody hear it: by
     * a packet to itself, which comes behind the others. Not on the thread that hears.
     */
    void hearOut() {
        if (!listening) {
            return;
        }
        try {
            byte[] last = new byte[RtpPacket.HEADER];
            rtp.send(new DatagramPacket(last, last.length, HERE, port));
            boolean _ = heardOut.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException closed) {
            // nothing more is heard
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive() {
        DatagramPacket datagram = new DatagramPacket(new byte[2048], 2048);
        int last = 0;
        boolean known = false;
        while (!rtp.isClosed()) {
            try {
                datagram.setLength(2048);
                rtp.receive(datagram);
                if (datagram.getPort() == port && HERE.equals(datagram.getAddress())) {
                    heardOut.release();
                    continue;
                }
                int length = opened(datagram);
                if (length < RtpPacket.HEADER + 1) {
                    continue;
                }
                RtpPacket packet = RtpPacket.of(datagram.getData(), length);
                count(packet);
                lastHeard = packet;
                listener.packet(packet.sequence());
                if (packet.type() == G722 && isWideband()) {
                    listener.wideband(packet.payload());
                } else if (packet.type() == law().payloadType) {
                    listener.audio(packet.payload(), law());
                } else if (packet.type() == events() && !(known && packet.timestamp() == last)) {
                    known = true;
                    last = packet.timestamp();
                    listener.key(packet.pressed());
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Octets of the RTP packet; less than a header if it is none of the other side's. */
    private synchronized int opened(DatagramPacket datagram) {
        try {
            return opening == null
                    ? datagram.getLength()
                    : opening.unprotect(datagram.getData(), datagram.getLength());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void count(RtpPacket packet) {
        byte last = packet.payload()[packet.payload().length - 1];
        Law of = law();
        heard.incrementAndGet();
        // With the other sign it is just as silent.
        if (last != of.silence && last != (of.silence ^ (byte) 0x80)) {
            spoken.incrementAndGet();
            silent.set(0);
        } else {
            silent.incrementAndGet();
        }
    }

    @Override
    public void close() {
        rtp.close();
        rtcp.close();
    }
}
