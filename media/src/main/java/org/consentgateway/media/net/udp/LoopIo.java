package org.consentgateway.media.net.udp;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.consentgateway.media.MediaDrop;
import org.consentgateway.media.rtp.RtpReader;
import org.consentgateway.media.rtp.Tally;
import org.jspecify.annotations.Nullable;

/**
 * What all legs of one event loop share: one buffer in, one buffer out, one reader, and the
 * counters. Confined to its event loop; the counters may be read from anywhere.
 */
public final class LoopIo {
    /** Octets of a datagram at most; RTP over Ethernet stays below. */
    public static final int DATAGRAM = 2048;

    private final IoEventLoop loop;
    private final boolean epoll;
    private final ByteBuffer inbound = ByteBuffer.allocateDirect(DATAGRAM);
    private final ByteBuffer outbound = ByteBuffer.allocateDirect(DATAGRAM);
    private final long originNanos = System.nanoTime();
    private @Nullable BatchedReads batchedReads;
    private final long inboundAddress;
    private final long outboundAddress;
    private final MachineAddresses machine = new MachineAddresses();
    private final RtpReader reader = new RtpReader();
    private final Tally received = new Tally();
    private final Tally sent = new Tally();
    private final Map<MediaDrop, Tally> dropped = new EnumMap<>(MediaDrop.class);

    public LoopIo(IoEventLoop loop, boolean epoll) {
        this.loop = loop;
        this.epoll = epoll;
        // Addresses mean something to the native transport only.
        this.inboundAddress = epoll ? Buffer.memoryAddress(inbound) : 0;
        this.outboundAddress = epoll ? Buffer.memoryAddress(outbound) : 0;
        for (MediaDrop why : MediaDrop.values()) {
            dropped.put(why, new Tally());
        }
    }

    public IoEventLoop loop() {
        return loop;
    }

    public boolean epoll() {
        return epoll;
    }

    /** What the milliseconds of this loop are counted from, those of {@link System#nanoTime}. */
    public long originNanos() {
        return originNanos;
    }

    /** On the loop, before its first call, which would be what waits for it. */
    public void prepare() {
        if (epoll) {
            batchedReads();
        }
    }

    /**
     * @param registered run on the loop, once the handle is served; never if the loop has ended
     */
    void register(IoHandle handle, Consumer<IoRegistration> registered) {
        var _ =
                loop.register(handle)
                        .addListener(done -> {
                            if (done.isSuccess() && done.getNow() instanceof IoRegistration r) {
                                registered.accept(r);
                            }
                        });
    }

    /** Confined to the loop, where there is epoll. */
    BatchedReads batchedReads() {
        BatchedReads present = batchedReads;
        if (present == null) {
            present = BatchedReads.on(this);
            batchedReads = present;
        }
        return present;
    }

    /** Holds the datagram being handled; rewritten in place if it is relayed. */
    public ByteBuffer inbound() {
        return inbound;
    }

    /** For packets of our own; every write starts at index 0. */
    public ByteBuffer outbound() {
        return outbound;
    }

    MachineAddresses machine() {
        return machine;
    }

    public RtpReader reader() {
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
    public void received() {
        received.one();
    }

    public void sent() {
        sent.one();
    }

    public void drop(MediaDrop why) {
        tally(why).one();
    }

    /**
     * A receive that failed: mostly the ICMP error of something we sent.
     *
     * @param to whose socket it is; null where nobody needs to know
     */
    public void receiveFailed(IOException e, UdpSocket.@Nullable Arrivals to) {
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

    public long receivedPackets() {
        return received.value();
    }

    public long sentPackets() {
        return sent.value();
    }

    public long dropped(MediaDrop why) {
        return tally(why).value();
    }

    private Tally tally(MediaDrop why) {
        return Objects.requireNonNull(dropped.get(why));
    }
}
