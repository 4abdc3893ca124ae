package org.consentgateway.media.rtp;

import java.nio.ByteBuffer;
import org.consentgateway.media.rtp.RtpDatagram.Malformed;
import org.consentgateway.media.rtp.RtpDatagram.Packet;

/** Reads RTP headers without an object per packet. Confined to its event loop. */
public final class RtpReader {
    /** Octets of an RTP header without CSRC list and extension. */
    public static final int HEADER = 12;

    private final Packet packet = new Packet();

    /**
     * @param datagram read by absolute index from 0, position and limit do not matter
     * @param length octets of the datagram
     */
    public RtpDatagram read(ByteBuffer datagram, int length) {
        if (length < HEADER) {
            return Malformed.TOO_SHORT;
        }
        int first = datagram.get(0) & 0xFF;
        if (first >> 6 != 2) {
            return Malformed.NOT_VERSION_2;
        }
        int payload = HEADER + 4 * (first & 0x0F);
        if (payload > length) {
            return Malformed.CSRC_LIST_OVERRUNS;
        }
        if ((first & 0x10) != 0) {
            // RFC 3550 §5.3.1: 16 bits of profile, 16 bits of length in words after these four
            // octets.
            if (payload + 4 > length) {
                return Malformed.EXTENSION_OVERRUNS;
            }
            payload += 4 + 4 * (datagram.getShort(payload + 2) & 0xFFFF);
            if (payload > length) {
                return Malformed.EXTENSION_OVERRUNS;
            }
        }
        int end = length;
        if ((first & 0x20) != 0) {
            // RFC 3550 §5.1: the last octet counts the padding, itself included.
            int padding = datagram.get(length - 1) & 0xFF;
            if (padding == 0 || payload + padding > length) {
                return Malformed.PADDING_OVERRUNS;
            }
            end = length - padding;
        }
        int second = datagram.get(1) & 0xFF;
        packet.marker = (second & 0x80) != 0;
        packet.payloadType = second & 0x7F;
        packet.sequence = datagram.getShort(2) & 0xFFFF;
        packet.timestamp = datagram.getInt(4);
        packet.ssrc = datagram.getInt(8);
        packet.payloadOffset = payload;
        packet.payloadLength = end - payload;
        return packet;
    }
}
