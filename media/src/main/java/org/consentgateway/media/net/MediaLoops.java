package org.consentgateway.media.net;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.BridgeableLeg;
import org.consentgateway.media.MediaBridge;
import org.consentgateway.media.MediaDrop;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.MediaTotals;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.StreamLeg;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.net.udp.EpollUdp;
import org.consentgateway.media.net.udp.NioUdp;
import org.consentgateway.media.net.udp.UdpSocket;
import org.consentgateway.media.opus.OpusThreads;
import org.consentgateway.media.rtp.RtpSender;

/** The event loops and the ports; what {@code MediaEngine} is made of. Thread-safe. */
public final class MediaLoops {
    /** Port pairs tried if another process sits on one. */
    static final int BIND_ATTEMPTS = 8;

    /** Legs a loop takes before another is woken: 200 bridged calls, an eighth of a core. */
    private static final int LEGS_TO_FILL = 400;

    private static final long CLOSE_SECONDS = 2;

    private final MediaSettings settings;
    private final MultiThreadIoEventLoopGroup group;
    private final List<MediaLoop> loops = new ArrayList<>();
    private final PortRange ports;
    private final OpusThreads opus;
    private final SecureRandom random = new SecureRandom();

    private MediaLoops(MediaSettings settings, boolean epoll) {
        this.settings = settings;
        this.ports =
                new PortRange(
                        settings.firstPort(),
                        settings.lastPort(),
                        settings.quarantine().toNanos(),
                        random);
        int threads =
                settings.eventLoops() > 0
                        ? settings.eventLoops()
                        : Runtime.getRuntime().availableProcessors();
        opus = new OpusThreads(Runtime.getRuntime().availableProcessors(), settings.opusLegs());
        IoHandlerFactory transport =
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group =
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("media", true), transport);
        for (int i = 0; i < threads; i++) {
            IoEventLoop next = group.next();
            loops.add(new MediaLoop(next, epoll, random));
        }
    }

    public static MediaLoops start(MediaSettings settings) {
        return start(settings, Epoll.isAvailable());
    }

    static MediaLoops start(MediaSettings settings, boolean epoll) {
        return new MediaLoops(settings, epoll);
    }

    public MediaLeg open() throws PortsExhaustedException {
        return open(next());
    }

    /**
     * Fills one loop before the next is used: what a packet costs is mostly the waking for it, and
     * a loop that has more to do finds more at each waking.
     */
    private MediaLoop next() {
        return loops.stream()
                .filter(loop -> loop.openLegs() < LEGS_TO_FILL)
                .findFirst()
                .orElseGet(() ->
                        loops.stream()
                                .min(Comparator.comparingInt(MediaLoop::openLegs))
                                .orElseThrow());
    }

    public MediaLeg open(MediaLeg besides) throws PortsExhaustedException {
        return open(own(besides).loop());
    }

    private MediaLeg open(MediaLoop loop) throws PortsExhaustedException {
        PortPair pair = pair(loop);
        // RFC 3711 §3.3.1: a sequence starts in the lower half, lest its first packets be lost
        // together with a roll-over.
        RtpSender sender =
                new RtpSender(random.nextInt(), random.nextInt(1 << 15), random.nextInt());
        RtpLeg leg =
                new RtpLeg(
                        loop,
                        pair,
                        sender,
                        settings.silenceAfter().toNanos(),
                        new RtpLeg.Openings(this::openText, opus::take));
        loop.opened(leg);
        return leg;
    }

    private RtpText openText(RtpLeg leg) throws PortsExhaustedException {
        PortPair pair = pair(leg.loop());
        return new RtpText(leg, pair, random.nextInt(), random.nextInt(1 << 15), random.nextInt());
    }

    private PortPair pair(MediaLoop loop) throws PortsExhaustedException {
        for (int attempt = 0; attempt < BIND_ATTEMPTS; attempt++) {
            OptionalInt port = ports.take(System.nanoTime());
            if (port.isEmpty()) {
                break;
            }
            try {
                return bind(loop, port.getAsInt());
            } catch (IOException e) {
                // Somebody else sits on it, or no file descriptor is left; either may be over
                // after the quarantine.
                ports.giveBack(port.getAsInt(), System.nanoTime());
            }
        }
        throw new PortsExhaustedException(
                "no free RTP port pair in %d-%d: %d in use, %d resting"
                        .formatted(
                                settings.firstPort(),
                                settings.lastPort(),
                                ports.inUse(),
                                ports.resting(System.nanoTime())));
    }

    /** Whether it is a port of a leg there is. */
    public boolean isOpen(int port) {
        return ports.isTaken(port);
    }

    private PortPair bind(MediaLoop loop, int port) throws IOException {
        UdpSocket rtp = socket(loop, port);
        try {
            UdpSocket rtcp = socket(loop, port + 1);
            return new PortPair(rtp, rtcp, () -> ports.giveBack(port, System.nanoTime()));
        } catch (IOException e) {
            rtp.close();
            throw e;
        }
    }

    private UdpSocket socket(MediaLoop loop, int port) throws IOException {
        InetSocketAddress local = new InetSocketAddress(settings.address(), port);
        return loop.io().epoll()
                ? EpollUdp.open(loop.io(), local, settings.trafficClass())
                : NioUdp.open(loop.io(), local, settings.trafficClass());
    }

    public StreamLeg openStream(MediaLeg besides, Codec codec, StreamLeg.Receiver receiver) {
        var leg = new PlayedStream(own(besides).loop(), codec, receiver);
        leg.loop().opened(leg);
        return leg;
    }

    public MediaBridge bridge(MediaLeg first, BridgeableLeg second, boolean tapSecond) {
        RtpLeg one = own(first);
        BridgeSide two = second instanceof PlayedStream stream ? stream : own(second);
        if (one.loop() != two.loop() || one == two) {
            throw new IllegalArgumentException(
                    "only two legs of one event loop can be bridged: open the second besides the"
                            + " first");
        }
        RelayBridge bridge = new RelayBridge(one, two, tapSecond);
        one.onLoop(bridge::attach, () -> {});
        return bridge;
    }

    private static RtpLeg own(BridgeableLeg leg) {
        if (leg instanceof RtpLeg own) {
            return own;
        }
        throw new IllegalArgumentException("not a leg of this engine");
    }

    public MediaTotals totals() {
        long now = System.nanoTime();
        Map<MediaDrop, Long> dropped = new EnumMap<>(MediaDrop.class);
        for (MediaDrop why : MediaDrop.values()) {
            dropped.put(why, loops.stream().mapToLong(loop -> loop.io().dropped(why)).sum());
        }
        return new MediaTotals(
                ports.pairs(),
                ports.inUse(),
                ports.resting(now),
                opus.taken(),
                loops.stream().mapToLong(loop -> loop.io().receivedPackets()).sum(),
                loops.stream().mapToLong(loop -> loop.io().sentPackets()).sum(),
                Map.copyOf(dropped),
                loops.stream().mapToLong(loop -> loop.pacer().lagNanos()).max().orElse(0));
    }

    public void close() {
        loops.forEach(MediaLoop::closeAll);
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        opus.close();
    }
}
