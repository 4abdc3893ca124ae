package org.consentgateway.socket;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Thread-safe. The event loops of all sockets, and how a connection of theirs is made. */
final class SocketLoops implements AutoCloseable {
    /** 400 calls take a third of a core; a second loop is for a peer that floods the first. */
    private static final int LOOPS = 2;

    /**
     * A turn reads so much of one peer, and then the others come: some 50 µs of deciphering and
     * decoding.
     */
    private static final int READ_OCTETS = 16 * 1024;

    /** What waits here unread is late: two frames or three, and then they are left out. */
    private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(512, 1024);

    /** A second or so of what the kernel keeps for a peer that does not read. */
    private static final int SEND_OCTETS = 16 * 1024;

    private static final int NOT_SENT_OCTETS = 1024;
    private static final long CLOSE_SECONDS = 2;

    /** After it the next address is tried: a SYN that was lost is sent again after a second. */
    private static final int NEXT_ADDRESS_MILLIS = 2000;

    private final boolean epoll = Epoll.isAvailable();
    private final MultiThreadIoEventLoopGroup group;

    SocketLoops() {
        IoHandlerFactory transport =
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group =
                new MultiThreadIoEventLoopGroup(
                        LOOPS, new DefaultThreadFactory("assistant-socket", true), transport);
    }

    EventLoop next() {
        return group.next();
    }

    /**
     * Who connects to the first of some addresses that answers, and makes the pipeline of each that
     * is tried. Confined to its event loop.
     */
    abstract static class Connecting extends ChannelInitializer<Channel> {
        /** Whether the next address is to be tried. */
        abstract boolean wanted();

        /** One of them is being connected to. */
        abstract void tried(Channel channel);

        /** None of them could be connected to; by the last. */
        abstract void unreached(Throwable cause);
    }

    /** To be called on that event loop. */
    void connect(EventLoop loop, int port, List<InetAddress> addresses, Connecting who) {
        if (!who.wanted()) {
            return;
        }
        boolean last = addresses.size() == 1;
        ChannelFuture connecting =
                bootstrap(loop, last).handler(who).connect(addresses.getFirst(), port);
        who.tried(connecting.channel());
        connecting.addListener(
                (ChannelFutureListener)
                        how -> {
                            if (how.isSuccess()) {
                                return;
                            }
                            if (last) {
                                who.unreached(how.cause());
                            } else {
                                connect(loop, port, addresses.subList(1, addresses.size()), who);
                            }
                        });
    }

    /**
     * @param last whether there is no other address to try: then it is whoever connects who decides
     *     how long to wait
     */
    private Bootstrap bootstrap(EventLoop loop, boolean last) {
        RecvByteBufAllocator reading =
                new FixedRecvByteBufAllocator(READ_OCTETS).maxMessagesPerRead(1);
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.SO_SNDBUF, SEND_OCTETS)
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
                        .option(ChannelOption.RECVBUF_ALLOCATOR, reading);
        if (!last) {
            bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, NEXT_ADDRESS_MILLIS);
        }
        return epoll
                ? bootstrap.option(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) NOT_SENT_OCTETS)
                : bootstrap;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
