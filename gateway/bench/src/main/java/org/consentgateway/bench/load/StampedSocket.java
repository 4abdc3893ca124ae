package org.consentgateway.bench.load;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A UDP socket on loopback that tells of each datagram when the kernel took it in ({@code
 * SO_TIMESTAMPNS}, socket(7)), as a capture would: how long this program needs until it looks at it
 * is then in no figure. Linux, 64 bits. Any thread may send, one may receive; to be closed when no
 * thread does either any more.
 */
final class StampedSocket implements AutoCloseable {
    /** A receiver that has waited so long may look whether it is still wanted. */
    static final Duration PATIENCE = Duration.ofMillis(200);

    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_TIMESTAMPNS = 35;
    private static final int RECEIVE_BUFFER = 4_000_000;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET =
            function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle BIND =
            function("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKNAME =
            function("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SENDTO =
            function(
                    "sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECVMMSG =
            function("recvmmsg", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);

    private final Arena arena = Arena.ofShared();
    private final ThreadLocal<MemorySegment> callState =
            ThreadLocal.withInitial(() -> arena.allocate(CALL_STATE));
    private final int descriptor;
    private final int port;

    /**
     * @param port 0: any
     */
    StampedSocket(int port) throws IOException {
        descriptor = call(SOCKET, (int) SocketAddresses.AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        try {
            option(SO_RCVBUF, arena.allocateFrom(JAVA_INT, RECEIVE_BUFFER));
            option(SO_TIMESTAMPNS, arena.allocateFrom(JAVA_INT, 1));
            option(SO_RCVTIMEO, arena.allocateFrom(JAVA_LONG, 0, PATIENCE.toNanos() / 1000));
            MemorySegment here = address(port);
            int length = (int) here.byteSize();
            call(BIND, descriptor, here, length);
            call(GETSOCKNAME, descriptor, here, arena.allocateFrom(JAVA_INT, length));
            this.port = SocketAddresses.port(here);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    /** The clock of the arrivals: nanoseconds since 1970. */
    static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }

    /** For {@link #send}; there as long as the socket is. */
    MemorySegment address(int port) {
        MemorySegment address = arena.allocate(SocketAddresses.LAYOUT);
        SocketAddresses.loopback(address, port);
        return address;
    }

    /**
     * @param packet what remains of it, direct
     */
    void send(ByteBuffer packet, MemorySegment to) throws IOException {
        MemorySegment state = callState.get();
        long sent;
        try {
            sent =
                    (long)
                            SENDTO.invokeExact(
                                    state,
                                    descriptor,
                                    MemorySegment.ofBuffer(packet),
                                    (long) packet.remaining(),
                                    0,
                                    to,
                                    (int) SocketAddresses.LAYOUT.byteSize());
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (sent < 0) {
            throw failed(state);
        }
    }

    /** Waits for the first of some that came, at most {@link #PATIENCE}; then there are none. */
    void receive(Arrivals arrivals) throws IOException {
        MemorySegment state = callState.get();
        int count;
        try {
            count =
                    (int)
                            RECVMMSG.invokeExact(
                                    state,
                                    descriptor,
                                    arrivals.headers(),
                                    arrivals.capacity(),
                                    Arrivals.WAIT_FOR_ONE,
                                    MemorySegment.NULL);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (count < 0 && errno(state) != EAGAIN && errno(state) != EINTR) {
            throw failed(state);
        }
        arrivals.came(Math.max(0, count));
    }

    private void option(int name, MemorySegment value) throws IOException {
        call(SETSOCKOPT, descriptor, SOL_SOCKET, name, value, (int) value.byteSize());
    }

    /** One that may take its time. */
    private int call(MethodHandle function, Object... arguments) throws IOException {
        MemorySegment state = callState.get();
        int result;
        try {
            result = (int) function.bindTo(state).invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (result < 0) {
            throw failed(state);
        }
        return result;
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static IOException failed(MemorySegment state) {
        return new IOException("The socket fails with errno " + errno(state));
    }

    /** Restricted, because a wrong signature would take the process down; these are Linux's own. */
    @SuppressWarnings("restricted")
    private static MethodHandle function(
            String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    /** As soon as these have ended, which they do once they look up that they may. */
    void closeBehind(List<Thread> users) throws IOException {
        for (Thread user : users) {
            try {
                user.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
        close();
    }

    @Override
    public void close() throws IOException {
        call(CLOSE, descriptor);
        arena.close();
    }
}
