package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.consentgateway.testkit.fuzz.Trouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Where the handling of a message throws what nobody expected, its sender has an answer, and the
 * log one line, without a word of the message.
 */
@Timeout(60)
class FailedHandlingTest {
    private static final String PRIVATE = "+491701234567 said yes";

    private final Broken gateway = new Broken();
    private final Trouble trouble = Trouble.watch();
    private SipEndpoint endpoint;
    private SipPeer peer;
    private SipDialog phone;

    /** Fails at what the test wants. Thread-safe. */
    private static final class Broken implements CallHandler {
        volatile boolean admits = true;
        volatile boolean takes = true;

        @Override
        public CallAdmission admit(String trunk, String calledNumber) {
            failUnless(admits);
            return new CallAdmission.Accepted();
        }

        @Override
        public void call(IncomingCall call) {
            failUnless(takes);
            call.answer(Switchboard.MEDIA, new Failing());
        }

        private static void failUnless(boolean well) {
            if (!well) {
                throw new IllegalStateException(PRIVATE);
            }
        }
    }

    /** Immutable. */
    private record Failing() implements IncomingCall.Events {
        @Override
        public void media(MediaFormat format, MediaPeer media) {}

        @Override
        public int told(OutgoingCall.InfoBody what) {
            throw new IllegalStateException(PRIVATE);
        }

        @Override
        public void ended(IncomingCall.How how) {}
    }

    @BeforeEach
    void start() throws IOException {
        endpoint =
                SipEndpoint.start(
                        Bench.settings(Duration.ofSeconds(90), "127.0.0.1/32"),
                        gateway,
                        System::nanoTime);
        peer = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
        phone = new SipDialog(peer);
    }

    @AfterEach
    void stop() throws IOException {
        peer.close();
        endpoint.close();
        trouble.close();
    }

    /** Others may say something of theirs meanwhile. */
    private void isTold(String line) {
        await().untilAsserted(() ->
                assertThat(trouble.seen())
                        .filteredOn(one -> one.contains("not handled") || one.contains("not take"))
                        .singleElement()
                        .asString()
                        .startsWith(line));
        assertThat(trouble.seen()).noneMatch(one -> one.contains("said yes"));
    }

    @Test
    void aNewCallIs500EachTimeAndInTheLogOnce() throws Exception {
        gateway.admits = false;
        for (int call = 0; call < 2; call++) {
            SipDialog one = new SipDialog(peer);
            peer.send(one.invite(SipDialog.OFFER));
            SipMessage refusal = one.expect(500);
            assertThat(refusal.toTag()).isNotEmpty();
        }
        isTold("WARN a SIP request was not handled: java.lang.IllegalStateException at ");
        assertThat(endpoint.dialogs()).isZero();
        gateway.admits = true;
        phone.connect();
    }

    @Test
    void aRequestWithinACallIs500AndTheCallGoesOn() throws Exception {
        phone.connect();
        String info = phone.next("INFO", "text/plain", "of theirs");
        peer.send(info);
        SipMessage refusal = phone.expect(500);
        peer.send(info);
        assertThat(peer.expectAgain(refusal).header("CSeq")).endsWith(" INFO");
        isTold("WARN a SIP request was not handled: java.lang.IllegalStateException at ");
        peer.send(phone.bye());
        phone.expect(200);
    }

    /** With such a name no challenge can be answered. */
    @Test
    void whoAskedHearsThatNothingComesOfAnAnswer() throws Exception {
        var heard = new Heard();
        OutgoingCall call =
                endpoint.dial(Bench.challenged("sip:called@127.0.0.1:" + peer.port, "a\"b"), heard);
        SipMessage invite = peer.expectRequest("INVITE");
        String contact = "Contact: <sip:called@127.0.0.1:" + peer.port + ">\r\n";
        peer.send(invite.response("200 OK", "t", contact, SipDialog.OFFER));
        peer.expectRequest("ACK");
        var statuses = new LinkedBlockingQueue<Integer>();
        call.hangUp(IncomingCall.Ending.NORMAL, statuses::add);
        SipMessage bye = peer.expectRequest("BYE");
        String challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n";
        peer.send(bye.response("401 Unauthorized", challenge, ""));
        assertThat(statuses.poll(10, TimeUnit.SECONDS)).isEqualTo(503);
        isTold("WARN a SIP response was not handled: java.lang.IllegalArgumentException at ");
    }

    @Test
    void aCallThatTheGatewayDoesNotTakeIs500AndForgotten() throws Exception {
        gateway.takes = false;
        peer.send(phone.invite(SipDialog.OFFER));
        peer.send(phone.ackRefusal(phone.expect(500)));
        isTold("ERROR the gateway did not take a call: java.lang.IllegalStateException");
        await().untilAsserted(() -> assertThat(endpoint.dialogs()).isZero());
        gateway.takes = true;
        new SipDialog(peer).connect();
    }
}
