package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** We ask the caller's side to call somebody else instead of us. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@Execution(ExecutionMode.CONCURRENT)
class ReferTest {
    private static final String TARGET = "sip:team@192.0.2.8:5060";

    private final BlockingQueue<IncomingCall.ReferResult> results = new LinkedBlockingQueue<>();
    private Bench bench;
    private SipPeer peer;
    private SipDialog phone;
    private IncomingCall call;

    @BeforeEach
    void connect() throws Exception {
        bench = new Bench();
        peer = bench.udpPeer();
        phone = new SipDialog(peer);
        bench.gateway.answerAll(new Heard());
        phone.connect();
        call = bench.gateway.nextCall();
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        bench.close();
    }

    private SipMessage refer() throws IOException {
        call.refer(TARGET, results::add);
        return peer.expectRequest("REFER");
    }

    private void accepts(SipMessage refer) throws IOException {
        peer.send(refer.response("202 Accepted", "", ""));
    }

    private int notify(String state, String fragment) throws IOException {
        return notify("", state, fragment);
    }

    /**
     * @param id as in Event
     */
    private int notify(String id, String state, String fragment) throws IOException {
        return notify("Event: refer" + id + "\r\n", state, "message/sipfrag;version=2.0", fragment);
    }

    /**
     * @param event header, with its line's end
     */
    private int notify(String event, String state, String type, String body) throws IOException {
        phone.extra = event + "Subscription-State: " + state + "\r\n";
        peer.send(phone.next("NOTIFY", type, body));
        phone.extra = "";
        return phone.expectFinal().status();
    }

    private IncomingCall.ReferResult told() throws InterruptedException {
        IncomingCall.ReferResult told = results.poll(15, TimeUnit.SECONDS);
        if (told == null) {
            throw new AssertionError("nothing was told");
        }
        return told;
    }

    @Test
    void theCallersSideReachesTheTargetAndWeLeave() throws Exception {
        SipMessage refer = refer();
        assertThat(refer.header("Refer-To")).isEqualTo("<" + TARGET + ">");
        assertThat(refer.header("Contact")).isNotEmpty();
        accepts(refer);
        assertThat(notify("active;expires=60", "SIP/2.0 100 Trying\r\n")).isEqualTo(200);
        assertThat(results).isEmpty();
        assertThat(notify("terminated;reason=noresource", "SIP/2.0 200 OK\r\n")).isEqualTo(200);
        assertThat(told()).isEqualTo(IncomingCall.ReferResult.ANSWERED);

        call.hangUp(IncomingCall.Ending.NORMAL);
        peer.expectRequest("BYE");
        assertThat(results).as("told once").isEmpty();
    }

    @Test
    void whomToReplaceGoesWithTheAddress() throws Exception {
        String place = TARGET + ";transport=tcp?Replaces=1a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2";
        call.refer(place, results::add);
        assertThat(peer.expectRequest("REFER").header("Refer-To")).isEqualTo("<" + place + ">");
        assertThat(call.takesPlaces()).as("this side has said nothing of it").isFalse();
    }

    @Test
    void aTargetThatDoesNotAnswerIsTold() throws Exception {
        accepts(refer());
        assertThat(notify("terminated", "SIP/2.0 486 Busy Here\r\n")).isEqualTo(200);
        assertThat(told()).isEqualTo(IncomingCall.ReferResult.FAILED);
    }

    @Test
    void aSideThatDoesNotTransferIsTold() throws Exception {
        peer.send(refer().response("603 Decline", "", ""));
        assertThat(told()).isEqualTo(IncomingCall.ReferResult.FAILED);
    }

    @Test
    void aSideThatForgetsItIsTold() throws Exception {
        accepts(refer());
        assertThat(notify("terminated;reason=timeout", "")).isEqualTo(200);
        assertThat(told()).isEqualTo(IncomingCall.ReferResult.FAILED);
    }

    @Test
    void aSideThatNeverAnswersIsTold() throws Exception {
        refer();
        assertThat(told()).as("after 64*T1").isEqualTo(IncomingCall.ReferResult.FAILED);
    }

    @Test
    void whoeverHangsUpMeanwhileIsNotTransferred() throws Exception {
        accepts(refer());
        assertThat(notify("active;expires=60", "SIP/2.0 100 Trying\r\n")).isEqualTo(200);
        peer.send(phone.bye());
        assertThat(told()).isEqualTo(IncomingCall.ReferResult.ENDED);
    }

