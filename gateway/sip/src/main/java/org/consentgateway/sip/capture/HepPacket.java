package org.consentgateway.sip.capture;

import java.io.ByteArrayOutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Confined to one thread. One packet of HEP version 3 (sipcapture's "HEP3 network protocol
 * specification"): {@code HEP3}, the length of all of it, then chunks of vendor 0, each with its
 * type, its length with these six octets, and its value; numbers are big-endian.
 */
final class HepPacket {
    /** What fits into a datagram. */
    static final int MOST = 65_000;

    private static final int CHUNK_HEAD = 6;
    private static final int FAMILY = 0x01;
    private static final int PROTOCOL = 0x02;
    private static final int SOURCE_4 = 0x03;
    private static final int SOURCE_6 = 0x05;
    private static final int SOURCE_PORT = 0x07;
    private static final int DESTINATION_PORT = 0x08;
    private static final int SECONDS = 0x09;
    private static final int MICROSECONDS = 0x0a;
    private static final int PAYLOAD_TYPE = 0x0b;
    private static final int AGENT = 0x0c;
    private static final int PASSWORD = 0x0e;
    private static final int PAYLOAD = 0x0f;
    private static final int CORRELATION = 0x11;

    private static final byte IPV4 = 2;
    private static final byte IPV6 = 10;
    private static final byte SIP = 1;
    private static final int NANOS_OF_MICRO = 1000;

    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

    private HepPacket() {}

    /**
     * @param masked what of the message may leave the process
     */
    static byte[] of(CapturedMessage message, String masked, CaptureSettings settings) {
        HepPacket packet = new HepPacket();
        packet.addresses(message.from(), message.to());
        packet.number(PROTOCOL, 1, message.protocol());
        Instant at = message.at();
        packet.number(SECONDS, 4, at.getEpochSecond());
        packet.number(MICROSECONDS, 4, at.getNano() / NANOS_OF_MICRO);
        packet.number(PAYLOAD_TYPE, 1, SIP);
        packet.number(AGENT, 4, settings.agent());
        if (!settings.password().isEmpty()) {
            packet.text(PASSWORD, settings.password());
        }
        if (!message.call().isEmpty()) {
            packet.text(CORRELATION, message.call());
        }
        packet.text(PAYLOAD, masked);
        return packet.bytes();
    }

    /** Both of one family: IPv4 where both are. */
    private void addresses(InetSocketAddress from, InetSocketAddress to) {
        boolean six =
                from.getAddress() instanceof Inet6Address
                        || to.getAddress() instanceof Inet6Address;
        number(FAMILY, 1, six ? IPV6 : IPV4);
        int first = six ? SOURCE_6 : SOURCE_4;
        chunk(first, octets(from.getAddress(), six));
        chunk(first + 1, octets(to.getAddress(), six));
        number(SOURCE_PORT, 2, from.getPort());
        number(DESTINATION_PORT, 2, to.getPort());
    }

    /** An IPv4 address among IPv6 ones as RFC 4291 §2.5.5.2 maps it. */
    private static byte[] octets(InetAddress address, boolean six) {
        byte[] octets = address.getAddress();
        if (!six || octets.length == 16) {
            return octets;
        }
        return ByteBuffer.allocate(16)
                .put(10, (byte) 0xff)
                .put(11, (byte) 0xff)
                .put(12, octets)
                .array();
    }

    private void number(int type, int octets, long value) {
        byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        chunk(type, java.util.Arrays.copyOfRange(all, Long.BYTES - octets, Long.BYTES));
    }

    private void text(int type, String text) {
        chunk(type, text.getBytes(StandardCharsets.UTF_8));
    }

    private void chunk(int type, byte[] value) {
        chunks.writeBytes(
                ByteBuffer.allocate(CHUNK_HEAD)
                        .putShort((short) 0)
                        .putShort((short) type)
                        .putShort((short) (CHUNK_HEAD + value.length))
                        .array());
        chunks.writeBytes(value);
    }

    private byte[] bytes() {
        int length = CHUNK_HEAD + chunks.size();
        return ByteBuffer.allocate(length)
                .put("HEP3".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) length)
                .put(chunks.toByteArray())
                .array();
    }
}
