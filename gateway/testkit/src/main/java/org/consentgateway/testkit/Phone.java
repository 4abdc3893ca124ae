package org.consentgateway.testkit;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** Confined to one test. The messages of one call of a {@link RawPeer}, hand-written. */
public final class Phone {
    public static final String OFFER =
            """
            v=0\r
            o=- 1 1 IN IP4 127.0.0.1\r
            s=-\r
            c=IN IP4 127.0.0.1\r
            t=0 0\r
            m=audio 40000 RTP/AVP 8 0 101\r
            a=rtpmap:101 telephone-event/8000\r
            a=fmtp:101 0-16\r
            a=sendrecv\r
            """;

    private static final AtomicInteger COUNT = new AtomicInteger();

    public final RawPeer peer;
    public final String callId = "call-" + COUNT.incrementAndGet() + "@test";
    public final String fromTag = "f" + COUNT.get();
    public String called = "+4930123456";
    public String from = "<sip:+491701234567@127.0.0.1>";
    public String toTag = "";
    public String extra = "";
    public int cseq = 1;
    public String branch = "z9hG4bK-b" + COUNT.get();

    public Phone(RawPeer peer) {
        this.peer = peer;
    }

    public String request(
            String method, int cseqNumber, String withBranch, String contentType, String body) {
        StringBuilder text = new StringBuilder();
        text.append(method).append(" sip:").append(called).append("@127.0.0.1 SIP/2.0\r\n");
        text.append("Via: SIP/2.0/")
                .append(peer.transport)
                .append(' ')
                .append(peer.host)
                .append(':')
                .append(peer.port)
                .append(";branch=")
                .append(withBranch)
                .append("\r\n");
        text.append("Max-Forwards: 70\r\n");
        text.append("From: ").append(from).append(";tag=").append(fromTag).append("\r\n");
        text.append("To: <sip:").append(called).append("@127.0.0.1>");
        if (!toTag.isEmpty()) {
            text.append(";tag=").append(toTag);
        }
        text.append("\r\nCall-ID: ").append(callId).append("\r\n");
        text.append("CSeq: ").append(cseqNumber).append(' ').append(method).append("\r\n");
        text.append("Contact: <sip:phone@")
                .append(peer.host)
                .append(':')
                .append(peer.port)
                .append(peer.transport.equals("TCP") ? ";transport=tcp" : "")
                .append(">\r\n");
        text.append(extra);
        if (!body.isEmpty()) {
            text.append("Content-Type: ").append(contentType).append("\r\n");
        }
        text.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
        return text.toString();
    }

    public String invite(String sdp) {
        return request("INVITE", cseq, branch, "application/sdp", sdp);
    }

    public String ack(String sdp) {
        return request("ACK", cseq, branch + "-ack" + cseq, "application/sdp", sdp);
    }

    public String cancel() {
        return request("CANCEL", cseq, branch, "", "");
    }

    /** A request in the dialog, with the next number. */
    public String next(String method, String contentType, String body) {
        cseq++;
        return request(method, cseq, branch + "-" + cseq, contentType, body);
    }

    public String bye() {
        return next("BYE", "", "");
    }

    /** Calls, and acknowledges the 200. */
    public RawPeer.Message connect() throws IOException {
        peer.send(invite(OFFER));
        RawPeer.Message ok = peer.expect(200);
        toTag = ok.toTag();
        peer.send(ack(""));
        return ok;
    }

    public static String ok(RawPeer.Message request, String headers, String sdp) {
        return response(request, "200 OK", headers, sdp);
    }

    /** An answer of ours to a request that came. */
    public static String response(
            RawPeer.Message request, String statusAndReason, String headers, String sdp) {
        return response(request, statusAndReason, "", headers, sdp);
    }

    public static String response(
            RawPeer.Message request,
            String statusAndReason,
            String toTag,
            String headers,
            String sdp) {
        StringBuilder text = new StringBuilder("SIP/2.0 " + statusAndReason + "\r\n");
        for (String via : request.headers("Via")) {
            text.append("Via: ").append(via).append("\r\n");
        }
        text.append("From: ").append(request.header("From")).append("\r\n");
        text.append("To: ").append(request.header("To"));
        if (!toTag.isEmpty()) {
            text.append(";tag=").append(toTag);
        }
        text.append("\r\nCall-ID: ").append(request.header("Call-ID")).append("\r\n");
        text.append("CSeq: ").append(request.header("CSeq")).append("\r\n").append(headers);
        if (!sdp.isEmpty()) {
            text.append("Content-Type: application/sdp\r\n");
        }
        return text.append("Content-Length: ")
                .append(sdp.length())
                .append("\r\n\r\n")
                .append(sdp)
                .toString();
    }
}
