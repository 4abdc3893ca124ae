package org.consentgateway.whole;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.testkit.FreePort;

/** Confined to one test. A real telephone program (baresip) that plays a file and records one. */
public final class Softphone implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int LIFE_SECONDS = 90;
    private static final Pattern CALL_ID = Pattern.compile("call id: (\\S+)");

    private final Process process;
    private final Path home;
    private final int console;
    private final int sipPort;

    private Softphone(Process process, Path home, int console, int sipPort) {
        this.process = process;
        this.home = home;
        this.console = console;
        this.sipPort = sipPort;
    }

    /**
     * Immutable. What it plays from the answer on, at this rate; and what it records is at it, too.
     */
    private record Sound(short[] samples, int rate, String codec) {}

    /** One to be called that speaks nothing but Opus, by the library of its authors. */
    static Softphone inOpus(Path home, String account, short[] says, int firstRtpPort)
            throws IOException {
        // Opus has two channels there, and whatever is in the file is taken for both in turns.
        short[] twice = new short[2 * says.length];
        for (int i = 0; i < twice.length; i++) {
            twice[i] = says[i / 2];
        }
        return start(home, account, new Sound(twice, 48_000, "opus"), firstRtpPort, "");
    }

    /**
     * Without a ringing tone: where 180 and 200 come at once, this version of baresip may start to
     * play it and then never send a packet.
     *
     * @param account its number and parameters: {@code <sip:…>;mediaenc=srtp-mand}
     * @param says played from the answer on, at 8 kHz
     * @param firstRtpPort a hundred from here are its own
     * @param dials whom, or empty to be called
     */
    public static Softphone start(
            Path home, String account, short[] says, int firstRtpPort, String dials)
            throws IOException {
        return start(home, account, new Sound(says, 8000, "g711"), firstRtpPort, dials);
    }

    private static Softphone start(
            Path home, String account, Sound says, int firstRtpPort, String dials)
            throws IOException {
        Files.createDirectories(home);
        new Wav(says.samples(), says.rate()).write(home.resolve("said.wav"));
        Files.writeString(home.resolve("accounts"), account + "\n");
        Files.writeString(home.resolve("contacts"), "");
        int console = FreePort.next();
        int sipPort = FreePort.pair(); // baresip has TLS at the next one
        Files.writeString(
                home.resolve("config"),
                """
                sip_listen 127.0.0.1:%3$d
                net_interface 127.0.0.1
                audio_source aufile,%1$s/said.wav
                audio_player aufile,%1$s/heard.wav
                audio_alert nil,nil
                ausrc_srate %6$d
                auplay_srate %6$d
                ausrc_format s16
                auplay_format s16
                audio_channels 1
                rtp_ports %2$d-%4$d
                ringback_aufile none
                ring_aufile none
                cons_listen 127.0.0.1:%5$d
                module_path /usr/lib/baresip/modules
                module %7$s.so
                module aufile.so
                module srtp.so
                module cons.so
                module_app account.so
                module_app menu.so
                """
                        .formatted(
                                home,
                                firstRtpPort,
                                sipPort,
                                firstRtpPort + 99,
                                console,
                                says.rate(),
                                says.codec()));
        List<String> command =
                new ArrayList<>(List.of("baresip", "-f", home.toString(), "-t", "" + LIFE_SECONDS));
        if (!dials.isEmpty()) {
            command.addAll(List.of("-e", "/dial " + dials));
        }
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(home.resolve("output.txt").toFile())
                        .start();
        return new Softphone(process, home, console, sipPort);
    }

    /** Where it is called over UDP. */
    public int sipPort() {
        return sipPort;
    }

    /** Types a key into its console; in a call that is a key pressed for 100 ms. */
    void presses(char key) throws IOException {
        type(key);
        LockSupport.parkNanos(100_000_000);
        type((char) 0x04); // what it takes for a key let go
    }

    private void type(char key) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, HERE)) {
            byte[] octet = {(byte) key};
            socket.send(new DatagramPacket(octet, 1, HERE, console));
        }
    }

    /** Value of the Call-ID of the call it places; returns when it has placed it. */
    String callId() throws IOException {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < patience) {
            Matcher told = CALL_ID.matcher(output());
            if (told.find()) {
                return told.group(1);
            }
            LockSupport.parkNanos(20_000_000);
        }
        throw new AssertionError("baresip did not call: " + output());
    }

    /** What it told, for the message of a failure. */
    String output() throws IOException {
        return Files.readString(home.resolve("output.txt"), StandardCharsets.ISO_8859_1);
    }

    /** Hangs up, ends, and gives what it heard. */
    short[] heard() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("baresip did not end: " + output());
        }
        return Wav.read(home.resolve("heard.wav")).samples();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
