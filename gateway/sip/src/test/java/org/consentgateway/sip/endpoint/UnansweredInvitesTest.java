package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who answers our INVITE with a provisional response, and then no more, is waited for as long as
 * the stack lives, unless somebody ends that.
 */
@Timeout(60)
class UnansweredInvitesTest {
    private final Heard heard = new Heard();
    private SipEndpoint endpoint;
    private SipPeer called;

    @BeforeEach
    void start() throws IOException {
        Bench.Setup setup = new Bench.Setup();
        setup.t1 = Duration.ofMillis(5);
        endpoint = SipEndpoint.start(setup.settings(), CallHandler.none(), System::nanoTime);
        called = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
        called.close();
    }

    private OutgoingCall dial() {
        return endpoint.dial(Bench.challenged("sip:called@127.0.0.1:" + called.port), heard);
    }

    private String contact() {
        return "Contact: <sip:called@127.0.0.1:" + called.port + ">\r\n";
    }

    private void nothingIsLeft() {
        await().untilAsserted(() -> assertThat(endpoint.counters().transactions()).isZero());
    }

    @Test
    void whoHasTheCancelAndEndsNothingIsForgotten() throws Exception {
        OutgoingCall call = dial();
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("180 Ringing", "t", contact(), ""));
        assertThat(heard.next()).isEqualTo("ringing");
        call.hangUp(IncomingCall.Ending.NORMAL);
        SipMessage cancel = called.expectRequest("CANCEL");
        called.send(cancel.response("200 OK", "t", "", ""));
        assertThat(heard.next()).isEqualTo("refused 487");
        nothingIsLeft();
    }

    /**
     * The INVITE within a call that was answered.
     *
     * @param status set to that of its answer
     */
    private SipMessage offeredAgain(AtomicInteger status) throws Exception {
        OutgoingCall call = dial();
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("200 OK", "t", contact(), SipDialog.OFFER));
        assertThat(heard.next()).startsWith("media");
        call.offerAgain(MediaPeer.Direction.RECVONLY, status::set);
        return called.expectRequest("INVITE");
    }

    @Test
    void whoTriesAnInviteWithinTheCallForEverHasFailed() throws Exception {
        AtomicInteger status = new AtomicInteger();
        SipMessage again = offeredAgain(status);
        called.send(again.response("100 Trying", "", "", ""));
        await().until(() -> status.get() == 408);
        assertThat(called.expectRequest("BYE").header("Reason")).contains("cause=41");
        assertThat(heard.next()).isEqualTo("ended TRANSPORT_FAILED");
        nothingIsLeft();
    }

    /** RFC 3261 §14.1: behind any other refusal it goes on. */
    @ParameterizedTest
    @CsvSource({
        "481 Call/Transaction Does Not Exist, true",
        "408 Request Timeout, true",
        "488 Not Acceptable Here, false"
    })
    void whoDoesNotKnowTheCallThatAnInviteIsWithinIsHungUpOn(String refusal, boolean ends)
            throws Exception {
        AtomicInteger status = new AtomicInteger();
        SipMessage again = offeredAgain(status);
        called.send(again.response(refusal, "", "", ""));
        await().until(() -> refusal.startsWith(status.get() + " "));
        if (ends) {
            called.send(called.expectRequest("BYE").response("200 OK", "", ""));
            assertThat(heard.next()).isEqualTo("ended TRANSPORT_FAILED");
        } else {
            assertThat(heard.nothingMore(300)).isTrue();
        }
    }
}
