package org.consentgateway.testkit;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one side of one call, as text: what is right by itself, and whatever a test makes
 * of it. Confined to one test.
 */
public final class SipDialog {
    public static final String OFFER =
            """
            v=0\r
            o=- 1 1 IN IP4 127.0.0.1\r
            s=-\r
            c=IN IP4 127.0.0.1\r
            t=0 0\r
            m=audio 8000 RTP/AVP 8 0 101\r
            a=rtpmap:101 telephone-event/8000\r
            a=fmtp:101 0-16\r
            a=sendrecv\r
            """;

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final @Nullable SipPeer peer;
    private final String via;
    private final String contact;
    public final String callId;
    public final String fromTag;

    /** The Request-URI. */
    public String target;

    public String from;
    public String to;
    public String toTag = "";

    /** More headers, each with its line's end. */
    public String extra = "";

    public int cseq;
    public String branch;
    private String lastSequence = "";

    private SipDialog(
            @Nullable SipPeer peer, String via, String contact, String callId, String fromTag) {
        this.peer = peer;
        this.via = via;
        this.contact = contact;
        this.callId = callId;
        this.fromTag = fromTag;
        this.target = "sip:+4930123456@127.0.0.1";
        this.from = "<sip:+491701234567@127.0.0.1>";
        this.to = "<" + target + ">";
        this.branch = "z9hG4bK-" + fromTag;
    }

    /** The caller's side of a new call. */
    public SipDialog(SipPeer peer) {
        this(peer, COUNT.incrementAndGet());
    }

    private SipDialog(SipPeer peer, int number) {
        this(
                peer,
                "SIP/2.0/" + peer.transport + " " + peer.host + ":" + peer.port,
                "Contact: <sip:phone@%s:%d%s>\r\n"
                        .formatted(
                                peer.host,
                                peer.port,
                                peer.transport.equals("TCP") ? ";transport=tcp" : ""),
                "call-" + number + "@test",
                "f" + number);
        cseq = 1;
    }

    /** The called side of the call that an INVITE begins; its first request has CSeq 1. */
    public static SipDialog called(SipMessage invite, SipServer at, String user, String tag) {
        SipDialog dialog =
                new SipDialog(null, at.sentBy(), at.contact(user), invite.header("Call-ID"), tag);
        String caller = invite.header("From");
        dialog.target = SipMessage.address(invite.header("Contact"));
        dialog.from = invite.header("To");
        dialog.to = caller.substring(0, caller.indexOf(";tag="));
        dialog.toTag = invite.fromTag();
        return dialog;
    }

    /** Calls this number on loopback. */
    public SipDialog calling(String number) {
        target = "sip:" + number + "@127.0.0.1";
        to = "<" + target + ">";
        return this;
    }

    public String request(
            String method, int cseqNumber, String withBranch, String contentType, String body) {
        if (!method.equals("ACK")) {
            lastSequence = cseqNumber + " " + method;
        }
        return (method + " " + target + " SIP/2.0\r\n")
                + ("Via: " + via + ";branch=" + withBranch + "\r\n")
                + "Max-Forwards: 70\r\n"
                + ("From: " + from + ";tag=" + fromTag + "\r\n")
                + ("To: " + to + (toTag.isEmpty() ? "" : ";tag=" + toTag) + "\r\n")
                + ("Call-ID: " + callId + "\r\n")
                + ("CSeq: " + cseqNumber + " " + method + "\r\n")
                + (contact + extra + SipMessage.end(contentType, body));
    }

    public String invite(String sdp) {
        return request("INVITE", cseq, branch, "application/sdp", sdp);
    }

    /** For an answer of 2xx: a transaction of its own. */
    public String ack(String sdp) {
        return request("ACK", cseq, branch + "-ack" + cseq, "application/sdp", sdp);
    }

    /** For a refusal: part of the INVITE's transaction (RFC 3261 §17.1.1.3). */
    public String ackRefusal(SipMessage refusal) {
        toTag = refusal.toTag();
        return request("ACK", cseq, branch, "", "");
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
    public SipMessage connect() throws IOException {
        return connect(OFFER);
    }

    /** The same with this description. */
    public SipMessage connect(String sdp) throws IOException {
        phone().send(invite(sdp));
        SipMessage ok = expect(200);
        toTag = ok.toTag();
        phone().send(ack(""));
        return ok;
    }

    /** The next new response of this status to the last request that was written. */
    public SipMessage expect(int status) throws IOException {
        return expect(status, lastSequence);
    }

    /** The new final response to the last request that was written, whatever it says. */
    public SipMessage expectFinal() throws IOException {
        String sequence = lastSequence;
        return phone().expect(
                        "final response to " + sequence,
                        message -> message.status() >= 200 && answers(message, sequence));
    }

    /** The same, to the request of this CSeq, such as {@code 1 INVITE}. */
    public SipMessage expect(int status, String sequence) throws IOException {
        return phone().expect(
                        status + " to " + sequence,
                        message -> message.status() == status && answers(message, sequence));
    }

    private boolean answers(SipMessage response, String sequence) {
        return response.first("Call-ID").equals(callId) && response.first("CSeq").equals(sequence);
    }

    /** The next new request of this method in this call. */
    public SipMessage expectRequest(String method) throws IOException {
        return phone().expect(
                        method,
                        message ->
                                message.method().equals(method)
                                        && message.first("Call-ID").equals(callId));
    }

    private SipPeer phone() {
        if (peer == null) {
            throw new IllegalStateException("the called side does not call");
        }
        return peer;
    }
}
