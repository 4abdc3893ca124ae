package org.consentgateway.media.net.udp;

import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** A UDP socket on Netty's NIO transport, where there is no epoll. Confined to its event loop. */
public final class NioUdp extends NioSelectableChannelIoHandle<DatagramChannel>
        implements UdpSocket {
    private static final int READS = 16;

    private final LoopIo io;
    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private @Nullable Arrivals arrivals;
    private @Nullable IoRegistration registration;

    private NioUdp(LoopIo io, DatagramChannel channel, InetSocketAddress local) {
        super(channel);
        this.io = io;
        this.channel = channel;
        this.local = local;
    }

    public static NioUdp open(LoopIo io, InetSocketAddress local, int trafficClass)
            throws IOException {
        DatagramChannel channel =
                DatagramChannel.open(
                        local.getAddress() instanceof Inet6Address
                                ? StandardProtocolFamily.INET6
                                : StandardProtocolFamily.INET);
        try {
            channel.configureBlocking(false);
            channel.bind(local);
            channel.setOption(StandardSocketOptions.IP_TOS, trafficClass);
            return new NioUdp(io, channel, local);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public void register(Arrivals arrivals) {
        this.arrivals = arrivals;
        io.register(
                this,
                present -> {
                    registration = present;
                    present.submit(NioIoOps.READ);
                });
    }

    /** Always. */
    @Override
    public void readAtOnce(boolean wanted) {}

    @Override
    protected void handle(DatagramChannel ready, SelectionKey key) {
        ByteBuffer inbound = io.inbound();
        for (int i = 0; i < READS && ready.isOpen(); i++) {
            inbound.clear();
            InetSocketAddress source = null;
            int length;
            try {
                if (ready.isConnected()) {
                    // Java empties the queue when it connects: no stranger is left in it.
                    length = ready.read(inbound);
                } else {
                    source = (InetSocketAddress) ready.receive(inbound);
                    length = source == null ? 0 : inbound.position();
                }
            } catch (IOException e) {
                io.receiveFailed(e, arrivals);
                return;
            }
            inbound.clear();
            Arrivals to = arrivals;
            if (length <= 0 || to == null) {
                return;
            }
            to.arrived(length, source);
        }
    }

    @Override
    public void connect(InetSocketAddress peer) throws IOException {
        if (channel.isConnected()) {
            channel.disconnect();
        }
        if (!reaches(peer)) {
            throw new IOException("an IPv4 socket reaches no IPv6 address");
        }
        channel.connect(peer);
        if (local.getAddress().isAnyLocalAddress()
                && channel.getLocalAddress() instanceof InetSocketAddress taken
                && !io.machine().isTheOnlyOne(taken.getAddress(), System.nanoTime())) {
            channel.disconnect();
        }
    }

    @Override
    public void disconnect() throws IOException {
        channel.disconnect();
    }

    @Override
    public boolean connected() {
        return channel.isConnected();
    }

    @Override
    public Sent send(ByteBuffer datagram, int offset, int length, @Nullable InetSocketAddress to) {
        if (to != null && !reaches(to)) {
            return Sent.FAILED;
        }
        datagram.limit(offset + length).position(offset);
        try {
            int taken =
                    channel.isConnected() || to == null
                            ? channel.write(datagram)
                            : channel.send(datagram, to);
            return taken > 0 ? Sent.TAKEN : Sent.BLOCKED;
        } catch (PortUnreachableException e) {
            return Sent.REFUSED;
        } catch (IOException e) {
            return Sent.FAILED;
        } finally {
            datagram.clear();
        }
    }

    @Override
    public void close() {
        IoRegistration present = registration;
        if (present != null) {
            present.cancel();
        }
        try {
            channel.close();
        } catch (IOException e) {
            io.receiveFailed(e, null);
        }
    }
}
