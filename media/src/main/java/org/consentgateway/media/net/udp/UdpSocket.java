package org.consentgateway.media.net.udp;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket registered with a Netty event loop as it is, without channel and pipeline: a
 * datagram goes from the kernel into the loop's one buffer, to {@link Arrivals}, and out of the
 * same buffer again. Confined to its event loop, but for the opening.
 */
public interface UdpSocket {

    /** Who gets the datagrams of a socket. */
    interface Arrivals {
        /**
         * @param length octets, in the loop's inbound buffer from index 0
         * @param source null if the socket is connected, so that it can be nobody else
         */
        void arrived(int length, @Nullable InetSocketAddress source);

        /** The peer's host said that nobody listens on the port of something sent (ICMP). */
        default void refused() {}
    }

    InetSocketAddress local();

    /**
     * Whether anything can go there from here. Of an address of 16 octets the system's call for
     * IPv4 would take the last four, which are somebody else's.
     */
    default boolean reaches(InetSocketAddress to) {
        return local().getAddress() instanceof Inet6Address
                || to.getAddress() instanceof Inet4Address;
    }

    /** From here on datagrams are read. */
    void register(Arrivals arrivals);

    /**
     * Whether a datagram is read as soon as it has come, which is so until this is called;
     * otherwise within 1 ms, together with others.
     */
    void readAtOnce(boolean wanted);

    /**
     * Lets the kernel keep strangers out. What is already in the socket's queue still comes with
     * its source. Not done where the socket takes what comes to any address of this machine, and
     * there are several: the kernel would take it at one of them alone from then on.
     */
    void connect(InetSocketAddress peer) throws IOException;

    void disconnect() throws IOException;

    /** Whether {@link #send} may be used without an address. */
    boolean connected();

    Sent send(ByteBuffer datagram, int offset, int length, @Nullable InetSocketAddress to);

    void close();
}
