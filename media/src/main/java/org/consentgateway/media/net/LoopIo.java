package org.consentgateway.media.net;

import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.consentgateway.media.MediaDrop;
import org.consentgateway.media.rtp.RtpReader;
import org.consentgateway.media.rtp.Tally;
import org.jspecify.annotations.Nullable;

/**
 * What all legs of one event loop share: one buffer in, one buffer out, one reader, and the
 * counters. Confined to its event loop; the counters may be read from anywhere.
 */
final class LoopIo {
    /** Octets of a datagram at most; RTP over Ethernet stays below. */
    static final int DATAGRAM = 2048;

    private final IoEventLoop loop;
    private final boolean epoll;
    private final ByteBuffer inbound = ByteBuffer.allocateDirect(DATAGRAM);
    private final ByteBuffer outbound = ByteBuffer.allocateDirect(DATAGRAM);
    private final long inboundAddress;
    private final long outboundAddress;
    private final RtpReader reader = new RtpReader();
    private final Tally received = new Tally();
    private final Tally sent = new Tally();
    private final Map<MediaDrop, Tally> dropped = new EnumMap<>(MediaDrop.class);

    LoopIo(IoEventLoop loop, boolean epoll) {
        this.loop = loop;
        this.epoll = epoll;
        // Addresses mean something to the native transport only.
        this.inboundAddress = epoll ? Buffer.memoryAddress(inbound) : 0;
        this.outboundAddress = epoll ? Buffer.memoryAddress(outbound) : 0;
        for (MediaDrop why : MediaDrop.values()) {
            dropped.put(why, new Tally());
        }
    }

    IoEventLoop loop() {
        return loop;
    }

    boolean epoll() {
        return epoll;
    }

    /** Holds the datagram being handled; rewritten in place if it is relayed. */
    ByteBuffer inbound() {
        return inbound;
    }

    /** For packets of our own; every write starts at index 0. */
    ByteBuffer outbound() {
        return outbound;
    }

    RtpReader reader() {
        return reader;
    }

    long inboundAddress() {
        return inboundAddress;
    }

    @SuppressWarnings("ReferenceEquality") // Which of the two buffers it is, not what is in it.
    long address(ByteBuffer buffer) {
        return buffer == inbound ? inboundAddress : outboundAddress;
    }

    /** Confined to the loop. */
    void received() {
        received.one();
    }

    void sent() {
        sent.one();
    }

    void drop(MediaDrop why) {
        tally(why).one();
    }

    /**
     * A receive that failed: mostly the ICMP error of something we sent.
     *
     * @param to whose socket it is; null where nobody needs to know
     */
    void receiveFailed(IOException e, UdpSocket.@Nullable Arrivals to) {
        if (isRefused(e)) {
            drop(MediaDrop.PEER_REFUSED);
            if (to != null) {
                to.refused();
            }
        }
    }

    /** ECONNREFUSED, in the shapes in which it comes. */
    static boolean isRefused(IOException e) {
        return e instanceof java.net.PortUnreachableException
                || e instanceof java.net.ConnectException
                || (e instanceof io.netty.channel.unix.Errors.NativeIoException n
                        && n.expectedErr()
                                == io.netty.channel.unix.Errors.ERROR_ECONNREFUSED_NEGATIVE);
    }

    long receivedPackets() {
        return received.value();
    }

    long sentPackets() {
        return sent.value();
    }

    long dropped(MediaDrop why) {
        return tally(why).value();
    }

    private Tally tally(MediaDrop why) {
        return Objects.requireNonNull(dropped.get(why));
    }
}
