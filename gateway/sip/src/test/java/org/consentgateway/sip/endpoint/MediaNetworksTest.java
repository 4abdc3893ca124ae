package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who says where the media of a trunk is, in whichever message, and names somebody else. */
@Timeout(60)
class MediaNetworksTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final String ELSEWHERE = "192.0.2.9";

    /** Of somebody else, from the connection line on. */
    private static final String FOREIGN =
            SipDialog.OFFER.replace("c=IN IP4 127.0.0.1", "c=IN IP4 " + ELSEWHERE);

    private final Switchboard gateway = new Switchboard();
    private final Heard heard = new Heard();
    private SipPeer peer;
    private SipEndpoint endpoint;
    private SipDialog phone;

    @BeforeEach
    void start() throws IOException {
        peer = SipPeer.udp("127.0.0.1", new InetSocketAddress(HERE, 9));
        var strict =
                Trunk.trustedWithNothing(
                        "provider",
                        List.of(Cidr.parse("127.0.0.1/32")),
                        List.of(Cidr.parse("203.0.113.0/24")),
                        Numbering.GERMANY);
        endpoint =
                SipEndpoint.start(
                        Bench.settings(
                                List.of(strict), List.of(Bench.account(Transport.UDP, peer.port))),
                        gateway,
                        System::nanoTime);
        peer.to(endpoint.listening().getFirst());
        phone = new SipDialog(peer);
        gateway.answerAll(heard);
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
        peer.close();
    }

    @Test
    void anAnswerInTheAckIsHeldToThemAsAnOfferIs() throws Exception {
        peer.send(phone.invite(""));
        phone.toTag = phone.expect(200).toTag();
        peer.send(phone.ack(FOREIGN));

        // Nothing answers an ACK, so the call ends.
        assertThat(phone.expectRequest("BYE").header("Reason")).contains("cause=88");
        assertThat(heard.next()).isEqualTo("ended BY_US");
        Bench.rejects(endpoint, Rejection.MEDIA_ADDRESS, 1);
    }

    @Test
    void textToSomebodyElseIsRefusedThoughTheSoundIsTheirOwn() throws Exception {
        String text =
                "m=text 9000 RTP/AVP 98\r\nc=IN IP4 " + ELSEWHERE + "\r\na=rtpmap:98 t140/1000\r\n";
        peer.send(phone.invite(SipDialog.OFFER + text));
        assertThat(phone.expect(488).header("Warning")).contains("trunk's media networks");
        assertThat(gateway.calls).isEmpty();
        Bench.rejects(endpoint, Rejection.MEDIA_ADDRESS, 1);
    }

    @Test
    void anAnswerOfWhomWeCallByItEndsTheCall() throws Exception {
        endpoint.dial(
                new OutgoingCall.Dial(
                        "sip:+4930999@127.0.0.1:" + peer.port,
                        "+4930123456",
                        Map.of(),
                        LocalMedia.ofAudio(Switchboard.MEDIA),
                        G711.PCMA,
                        false,
                        "provider",
                        "+4930123456",
                        Optional.empty(),
                        Srtp.OFF,
                        Set.of()),
                heard);
        String contact = "Contact: <sip:b@127.0.0.1:" + peer.port + ">\r\n";
        SipMessage invite = peer.expectRequest("INVITE");
        peer.send(invite.response("200 OK", "t", contact, FOREIGN));
        peer.expectRequest("ACK");
        peer.expectRequest("BYE");
        assertThat(heard.next()).isEqualTo("refused 488");
        Bench.rejects(endpoint, Rejection.MEDIA_ADDRESS, 1);
    }

    /** What says nothing of where sound goes need not end a call: it is left out. */
    @Test
    void reportsStayWithTheSoundWhereTheyAreToGoElsewhere() throws Exception {
        var reports = new Reports();
        gateway.answerAll(reports);
        phone.connect(SipDialog.OFFER + "a=rtcp:9001 IN IP4 " + ELSEWHERE + "\r\n");
        assertThat(reports.to.take()).isEqualTo(new InetSocketAddress(HERE, 8001));

        new SipDialog(peer).connect(SipDialog.OFFER + "a=rtcp:9001 IN IP4 203.0.113.7\r\n");
        assertThat(reports.to.take())
                .as("of the trunk's own")
                .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("203.0.113.7"), 9001));
    }

    /** Remembers where RTCP goes. Thread-safe. */
    private static final class Reports implements IncomingCall.Events {
        private final BlockingQueue<InetSocketAddress> to = new LinkedBlockingQueue<>();

        @Override
        public void media(MediaFormat format, MediaPeer there) {
            to.add(there.rtcp());
        }

        @Override
        public void ended(IncomingCall.How how) {}
    }
}
