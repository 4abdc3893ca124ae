package org.consentgateway.bench.testbed;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Confined to one thread. The relay operators know, for comparison: rtpengine without its kernel
 * module, as Debian's package rtpengine-daemon has it, told what to relay by its ng protocol
 * (bencoded dictionaries by UDP, as its manual describes).
 */
public final class RtpEngine implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/rtpengine");
    private static final int FIRST_PORT = 22_000;
    private static final int LAST_PORT = 24_000;
    private static final int ANSWER_MILLIS = 250;
    private static final int ATTEMPTS = 40;
    private static final Pattern RELAY_PORT = Pattern.compile("m=audio (\\d+) ");

    private final Process process;
    private final DatagramSocket control;
    private int requests;

    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    RtpEngine() throws IOException {
        control = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        control.setSoTimeout(ANSWER_MILLIS);
        int port = freePort();
        process =
                new ProcessBuilder(
                                PROGRAM.toString(),
                                "--foreground",
                                "--config-file=none",
                                "--table=-1",
                                "--interface=127.0.0.1",
                                "--listen-ng=127.0.0.1:" + port,
                                "--port-min=" + FIRST_PORT,
                                "--port-max=" + LAST_PORT,
                                "--log-level=2",
                                "--log-stderr")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        control.connect(InetAddress.getLoopbackAddress(), port);
    }

    private static int freePort() throws IOException {
        try (var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /**
     * A call whose two sides both hear at one port.
     *
     * @return the two ports to speak to
     */
    List<Integer> call(int number, int voices) throws IOException {
        String sdp =
                "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio "
                        + voices
                        + " RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";
        String call = text("call-id", "call-" + number);
        List<Integer> ports = new ArrayList<>();
        ports.add(relayPort(call + text("command", "offer") + text("from-tag", "a"), sdp));
        ports.add(
                relayPort(
                        call + text("command", "answer") + text("from-tag", "a"),
                        sdp,
                        text("to-tag", "b")));
        return ports;
    }

    /** Keys of a dictionary stand in their order: call-id, command, from-tag, sdp, to-tag. */
    private int relayPort(String before, String sdp, String... after) throws IOException {
        String answer = ask("d" + before + text("sdp", sdp) + String.join("", after) + "e");
        Matcher port = RELAY_PORT.matcher(answer);
        if (!port.find()) {
            throw new IOException("rtpengine says: " + answer);
        }
        return Integer.parseInt(port.group(1));
    }

    private static String text(String key, String value) {
        return key.length() + ":" + key + value.length() + ":" + value;
    }

    /** Asks again until it has started: it says so nowhere. */
    private String ask(String dictionary) throws IOException {
        String cookie = "bench" + requests++;
        byte[] request = (cookie + " " + dictionary).getBytes(StandardCharsets.US_ASCII);
        for (int attempt = 0; attempt < ATTEMPTS && process.isAlive(); attempt++) {
            try {
                control.send(new DatagramPacket(request, request.length));
                var answer = new DatagramPacket(new byte[8192], 8192);
                control.receive(answer);
                var said =
                        new String(
                                answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
                if (said.startsWith(cookie + " ")) {
                    return said;
                }
            } catch (SocketTimeoutException | java.net.PortUnreachableException notYet) {
                pause();
            }
        }
        throw new IOException("rtpengine does not answer");
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }

    ChildProcess kernel() {
        return new ChildProcess(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        control.close();
    }
}
