package org.consentgateway.bench.load;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SrtpStream;

/**
 * Thread-safe. The media of one telephone over SRTP, on two virtual threads: sends a packet every
 * 20 ms that bears its own number, so that what is heard through the gateway tells what was lost or
 * turned round on the whole way.
 */
public final class SecureVoice implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final long FRAME_NANOS = 20_000_000;
    private static final int SAMPLES = 160;
    private static final int HEADER = 12;
    private static final int AUDIO = HEADER + SAMPLES;
    private static final int KEY_PACKET = 16;
    private static final byte PCMA = 8;
    private static final byte TELEPHONE_EVENT = 101;
    private static final byte MARKER = (byte) 0x80;
    private static final int KEY_FRAMES = 5;
    private static final String SUITE = " AES_CM_128_HMAC_SHA1_80 inline:";
    private static final int MAGIC = 0x53525450;

    private final DatagramSocket rtp;
    private final DatagramSocket rtcp;
    private final byte[] key = new byte[SrtpStream.KEY];
    private final int ssrc = RANDOM.nextInt();
    private String tag = "1";
    private volatile boolean running = true;
    private volatile char pressed;
    private volatile boolean bridged;

    // Written by the sender.
    private final LongAdder sent = new LongAdder();
    private volatile long sentRolls;

    // Written by the receiver.
    private final LongAdder received = new LongAdder();
    private final LongAdder relayed = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder turned = new LongAdder();
    private final LongAdder unauthentic = new LongAdder();
    private volatile long receivedRolls;
    private volatile long longestGapMillis;

    /**
     * Immutable. What went over one leg, as its telephone saw it.
     *
     * @param relayed of those received: from the other telephone, through the gateway
     * @param lost between the two telephones
     * @param turned came after one that had been sent later
     * @param unauthentic whose tag was not the gateway's
     * @param sentRolls how often the sequence number went round
     */
    public record Figures(
            long sent,
            long received,
            long relayed,
            long lost,
            long turned,
            long unauthentic,
            long sentRolls,
            long receivedRolls,
            long longestGapMillis) {}

    SecureVoice() throws IOException {
        DatagramSocket first = new DatagramSocket(0, HERE);
        while (first.getLocalPort() % 2 != 0) {
            first.close();
            first = new DatagramSocket(0, HERE);
        }
        rtp = first;
        rtcp = new DatagramSocket(rtp.getLocalPort() + 1, HERE);
        RANDOM.nextBytes(key);
    }

    /** What it offers, or answers with once it was started: its port and its key. */
    String sdp() {
        return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio "
                + rtp.getLocalPort()
                + " RTP/SAVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
                + "a=crypto:"
                + tag
                + SUITE
                + java.util.Base64.getEncoder().encodeToString(key)
                + "\r\na=ptime:20\r\na=sendrecv\r\n";
    }

    /** Speaks and hears from now on. */
    void start(SipMessage answer) throws GeneralSecurityException {
        InetSocketAddress peer = new InetSocketAddress(HERE, answer.mediaPort());
        String peerSdp = answer.body();
        int at = peerSdp.indexOf(SUITE);
        tag = peerSdp.substring(peerSdp.lastIndexOf(':', at) + 1, at);
        at += SUITE.length();
        byte[] peerKey = java.util.Base64.getDecoder().decode(peerSdp.substring(at, at + 40));
        SrtpStream out = new SrtpStream(key);
        SrtpStream in = new SrtpStream(peerKey);
        Thread.ofVirtual().name("voice-out").start(() -> speak(peer, out));
        Thread.ofVirtual().name("voice-in").start(() -> hear(in));
    }

    /** Presses a key for 100 ms (RFC 4733). */
    void press(char digit) {
        pressed = digit;
    }

    /** Whether the other telephone was heard. */
    boolean isBridged() {
        return bridged;
    }

    public Figures figures() {
        return new Figures(
                sent.sum(),
                received.sum(),
                relayed.sum(),
                lost.sum(),
                turned.sum(),
                unauthentic.sum(),
                sentRolls,
                receivedRolls,
                longestGapMillis);
    }

    private void speak(InetSocketAddress peer, SrtpStream out) {
        byte[] octets = new byte[AUDIO];
        ByteBuffer packet = ByteBuffer.wrap(octets);
        int sequence = RANDOM.nextInt(1 << 15);
        int timestamp = RANDOM.nextInt();
        int keyFrame = 0;
        int keyStart = 0;
        long start = System.nanoTime();
        try {
            for (long frame = 0; running; frame++) {
                long due = start + frame * FRAME_NANOS;
                for (long left = due - System.nanoTime();
                        left > 0;
                        left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                timestamp += SAMPLES;
                char digit = pressed;
                if (digit == 0) {
                    header(packet, PCMA, sequence++, timestamp);
                    packet.putInt(HEADER, MAGIC).putLong(KEY_PACKET, frame);
                    send(octets, AUDIO, out, peer);
                    continue;
                }
                // Five updates, 20 ms apart, and the end three times (RFC 4733 §2.5.1).
                keyFrame++;
                keyStart = keyFrame == 1 ? timestamp : keyStart;
                boolean last = keyFrame > KEY_FRAMES;
                for (int time = 0; time < (last ? 3 : 1); time++) {
                    byte mark = keyFrame == 1 ? MARKER : 0;
                    header(packet, (byte) (TELEPHONE_EVENT | mark), sequence++, keyStart);
                    packet.put(HEADER, (byte) Character.digit(digit, 10));
                    packet.put(13, (byte) (last ? 0x8A : 0x0A));
                    packet.putShort(14, (short) (keyFrame * SAMPLES));
                    send(octets, KEY_PACKET, out, peer);
                }
                if (last) {
                    keyFrame = 0;
                    pressed = 0;
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            if (running) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void header(ByteBuffer packet, byte type, int sequence, int timestamp) {
        packet.put(0, (byte) 0x80).put(1, type).putShort(2, (short) sequence);
        packet.putInt(4, timestamp).putInt(8, ssrc);
    }

    private void send(byte[] packet, int length, SrtpStream out, InetSocketAddress peer)
            throws IOException, GeneralSecurityException {
        byte[] sealed = out.protect(packet, length);
        rtp.send(new DatagramPacket(sealed, sealed.length, peer));
        sent.increment();
        sentRolls = out.rollOver();
    }

    private void hear(SrtpStream in) {
        byte[] octets = new byte[2048];
        DatagramPacket datagram = new DatagramPacket(octets, octets.length);
        long last = -1;
        long lastAt = 0;
        try {
            while (running) {
                datagram.setLength(octets.length);
                rtp.receive(datagram);
                int length = in.unprotect(octets, datagram.getLength());
                if (length < 0) {
                    unauthentic.increment();
                    continue;
                }
                long now = System.nanoTime();
                if (received.sum() > 0) {
                    longestGapMillis = Math.max(longestGapMillis, (now - lastAt) / 1_000_000);
                }
                lastAt = now;
                received.increment();
                receivedRolls = in.rollOver();
                ByteBuffer packet = ByteBuffer.wrap(octets, 0, length);
                if (length == AUDIO && packet.getInt(HEADER) == MAGIC) {
                    long frame = packet.getLong(KEY_PACKET);
                    bridged = true;
                    relayed.increment();
                    if (frame <= last) {
                        turned.increment();
                        lost.decrement();
                    } else if (last >= 0) {
                        lost.add(frame - last - 1);
                    }
                    last = Math.max(last, frame);
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            if (running) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        running = false;
        rtp.close();
        rtcp.close();
    }
}
