package org.consentgateway.media.rtp;

import java.nio.ByteBuffer;

/** What a datagram turned out to be (RFC 3550 §5.1). */
public sealed interface RtpDatagram {

    /** Why it is no RTP packet. */
    enum Malformed implements RtpDatagram {
        TOO_SHORT,
        NOT_VERSION_2,
        CSRC_LIST_OVERRUNS,
        EXTENSION_OVERRUNS,
        PADDING_OVERRUNS
    }

    /**
     * A window on the datagram, valid until the next read; there is one per reader, so that a
     * packet costs no object. Confined to its {@link RtpReader}.
     *
     * <pre>
     *  0                   1                   2                   3
     *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
     * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
     * |                           timestamp                           |
     * |           synchronization source (SSRC) identifier            |
     * </pre>
     */
    final class Packet implements RtpDatagram {
        boolean marker;
        int payloadType;
        int sequence;
        int timestamp;
        int ssrc;
        int payloadOffset;
        int payloadLength;

        Packet() {}

        public int payloadType() {
            return payloadType;
        }

        /** 0 to 65535. */
        public int sequence() {
            return sequence;
        }

        /** 32 bits, to be compared by signed difference. */
        public int timestamp() {
            return timestamp;
        }

        public int ssrc() {
            return ssrc;
        }

        /** Absolute index of the payload's first octet; at least {@link RtpReader#HEADER}. */
        public int payloadOffset() {
            return payloadOffset;
        }

        /** Octets without padding; may be 0. */
        public int payloadLength() {
            return payloadLength;
        }
    }

    /** Whether a datagram on the RTP port is RTCP multiplexed with it (RFC 5761 §4). */
    static boolean isRtcp(ByteBuffer datagram, int length) {
        int type = length < 2 ? 0 : datagram.get(1) & 0xFF;
        return type >= 192 && type <= 223;
    }
}
