package org.consentgateway.sip.screen;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Answers made of a request's own lines, without parsing it and without keeping anything (RFC 3261
 * §8.2.6, §8.2.7, §16.11). Never longer than a few lines more than what is copied, and only to
 * where the request came from: nobody can use it to send much, or elsewhere.
 */
public final class StatelessAnswer {
    private StatelessAnswer() {}

    /**
     * @param tag for the To header where it has none
     * @param more header lines, each with its line end; may be empty
     */
    public static byte[] of(
            MessageHead head,
            InetSocketAddress source,
            int status,
            String reason,
            String tag,
            String more) {
        StringBuilder text = new StringBuilder(512);
        text.append("SIP/2.0 ").append(status).append(' ').append(reason).append("\r\n");
        for (int i = 0; i < head.vias().size(); i++) {
            String via = head.vias().get(i);
            if (i == 0) {
                TopVia top = TopVia.of(via);
                via = top.seenFrom(source) + via.substring(top.value().length());
            }
            text.append("Via: ").append(line(via)).append("\r\n");
        }
        if (head.from() != null) {
            text.append("From: ").append(line(head.from())).append("\r\n");
        }
        if (head.to() != null) {
            text.append("To: ").append(line(head.to()));
            if (head.toTag() == null) {
                text.append(";tag=").append(tag);
            }
            text.append("\r\n");
        }
        if (head.callId() != null) {
            text.append("Call-ID: ").append(line(head.callId())).append("\r\n");
        }
        if (head.cseq() != null) {
            text.append("CSeq: ").append(line(head.cseq())).append("\r\n");
        }
        text.append(more).append("Content-Length: 0\r\n\r\n");
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * A return within what is copied would be a line's end to others, and what follows a header.
     */
    private static String line(String copied) {
        return copied.replace('\r', ' ');
    }

    /** The port a datagram's answer goes to, at the address it came from. */
    public static int port(MessageHead head, InetSocketAddress source) {
        return TopVia.of(head.vias().getFirst()).answerPort(source);
    }
}
