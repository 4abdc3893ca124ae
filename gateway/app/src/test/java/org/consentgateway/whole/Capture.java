package org.consentgateway.whole;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.RtpPorts;

/**
 * Confined to one test. All RTP on the loopback interface, as the kernel saw it and when. Needs
 * root or CAP_NET_RAW, and dumpcap.
 */
final class Capture implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int FIRST_PORT = RtpPorts.GATEWAY;
    private static final int LAST_PORT = RtpPorts.PEERS + 999;
    private static final int MICROSECONDS = 0xA1B2C3D4;
    private static final int FILE_HEADER = 24;
    private static final int ETHERNET = 14;
    private static final int UDP = 8;
    private static final int RTP = 12;
    private static final byte ALAW_SILENCE = (byte) 0xD5;

    private final Process dumpcap;
    private final Path file;

    /** One RTP packet. */
    record Packet(Instant at, int fromPort, int toPort, byte[] octets) {
        /** An RFC 4733 event of this key: its payload is 4 octets. */
        boolean isKey(char key) {
            return octets.length == RTP + 4 && octets[RTP] == "0123456789*#".indexOf(key);
        }

        /** Audio that is more than A-law silence. */
        boolean isAudible() {
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

    private Capture(Process dumpcap, Path file) {
        this.dumpcap = dumpcap;
        this.file = file;
    }

    /** Whether this user may capture here. */
    static boolean isPermitted() throws InterruptedException {
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

    static Capture start(Path folder) throws IOException {
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
                                "udp and portrange " + FIRST_PORT + "-" + LAST_PORT)
                        .redirectErrorStream(true)
                        .redirectOutput(told.toFile())
                        .start();
        Capture capture = new Capture(dumpcap, file);
        await("dumpcap: " + Files.readString(told))
                .atMost(TestCaller.PATIENCE)
                .until(() -> Files.readString(told).contains("File: "));
        capture.mark("begin");
        return capture;
    }

    /** Waits until all that was sent so far is in the file. */
    private void mark(String name) throws IOException {
        byte[] mark = ("mark " + name).getBytes(StandardCharsets.US_ASCII);
        try (DatagramSocket socket = new DatagramSocket(0, HERE)) {
            socket.send(new DatagramPacket(mark, mark.length, HERE, LAST_PORT));
        }
        await("capture")
                .atMost(TestCaller.PATIENCE)
                .until(() ->
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                                .contains("mark " + name));
    }

    /** Ends it. */
    List<Packet> packets() throws IOException {
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
            byte[] octets = java.util.Arrays.copyOfRange(frame, udp + UDP, frame.length);
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
