package org.consentgateway.testkit.wire;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.testkit.RtpPorts;

/**
 * Confined to one thread. All RTP on the loopback interface between these ports, as the kernel saw
 * it and when. Needs root or CAP_NET_RAW, and dumpcap.
 */
public final class Capture implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int MICROSECONDS = 0xA1B2C3D4;
    private static final int FILE_HEADER = 24;
    private static final int ETHERNET = 14;
    private static final int UDP = 8;
    private static final int RTP = 12;
    private static final byte ALAW_SILENCE = (byte) 0xD5;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long TURN_MILLIS = 20;

    private final Process dumpcap;
    private final Path file;
    private final int lastPort;

    /** One RTP packet. */
    public record Packet(Instant at, int fromPort, int toPort, byte[] octets) {
        /** An RFC 4733 event of this key: its payload is 4 octets. */
        public boolean isKey(char key) {
            return octets.length == RTP + 4 && octets[RTP] == "0123456789*#".indexOf(key);
        }

        /** Audio that is more than A-law silence. */
        public boolean isAudible() {
            if ((octets[1] & 0x7F) != 8) {
                return false;
            }
            for (int i = RTP; i < octets.length; i++) {
                if (octets[i] != ALAW_SILENCE) {
                    return true;
                }
            }
            return false;
        }
    }

    private Capture(Process dumpcap, Path file, int lastPort) {
        this.dumpcap = dumpcap;
        this.file = file;
        this.lastPort = lastPort;
    }

    /** Whether this user may capture here. */
    public static boolean isPermitted() throws InterruptedException {
        try {
            Process list =
                    new ProcessBuilder("dumpcap", "-i", "lo", "-L")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return list.waitFor(10, TimeUnit.SECONDS) && list.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    /** Of what the gateway of a test and its peers use. */
    public static Capture start(Path folder) throws IOException {
        return start(folder, RtpPorts.GATEWAY, RtpPorts.PEERS + 999);
    }

    /**
     * @param lastPort nobody's
     */
    public static Capture start(Path folder, int firstPort, int lastPort) throws IOException {
        Path file = Files.createTempFile(folder, "capture", ".pcap");
        Path told = Files.createTempFile(folder, "dumpcap", ".txt");
        Process dumpcap =
                new ProcessBuilder(
                                "dumpcap",
                                "-i",
                                "lo",
                                "-P",
                                "-w",
                                file.toString(),
                                "-f",
                                "udp and portrange " + firstPort + "-" + lastPort)
                        .redirectErrorStream(true)
                        .redirectOutput(told.toFile())
                        .start();
        Capture capture = new Capture(dumpcap, file, lastPort);
        until(told, "File: ");
        capture.mark("begin");
        return capture;
    }

    /** Waits until all that was sent so far is in the file. */
    private void mark(String name) throws IOException {
        byte[] mark = ("mark " + name).getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket socket = new DatagramSocket(0, HERE)) {
            socket.send(new DatagramPacket(mark, mark.length, HERE, lastPort));
        }
        until(file, "mark " + name);
    }

    /**
     * @throws IOException where this is not in it in time
     */
    private static void until(Path file, String text) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
            if (System.nanoTime() > end) {
                throw new IOException("dumpcap never wrote: " + text);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(TURN_MILLIS));
        }
    }

    /** Where all of it is, for whoever wants to look at it afterwards. */
    public Path file() {
        return file;
    }

    /** Ends it. */
    public List<Packet> packets() throws IOException {
        mark("end");
        close();
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        boolean micros = in.getInt(0) == MICROSECONDS;
        List<Packet> packets = new ArrayList<>();
        in.position(FILE_HEADER);
        while (in.remaining() >= 16) {
            long seconds = in.getInt() & 0xFFFFFFFFL;
            long fraction = in.getInt() & 0xFFFFFFFFL;
            int captured = in.getInt();
            int _ = in.getInt();
            if (captured > in.remaining()) {
                break; // came behind the mark, while it was being ended
            }
            byte[] frame = new byte[captured];
            in.get(frame);
            int udp = ETHERNET + (frame[ETHERNET] & 0x0F) * 4;
            ByteBuffer ports = ByteBuffer.wrap(frame, udp, 4);
            int from = ports.getShort() & 0xFFFF;
            int to = ports.getShort() & 0xFFFF;
            byte[] octets = Arrays.copyOfRange(frame, udp + UDP, frame.length);
            // RTCP has the odd ports.
            if (to % 2 == 0 && octets.length >= RTP && (octets[0] & 0xC0) == 0x80) {
                long nanos = micros ? fraction * 1000 : fraction;
                packets.add(new Packet(Instant.ofEpochSecond(seconds, nanos), from, to, octets));
            }
        }
        return packets;
    }

    @Override
    public void close() {
        dumpcap.destroy();
    }
}
