package org.consentgateway.media.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaListener;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;

/**
 * The process whose work is measured. Says its ports on one line, then answers each line it is sent
 * with its CPU time, the bytes its threads allocated and its resident memory.
 */
final class BenchServer {
    private BenchServer() {}

    /**
     * @param args what to do (bridge, transcode, prompt, prompt-heard, bare), how many calls, the
     *     load generator's port
     */
    public static void main(String[] args) throws Exception {
        int calls = Integer.parseInt(args[1]);
        InetSocketAddress peer =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2]));
        List<Integer> ports =
                args[0].equals("bare") ? bare(calls, peer) : engine(args[0], calls, peer);
        System.out.println(String.join(" ", ports.stream().map(String::valueOf).toList()));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            System.out.println(
                    cpuNanos() + " " + allocated() + " " + residentKib() + " " + loopNanos());
        }
    }

    private static List<Integer> bare(int calls, InetSocketAddress peer) throws Exception {
        BareRelay relay = new BareRelay(calls, peer);
        relay.start();
        return relay.ports();
    }

    private static List<Integer> engine(String work, int calls, InetSocketAddress peer)
            throws Exception {
        MediaEngine engine =
                MediaEngine.start(
                        new MediaSettings(
                                peer.getAddress(),
                                20_000,
                                32_000,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(30),
                                Integer.getInteger("bench.loops", 1)));
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            MediaLeg first = connect(engine.open(), G711.PCMA, peer);
            ports.add(first.local().getPort());
            if (work.startsWith("prompt")) {
                if (work.equals("prompt-heard")) {
                    first.listen(new Counting());
                }
                var _ = first.play(List.of(AudioClip.of(Tone.sine(440, 4000, 8000))), true);
            } else {
                Codec other = work.equals("transcode") ? G711.PCMU : G711.PCMA;
                MediaLeg second = connect(engine.open(first), other, peer);
                ports.add(second.local().getPort());
                var _ = engine.bridge(first, second);
            }
        }
        return ports;
    }

    private static MediaLeg connect(MediaLeg leg, Codec codec, InetSocketAddress peer) {
        leg.connect(
                new MediaFormat(codec, codec.staticPayloadType(), 101),
                new MediaPeer(peer, peer, MediaPeer.Direction.SENDRECV, Set.of()));
        return leg;
    }

    private static final class Counting implements MediaListener {
        private long sum;

        @Override
        public void frame(PcmFrame frame) {
            sum += frame.samples()[0];
        }

        @Override
        public String toString() {
            return "heard " + sum;
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static List<Long> workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("media") || t.getName().equals("relay"))
                .map(Thread::threadId)
                .toList();
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return workers().stream().mapToLong(threads::getThreadAllocatedBytes).sum();
    }

    /** CPU of the threads that carry packets, without compiler and collector. */
    private static long loopNanos() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return workers().stream().mapToLong(threads::getThreadCpuTime).sum();
    }

    private static long residentKib() throws Exception {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(-1);
    }
}
