package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dialog.Referral;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody we have called asks us to call somebody else. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReferredTest {
    private static final String TEAM = "sip:team@192.0.2.8:5060";
    private static final InetSocketAddress MEDIA =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 31000);

    private final BlockingQueue<Referral> referrals = new LinkedBlockingQueue<>();
    private SipEndpoint endpoint;
    private SipPeer peer;
    private SipMessage invite = new SipMessage("");
    private String contact;
    private int cseq;

    private final class Listening implements OutgoingCall.Events {
        @Override
        public void media(MediaFormat format, MediaPeer media) {}

        @Override
        public void refused(int status) {}

        @Override
        public void ended(IncomingCall.How how) {}

        @Override
        public void referred(Referral referral) {
            referrals.add(referral);
        }
    }

    @BeforeEach
    void listen() throws IOException {
        endpoint =
                SipEndpoint.start(
                        Bench.settings(Duration.ofSeconds(90), "192.0.2.0/24"),
                        CallHandler.none(),
                        System::nanoTime);
        peer = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
        contact = "Contact: <sip:assistant@127.0.0.1:" + peer.port + ">\r\n";
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        endpoint.close();
    }

    private OutgoingCall connect(Set<String> allowed) throws IOException {
        OutgoingCall call =
                endpoint.dial(
                        new OutgoingCall.Dial(
                                "sip:assistant@127.0.0.1:" + peer.port,
                                "+4930123456",
                                Map.of(),
                                LocalMedia.ofAudio(MEDIA),
                                G711.PCMA,
                                false,
                                "",
                                "",
                                Optional.empty(),
                                Srtp.OFF,
                                allowed),
                        new Listening());
        invite = peer.expectRequest("INVITE");
        peer.send(invite.response("200 OK", "t1", contact, SipDialog.OFFER));
        peer.expectRequest("ACK");
        return call;
    }

    private void refer(String headers) throws IOException {
        cseq++;
        String to = invite.header("Contact").replaceAll("[<>]", "");
        peer.send(
                "REFER "
                        + to
                        + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:"
                        + (peer.port + ";branch=z9hG4bK-r" + cseq + invite.header("Call-ID"))
                        + "\r\nMax-Forwards: 70\r\nFrom: "
                        + (invite.header("To") + ";tag=t1")
                        + ("\r\nTo: " + invite.header("From"))
                        + ("\r\nCall-ID: " + invite.header("Call-ID"))
                        + ("\r\nCSeq: " + cseq + " REFER\r\n" + contact + headers)
                        + "Content-Length: 0\r\n\r\n");
    }

    private Referral asked() throws InterruptedException {
        Referral referral = referrals.poll(15, TimeUnit.SECONDS);
        if (referral == null) {
            throw new AssertionError("nothing was told");
        }
        return referral;
    }

    private SipMessage news() throws IOException {
        SipMessage notify = peer.expectRequest("NOTIFY");
        assertThat(notify.header("Event")).isEqualTo("refer");
        assertThat(notify.header("Content-Type")).startsWith("message/sipfrag");
        return notify;
    }

    @Test
    void whoeverIsHandedOverIsToldAboutAndThenWeLeave() throws Exception {
        connect(Set.of(TEAM));
        assertThat(invite.header("Allow")).contains("REFER");
        refer("Refer-To: \"The Team\" <" + TEAM + ">\r\n");
        Referral referral = asked();
        assertThat(referral.target()).isEqualTo(TEAM);
        referral.accept();
        assertThat(peer.expect(202).header("Contact")).isNotEmpty();
        SipMessage ringing = news();
        assertThat(ringing.header("Subscription-State")).startsWith("active");
        assertThat(ringing.body()).isEqualTo("SIP/2.0 100 Trying\r\n");
        peer.send(ringing.response("200 OK", "", ""));

        referral.end(true);
        SipMessage last = news();
        assertThat(last.header("Subscription-State")).startsWith("terminated");
        assertThat(last.body()).isEqualTo("SIP/2.0 200 OK\r\n");
        assertThat(peer.hearsNothing(30)).as("the BYE waits for the answer").isTrue();
        peer.send(last.response("200 OK", "", ""));
        peer.expectRequest("BYE");
    }

    @Test
    void whoeverIsNotReachedIsToldAboutAsWell() throws Exception {
        connect(Set.of(TEAM));
        refer("Refer-To: <" + TEAM + ">\r\n");
        Referral referral = asked();
        referral.accept();
        peer.send(news().response("200 OK", "", ""));
        referral.end(false);
        SipMessage last = news();
        assertThat(last.body()).startsWith("SIP/2.0 480 ");
        peer.send(last.response("481 Call/Transaction Does Not Exist", "", ""));
        peer.expectRequest("BYE");
    }

    @Test
    void whyWeLeaveIsSaidBehindTheNewsAndItsAnswerIsTold() throws Exception {
        connect(Set.of(TEAM));
        refer("Refer-To: <" + TEAM + ">\r\n");
        Referral referral = asked();
        referral.accept();
        peer.send(news().response("200 OK", "", ""));
        var told = new CompletableFuture<Integer>();
        referral.end(false, IncomingCall.Ending.sip(200, "consent withdrawn"), told::complete);
        SipMessage last = news();
        assertThat(last.body()).startsWith("SIP/2.0 480 ");
        assertThat(told).as("that was no BYE").isNotDone();
        peer.send(last.response("200 OK", "", ""));
        SipMessage bye = peer.expectRequest("BYE");
        assertThat(bye.header("Reason")).isEqualTo("SIP;cause=200;text=\"consent withdrawn\"");
        peer.send(bye.response("200 OK", "", ""));
        assertThat(told.get(15, TimeUnit.SECONDS)).isEqualTo(200);
    }

    /** RFC 4488. */
    @Test
    void whoeverDoesNotWantToKnowIsToldNothing() throws Exception {
        connect(Set.of(TEAM));
        refer("Refer-To: <" + TEAM + ">\r\nRefer-Sub: false\r\n");
        Referral referral = asked();
        referral.accept();
        assertThat(peer.expect(202).header("Refer-Sub")).isEqualTo("false");
        assertThat(peer.hearsNothing(50)).isTrue();
        referral.end(true);
        assertThat(peer.anythingNew().method()).isEqualTo("BYE");
    }

    @Test
    void oneReferralIsTakenAndNoSecond() throws Exception {
        connect(Set.of(TEAM));
        refer("Refer-To: <" + TEAM + ">\r\n");
        asked().accept();
        peer.send(news().response("200 OK", "", ""));
        refer("Refer-To: <" + TEAM + ">\r\n");
        peer.expect(603);
        assertThat(referrals).isEmpty();
    }

    @Test
    void aDeclinedOneChangesNothing() throws Exception {
        OutgoingCall call = connect(Set.of(TEAM));
        refer("Refer-To: <" + TEAM + ">\r\n");
        asked().decline();
        peer.expect(603);
        assertThat(peer.hearsNothing(50)).isTrue();
        call.hangUp(IncomingCall.Ending.NORMAL);
        peer.expectRequest("BYE");
    }

    @Test
    void whoeverMayNotHandOverIsDeclined() throws Exception {
        connect(Set.of());
        assertThat(invite.header("Allow")).doesNotContain("REFER");
        refer("Refer-To: <" + TEAM + ">\r\n");
        peer.expect(603);
        assertThat(referrals).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <sip:team@192.0.2.8:5060;method=INVITE>        | 0
                    <SIP:team@192.0.2.8:5060>                      | 0
                    <sip:team@192.0.2.9:5060>                      | 603
                    <sip:team@192.0.2.8>                           | 603
                    <sip:Team@192.0.2.8:5060>                      | 603
                    <sips:team@192.0.2.8:5060>                     | 603
                    <sip:team@192.0.2.8:5060;transport=tcp>        | 603
                    <sip:team@192.0.2.8:5060;method=BYE>           | 603
                    <sip:team@192.0.2.8:5060?Subject=now>          | 603
                    <sip:team@192.0.2.8:5060?Replaces=a%3Bto-tag>  | 603
                    <tel:+4930123456>                              | 603
                    <http://192.0.2.8/>                            | 603
                    <sip:team@192.0.2.8:5060>, <sip:x@192.0.2.9>   | 400
                    nonsense <                                     | 400
                    <sip:>                                         | 400
                    """)
    void onlyAnAddressThatIsAllowedIsTaken(String to, int status) throws Exception {
        connect(Set.of(TEAM));
        refer("Refer-To: " + to + "\r\n");
        if (status == 0) {
            assertThat(asked().target()).isEqualTo(TEAM);
        } else {
            peer.expect(status);
            assertThat(referrals).isEmpty();
        }
    }

    @Test
    void itNamesExactlyOne() throws Exception {
        connect(Set.of(TEAM));
        refer("");
        peer.expect(400);
        refer("Refer-To: <" + TEAM + ">\r\nRefer-To: <" + TEAM + ">\r\n");
        peer.expect(400);
        assertThat(referrals).isEmpty();
    }
}
