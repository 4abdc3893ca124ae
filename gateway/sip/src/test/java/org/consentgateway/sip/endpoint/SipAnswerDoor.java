package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.consentgateway.testkit.fuzz.Door;

/**
 * What an assistant or a human whom we call says, by datagrams: responses to our INVITE, and
 * requests in its dialog. Messages are separated by a zero; {@code $v $f $t $i $c $p} stand for the
 * INVITE's Via, From, To, Call-ID and number, and the port of the called. Whatever it is, our
 * hanging up ends the call, once, and leaves nothing.
 */
final class SipAnswerDoor implements Door {
    /** Of calls that are over, for 0.3 s; of some hundred a second. */
    private static final int MOST_DIALOGS = 2000;

    /** So many messages of an input are sent. */
    private static final int MOST_MESSAGES = 12;

    private static final String FIELDS =
            "Via: $v\r\nFrom: $f\r\nTo: $t;tag=a\r\nCall-ID: $i\r\nCSeq: $c INVITE\r\n";
    private static final String CONTACT = "Contact: <sip:called@127.0.0.1:$p>\r\n";
    private static final String BODY = "Content-Type: application/sdp\r\n\r\n" + SipDialog.OFFER;
    private static final String OK = "SIP/2.0 200 OK\r\n" + FIELDS + CONTACT + BODY;
    private static final String RINGS =
            "SIP/2.0 180 Ringing\r\n" + FIELDS + CONTACT + "Require: 100rel\r\nRSeq: 1\r\n" + BODY;

    private final OpenEndpoint endpoint = new OpenEndpoint(Transport.UDP, Optional.empty());
    private final SipPeer called;

    SipAnswerDoor() throws IOException {
        called = SipPeer.udp("127.0.0.1", endpoint.address());
    }

    private static String within(String method, String more) {
        return method
                + " sip:gateway@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:$p;branch=z9hG4bK"
                + ("$i" + method + "\r\nMax-Forwards: 70\r\nFrom: $t;tag=a\r\nTo: $f\r\n")
                + ("Call-ID: $i\r\nCSeq: 1 " + method + "\r\n" + CONTACT + more);
    }

    private static String refusal(String status, String more) {
        return "SIP/2.0 " + status + "\r\n" + FIELDS + more + "Content-Length: 0\r\n\r\n";
    }

    @Override
    public List<byte[]> seeds() {
        String challenge = "Authenticate: Digest realm=\"x\", nonce=\"n\", qop=\"auth\"\r\n";
        return Stream.of(
                        "SIP/2.0 100 Trying\r\n" + FIELDS + "\r\n\0" + RINGS + "\0" + OK,
                        RINGS + "\0" + OK.replace("tag=a", "tag=b") + "\0" + OK,
                        OK + "\0" + within("BYE", "\r\n"),
                        OK + "\0" + within("INVITE", BODY) + "\0" + within("UPDATE", BODY),
                        OK + "\0" + within("REFER", "Refer-To: <sip:human@127.0.0.1>\r\n\r\n"),
                        OK + "\0" + within("INFO", "Content-Type: text/plain\r\n\r\nx"),
                        OK.replace("a=sendrecv", "a=inactive"),
                        refusal("401 Unauthorized", "WWW-" + challenge) + "\0" + OK,
                        refusal("407 Proxy Authentication Required", "Proxy-" + challenge),
                        refusal("302 Moved Temporarily", CONTACT),
                        refusal("422 Session Interval Too Small", "Min-SE: 3600\r\n"),
                        refusal("488 Not Acceptable Here", "Warning: 305 x \"y\"\r\n"),
                        refusal("503 Service Unavailable", "Retry-After: 5\r\n"))
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Override
    public List<String> words() {
        return Stream.concat(
                        Stream.of(FIELDS, CONTACT, BODY, RINGS, OK, "\0", "SIP/2.0 199 x\r\n"),
                        SipSamples.WORDS.stream())
                .toList();
    }

    @Override
    public int longest() {
        return 9000;
    }

    @Override
    public void takes(byte[] input) throws Exception {
        Ends ends = new Ends();
        OutgoingCall call = endpoint.dial("sip:called@127.0.0.1:" + called.port, ends);
        SipMessage invite = invite(call);
        // One octet to each character, there and back.
        String text = new String(input, StandardCharsets.ISO_8859_1);
        for (String message : text.split("\0", MOST_MESSAGES)) {
            called.send(filled(message, invite).getBytes(StandardCharsets.ISO_8859_1));
            if (message.startsWith("SIP/2.0 4")) {
                invite = next(invite); // with a password, or another interval
            }
        }
        endpoint.hasTakenAll();
        call.hangUp(IncomingCall.Ending.NORMAL);
        letGo(invite, ends);
        endpoint.hasTakenAll();
        assertThat(ends.count()).isEqualTo(1);
        assertThat(endpoint.dialogs()).isLessThan(MOST_DIALOGS);
    }

    private String filled(String message, SipMessage invite) {
        return message.replace("$v", invite.first("Via"))
                .replace("$f", invite.first("From"))
                .replace("$t", invite.first("To"))
                .replace("$i", invite.first("Call-ID"))
                .replace("$c", invite.first("CSeq").replace(" INVITE", ""))
                .replace("$p", Integer.toString(called.port));
    }

    private SipMessage invite(OutgoingCall call) throws IOException {
        while (true) {
            SipMessage message =
                    Objects.requireNonNull(
                            called.receive(OneConnection.PATIENCE_MILLIS), "no INVITE");
            if (message.method().equals("INVITE")
                    && message.first("Call-ID").equals(call.sipCallId())) {
                return message;
            }
        }
    }

    /** The INVITE that this one was followed by, if it was. */
    private SipMessage next(SipMessage invite) throws IOException {
        endpoint.hasTakenAll();
        for (SipMessage came = called.receive(1); came != null; came = called.receive(1)) {
            if (isAfter(invite, came)) {
                return came;
            }
        }
        return invite;
    }

    private static boolean isAfter(SipMessage invite, SipMessage came) {
        return came.method().equals("INVITE")
                && came.first("Call-ID").equals(invite.first("Call-ID"))
                && !came.first("Via").equals(invite.first("Via"));
    }

    /** As a called side does whose caller hangs up: whatever it said before, the call is over. */
    private void letGo(SipMessage invite, Ends ends) throws IOException {
        long until =
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OneConnection.PATIENCE_MILLIS);
        called.send(invite.response("486 Busy Here", "last", "", ""));
        while (ends.count() == 0) {
            assertThat(System.nanoTime() - until).as("the call never ended").isNegative();
            SipMessage came = called.receive(1);
            if (came == null || came.status() > 0) {
                continue;
            }
            switch (came.method()) {
                case "INVITE" -> called.send(came.response("486 Busy Here", "last", "", ""));
                case "CANCEL" -> {
                    called.send(came.response("200 OK", "", ""));
                    called.send(invite.response("487 Request Terminated", "last", "", ""));
                }
                case "BYE", "PRACK", "UPDATE" -> called.send(came.response("200 OK", "", ""));
                default -> {}
            }
        }
    }

    @Override
    public void close() {
        try {
            called.close();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
        endpoint.close();
    }

    /** How often a call was said to be over. Thread-safe. */
    private static final class Ends implements OutgoingCall.Events {
        private int count;

        @Override
        public void media(MediaFormat format, MediaPeer peer) {}

        @Override
        public void refused(int status) {
            add();
        }

        @Override
        public void ended(IncomingCall.How how) {
            add();
        }

        private synchronized void add() {
            count++;
        }

        synchronized int count() {
            return count;
        }
    }
}
