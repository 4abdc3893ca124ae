package org.consentgateway.sip.sdp;

import java.util.List;
import java.util.stream.Collectors;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.TextFormat;

/** A media line of ours with its attributes. Immutable. */
sealed interface MediaLine {

    /** Appends it. */
    void write(StringBuilder out, int port, String protocol);

    /** What we do not speak keeps its place, with port 0 (RFC 3264 §6). */
    static void refuse(StringBuilder out, Media theirs) {
        out.append("m=")
                .append(theirs.kind())
                .append(" 0 ")
                .append(theirs.protocol())
                .append(' ')
                .append(theirs.formats().getFirst())
                .append("\r\n");
    }

    record AudioLine(
            List<PayloadFormat> payloads,
            MediaPeer.Direction direction,
            List<Crypto> crypto,
            boolean rtcpMux)
            implements MediaLine {
        /**
         * RFC 7587 §6.1: 8 kHz of sound both ways, and neither of what a telephone's network has no
         * use for: two channels, pauses without packets, and packets that hold the last one again.
         */
        private static final String OPUS =
                "maxplaybackrate=16000;sprop-maxcapturerate=16000;stereo=0;sprop-stereo=0;"
                        + "usedtx=0;useinbandfec=0";

        @Override
        public void write(StringBuilder out, int port, String protocol) {
            out.append("m=audio ").append(port).append(' ').append(protocol).append(' ');
            out.append(
                    payloads.stream()
                            .map(payload -> Integer.toString(payload.payloadType()))
                            .collect(Collectors.joining(" ")));
            out.append("\r\n");
            for (PayloadFormat payload : payloads) {
                int type = payload.payloadType();
                out.append("a=rtpmap:").append(type).append(' ').append(payload.mapped());
                out.append("\r\n");
                if (payload.isEvents()) {
                    out.append("a=fmtp:").append(type).append(" 0-15\r\n");
                } else if (payload.isOpus()) {
                    out.append("a=fmtp:").append(type).append(' ').append(OPUS).append("\r\n");
                }
            }
            crypto.forEach(line -> out.append(line.line()).append("\r\n"));
            if (rtcpMux) {
                out.append("a=rtcp-mux\r\n");
            }
            out.append("a=ptime:20\r\na=").append(attribute(direction)).append("\r\n");
        }

        /** The keys are for the wire only. */
        @Override
        public String toString() {
            return "AudioLine[hidden]";
        }
    }

    /** RFC 4103 §10: with redundancy before without. */
    record TextLine(TextFormat format, MediaPeer.Direction direction, List<Crypto> crypto)
            implements MediaLine {
        @Override
        public void write(StringBuilder out, int port, String protocol) {
            int plain = format.payloadType();
            int again = format.redundantPayloadType();
            out.append("m=text ").append(port).append(' ').append(protocol).append(' ');
            if (again >= 0) {
                out.append(again).append(' ');
            }
            out.append(plain).append("\r\n");
            out.append("a=rtpmap:").append(plain).append(" t140/1000\r\n");
            if (again >= 0) {
                String blocks = plain + ("/" + plain).repeat(format.generations());
                out.append("a=rtpmap:").append(again).append(" red/1000\r\n");
                out.append("a=fmtp:").append(again).append(' ').append(blocks).append("\r\n");
            }
            crypto.forEach(line -> out.append(line.line()).append("\r\n"));
            out.append("a=").append(attribute(direction)).append("\r\n");
        }

        /** The keys are for the wire only. */
        @Override
        public String toString() {
            return "TextLine[hidden]";
        }
    }

    private static String attribute(MediaPeer.Direction direction) {
        return switch (direction) {
            case SENDRECV -> "sendrecv";
            case SENDONLY -> "sendonly";
            case RECVONLY -> "recvonly";
            case INACTIVE -> "inactive";
        };
    }
}
