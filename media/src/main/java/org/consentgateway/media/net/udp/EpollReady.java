package org.consentgateway.media.net.udp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.netty.channel.epoll.Native;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Which descriptors of an epoll instance are ready now: epoll_wait(2) without waiting, which Netty
 * has for its own loop alone. The layout of an event, which differs by processor, is Netty's.
 * Confined to one thread.
 */
final class EpollReady {
    /** Descriptors told at once; the others come first the next time. */
    private static final int MOST = 256;

    @SuppressWarnings("restricted") // a call of the system
    private static final MethodHandle EPOLL_WAIT =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("epoll_wait"),
                            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

    private final int size = Native.sizeofEpollEvent();
    private final int data = Native.offsetofEpollData();
    private final MemorySegment events = Arena.ofAuto().allocate((long) MOST * size, Long.BYTES);

    /**
     * @return how many there are; none where the call was interrupted
     */
    int look(int epoll) {
        try {
            return Math.max(0, (int) EPOLL_WAIT.invokeExact(epoll, events, MOST, 0));
        } catch (Throwable e) { // what a method handle declares; the call itself throws nothing
            throw new IllegalStateException(e);
        }
    }

    /** One of those of the last look, as it was added by Netty. */
    int descriptor(int index) {
        return events.get(JAVA_INT_UNALIGNED, (long) index * size + data);
    }
}
