package org.consentgateway.media.bench;

import com.sun.management.ThreadMXBean;
import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.OpusTerms;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.codec.G722;
import org.consentgateway.testkit.RtpPorts;

/**
 * What a call from a telephone over G.722 costs by the codec of its assistant: processor time of
 * the engine's own threads, by thread, and what they allocate. Both talk all the time. Run its
 * main() with the number of calls at once.
 */
public final class OpusBench {
    private static final int OPUS = 111;
    private static final int WARM_SECONDS = 6;
    private static final int SECONDS = 10;
    private static final int LOOP = 50;
    private static final long TICK_NANOS = 20_000_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private OpusBench() {}

    /** How an assistant speaks: its packets of a second, and the ticks of its clock in each. */
    private record Assistant(String name, MediaFormat format, List<byte[]> packets, int ticks) {}

    /** Processor time and octets of the threads whose names begin so. */
    private record Use(long nanos, long octets) {
        static Use of(String prefix) {
            long nanos = 0;
            long octets = 0;
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith(prefix)) {
                    nanos += THREADS.getThreadCpuTime(thread.threadId());
                    octets += THREADS.getThreadAllocatedBytes(thread.threadId());
                }
            }
            return new Use(nanos, octets);
        }

        Use since(Use before) {
            return new Use(nanos - before.nanos, octets - before.octets);
        }
    }

    /** Something like speech: notes, noise, and one pause in the second. */
    private static short[] speech() {
        short[] sound = new short[Codec.WIDEBAND_RATE];
        Random random = new Random(17);
        for (int i = 0; i < sound.length * 4 / 5; i++) {
            double t = i / (double) Codec.WIDEBAND_RATE;
            double voice = 0;
            for (int harmonic = 1; harmonic < 40; harmonic++) {
                voice += Math.sin(2 * Math.PI * 140 * harmonic * t) / harmonic;
            }
            double loudness = 0.6 + 0.4 * Math.sin(2 * Math.PI * 4 * t);
            sound[i] = (short) (loudness * (4000 * voice + 300 * random.nextGaussian()));
        }
        return sound;
    }

    private static List<byte[]> packets(Codec codec) {
        short[] sound = speech();
        byte[] all = new byte[LOOP * codec.frameOctets()];
        codec.encoder(Codec.WIDEBAND_RATE).encode(sound, sound.length, ByteBuffer.wrap(all), 0);
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < LOOP; i++) {
            int from = i * codec.frameOctets();
            packets.add(Arrays.copyOfRange(all, from, from + codec.frameOctets()));
        }
        return packets;
    }

    private static List<byte[]> opusPackets() throws Exception {
        OpusEncoder encoder =
                new OpusEncoder(Codec.WIDEBAND_RATE, 1, OpusApplication.OPUS_APPLICATION_VOIP);
        short[] sound = speech();
        byte[] packet = new byte[1500];
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < LOOP; i++) {
            int octets = encoder.encode(sound, i * 320, 320, packet, 0, packet.length);
            packets.add(Arrays.copyOf(packet, octets));
        }
        return packets;
    }

    private static MediaFormat plain(Codec codec) {
        return new MediaFormat(codec, codec.staticPayloadType(), 101);
    }

    public static void main(String[] args) throws Exception {
        int calls = args.length == 0 ? 20 : Integer.parseInt(args[0]);
        System.out.printf(
                "%s, %d processors, Java %s; %d calls at once, %d s each%n",
                processor(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                calls,
                SECONDS);
        System.out.println(
                "assistant          event loop     opus threads   together       allocated");
        measure(
                calls,
                new Assistant("G.722, relayed", plain(G722.WIDEBAND), packets(G722.WIDEBAND), 160));
        measure(calls, new Assistant("A-law", plain(G711.PCMA), packets(G711.PCMA), 160));
        measure(
                calls,
                new Assistant(
                        "Opus",
                        MediaFormat.ofOpus(OPUS, 110, new OpusTerms(OPUS, 48_000, 510_000)),
                        opusPackets(),
                        960));
    }

    private static String processor() throws IOException {
        Path told = Path.of("/proc/cpuinfo");
        if (!Files.exists(told)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(told).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: ", ""))
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    private static void measure(int calls, Assistant assistant) throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        var settings =
                new MediaSettings(
                        here,
                        RtpPorts.GATEWAY,
                        RtpPorts.GATEWAY + 999,
                        Duration.ofMillis(10),
                        Duration.ofMinutes(1),
                        1,
                        calls,
                        MediaSettings.EXPEDITED_FORWARDING);
        try (MediaEngine engine = MediaEngine.start(settings);
                DatagramChannel load = DatagramChannel.open()) {
            load.setOption(StandardSocketOptions.SO_RCVBUF, 4_000_000);
            load.bind(new InetSocketAddress(here, 0));
            load.configureBlocking(false);
            InetSocketAddress back = (InetSocketAddress) load.getLocalAddress();
            var peer = new MediaPeer(back, back, MediaPeer.Direction.SENDRECV, Set.of());
            List<MediaLeg> callers = new ArrayList<>();
            List<MediaLeg> assistants = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                MediaLeg caller = engine.open();
                MediaLeg second = engine.open(caller);
                if (assistant.format().opus() != null && !second.takesOpus()) {
                    throw new IllegalStateException("no place");
                }
                caller.connect(plain(G722.WIDEBAND), peer);
                second.connect(assistant.format(), peer);
                engine.bridge(caller, second);
                callers.add(caller);
                assistants.add(second);
            }
            List<byte[]> said = packets(G722.WIDEBAND);
            var caller = new Assistant("", plain(G722.WIDEBAND), said, 160);
            Talk talk = new Talk(load, caller, callers, assistant, assistants);
            talk.lasts(WARM_SECONDS);
            Use loopsBefore = Use.of("media-");
            Use codersBefore = Use.of("opus-");
            talk.lasts(SECONDS);
            Use loops = Use.of("media-").since(loopsBefore);
            Use coders = Use.of("opus-").since(codersBefore);
            double each = 100.0 / (SECONDS * 1e9 * calls);
            System.out.printf(
                    "%-18s %6.2f %%       %6.2f %%       %6.2f %%       %6.2f MB/s a call%n",
                    assistant.name(),
                    loops.nanos() * each,
                    coders.nanos() * each,
                    (loops.nanos() + coders.nanos()) * each,
                    (loops.octets() + coders.octets()) / (1e6 * SECONDS * calls));
            callers.forEach(MediaLeg::close);
            assistants.forEach(MediaLeg::close);
        }
    }

    /** All of them, who talk every 20 ms. Confined to one thread. */
    private static final class Talk {
        private final DatagramChannel load;
        private final Assistant caller;
        private final List<MediaLeg> callers;
        private final Assistant assistant;
        private final List<MediaLeg> assistants;
        private final ByteBuffer packet = ByteBuffer.allocateDirect(2048);
        private int frame;

        Talk(
                DatagramChannel load,
                Assistant caller,
                List<MediaLeg> callers,
                Assistant assistant,
                List<MediaLeg> assistants) {
            this.load = load;
            this.caller = caller;
            this.callers = callers;
            this.assistant = assistant;
            this.assistants = assistants;
        }

        void lasts(int seconds) throws IOException {
            long start = System.nanoTime();
            for (int i = 0; i < seconds * 50; i++, frame++) {
                for (int call = 0; call < callers.size(); call++) {
                    say(caller, callers.get(call), call);
                    say(assistant, assistants.get(call), call);
                }
                do {
                    packet.clear();
                } while (load.receive(packet) != null);
                long due = start + (i + 1) * TICK_NANOS;
                for (long left = due - System.nanoTime();
                        left > 0;
                        left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
            }
        }

        private void say(Assistant who, MediaLeg to, int ssrc) throws IOException {
            packet.clear();
            packet.put((byte) 0x80).put((byte) who.format().payloadType()).putShort((short) frame);
            packet.putInt(frame * who.ticks()).putInt(ssrc + 1);
            packet.put(who.packets().get(frame % LOOP)).flip();
            load.send(packet, to.local());
        }
    }
}
