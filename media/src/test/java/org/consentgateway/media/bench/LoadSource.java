package org.consentgateway.media.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.media.rtp.Tally;

/**
 * Many telephones on one socket: sends 50 packets a second to each port, each at a time of its own,
 * and notes what comes back and when. Each packet carries its time of sending.
 */
final class LoadSource implements AutoCloseable {
    private static final int PACKET = 172;
    private static final int SLOTS = 160;
    private static final long SLOT_NANOS = 20_000_000L / SLOTS;

    private final DatagramChannel socket;
    private volatile boolean running = true;
    private volatile boolean recording;
    private final Tally sent = new Tally();
    private final Tally received = new Tally();

    /** One-way latencies in nanoseconds, or arrival times per stream, by what is asked. */
    private final long[] latencies = new long[4_000_000];

    private final Tally latencyCount = new Tally();
    private final long[][] arrivals = new long[65_536][];
    private final int[] arrivalCount = new int[65_536];

    LoadSource() throws IOException {
        socket = DatagramChannel.open();
        socket.setOption(StandardSocketOptions.SO_RCVBUF, 4_000_000);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    int port() throws IOException {
        return ((InetSocketAddress) socket.getLocalAddress()).getPort();
    }

    void start(List<Integer> ports) {
        InetSocketAddress[] targets =
                ports.stream()
                        .map(p -> new InetSocketAddress(InetAddress.getLoopbackAddress(), p))
                        .toArray(InetSocketAddress[]::new);
        Thread.ofPlatform().daemon().name("load-out").start(() -> send(targets));
        Thread.ofPlatform().daemon().name("load-in").start(this::receive);
    }

    private void send(InetSocketAddress[] targets) {
        List<List<Integer>> slots = new ArrayList<>();
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>());
        }
        var chance = new Random(SLOTS);
        for (int i = 0; i < targets.length; i++) {
            slots.get(chance.nextInt(SLOTS)).add(i);
        }
        ByteBuffer packet = ByteBuffer.allocateDirect(PACKET);
        long start = System.nanoTime();
        for (long tick = 0; running; tick++) {
            long due = start + tick * SLOT_NANOS;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            int frame = (int) (tick / SLOTS);
            for (int i : slots.get((int) (tick % SLOTS))) {
                packet.clear();
                packet.put(0, (byte) 0x80).put(1, (byte) 8).putShort(2, (short) frame);
                packet.putInt(4, frame * 160).putInt(8, i + 1).putLong(12, System.nanoTime());
                try {
                    socket.send(packet, targets[i]);
                } catch (IOException e) {
                    return;
                }
                sent.one();
            }
        }
    }

    private void receive() {
        ByteBuffer packet = ByteBuffer.allocateDirect(2048);
        while (running) {
            try {
                packet.clear();
                InetSocketAddress from = (InetSocketAddress) socket.receive(packet);
                long now = System.nanoTime();
                int type = packet.get(1) & 0x7F;
                if (from == null || packet.position() != PACKET || type > 64) {
                    continue;
                }
                received.one();
                if (recording) {
                    note(from.getPort(), packet, now);
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private void note(int port, ByteBuffer packet, long now) {
        long latency = now - packet.getLong(12);
        int count = (int) latencyCount.value();
        if (latency >= 0 && latency < 1_000_000_000 && count < latencies.length) {
            latencies[count] = latency;
            latencyCount.one();
        }
        if (arrivals[port] == null) {
            arrivals[port] = new long[4096];
        }
        if (arrivalCount[port] < 4096) {
            arrivals[port][arrivalCount[port]++] = now;
        }
    }

    void record(boolean on) {
        recording = on;
    }

    long sent() {
        return sent.value();
    }

    long received() {
        return received.value();
    }

    /** In microseconds. */
    double latency(double quantile) {
        return quantile(Arrays.copyOf(latencies, (int) latencyCount.value()), quantile) / 1000.0;
    }

    /**
     * How far packets of our prompts came from where they should: every 20 ms from the stream's
     * median phase. In microseconds.
     */
    double pacingError(double quantile) {
        long[] errors = new long[4_000_000];
        int count = 0;
        for (int port = 0; port < arrivals.length; port++) {
            int n = arrivalCount[port];
            if (n < 10) {
                continue;
            }
            long[] phases = new long[n];
            for (int i = 0; i < n; i++) {
                phases[i] = arrivals[port][i] - arrivals[port][0] - i * 20_000_000L;
            }
            long[] sorted = phases.clone();
            Arrays.sort(sorted);
            for (int i = 0; i < n && count < errors.length; i++) {
                errors[count++] = Math.abs(phases[i] - sorted[n / 2]);
            }
        }
        return quantile(Arrays.copyOf(errors, count), quantile) / 1000.0;
    }

    private static double quantile(long[] values, double quantile) {
        if (values.length == 0) {
            return Double.NaN;
        }
        Arrays.sort(values);
        return values[(int) Math.min(values.length - 1, Math.floor(quantile * values.length))];
    }

    @Override
    public void close() throws IOException {
        running = false;
        socket.close();
    }
}
