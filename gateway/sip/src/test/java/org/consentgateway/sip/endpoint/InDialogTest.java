package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InDialogTest {
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    private final HandMovedTime time = new HandMovedTime();
    private Bench bench;
    private SipPeer peer;
    private SipDialog phone;
    private final Heard heard = new Heard();
    private SipMessage answer;

    @BeforeEach
    void connect() throws Exception {
        bench = new Bench(Duration.ofSeconds(1), time.machine());
        peer = bench.udpPeer();
        phone = new SipDialog(peer);
        bench.gateway.answerAll(heard);
        answer = phone.connect();
        assertThat(heard.next()).isEqualTo("media PCMA/8/101 127.0.0.1:8000 SENDRECV");
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        bench.close();
    }

    private SipMessage reinvite(String sdp) throws IOException {
        peer.send(phone.next("INVITE", "application/sdp", sdp));
        SipMessage ok = phone.expect(200);
        peer.send(phone.ack(""));
        return ok;
    }

    private SipMessage acknowledged(String sdp) throws IOException {
        SipMessage ok = reinvite(sdp);
        allIsHeard();
        return ok;
    }

    /** What was sent was heard, since what came behind it is answered; so is what they sent. */
    private void allIsHeard() throws IOException {
        phone.extra = "";
        peer.send(phone.next("OPTIONS", "", ""));
        phone.expect(200);
    }

    /** Answers a refresh, and returns when that has been heard. */
    private void refreshed(SipMessage refresh) throws IOException {
        int before = time.set();
        peer.send(refresh.response("200 OK", "Session-Expires: 1;refresher=uac\r\n", ""));
        time.setSince(before);
    }

    private static String origin(SipMessage message) {
        return message.body().lines().filter(line -> line.startsWith("o=")).findFirst().orElse("");
    }

    /** Our answer to it was lost on the way. */
    @Test
    void aByeThatIsSaidAgainIsAnsweredBeforeADrainedEndpointEnds() throws Exception {
        bench.endpoint.drain();
        String bye = phone.bye();
        peer.send(bye);
        SipMessage lost = phone.expect(200);
        int before = time.set();
        var ending = new FutureTask<>(this::settleAndClose, null);
        Thread.ofPlatform().start(ending);
        time.setSince(before);

        peer.send(bye);
        assertThat(peer.expectAgain(lost).header("CSeq")).contains("BYE");
        assertThat(ending.isDone()).isFalse();
        time.pass(Bench.T1.multipliedBy(4));
        ending.get();
    }

    private void settleAndClose() {
        try {
            bench.endpoint.settle();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        bench.endpoint.close();
    }

    @Test
    void holdIsMirroredAndResumed() throws Exception {
        SipMessage held =
                reinvite(SipDialog.OFFER.replace("a=sendrecv", "a=sendonly").replace("1 1", "1 2"));
        assertThat(held.body()).contains("a=recvonly", "m=audio 30000 RTP/AVP 8 101");
        assertThat(heard.next()).isEqualTo("media PCMA/8/101 127.0.0.1:8000 RECVONLY");

        assertThat(reinvite(SipDialog.OFFER.replace("1 1", "1 3")).body()).contains("a=sendrecv");
        assertThat(heard.next()).isEqualTo("media PCMA/8/101 127.0.0.1:8000 SENDRECV");
    }

    @Test
    void inactiveAndTheNullAddressAreHoldToo() throws Exception {
        assertThat(reinvite(SipDialog.OFFER.replace("a=sendrecv", "a=inactive")).body())
                .contains("a=inactive");
        assertThat(heard.next()).endsWith("INACTIVE");
        assertThat(
                        reinvite(SipDialog.OFFER.replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0"))
                                .body())
                .contains("a=recvonly");
        assertThat(heard.next()).isEqualTo("media PCMA/8/101 0.0.0.0:8000 RECVONLY");
    }

    @Test
    void theVersionRisesOnlyWhereOurDescriptionChanges() throws Exception {
        String first = origin(answer);
        assertThat(origin(reinvite(SipDialog.OFFER))).isEqualTo(first);
        String held = origin(reinvite(SipDialog.OFFER.replace("a=sendrecv", "a=sendonly")));
        assertThat(version(held)).isEqualTo(version(first) + 1);
        assertThat(origin(reinvite(SipDialog.OFFER.replace("a=sendrecv", "a=sendonly"))))
                .isEqualTo(held);
    }

    private static long version(String origin) {
        return Long.parseLong(origin.split(" ", -1)[2]);
    }

    @Test
    void theCodecMayChangeAndThePeerMayMove() throws Exception {
        reinvite(SipDialog.OFFER.replace("8000 RTP/AVP 8 0 101", "8100 RTP/AVP 0 101"));
        assertThat(heard.next()).isEqualTo("media PCMU/0/101 127.0.0.1:8100 SENDRECV");
    }

    @Test
    void aReinviteWithoutOfferGetsOneOfOurs() throws Exception {
        peer.send(phone.next("INVITE", "", ""));
        SipMessage ok = phone.expect(200);
        assertThat(ok.body()).contains("m=audio 30000 RTP/AVP 8 0 101");
        peer.send(phone.ack(SipDialog.OFFER.replace("8000 RTP", "8200 RTP")));
        assertThat(heard.next()).isEqualTo("media PCMA/8/101 127.0.0.1:8200 SENDRECV");
    }

    @Test
    void aSecondOfferWhileOursIsOpenIs491() throws Exception {
        peer.send(phone.next("INVITE", "", ""));
        phone.expect(200);
        peer.send(phone.next("UPDATE", "application/sdp", SipDialog.OFFER));
        assertThat(phone.expect(491).header("CSeq")).contains("UPDATE");
    }

    @Test
    void anOfferWeCannotTakeIs488AndTheSessionStaysAsItWas() throws Exception {
        peer.send(
                phone.next("INVITE", "application/sdp", SipDialog.OFFER.replace("8 0 101", "18")));
        assertThat(phone.expect(488).header("Warning")).startsWith("305");
        peer.send(phone.next("INVITE", "application/sdp", "v=0\r\nnonsense\r\n"));
        phone.expect(488);
        assertThat(heard.nothingMore(100)).isTrue();
        peer.send(phone.bye());
        phone.expect(200);
        assertThat(heard.next()).isEqualTo("ended BYE");
    }

    @Test
    void updateChangesTheMediaAtOnce() throws Exception {
        peer.send(
                phone.next(
                        "UPDATE",
                        "application/sdp",
                        SipDialog.OFFER.replace("a=sendrecv", "a=sendonly")));
        SipMessage ok = phone.expect(200);
        assertThat(ok.body()).contains("a=recvonly");
        assertThat(ok.header("Contact")).contains("127.0.0.1");
        assertThat(heard.next()).endsWith("RECVONLY");
    }

    @Test
    void aRequestOutOfOrderIs500() throws Exception {
        phone.cseq = 10;
        peer.send(phone.next("OPTIONS", "", ""));
        phone.expect(200);
        peer.send(phone.request("OPTIONS", 5, "z9hG4bK-old", "", ""));
        phone.expect(500);
        bench.rejects(Rejection.OUT_OF_ORDER, 1);
    }

    @Test
    void keysComeByInfoInBothWritings() throws Exception {
        peer.send(phone.next("INFO", "application/dtmf-relay", "Signal=1\r\nDuration=250\r\n"));
        phone.expect(200);
        assertThat(heard.next()).isEqualTo("digit 1 250");
        peer.send(phone.next("INFO", "application/dtmf", "#"));
        phone.expect(200);
        assertThat(heard.next()).isEqualTo("digit # 160");
        peer.send(phone.next("INFO", "text/plain", "1"));
        assertThat(phone.expect(415).header("Accept")).contains("application/dtmf-relay");
        assertThat(heard.nothingMore(100)).isTrue();
    }

    @Test
    void aReferIsDeclined() throws Exception {
        phone.extra = "Refer-To: <sip:elsewhere@127.0.0.1>\r\n";
        peer.send(phone.next("REFER", "", ""));
        phone.expect(603);
    }

    @Test
    void aWrongFromTagIsNoneOfThisDialog() throws Exception {
        peer.send(phone.bye().replace("tag=" + phone.fromTag, "tag=guessed"));
        phone.expect(481);
        assertThat(heard.nothingMore(100)).isTrue();
    }

    @Test
    void theBordersOfTheSessionIntervalAreKept() throws Exception {
        phone.extra = "Supported: timer\r\nSession-Expires: 0;refresher=uac\r\n";
        peer.send(phone.next("UPDATE", "", ""));
        assertThat(phone.expect(422).header("Min-SE")).isEqualTo("1");
    }

    @Test
    void aPeerThatDoesNotRefreshLosesTheCall() throws Exception {
        phone.extra = "Supported: timer\r\nSession-Expires: 1;refresher=uac\r\n";
        peer.send(phone.next("UPDATE", "", ""));
        SipMessage ok = phone.expect(200);
        assertThat(ok.header("Session-Expires")).isEqualTo("1;refresher=uac");
        assertThat(ok.header("Require")).isEqualTo("timer");
        time.pass(Duration.ofMillis(666));
        assertThat(peer.hearsNothing(50)).isTrue();
        time.pass(Duration.ofMillis(1));
        peer.expectRequest("BYE");
        assertThat(heard.next()).isEqualTo("ended TIMER_EXPIRED");
    }

    /** No sound is expected of it, and it asked for no timer: nothing else would tell. */
    @Test
    void aPeerOnHoldIsAskedWhetherItIsThereAndLosesTheCallWhereItIsNot() throws Exception {
        String held = SipDialog.OFFER.replace("a=sendrecv", "a=inactive");
        SipMessage _ = acknowledged(held);
        assertThat(heard.next()).endsWith("INACTIVE");
        for (String status : List.of("200 OK", "405 Method Not Allowed")) {
            time.pass(Duration.ofSeconds(119));
            assertThat(peer.hearsNothing(50)).isTrue();
            time.pass(Duration.ofSeconds(1));
            peer.send(peer.expectRequest("OPTIONS").response(status, "", ""));
            allIsHeard();
        }
        time.pass(Duration.ofMinutes(2));
        peer.send(peer.expectRequest("OPTIONS").response("481 No Such Call", "", ""));
        peer.expectRequest("BYE");
        assertThat(heard.next()).isEqualTo("ended TIMER_EXPIRED");
    }

    @Test
    void aPeerOnHoldThatAnswersNothingAnyMoreLosesTheCall() throws Exception {
        SipMessage _ = acknowledged(SipDialog.OFFER.replace("a=sendrecv", "a=sendonly"));
        assertThat(heard.next()).endsWith("RECVONLY");
        time.pass(Duration.ofMinutes(2));
        peer.expectRequest("OPTIONS");
        time.pass(Bench.T1.multipliedBy(64));
        peer.expectRequest("BYE");
        assertThat(heard.next()).isEqualTo("ended TIMER_EXPIRED");
    }

    @Test
    void whoTalksIsNotAskedWhetherItIsThere() throws Exception {
        SipMessage _ = acknowledged(SipDialog.OFFER);
        time.pass(Duration.ofMinutes(2));
        assertThat(peer.hearsNothing(100)).isTrue();
    }

    @Test
    void weRefreshByUpdateWhereThatIsOurPart() throws Exception {
        phone.extra =
                "Supported: timer\r\nAllow: INVITE, ACK, BYE, UPDATE\r\nSession-Expires:"
                        + " 1;refresher=uas\r\n";
        peer.send(phone.next("UPDATE", "", ""));
        assertThat(phone.expect(200).header("Session-Expires")).isEqualTo("1;refresher=uas");
        for (int round = 0; round < 3; round++) {
            time.pass(HALF_A_SECOND);
            SipMessage refresh = peer.expectRequest("UPDATE");
            assertThat(refresh.header("Session-Expires")).isEqualTo("1;refresher=uac");
            refreshed(refresh);
        }
        assertThat(heard.all).isEmpty();
    }

    @Test
    void weRefreshByReinviteWithTheSameDescriptionWhereUpdateIsNotAllowed() throws Exception {
        phone.extra =
                "Supported: timer\r\nAllow: INVITE, ACK, BYE\r\nSession-Expires:"
                        + " 1;refresher=uas\r\n";
        SipMessage before = acknowledged(SipDialog.OFFER);
        time.pass(HALF_A_SECOND);
        SipMessage refresh = peer.expectRequest("INVITE");
        assertThat(refresh.body()).isEqualTo(before.body());
        peer.send(
                refresh.response(
                        "200 OK",
                        "Contact: <sip:phone@127.0.0.1:" + peer.port + ">\r\n",
                        SipDialog.OFFER));
        peer.expectRequest("ACK");
        assertThat(heard.all).isEmpty();
    }

    /** Whoever hears none hangs up in the end (RFC 3261 §14.2): one that is lost is no reason. */
    @Test
    void theAnswerToOurReinviteIsAcknowledgedAsOftenAsItComes() throws Exception {
        phone.extra =
                "Supported: timer\r\nAllow: INVITE, ACK, BYE\r\nSession-Expires:"
                        + " 1;refresher=uas\r\n";
        SipMessage _ = acknowledged(SipDialog.OFFER);
        time.pass(HALF_A_SECOND);
        SipMessage refresh = peer.expectRequest("INVITE");
        String contact = "Contact: <sip:phone@127.0.0.1:" + peer.port + ">\r\n";
        peer.send(refresh.response("200 OK", contact, SipDialog.OFFER));
        SipMessage ack = peer.expectRequest("ACK");
        peer.send(refresh.response("200 OK", contact, SipDialog.OFFER));
        peer.expectAgain(ack);
        assertThat(ack.header("CSeq")).isEqualTo(refresh.header("CSeq").replace("INVITE", "ACK"));
        assertThat(heard.all).isEmpty();
    }

    /** A connection that is gone just when a refresh is due may be had again a moment later. */
    @Test
    void aRefreshThatCannotBeSentIsTriedAgain() throws Exception {
        int port = FreePort.next();
        SipPeer first = bench.tcpPeer();
        SipDialog caller = new SipDialog(first);
        caller.extra = "Supported: timer\r\nAllow: UPDATE\r\nSession-Expires: 90;refresher=uas\r\n";
        first.send(
                caller.invite(SipDialog.OFFER)
                        .replaceFirst(
                                "Contact: [^\r]*",
                                "Contact: <sip:phone@127.0.0.1:" + port + ";transport=tcp>"));
        caller.toTag = caller.expect(200).toTag();
        first.send(caller.ack(""));
        assertThat(heard.next()).startsWith("media");
        first.close();
        int before = time.set();
        time.pass(Duration.ofSeconds(45));
        time.setSince(before);
        try (var there = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            there.setSoTimeout(10_000);
            time.pass(Duration.ofSeconds(4));
            try (SipPeer again = SipPeer.over(there.accept())) {
                again.expectRequest("UPDATE");
            }
        }
        assertThat(heard.all).isEmpty();
    }

    /** RFC 4028 §10: their proxy may have lost the call, and they themselves have it still. */
    @ParameterizedTest
    @ValueSource(strings = {"481 Call/Transaction Does Not Exist", "408 Request Timeout"})
    void aRefreshThatTheirSideDoesNotKnowEndsTheCall(String refusal) throws Exception {
        phone.extra = "Supported: timer\r\nAllow: UPDATE\r\nSession-Expires: 1;refresher=uas\r\n";
        peer.send(phone.next("UPDATE", "", ""));
        phone.expect(200);
        time.pass(HALF_A_SECOND);
        SipMessage refresh = peer.expectRequest("UPDATE");
        peer.send(refresh.response(refusal, "", ""));
        assertThat(peer.expectRequest("BYE").header("Reason"))
                .contains("cause=102", "Session refresh failed");
        assertThat(heard.next()).isEqualTo("ended TIMER_EXPIRED");
    }

    @Test
    void whoAllowsUpdateAndDoesNotKnowItIsRefreshedByInvite() throws Exception {
        phone.extra = "Supported: timer\r\nAllow: UPDATE\r\nSession-Expires: 1;refresher=uas\r\n";
        peer.send(phone.next("UPDATE", "", ""));
        phone.expect(200);
        time.pass(HALF_A_SECOND);
        SipMessage refresh = peer.expectRequest("UPDATE");
        peer.send(refresh.response("501 Not Implemented", "", ""));
        SipMessage again = peer.expectRequest("INVITE");
        assertThat(again.header("Session-Expires")).isEqualTo("1;refresher=uac");
    }

    /** Each time they want a longer interval than the last, which we had taken from them. */
    @Test
    void whoFindsEachIntervalTooShortIsAskedFourTimes() throws Exception {
        phone.extra = "Supported: timer\r\nAllow: UPDATE\r\nSession-Expires: 1;refresher=uas\r\n";
        peer.send(phone.next("UPDATE", "", ""));
        phone.expect(200);
        time.pass(HALF_A_SECOND);
        for (int seconds = 1; seconds <= 4; seconds++) {
            SipMessage refresh = peer.expectRequest("UPDATE");
            assertThat(refresh.header("Session-Expires")).isEqualTo(seconds + ";refresher=uac");
            String least = "Min-SE: " + (seconds + 1) + "\r\n";
            peer.send(refresh.response("422 Session Interval Too Small", least, ""));
        }
        assertThat(peer.hearsNothing(200)).isTrue();
        time.pass(Duration.ofSeconds(4));
        assertThat(heard.next()).isEqualTo("ended TIMER_EXPIRED");
    }

    @Test
    void theirReinviteDuringOursIs491() throws Exception {
        phone.extra =
                "Supported: timer\r\nAllow: INVITE, ACK, BYE\r\nSession-Expires:"
                        + " 1;refresher=uas\r\n";
        acknowledged(SipDialog.OFFER);
        time.pass(HALF_A_SECOND);
        peer.expectRequest("INVITE");
        phone.extra = "";
        peer.send(phone.next("INVITE", "application/sdp", SipDialog.OFFER));
        phone.expect(491);
    }

    /** 23 intervals, as many as 35 minutes have of 90 s. */
    @Test
    void aCallWithSessionTimersLivesForManyIntervalsWhoeverRefreshes() throws Exception {
        String offer = "Supported: timer\r\nAllow: INVITE, ACK, BYE, UPDATE\r\nSession-Expires: 1;";
        for (int interval = 0; interval < 23; interval++) {
            boolean ours = interval % 2 == 0;
            phone.extra = offer + "refresher=" + (ours ? "uas" : "uac") + "\r\n";
            peer.send(phone.next("UPDATE", "", ""));
            phone.expect(200);
            time.pass(Duration.ofMillis(600));
            if (ours) {
                refreshed(peer.expectRequest("UPDATE"));
            } else {
                assertThat(peer.hearsNothing(50)).as("the refresh is theirs").isTrue();
            }
        }
        assertThat(heard.all).isEmpty();
        phone.extra = "";
        peer.send(phone.bye());
        phone.expect(200);
        assertThat(heard.next()).isEqualTo("ended BYE");
    }

    /** RFC 3261 §14.2 and RFC 3311 §5.2 have 500 where another request is under way. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "491 Request Pending",
                "500 Server Internal Error",
                "503 Service Unavailable"
            })
    void aRefreshThatComesAtTheWrongTimeIsTriedAgain(String refusal) throws Exception {
        phone.extra = "Supported: timer\r\nAllow: UPDATE\r\nSession-Expires: 8;refresher=uas\r\n";
        peer.send(phone.next("UPDATE", "", ""));
        phone.expect(200);
        time.pass(Duration.ofSeconds(4));
        SipMessage refresh = peer.expectRequest("UPDATE");
        int before = time.set();
        peer.send(refresh.response(refusal, "", ""));
        time.setSince(before);
        allIsHeard();
        time.pass(Duration.ofMillis(2099));
        assertThat(peer.hearsNothing(50)).as("RFC 3261 §14.1").isTrue();
        time.pass(Duration.ofMillis(1900));
        SipMessage again = peer.expectRequest("UPDATE");
        peer.send(again.response("200 OK", "Session-Expires: 8;refresher=uac\r\n", ""));
        assertThat(heard.nothingMore(100)).isTrue();
    }
}
