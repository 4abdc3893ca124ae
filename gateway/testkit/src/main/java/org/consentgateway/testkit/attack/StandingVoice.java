package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.consentgateway.testkit.RtpPacket;
import org.consentgateway.testkit.wire.Capture;

/**
 * The media of a running call: a packet of A-law each 20 ms, each with its number in it, a key
 * where one is pressed, and all that comes. Where it may, the kernel says when which packet passed;
 * else two threads of ours do. Thread-safe.
 */
final class StandingVoice implements AutoCloseable {
    /** Payload type of telephone-event (RFC 4733). */
    static final int EVENTS = 101;

    private static final int ALAW = 8;
    private static final int FRAME = 160;
    private static final long FRAME_NANOS = 20_000_000;
    private static final int MANY = 2048;
    private static final int TRIES = 100;
    private static final int SSRC = 0x57A4D;

    private final DatagramSocket rtp;
    private final DatagramSocket rtcp;
    private final Optional<Path> folder;
    private final Optional<Capture> capture;
    private final List<Passed> sent = new ArrayList<>();
    private final List<Passed> came = new ArrayList<>();
    private boolean isEchoed;
    private char key;

    /** Of the packets of a key; {@link RtpPacket#KEY_PACKETS} where none is pressed. */
    private int keyStep = RtpPacket.KEY_PACKETS;

    private int keyTimestamp;
    private int sequence;
    private int timestamp;

    private StandingVoice(DatagramSocket rtp, DatagramSocket rtcp) throws IOException {
        this.rtp = rtp;
        this.rtcp = rtcp;
        boolean kernels = isCaptured(rtp.getLocalAddress());
        this.folder = kernels ? Optional.of(Files.createTempDirectory("attack")) : Optional.empty();
        // Nothing but RTP is looked at, so that RTCP's port can have the marks of the capture.
        this.capture =
                folder.isPresent()
                        ? Optional.of(Capture.start(folder.get(), port(), port() + 1))
                        : Optional.empty();
    }

    private static boolean isCaptured(InetAddress here) throws IOException {
        try {
            return here instanceof Inet4Address
                    && here.isLoopbackAddress()
                    && Capture.isPermitted();
        } catch (InterruptedException over) {
            throw new IOException(over);
        }
    }

    /**
     * @param host an address of this machine
     */
    static StandingVoice at(String host) throws IOException {
        InetAddress here = InetAddress.ofLiteral(host);
        for (int tries = 0; tries < TRIES; tries++) {
            DatagramSocket first = new DatagramSocket(0, here);
            int port = first.getLocalPort();
            if (port % 2 == 0) {
                try {
                    return new StandingVoice(first, new DatagramSocket(port + 1, here));
                } catch (SocketException taken) {
                    // another pair
                }
            }
            first.close();
        }
        throw new SocketException("no port pair is free");
    }

    int port() {
        return rtp.getLocalPort();
    }

    /** Speaks there, and hears, from now on. */
    void talks(InetSocketAddress there) {
        begin("running call, heard", this::hear);
        begin("running call, spoken", () -> speak(there));
    }

    private static void begin(String name, Runnable what) {
        Thread.ofPlatform().daemon().name(name).start(what);
    }

    /** For 100 ms. */
    synchronized void presses(char pressed) {
        key = pressed;
        keyStep = 0;
        keyTimestamp = timestamp;
    }

    private void speak(InetSocketAddress there) {
        long due = System.nanoTime();
        try {
            while (!rtp.isClosed()) {
                byte[] octets = next();
                rtp.send(new DatagramPacket(octets, octets.length, there));
                due = Math.max(due + FRAME_NANOS, System.nanoTime() - FRAME_NANOS);
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

    private synchronized byte[] next() {
        byte[] octets;
        if (keyStep < RtpPacket.KEY_PACKETS) {
            byte[] event = RtpPacket.key(key, keyStep);
            boolean first = keyStep++ == 0;
            octets = new RtpPacket(first, EVENTS, sequence++, keyTimestamp, SSRC, event).octets();
        } else {
            byte[] sound = Passed.sound(sequence);
            octets = new RtpPacket(false, ALAW, sequence++, timestamp, SSRC, sound).octets();
            sent.add(Passed.of(System.nanoTime(), octets, octets.length));
        }
        timestamp += FRAME;
        return octets;
    }

    private void hear() {
        DatagramPacket packet = new DatagramPacket(new byte[MANY], MANY);
        try {
            while (true) {
                packet.setLength(MANY);
                rtp.receive(packet);
                hear(Passed.of(System.nanoTime(), packet.getData(), packet.getLength()));
            }
        } catch (IOException closed) {
            // that is all
        }
    }

    private synchronized void hear(Passed packet) {
        came.add(packet);
        isEchoed |= packet.mark() != Passed.NO_MARK;
    }

    /** Whether anything of ours has come back. */
    synchronized boolean isEchoed() {
        return isEchoed;
    }

    /** The number of the next packet of ours. */
    synchronized int nextMark() {
        return sequence;
    }

    /** All so far; ends a capture. */
    Heard heard() throws IOException {
        if (capture.isEmpty()) {
            synchronized (this) {
                return new Heard(List.copyOf(sent), List.copyOf(came), false);
            }
        }
        List<Passed> out = new ArrayList<>();
        List<Passed> in = new ArrayList<>();
        for (Capture.Packet packet : capture.get().packets()) {
            byte[] octets = packet.octets();
            Passed passed = Passed.of(Moment.sinceEpoch(packet.at()), octets, octets.length);
            if (packet.toPort() == port()) {
                in.add(passed);
            } else if (passed.mark() != Passed.NO_MARK) {
                out.add(passed);
            }
        }
        return new Heard(out, in, true);
    }

    @Override
    public void close() throws IOException {
        rtp.close();
        rtcp.close();
        capture.ifPresent(Capture::close);
        if (folder.isPresent()) {
            try (Stream<Path> files = Files.list(folder.get())) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(folder.get());
        }
    }
}
