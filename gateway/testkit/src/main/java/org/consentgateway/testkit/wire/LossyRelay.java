package org.consentgateway.testkit.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Thread-safe. A bad line between one telephone and the gateway: loses datagrams by seed, delays
 * the others, some of them so that later ones come before them, and brings some twice; signalling
 * and media, each way. Rewrites the ports in SIP and SDP so that everything goes through it; all
 * ports have five digits, so that no length changes.
 */
public final class LossyRelay implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final Pattern AUDIO = Pattern.compile("m=audio (\\d{5}) ");

    private final Supplier<Quality> quality;
    private final Random random;
    private final ScheduledExecutorService line =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("lossy-relay").factory());
    private final List<DatagramSocket> sockets = new CopyOnWriteArrayList<>();
    private final Map<Integer, Integer> mediaPorts = new ConcurrentHashMap<>();
    private final AtomicInteger lost = new AtomicInteger();
    private final DatagramSocket towardsPhone;
    private final DatagramSocket towardsGateway;
    private volatile InetSocketAddress phone = new InetSocketAddress(HERE, 9);

    /**
     * Immutable. How bad it is.
     *
     * @param delayMillis of each datagram, each way
     * @param latePercent how many of them come {@code lateMillis} later still, behind others
     */
    public record Quality(
            int lossPercent, int delayMillis, int latePercent, int lateMillis, int doubledPercent) {
        /** As if it were not there. */
        public static final Quality GOOD = new Quality(0, 0, 0, 0, 0);
    }

    public LossyRelay(InetSocketAddress gateway, int lossPercent, int delayMillis, long seed)
            throws SocketException {
        this(gateway, () -> new Quality(lossPercent, delayMillis, 0, 0, 0), seed);
    }

    /**
     * @param quality asked for each datagram
     */
    public LossyRelay(InetSocketAddress gateway, Supplier<Quality> quality, long seed)
            throws SocketException {
        this.quality = quality;
        this.random = new Random(seed);
        this.towardsPhone = open();
        this.towardsGateway = open();
        carry(
                towardsPhone,
                packet -> {
                    phone = new InetSocketAddress(packet.getAddress(), packet.getPort());
                    String text = text(packet);
                    String told =
                            text.replace("127.0.0.1:" + phone.getPort(), at(towardsGateway))
                                    .replace(at(towardsPhone), "127.0.0.1:" + gateway.getPort());
                    later(towardsGateway, media(told), gateway);
                });
        carry(
                towardsGateway,
                packet -> {
                    String told =
                            text(packet)
                                    .replace("127.0.0.1:" + gateway.getPort(), at(towardsPhone))
                                    .replace(at(towardsGateway), "127.0.0.1:" + phone.getPort());
                    later(towardsPhone, media(told), phone);
                });
    }

    /** What the telephone calls instead of the gateway. */
    public int port() {
        return towardsPhone.getLocalPort();
    }

    /** Datagrams that never arrived. */
    public int lost() {
        return lost.get();
    }

    private static String at(DatagramSocket socket) {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
    }

    /** With the audio port of either side replaced by the one that leads to it. */
    private byte[] media(String message) {
        Matcher audio = AUDIO.matcher(message);
        String told = message;
        if (audio.find()) {
            int port = Integer.parseInt(audio.group(1));
            int leading = mediaPorts.computeIfAbsent(port, this::leadingTo);
            told = message.replace(audio.group(), "m=audio " + leading + " ");
        }
        return told.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** RTP to it goes on to {@code port}, from the socket of whoever is at the other end. */
    private int leadingTo(int port) {
        DatagramSocket socket = open();
        carry(
                socket,
                packet -> {
                    int from = packet.getPort();
                    byte[] octets = Arrays.copyOfRange(packet.getData(), 0, packet.getLength());
                    DatagramSocket other =
                            sockets.stream()
                                    .filter(s ->
                                            s.getLocalPort() == mediaPorts.getOrDefault(from, 0))
                                    .findFirst()
                                    .orElse(socket);
                    later(other, octets, new InetSocketAddress(HERE, port));
                });
        return socket.getLocalPort();
    }

    private DatagramSocket open() {
        try {
            DatagramSocket socket = new DatagramSocket(0, HERE);
            sockets.add(socket);
            return socket;
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Carrier {
        void carry(DatagramPacket packet);
    }

    private static void carry(DatagramSocket socket, Carrier carrier) {
        Thread.ofVirtual()
                .start(() -> {
                    while (!socket.isClosed()) {
                        try {
                            DatagramPacket packet = new DatagramPacket(new byte[8192], 8192);
                            socket.receive(packet);
                            carrier.carry(packet);
                        } catch (IOException closed) {
                            return;
                        }
                    }
                });
    }

    private synchronized void later(DatagramSocket from, byte[] octets, InetSocketAddress to) {
        Quality now = quality.get();
        if (random.nextInt(100) < now.lossPercent()) {
            lost.incrementAndGet();
            return;
        }
        int times = random.nextInt(100) < now.doubledPercent() ? 2 : 1;
        int delay = now.delayMillis();
        if (random.nextInt(100) < now.latePercent()) {
            delay += now.lateMillis();
        }
        try {
            for (int i = 0; i < times; i++) {
                var _ = line.schedule(() -> send(from, octets, to), delay, TimeUnit.MILLISECONDS);
            }
        } catch (RejectedExecutionException closed) {
            // the line is dead
        }
    }

    private static void send(DatagramSocket from, byte[] octets, InetSocketAddress to) {
        try {
            from.send(new DatagramPacket(octets, octets.length, to));
        } catch (IOException closed) {
            // the line is dead
        }
    }

    @Override
    public void close() {
        line.shutdownNow();
        sockets.forEach(DatagramSocket::close);
    }
}
