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

    static RtpParse.Packet packet(int sequence, int timestamp, int ssrc) {
        RtpParse.Packet packet = new RtpParse.Packet();
        packet.sequence = sequence & 0xFFFF;
        packet.timestamp = timestamp;
        packet.ssrc = ssrc;
        packet.payloadOffset = RtpReader.HEADER;
        packet.payloadLength = 160;
        return packet;
    }
}
