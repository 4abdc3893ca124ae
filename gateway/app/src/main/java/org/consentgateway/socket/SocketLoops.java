package org.consentgateway.socket;

import io.netty.bootstrap.Bootstrap;
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

    Bootstrap connecting(EventLoop loop) {
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
