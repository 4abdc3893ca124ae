package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What svmap, svwar and svcrack of sipvicious send, and what else makes servers talk, from an
 * address that is no trunk: nobody is told that anybody lives here. What they hear from a trunk
 * that wants a password, {@link InboundDigestTest} tells.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ScannersTest {
    private SipEndpoint endpoint;

    @BeforeEach
    void listen() throws IOException {
        Switchboard gateway = new Switchboard();
        gateway.answerAll(new Heard());
        endpoint =
                SipEndpoint.start(
                        Bench.settings(Duration.ofSeconds(90), "192.0.2.0/24"),
                        gateway,
                        System::nanoTime);
    }

    @AfterEach
    void close() {
        endpoint.close();
    }

    private static List<String> probes(SipPeer peer) {
        SipDialog phone = new SipDialog(peer);
        String options = phone.request("OPTIONS", 1, "z9hG4bK-1", "", "");
        return List.of(
                options,
                options.replace("Max-Forwards: 70\r\n", "User-Agent: friendly-scanner\r\n"),
                phone.request("REGISTER", 2, "z9hG4bK-2", "", ""),
                phone.request("REGISTER", 3, "z9hG4bK-3", "", "")
                        .replace(
                                "Max-Forwards",
                                "Authorization: Digest username=\"100\",realm=\"r\",nonce=\"n\","
                                        + "uri=\"sip:100\",response=\"0\"\r\nMax-Forwards"),
                phone.invite(SipDialog.OFFER),
                phone.request("ACK", 4, "z9hG4bK-4", "", ""),
                phone.cancel(),
                phone.bye(),
                options.replace("SIP/2.0\r\nVia", "SIP/9.0\r\nVia"),
                options.replace("CSeq: 1 OPTIONS\r\n", ""),
                options.replace("Content-Length: 0", "Content-Length: -1"),
                phone.request("NONSENSE", 5, "z9hG4bK-5", "", ""),
                new SipMessage(options).response("200 OK", "", ""),
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "\r\n\r\n",
                "\0");
    }

    @Test
    void nothingAnswersOverUdp() throws Exception {
        try (SipPeer peer = SipPeer.udp("127.0.0.1", endpoint.listening().get(0))) {
            List<String> probes = probes(peer);
            for (String probe : probes) {
                peer.send(probe);
            }
            assertThat(peer.hearsNothing(500)).isTrue();
            Bench.rejects(endpoint, Rejection.UNKNOWN_SOURCE, probes.size());
            assertThat(endpoint.counters().transactions()).isZero();
        }
    }

    @Test
    void connectionsAreClosedWithoutAWord() throws Exception {
        var tcp = endpoint.listening().get(1);
        for (int i = 0; i < 3; i++) {
            try (SipPeer peer = SipPeer.tcp("127.0.0.1", tcp)) {
                assertThat(peer.isClosedByPeer()).isTrue();
            }
        }
        Bench.rejects(endpoint, Rejection.UNKNOWN_SOURCE, 3);
    }
}
