package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.testkit.SrtpStream;

/**
 * Somebody who has nothing to do with a call and counts what comes all the same, on a port pair as
 * media has one. Thread-safe.
 */
public final class Bystander implements AutoCloseable {
    private static final int TRIES = 100;

    private final DatagramSocket rtp;
    private final DatagramSocket rtcp;
    private final Optional<SrtpStream> sealing;

    /** Octets before each datagram. */
    private final int headers;

    private final AtomicLong packets = new AtomicLong();
    private final AtomicLong octets = new AtomicLong();
    private final AtomicLong reports = new AtomicLong();

    private Bystander(DatagramSocket rtp, DatagramSocket rtcp, Optional<SrtpStream> sealing) {
        this.rtp = rtp;
        this.rtcp = rtcp;
        this.sealing = sealing;
        this.headers = Ip.headers(rtp.getLocalAddress());
    }

    /**
     * @param host an address of this machine
     */
    public static Bystander at(String host) throws IOException {
        return at(host, Optional.empty());
    }

    /** The voice of an attacker, who speaks as its description says. */
    static Bystander voice(Target target) throws IOException {
        try {
            return at(
                    target.from(),
                    target.media() == Description.SRTP
                            ? Optional.of(Description.sealing())
                            : Optional.empty());
        } catch (GeneralSecurityException impossible) {
            throw new IOException(impossible);
        }
    }

    private static Bystander at(String host, Optional<SrtpStream> sealing) throws IOException {
        InetAddress here = InetAddress.ofLiteral(host);
        for (int tries = 0; tries < TRIES; tries++) {
            DatagramSocket first = new DatagramSocket(0, here);
            int port = first.getLocalPort();
            if (port % 2 == 0) {
                try {
                    Bystander bystander =
                            new Bystander(first, new DatagramSocket(port + 1, here), sealing);
                    Thread.ofVirtual().start(() -> bystander.count(bystander.rtp, false));
                    Thread.ofVirtual().start(() -> bystander.count(bystander.rtcp, true));
                    return bystander;
                } catch (SocketException taken) {
                    // another pair
                }
            }
            first.close();
        }
        throw new SocketException("no port pair is free");
    }

    private void count(DatagramSocket socket, boolean ofReports) {
        DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
        try {
            while (true) {
                packet.setLength(65535);
                socket.receive(packet);
                packets.incrementAndGet();
                octets.addAndGet(packet.getLength() + headers);
                if (ofReports) {
                    reports.incrementAndGet();
                }
            }
        } catch (IOException closed) {
            // that is all
        }
    }

    public int port() {
        return rtp.getLocalPort();
    }

    /** Sends a packet of RTP from where it counts, as a real peer would. */
    public void speaks(InetAddress host, int port, int sequence) throws IOException {
        byte[] packet = new byte[172];
        packet[0] = (byte) 0x80;
        packet[1] = 8;
        packet[2] = (byte) (sequence >> 8);
        packet[3] = (byte) sequence;
        int timestamp = sequence * 160;
        packet[6] = (byte) (timestamp >> 8);
        packet[7] = (byte) timestamp;
        packet[11] = 7;
        for (int i = 12; i < packet.length; i++) {
            packet[i] = (byte) 0xD5;
        }
        byte[] sent = sealed(packet);
        rtp.send(new DatagramPacket(sent, sent.length, host, port));
    }

    private byte[] sealed(byte[] packet) throws IOException {
        try {
            return sealing.isPresent() ? sealing.get().protect(packet, packet.length) : packet;
        } catch (GeneralSecurityException impossible) {
            throw new IOException(impossible);
        }
    }

    public long packets() {
        return packets.get();
    }

    /** Those of them that came at the port for RTCP. */
    public long reports() {
        return reports.get();
    }

    /** With the headers of UDP and IP. */
    public long octets() {
        return octets.get();
    }

    @Override
    public void close() {
        rtp.close();
        rtcp.close();
    }
}
