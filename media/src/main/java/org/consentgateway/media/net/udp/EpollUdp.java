package org.consentgateway.media.net.udp;

import io.netty.channel.ChannelException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.DatagramSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A UDP socket on Netty's epoll transport. Confined to its event loop. */
public final class EpollUdp implements UdpSocket, EpollIoHandle {
    /** Reads at most per wake-up while strangers may still be in the queue. */
    private static final int DRAIN_READS = 64;

    /** Packets of 10 ms are the shortest that come. */
    private static final long SOON_NANOS = 5_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(EpollUdp.class);

    private final LoopIo io;
    private final Descriptor socket;
    private final InetSocketAddress local;
    private @Nullable Arrivals arrivals;
    private @Nullable IoRegistration registration;
    private @Nullable InetSocketAddress peer;

    /** Connected, and nothing from before the connecting is left in the queue. */
    private boolean sealed;

    private boolean atOnce = true;
    private long readNanos;

    private EpollUdp(LoopIo io, Descriptor socket, InetSocketAddress local) {
        this.io = io;
        this.socket = socket;
        this.local = local;
    }

    /** Binds at once, on the calling thread. */
    public static EpollUdp open(LoopIo io, InetSocketAddress local, int trafficClass)
            throws IOException {
        Descriptor socket = Descriptor.datagram(local.getAddress() instanceof Inet6Address);
        try {
            socket.bind(local);
            socket.setTrafficClass(trafficClass);
            return new EpollUdp(io, socket, local);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Netty's socket with the address family chosen, which it only lets subclasses do. */
    private static final class Descriptor extends Socket {
        private Descriptor(int fd) {
            super(fd);
        }

        /**
         * @throws IOException where the system gives none, as where no file descriptor is left;
         *     Netty's own exception would pass by whoever gives the ports back
         */
        static Descriptor datagram(boolean ipv6) throws IOException {
            try {
                return new Descriptor(newSocketDgram0(ipv6));
            } catch (ChannelException e) {
                throw new IOException("no socket can be opened", e);
            }
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public void register(Arrivals arrivals) {
        this.arrivals = arrivals;
        io.register(this, this::registered);
    }

    private void registered(IoRegistration registration) {
        this.registration = registration;
        if (!socket.isOpen()) {
            registration.cancel();
        } else if (atOnce) {
            // Level-triggered: one read per wake-up, and none only to learn that there is no more.
            registration.submit(EpollIoOps.EPOLLIN);
        }
    }

    @Override
    public void readAtOnce(boolean wanted) {
        if (wanted == atOnce || !socket.isOpen()) {
            return;
        }
        try {
            if (wanted) {
                io.batchedReads().remove(this);
            } else {
                io.batchedReads().add(this);
            }
        } catch (IOException e) {
            LOG.debug("A socket keeps the way in which it is read: {}", e.toString());
            return;
        }
        atOnce = wanted;
        IoRegistration present = registration;
        if (present != null) {
            // Not NONE, after which Netty (4.2.18) submits in vain.
            present.submit(wanted ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLERR);
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        read();
    }

    /**
     * Reads, with others.
     *
     * @return whether that is sooner behind the last time than a stream would be
     */
    boolean readSoonAgain(long nowNanos) {
        boolean soon = nowNanos - readNanos < SOON_NANOS;
        readNanos = nowNanos;
        read();
        return soon;
    }

    /** What is there: one datagram, or all while strangers may be among them. */
    void read() {
        if (!socket.isOpen()) {
            return;
        }
        if (sealed) {
            readSealed();
        } else {
            readWithSource();
        }
    }

    private void readSealed() {
        int length;
        try {
            length = socket.recvAddress(io.inboundAddress(), 0, LoopIo.DATAGRAM);
        } catch (IOException e) {
            io.receiveFailed(e, arrivals);
            return;
        }
        Arrivals to = arrivals;
        if (length > 0 && to != null) {
            to.arrived(length, null);
        }
    }

    private void readWithSource() {
        for (int i = 0; i < DRAIN_READS && socket.isOpen(); i++) {
            DatagramSocketAddress source;
            try {
                source = socket.recvFromAddress(io.inboundAddress(), 0, LoopIo.DATAGRAM);
            } catch (IOException e) {
                io.receiveFailed(e, arrivals);
                return;
            }
            if (source == null) {
                sealed = peer != null;
                return;
            }
            Arrivals to = arrivals;
            if (source.receivedAmount() > 0 && to != null) {
                // A plain address: Netty's carries the datagram's length and would live on in the
                // source lock.
                to.arrived(
                        source.receivedAmount(),
                        new InetSocketAddress(source.getAddress(), source.getPort()));
            }
        }
    }

    @Override
    public void connect(InetSocketAddress peer) throws IOException {
        if (!reaches(peer)) {
            throw new IOException("an IPv4 socket reaches no IPv6 address");
        }
        socket.connect(peer);
        if (local.getAddress().isAnyLocalAddress()
                && !io.machine()
                        .isTheOnlyOne(socket.localAddress().getAddress(), System.nanoTime())) {
            socket.disconnect();
            return;
        }
        this.peer = peer;
        sealed = false;
    }

    @Override
    public void disconnect() throws IOException {
        if (peer != null) {
            peer = null;
            sealed = false;
            socket.disconnect();
        }
    }

    @Override
    public boolean connected() {
        return peer != null;
    }

    @Override
    public Sent send(ByteBuffer datagram, int offset, int length, @Nullable InetSocketAddress to) {
        try {
            return sendOnce(datagram, offset, length, to);
        } catch (PortUnreachableException e) {
            return Sent.REFUSED;
        } catch (IOException e) {
            return isRefused(e) ? again(datagram, offset, length, to) : Sent.FAILED;
        }
    }

    /** The kernel reported an earlier ICMP in place of sending, and has forgotten it by that. */
    private Sent again(
            ByteBuffer datagram, int offset, int length, @Nullable InetSocketAddress to) {
        try {
            Sent sent = sendOnce(datagram, offset, length, to);
            return sent == Sent.TAKEN ? Sent.REFUSED : sent;
        } catch (IOException e) {
            return isRefused(e) ? Sent.REFUSED : Sent.FAILED;
        }
    }

    private Sent sendOnce(
            ByteBuffer datagram, int offset, int length, @Nullable InetSocketAddress to)
            throws IOException {
        if (to != null && !reaches(to)) {
            return Sent.FAILED;
        }
        long address = io.address(datagram);
        int taken =
                peer != null || to == null
                        ? socket.sendAddress(address, offset, offset + length)
                        : socket.sendToAddress(
                                address, offset, offset + length, to.getAddress(), to.getPort());
        return taken > 0 ? Sent.TAKEN : Sent.BLOCKED;
    }

    private static boolean isRefused(IOException e) {
        return e instanceof java.net.ConnectException || LoopIo.isRefused(e);
    }

    @Override
    public void close() {
        if (!socket.isOpen()) {
            return;
        }
        IoRegistration present = registration;
        if (present != null) {
            present.cancel();
        }
        try {
            if (!atOnce) {
                io.batchedReads().remove(this);
            }
        } catch (IOException e) {
            LOG.debug("A socket is closed without having been taken out: {}", e.toString());
        }
        try {
            socket.close();
        } catch (IOException e) {
            io.receiveFailed(e, null);
        }
    }
}
