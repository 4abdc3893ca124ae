package org.consentgateway.media.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.consentgateway.media.rtp.RtpDatagram;
import org.jspecify.annotations.Nullable;

/** A packet of text with its own payload, which outlives the buffer that it came in. */
record TypedPacket(
        @Nullable InetSocketAddress source,
        int ssrc,
        int sequence,
        int payloadType,
        byte[] payload,
        long arrivedNanos) {

    static TypedPacket of(
            RtpDatagram.Packet packet,
            ByteBuffer datagram,
            @Nullable InetSocketAddress source,
            long nowNanos) {
        byte[] payload = new byte[packet.payloadLength()];
        datagram.get(packet.payloadOffset(), payload);
        return new TypedPacket(
                source, packet.ssrc(), packet.sequence(), packet.payloadType(), payload, nowNanos);
    }
}