    @Test
    void whoeverHangsUpBeforeItIsTakenIsNotTransferred() throws Exception {
        refer();
        peer.send(phone.bye());
        assertThat(told()).isEqualTo(IncomingCall.ReferResult.ENDED);
    }

    @Test
    void aSideThatTakesItTellsNothingAndEndsTheCallHandsItOver() throws Exception {
        accepts(refer());
        peer.send(phone.bye());
        assertThat(told()).isEqualTo(IncomingCall.ReferResult.HANDED_OVER);
    }

    private static String id(SipMessage refer) {
        return ";id=" + refer.header("CSeq").replaceFirst(" .*", "");
    }

    @Test
    void ofTwoEachIsToldOfItsOwn() throws Exception {
        SipMessage first = refer();
        accepts(first);
        var ofSecond = new LinkedBlockingQueue<IncomingCall.ReferResult>();
        call.refer(TARGET, ofSecond::add);
        SipMessage second = peer.expectRequest("REFER");
        accepts(second);

        assertThat(notify(";id=4711", "terminated", "SIP/2.0 200 OK\r\n")).isEqualTo(481);
        assertThat(notify(id(second), "active", "SIP/2.0 180 Ringing\r\n")).isEqualTo(200);
        assertThat(notify("", "terminated", "SIP/2.0 480 Gone\r\n")).isEqualTo(200);
        assertThat(told()).as("of the first").isEqualTo(IncomingCall.ReferResult.FAILED);
        assertThat(ofSecond).isEmpty();
        assertThat(notify(id(second), "terminated", "SIP/2.0 200 OK\r\n")).isEqualTo(200);
        assertThat(ofSecond.poll(15, TimeUnit.SECONDS))
                .isEqualTo(IncomingCall.ReferResult.ANSWERED);
    }

    /** A side that never names them tells of the one that is still open. */
    @Test
    void ofTwoWithoutANameTheFirstThatIsOpenIsMeant() throws Exception {
        peer.send(refer().response("603 Decline", "", ""));
        assertThat(told()).isEqualTo(IncomingCall.ReferResult.FAILED);
        accepts(refer());
        assertThat(notify("terminated", "SIP/2.0 200 OK\r\n")).isEqualTo(200);
        assertThat(told()).isEqualTo(IncomingCall.ReferResult.ANSWERED);
    }

    /** Something between us may count CSeq anew, and leave what a header says of it. */
    @Test
    void theOnlyOneIsMeantHoweverItIsCalled() throws Exception {
        accepts(refer());
        assertThat(notify(";id=4711", "terminated", "SIP/2.0 200 OK\r\n")).isEqualTo(200);
        assertThat(told()).isEqualTo(IncomingCall.ReferResult.ANSWERED);
    }

    /** RFC 6665 §4.1.3: a telephone tells of its voice box within the dialog as well. */
    @ParameterizedTest
    @ValueSource(strings = {"Event: presence\r\n", "o: message-summary\r\n", "Event: refer.x\r\n"})
    void newsOfSomethingElseAreNoneOfTheTransfer(String event) throws Exception {
        accepts(refer());
        String ok = "SIP/2.0 200 OK\r\n";
        assertThat(notify(event, "terminated", "message/sipfrag", ok)).isEqualTo(489);
        assertThat(results).isEmpty();
        assertThat(notify("o: Refer\r\n", "active", "Message/SIPfrag", ok)).isEqualTo(200);
        assertThat(told()).isEqualTo(IncomingCall.ReferResult.ANSWERED);
    }

    /** RFC 3515 §2.4.5. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "message/sip", "application/sipfrag"})
    void howItGoesIsReadInAFragmentOfSipAlone(String type) throws Exception {
        accepts(refer());
        String event = "Event: refer\r\n";
        assertThat(notify(event, "active", type, "SIP/2.0 200 OK\r\n")).isEqualTo(200);
        assertThat(results).isEmpty();
        assertThat(notify(event, "terminated", type, "SIP/2.0 200 OK\r\n")).isEqualTo(200);
        assertThat(told()).as("by nobody any more").isEqualTo(IncomingCall.ReferResult.FAILED);
    }

    @Test
    void aNotifyNobodyAskedForIs481() throws Exception {
        assertThat(notify("active", "SIP/2.0 200 OK\r\n")).isEqualTo(481);
    }

    @Test
    void anEndedCallIsNotTransferred() throws Exception {
        call.hangUp(IncomingCall.Ending.NORMAL);
        peer.expectRequest("BYE");
        call.refer(TARGET, results::add);
        assertThat(told()).isEqualTo(IncomingCall.ReferResult.ENDED);
    }
}
