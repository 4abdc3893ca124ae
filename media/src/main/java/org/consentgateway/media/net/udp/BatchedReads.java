package org.consentgateway.media.net.udp;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sockets whose datagrams may wait for each other: an epoll instance within that of the event loop
 * (epoll(7)). What comes alone is read as it comes. Where less than 1 ms went by since the last was
 * read, all that comes is read together once in 1 ms, by one wake-up, which costs several times
 * what a datagram does; and so on until 1 ms brings none. Confined to its event loop.
 */
final class BatchedReads implements EpollIoHandle {
    private static final Logger LOG = LoggerFactory.getLogger(BatchedReads.class);
    private static final long EVERY_NANOS = 1_000_000;

    /** Behind the turns of the same millisecond, so that one wake-up serves both. */
    private static final long BEHIND_TURNS_NANOS = 5_000;

    /** Datagrams at once; a flood waits for the turns of others. */
    private static final int MOST_OF_A_SOCKET = 16;

    private final LoopIo io;
    private final FileDescriptor epoll = Native.newEpollCreate();
    private final EpollReady ready = new EpollReady();
    private final IntObjectMap<EpollUdp> sockets = new IntObjectHashMap<>();
    private @Nullable IoRegistration registration;
    private @Nullable Future<?> reading;
    private long readNanos;

    /** Whether what was read last may have more behind it. */
    private boolean burst;

    private BatchedReads(LoopIo io) {
        this.io = io;
    }

    /** On the event loop. */
    static BatchedReads on(LoopIo io) {
        var reads = new BatchedReads(io);
        io.register(
                reads,
                present -> {
                    reads.registration = present;
                    present.submit(EpollIoOps.EPOLLIN);
                });
        return reads;
    }

    @Override
    public FileDescriptor fd() {
        return epoll;
    }

    void add(EpollUdp socket) throws IOException {
        int fd = socket.fd().intValue();
        Native.epollCtlAdd(epoll.intValue(), fd, Native.EPOLLIN);
        sockets.put(fd, socket);
    }

    /** Also before it is closed: a child process may hold what the descriptor stands for. */
    void remove(EpollUdp socket) throws IOException {
        int fd = socket.fd().intValue();
        sockets.remove(fd);
        Native.epollCtlDel(epoll.intValue(), fd);
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        long now = System.nanoTime();
        boolean company = now - readNanos < EVERY_NANOS;
        read(now);
        if (company && reading == null) {
            registration.submit(EpollIoOps.EPOLLERR); // NONE is for good in Netty 4.2.18
            long next = EVERY_NANOS - Math.floorMod(now - io.originNanos(), EVERY_NANOS);
            reading =
                    io.loop()
                            .scheduleAtFixedRate(
                                    this::readTogether,
                                    next + BEHIND_TURNS_NANOS,
                                    EVERY_NANOS,
                                    TimeUnit.NANOSECONDS);
        }
    }

    private void readTogether() {
        Future<?> together = reading;
        IoRegistration alone = registration;
        if (!read(System.nanoTime()) && together != null && alone != null) {
            together.cancel(false);
            reading = null;
            alone.submit(EpollIoOps.EPOLLIN);
        }
    }

    /**
     * A datagram of each that has one. To look whether there are more costs half of what a look
     * saves, so that is done where one has come too soon behind the one before it.
     *
     * @return whether there was anything
     */
    private boolean read(long now) {
        int found = readOneEach(now);
        if (found > 0) {
            readNanos = now;
        }
        for (int i = 1; i < MOST_OF_A_SOCKET && found > 0 && burst; i++) {
            found = readOneEach(now);
        }
        return readNanos == now;
    }

    private int readOneEach(long now) {
        int found = epoll.isOpen() ? ready.look(epoll.intValue()) : 0;
        burst = false;
        for (int i = 0; i < found; i++) {
            // Those before it may have closed it.
            EpollUdp socket = sockets.get(ready.descriptor(i));
            if (socket != null) {
                burst |= readSoonAgain(socket, now);
            }
        }
        return found;
    }

    /** Whatever happens in one call: who reads for all of them goes on. */
    private static boolean readSoonAgain(EpollUdp socket, long now) {
        try {
            return socket.readSoonAgain(now);
        } catch (RuntimeException | Error e) {
            LOG.error("A datagram of a call was lost by a fault in here; others are read", e);
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (epoll.isOpen()) {
            epoll.close();
        }
    }
}
