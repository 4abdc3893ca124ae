package org.consentgateway.media.rtp;

import java.nio.ByteBuffer;

/** RTP packets for tests. */
final class Packets {
    private Packets() {}

    static ByteBuffer rtp(int type, int sequence, int timestamp, int ssrc, int payload) {
        ByteBuffer packet = ByteBuffer.allocate(2048);
        packet.put((byte) 0x80).put((byte) type).putShort((short) sequence);
        packet.putInt(timestamp).putInt(ssrc);
        packet.position(packet.position() + payload);
        return packet.flip();
    }

    static RtpDatagram.Packet packet(int sequence, int timestamp, int ssrc) {
        RtpDatagram.Packet packet = new RtpDatagram.Packet();
        packet.sequence = sequence & 0xFFFF;
        packet.timestamp = timestamp;
        packet.ssrc = ssrc;
        packet.payloadOffset = RtpReader.HEADER;
        packet.payloadLength = 160;
        return packet;
    }
}
