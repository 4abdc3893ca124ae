package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers that are repeated until their ACK comes (RFC 3261 §13.3.1.4, §17.2.1), to an address that
 * may be forged: no more of them at once than the share of calls without an ACK, here one.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RepeatedAnswersTest {
    /** The stack repeats a refusal after 0.5 s and after one more; we a 2xx after 50 ms. */
    private static final int A_WHILE_MILLIS = 2000;

    private static final int UDP_AND_IP = 28;

    private final Switchboard gateway = new Switchboard();
    private final Heard heard = new Heard();
    private final AtomicLong nanos = new AtomicLong();
    private SipEndpoint endpoint;
    private SipPeer peer;
    private SipPeer next;

    @BeforeEach
    void listen() throws IOException {
        listen(1);
    }

    private void listen(int share) throws IOException {
        var setup = new Bench.Setup();
        setup.limits =
                new SipSettings.Limits(
                        100,
                        10,
                        10,
                        SipSettings.Limits.USUAL.handshake(),
                        SipSettings.Limits.USUAL.tcpIdle(),
                        100,
                        share);
        endpoint = SipEndpoint.start(setup.settings(), gateway, nanos::get);
        peer = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
        next = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
        gateway.onCall = IncomingCall::ring;
    }

    @AfterEach
    void close() throws IOException {
        next.close();
        peer.close();
        endpoint.close();
    }

    /** Somebody else calls, a second later, and wants the place. */
    private void placeIsWanted() throws Exception {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        var other = new SipDialog(next);
        next.send(other.invite(SipDialog.OFFER));
        other.expect(180);
    }

    /** Of a 2xx: T2 is 0.4 s here. */
    private void isSilent() throws IOException {
        assertThat(peer.untilSilent(150)).hasSizeLessThan(8);
        assertThat(peer.untilSilent(1000)).isEmpty();
    }

    private static List<Integer> statuses(List<SipMessage> came) {
        return came.stream().map(SipMessage::status).toList();
    }

    private SipMessage cancelled(SipDialog phone) throws IOException {
        peer.send(phone.invite(SipDialog.OFFER));
        peer.expect(180);
        peer.send(phone.cancel());
        return peer.expect(487);
    }

    @Test
    void aRefusalIsRepeatedUntilItsAckComes() throws Exception {
        var phone = new SipDialog(peer);
        SipMessage refused = cancelled(phone);
        peer.expectAgain(refused);
        peer.send(phone.ackRefusal(refused));
        assertThat(statuses(peer.untilSilent(A_WHILE_MILLIS))).doesNotContain(487);
    }

    @Test
    void whereItsPlaceIsWantedARefusalIsRepeatedOnlyWhenItIsAskedFor() throws Exception {
        var phone = new SipDialog(peer);
        SipMessage refused = cancelled(phone);
        placeIsWanted();
        assertThat(statuses(peer.untilSilent(A_WHILE_MILLIS))).doesNotContain(487);
        phone.toTag = "";
        peer.send(phone.invite(SipDialog.OFFER));
        peer.expectAgain(refused);
        Bench.rejects(endpoint, Rejection.UNACKNOWLEDGED, 0);
    }

    /** Over a connection it is not repeated and takes none, also before its ACK. */
    @ParameterizedTest
    @ValueSource(strings = {"UDP", "TCP"})
    void theAckOfARefusalGivesThePlaceBack(String transport) throws Exception {
        close();
        listen(2);
        boolean udp = transport.equals("UDP");
        try (SipPeer caller =
                udp
                        ? SipPeer.udp("127.0.0.1", endpoint.listening().getFirst())
                        : SipPeer.tcp("127.0.0.1", endpoint.listening().get(1))) {
            var first = new SipDialog(caller);
            caller.send(first.invite(SipDialog.OFFER));
            first.expect(180);
            var second = new SipDialog(caller);
            caller.send(second.invite(SipDialog.OFFER));
            second.expect(180);
            caller.send(second.cancel());
            SipMessage refused = caller.expect(487);
            if (udp) {
                caller.send(second.ackRefusal(refused));
            }
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            var third = new SipDialog(caller);
            caller.send(third.invite(SipDialog.OFFER));
            third.expect(180);
            // There was room for it.
            Bench.rejects(endpoint, Rejection.UNACKNOWLEDGED, 0);
            assertThat(statuses(caller.untilSilent(200))).doesNotContain(503);
        }
    }

    /** As short as one can write it, and without an offer, so that ours is in each 200. */
    private static String shortestInvite() {
        return "INVITE sip:3@g SIP/2.0\r\nv:SIP/2.0/UDP g;rport;branch=z9hG4bKs1\r\n"
                + "Max-Forwards:70\r\nf:<sip:a>;tag=1\r\nt:<sip:3>\r\ni:1\r\nCSeq:1 INVITE\r\n"
                + "m:<sip:a@127.0.0.1>\r\n\r\n";
    }

    /** Whoever forges the address sends little, and would have much sent. */
    @Test
    void ofAShortInviteNoMoreIsRepeatedThanItIsWorth() throws Exception {
        gateway.answerAll(heard);
        String invite = shortestInvite();
        peer.send(invite);
        List<SipMessage> came = peer.untilSilent(A_WHILE_MILLIS);
        int octets = came.stream().mapToInt(one -> one.text().length() + UDP_AND_IP).sum();
        assertThat(statuses(came)).contains(200);
        assertThat((double) octets / (invite.length() + UDP_AND_IP)).isLessThan(30);
        assertThat(heard.next()).isEqualTo("ended NO_ACK");
    }

    @Test
    void ofAShortInviteTheAnswerComesAgainWhenItIsAskedFor() throws Exception {
        gateway.answerAll(heard);
        peer.send(shortestInvite());
        SipMessage ok = peer.expect(200);
        assertThat(peer.untilSilent(600)).isNotEmpty();
        assertThat(gateway.nextCall()).isNotNull();
        peer.send(shortestInvite());
        peer.expectAgain(ok);
    }

    @Test
    void aCallThatIsGivenUpBeforeItsAnswerIsRefusedOnce() throws Exception {
        var phone = new SipDialog(peer);
        peer.send(phone.invite(SipDialog.OFFER));
        peer.expect(180);
        placeIsWanted();
        SipMessage refused = peer.expect(503);
        assertThat(statuses(peer.untilSilent(A_WHILE_MILLIS))).doesNotContain(503);
        peer.send(phone.invite(SipDialog.OFFER));
        peer.expectAgain(refused);
    }

    @Test
    void aCallThatIsGivenUpBehindItsAnswerIsAnsweredOnlyWhenAskedAndEndsBehindItsAck()
            throws Exception {
        gateway.answerAll(heard);
        var phone = new SipDialog(peer);
        peer.send(phone.invite(SipDialog.OFFER));
        SipMessage ok = peer.expect(200);
        gateway.onCall = IncomingCall::ring;
        placeIsWanted();
        Bench.rejects(endpoint, Rejection.UNACKNOWLEDGED, 1);
        isSilent();
        peer.send(phone.invite(SipDialog.OFFER));
        peer.expectAgain(ok);
        phone.toTag = ok.toTag();
        peer.send(phone.ack(""));
        peer.expectRequest("BYE");
    }

    @Test
    void whoNeverAcknowledgesAndIsGivenUpHasNoByeRepeatedEither() throws Exception {
        gateway.answerAll(heard);
        var phone = new SipDialog(peer);
        peer.send(phone.invite(SipDialog.OFFER));
        peer.expect(200);
        gateway.onCall = IncomingCall::ring;
        placeIsWanted();
        // 64*T1 are 3.2 s here.
        assertThat(peer.untilSilent(5000)).noneMatch(came -> came.method().equals("BYE"));
    }

    @Test
    void aCallThatWeEndBeforeItsAckKeepsItsPlaceOfTheShare() throws Exception {
        gateway.answerAll(heard);
        var phone = new SipDialog(peer);
        peer.send(phone.invite(SipDialog.OFFER));
        SipMessage ok = peer.expect(200);
        gateway.nextCall().hangUp(IncomingCall.Ending.NORMAL);
        peer.expectAgain(ok);
        gateway.onCall = IncomingCall::ring;
        placeIsWanted();
        isSilent();
        phone.toTag = ok.toTag();
        peer.send(phone.ack(""));
        peer.expectRequest("BYE");
    }
}
