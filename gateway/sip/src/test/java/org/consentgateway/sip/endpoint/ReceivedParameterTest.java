package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who writes into its Via from where it was received says nothing: that is the receiver's to write
 * (RFC 3261 §18.2.1), and where answers go.
 */
@Timeout(60)
class ReceivedParameterTest {
    private Bench bench;
    private final Heard heard = new Heard();

    @BeforeEach
    void listen() throws IOException {
        bench = new Bench();
        bench.gateway.answerAll(heard);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static String from(String received, String request) {
        return request.replaceFirst(";branch=", ";" + received + ";branch=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "received=127.0.0.2",
                "RECEIVED=127.0.0.2",
                "received=[2001:db8::1]",
                "received=nobody.invalid",
                "received",
                "received=",
                "ma\r\n ddr=127.0.0.2"
            })
    void answersGoToWhereTheRequestCameFrom(String received) throws Exception {
        try (SipPeer peer = bench.udpPeer();
                SipPeer other = SipPeer.udp("127.0.0.2", peer.port, bench.udp())) {
            SipDialog asking = new SipDialog(peer);
            peer.send(from(received, asking.request("OPTIONS", 1, "z9hG4bKr", "", "")));
            SipMessage answer = asking.expect(200);
            assertThat(answer.header("Via")).doesNotContain("127.0.0.2", "invalid", "2001");

            SipDialog phone = new SipDialog(peer);
            peer.send(from(received, phone.invite(SipDialog.OFFER)));
            phone.expect(180);
            phone.toTag = phone.expect(200).toTag();
            peer.send(from(received, phone.ack("")));
            peer.send(from(received, phone.bye()));
            phone.expect(200);
            assertThat(other.hearsNothing(200)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"received=127.0.0.2", "received=nobody.invalid"})
    void andOverTheConnectionThatItCameBy(String received) throws Exception {
        try (SipPeer peer = bench.tcpPeer()) {
            SipDialog phone = new SipDialog(peer);
            peer.send(from(received, phone.invite(SipDialog.OFFER)));
            phone.toTag = phone.expect(200).toTag();
            peer.send(from(received, phone.ack("")));
            peer.send(from(received, phone.bye()));
            phone.expect(200);
        }
    }

    /** The stack makes a number of it, in each Via that it copies into an answer. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "99999999999", "-1"})
    void aPortThatIsNoneInTheViaOfAnotherHopEndsNothing(String port) throws Exception {
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog phone = new SipDialog(peer);
            phone.extra = "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKhop;rport=" + port + "\r\n";
            peer.send(phone.invite(SipDialog.OFFER));
            phone.expect(180);
            phone.toTag = phone.expect(200).toTag();
            peer.send(phone.ack(""));
            peer.send(phone.bye());
            phone.expect(200);
        }
        assertThat(heard.next()).startsWith("media");
        assertThat(heard.next()).isEqualTo("ended BYE");
    }
}
