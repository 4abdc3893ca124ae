package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.IdentityTrust;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A trunk that comes over connections, whose address anybody may write into a datagram. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TransportsOfTrunksTest {
    private final Switchboard gateway = new Switchboard();
    private final Heard heard = new Heard();

    private SipEndpoint comingBy(Transport transport) throws IOException {
        gateway.answerAll(heard);
        var setup = new Bench.Setup();
        setup.trunks =
                List.of(
                        new Trunk(
                                "connected",
                                List.of(Cidr.parse("127.0.0.1/32")),
                                Set.of(transport),
                                List.of(),
                                IdentityTrust.NONE,
                                Numbering.GERMANY,
                                false,
                                Srtp.OFF,
                                Optional.empty()));
        return SipEndpoint.start(setup.settings(), gateway, System::nanoTime);
    }

    private static SipPeer peer(SipEndpoint endpoint, String transport) throws IOException {
        return transport.equals("UDP")
                ? SipPeer.udp("127.0.0.1", endpoint.listening().getFirst())
                : SipPeer.tcp("127.0.0.1", endpoint.listening().get(1));
    }

    @Test
    void aDatagramOfATrunkThatComesOverConnectionsGetsSilence() throws Exception {
        try (SipEndpoint endpoint = comingBy(Transport.TCP);
                SipPeer forger = peer(endpoint, "UDP");
                SipPeer trunk = peer(endpoint, "TCP")) {
            var phone = new SipDialog(forger);
            forger.send(phone.invite(SipDialog.OFFER));
            forger.send(phone.request("OPTIONS", 2, "z9hG4bK-o", "", ""));
            forger.send(phone.invite("").replace("CSeq: 1 ", "CSeq: x "));
            Bench.rejects(endpoint, Rejection.OTHER_TRANSPORT, 3);
            assertThat(forger.hearsNothing(100)).isTrue();
            assertThat(endpoint.transactions()).isZero();
            new SipDialog(trunk).connect();
        }
    }

    @Test
    void aConnectionOfATrunkThatComesByDatagramsIsClosed() throws Exception {
        try (SipEndpoint endpoint = comingBy(Transport.UDP);
                SipPeer trunk = peer(endpoint, "UDP");
                SipPeer other = peer(endpoint, "TCP")) {
            assertThat(other.isClosedByPeer()).isTrue();
            Bench.rejects(endpoint, Rejection.OTHER_TRANSPORT, 1);
            new SipDialog(trunk).connect();
        }
    }

    @Test
    void whomWeCallThereByAnotherTransportIsHeardInThatCallAlone() throws Exception {
        try (SipEndpoint endpoint = comingBy(Transport.TCP);
                SipPeer human = peer(endpoint, "UDP")) {
            OutgoingCall _ =
                    endpoint.dial(
                            OutgoingCall.Dial.straight(
                                    "sip:human@127.0.0.1:" + human.port,
                                    "+4930123456",
                                    Map.of(),
                                    Switchboard.MEDIA,
                                    G711.PCMA),
                            heard);
            SipMessage invite = human.expectRequest("INVITE");
            String contact = "Contact: <sip:human@127.0.0.1:" + human.port + ">\r\n";
            human.send(invite.response("200 OK", "t1", contact, SipDialog.OFFER));
            human.expectRequest("ACK");
            human.send(new SipDialog(human).invite(SipDialog.OFFER));
            human.send(new SipDialog(human).request("OPTIONS", 1, "z9hG4bK-o", "", ""));
            Bench.rejects(endpoint, Rejection.OTHER_TRANSPORT, 2);
            assertThat(human.hearsNothing(100)).isTrue();
        }
    }
}
