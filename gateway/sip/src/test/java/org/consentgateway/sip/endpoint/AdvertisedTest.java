package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node behind NAT that listens on several addresses. */
@Timeout(60)
class AdvertisedTest {
    private static final String OUTSIDE = "203.0.113.10";

    private final Switchboard gateway = new Switchboard();
    private final Heard heard = new Heard();

    private static SipSettings settings() {
        Bench.Setup setup = new Bench.Setup();
        setup.listen =
                List.of(
                        Bench.at(Transport.UDP, "127.0.0.1"),
                        Bench.at(Transport.UDP, "127.0.0.2"),
                        Bench.at(Transport.TCP, "127.0.0.1"),
                        Bench.at(Transport.UDP, "::1"));
        setup.advertised = Optional.of(OUTSIDE);
        setup.trunks = List.of(Bench.trunk("loopback", "127.0.0.0/8", "::1/128"));
        return setup.settings();
    }

    @Test
    void eachAddressAnswersForItselfAndTellsTheOutsideOne() throws Exception {
        gateway.answerAll(heard);
        try (SipEndpoint endpoint = SipEndpoint.start(settings(), gateway, System::nanoTime)) {
            for (InetSocketAddress at : endpoint.listening().subList(0, 3)) {
                boolean tcp = at.equals(endpoint.listening().get(2));
                try (SipPeer peer =
                        tcp ? SipPeer.tcp("127.0.0.1", at) : SipPeer.udp("127.0.0.1", at)) {
                    SipMessage ok = new SipDialog(peer).connect();
                    assertThat(ok.header("Contact"))
                            .contains("sip:" + OUTSIDE + ":" + at.getPort())
                            .satisfies(contact ->
                                    assertThat(contact.contains("transport=tcp")).isEqualTo(tcp));
                    assertThat(ok.body())
                            .contains("c=IN IP4 " + OUTSIDE, "m=audio 30000")
                            .doesNotContain("127.0.0.1");
                }
            }
        }
    }

    @Test
    void ofTheOtherFamilyTheAddressListenedOnIsTold() throws Exception {
        gateway.answerAll(heard);
        try (SipEndpoint endpoint = SipEndpoint.start(settings(), gateway, System::nanoTime);
                SipPeer peer = SipPeer.udp("::1", endpoint.listening().getLast())) {
            SipDialog phone = new SipDialog(peer);
            String offer = SipDialog.OFFER.replace("IP4 127.0.0.1", "IP6 ::1");
            peer.send(phone.invite(offer).replace("::1:" + peer.port, "[::1]:" + peer.port));
            SipMessage ok = peer.expect(200);
            assertThat(ok.header("Contact"))
                    .contains("sip:[0:0:0:0:0:0:0:1]:" + endpoint.listening().getLast().getPort());
            phone.toTag = ok.toTag();
            peer.send(phone.ack("").replace("::1:" + peer.port, "[::1]:" + peer.port));
            assertThat(heard.next()).contains("0:0:0:0:0:0:0:1:8000");
        }
    }

    @Test
    void whoWeCallSeesTheOutsideAddress() throws Exception {
        try (SipEndpoint endpoint = SipEndpoint.start(settings(), gateway, System::nanoTime);
                SipPeer peer = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst())) {
            OutgoingCall _ =
                    endpoint.dial(
                            OutgoingCall.Dial.straight(
                                    "sip:team@127.0.0.1:" + peer.port,
                                    "+4930123456",
                                    Map.of(),
                                    new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 30000),
                                    G711.PCMA),
                            heard);
            SipMessage invite = peer.expectRequest("INVITE");
            int port = endpoint.listening().getFirst().getPort();
            assertThat(invite.header("Via")).contains(OUTSIDE + ":" + port);
            assertThat(invite.header("Contact")).contains(OUTSIDE + ":" + port);
            assertThat(invite.body()).contains("c=IN IP4 " + OUTSIDE, "m=audio 30000");
        }
    }
}
