package org.consentgateway.bench.load;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Confined to one thread. Datagrams that a {@link StampedSocket} has received, until it receives
 * the next: the memory that recvmmsg(2) fills, laid out as on Linux with 64 bits.
 *
 * <pre>
 *  mmsghdr   0 name  8 its length  16 iovec  24 iovecs  32 control  40 its length  48 flags  56 octets
 *  iovec     0 data  8 its room
 *  control   0 length  8 level  12 type  16 seconds  24 nanoseconds
 * </pre>
 */
final class Arrivals {
    /** Of recvmmsg(2): does not wait for a second one. */
    static final int WAIT_FOR_ONE = 0x10000;

    private static final int HEADER = 64;
    private static final int NAME_LENGTH_AT = 8;
    private static final int CONTROL_LENGTH_AT = 40;
    private static final int OCTETS_AT = 56;
    private static final int VECTOR = 16;
    private static final int CONTROL = 32;
    private static final int SECONDS_AT = 16;
    private static final int NANOS_AT = 24;
    private static final int ALIGNED = 16;

    private final MemorySegment headers;
    private final MemorySegment controls;
    private final List<MemorySegment> names = new ArrayList<>();
    private final List<ByteBuffer> data = new ArrayList<>();
    private int count;

    /**
     * @param room for one datagram, in octets; what is longer is cut off
     */
    Arrivals(int capacity, int room) {
        Arena arena = Arena.ofAuto();
        headers = arena.allocate((long) capacity * HEADER, ALIGNED);
        controls = arena.allocate((long) capacity * CONTROL, ALIGNED);
        MemorySegment vectors = arena.allocate((long) capacity * VECTOR, ALIGNED);
        for (int i = 0; i < capacity; i++) {
            MemorySegment name = arena.allocate(SocketAddresses.LAYOUT);
            MemorySegment octets = arena.allocate(room, ALIGNED);
            names.add(name);
            data.add(octets.asByteBuffer());
            MemorySegment vector = vectors.asSlice((long) i * VECTOR, VECTOR);
            vector.set(ADDRESS, 0, octets);
            vector.set(JAVA_LONG, 8, room);
            MemorySegment header = headers.asSlice((long) i * HEADER, HEADER);
            header.set(ADDRESS, 0, name);
            header.set(ADDRESS, 16, vector);
            header.set(JAVA_LONG, 24, 1);
            header.set(ADDRESS, 32, controls.asSlice((long) i * CONTROL, CONTROL));
        }
        count = capacity;
    }

    int capacity() {
        return names.size();
    }

    /** As the kernel wants them: it overwrote the lengths of those that it used. */
    MemorySegment headers() {
        for (int i = 0; i < count; i++) {
            long header = (long) i * HEADER;
            headers.set(JAVA_INT, header + NAME_LENGTH_AT, (int) SocketAddresses.LAYOUT.byteSize());
            headers.set(JAVA_LONG, header + CONTROL_LENGTH_AT, CONTROL);
        }
        return headers;
    }

    void came(int datagrams) {
        count = datagrams;
    }

    int count() {
        return count;
    }

    /** What it holds, from its beginning to its end. */
    ByteBuffer datagram(int i) {
        return data.get(i).clear().limit(headers.get(JAVA_INT, (long) i * HEADER + OCTETS_AT));
    }

    /** From where on loopback it came. */
    int port(int i) {
        return SocketAddresses.port(names.get(i));
    }

    /** When the kernel took it in, by {@link StampedSocket#now}. */
    long nanos(int i) {
        long control = (long) i * CONTROL;
        return controls.get(JAVA_LONG, control + SECONDS_AT) * 1_000_000_000
                + controls.get(JAVA_LONG, control + NANOS_AT);
    }
}
