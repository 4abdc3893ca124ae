package org.consentgateway.bench.load;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** {@code struct sockaddr_in} of ip(7), on loopback. */
final class SocketAddresses {
    static final StructLayout LAYOUT =
            MemoryLayout.structLayout(
                    JAVA_SHORT.withName("sin_family"),
                    JAVA_SHORT.withName("sin_port"),
                    MemoryLayout.sequenceLayout(4, JAVA_BYTE).withName("sin_addr"),
                    MemoryLayout.paddingLayout(8));

    static final short AF_INET = 2;
    private static final int PORT_AT = 2;
    private static final int ADDRESS_AT = 4;
    private static final ValueLayout.OfShort NETWORK_SHORT =
            JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddresses() {}

    static void loopback(MemorySegment address, int port) {
        address.set(JAVA_SHORT, 0, AF_INET);
        address.set(NETWORK_SHORT, PORT_AT, (short) port);
        address.set(JAVA_BYTE, ADDRESS_AT, (byte) 127);
        address.set(JAVA_BYTE, ADDRESS_AT + 3, (byte) 1);
    }

    static int port(MemorySegment address) {
        return address.get(NETWORK_SHORT, PORT_AT) & 0xFFFF;
    }
}
