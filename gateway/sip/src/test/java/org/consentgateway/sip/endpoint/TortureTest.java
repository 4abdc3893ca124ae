package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.consentgateway.testkit.fuzz.Trouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The messages of RFC 4475 and RFC 5118 to a running endpoint: each gets an answer that is right,
 * none an exception, and after each a call is still taken.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class TortureTest {
    private static final int SILENCE_MILLIS = 150;

    private static Trouble trouble;

    @BeforeAll
    static void watch() {
        trouble = Trouble.watch();
    }

    @AfterAll
    static void close() {
        trouble.close();
    }

    @TestFactory
    List<DynamicTest> rfc4475OverUdp() throws IOException {
        return tests("rfc4475.txt", "UDP", "127.0.0.1");
    }

    @TestFactory
    List<DynamicTest> rfc4475OverTcp() throws IOException {
        return tests("rfc4475.txt", "TCP", "127.0.0.1");
    }

    @TestFactory
    List<DynamicTest> rfc5118OverUdp() throws IOException {
        return tests("rfc5118.txt", "UDP", "::1");
    }

    @TestFactory
    List<DynamicTest> rfc5118OverTcp() throws IOException {
        return tests("rfc5118.txt", "TCP", "::1");
    }

    private static List<DynamicTest> tests(String file, String transport, String host)
            throws IOException {
        Switchboard gateway = new Switchboard();
        gateway.answerAll(new Heard());
        Bench.Setup setup = new Bench.Setup();
        setup.listen = List.of(Bench.at(Transport.valueOf(transport), host));
        setup.trunks = List.of(Bench.loopback(host));
        SipEndpoint endpoint = SipEndpoint.start(setup.settings(), gateway, System::nanoTime);
        List<DynamicTest> tests = new ArrayList<>();
        for (Torture torture : Torture.of(file, transport)) {
            tests.add(
                    DynamicTest.dynamicTest(
                            torture.name(), () -> survives(torture, endpoint, transport, host)));
        }
        tests.add(DynamicTest.dynamicTest("the endpoint closes", endpoint::close));
        return tests;
    }

    private static SipPeer peer(SipEndpoint endpoint, String transport, String host)
            throws IOException {
        return transport.equals("UDP")
                ? SipPeer.udp(host, endpoint.listening().getFirst())
                : SipPeer.tcp(host, endpoint.listening().getFirst());
    }

    private static void survives(
            Torture torture, SipEndpoint endpoint, String transport, String host) throws Exception {
        try (SipPeer peer = peer(endpoint, transport, host)) {
            peer.send(torture.octets(transport, peer.host, peer.port));
            SipMessage answer =
                    torture.answers().isEmpty()
                            ? peer.receive(SILENCE_MILLIS)
                            : peer.receive(SipPeer.PATIENCE_MILLIS);
            while (answer != null && answer.status() / 100 == 1) {
                answer = peer.receive(SipPeer.PATIENCE_MILLIS);
            }
            if (answer == null) {
                assertThat(torture.silence()).as("silence: " + torture).isTrue();
            } else {
                assertThat(answer.status())
                        .as(torture + ": " + answer.startLine())
                        .isIn(torture.answers());
            }
        }
        try (SipPeer peer = peer(endpoint, transport, host)) {
            SipDialog phone = new SipDialog(peer);
            phone.connect();
            peer.send(phone.bye());
            while (!peer.expect(200).header("CSeq").contains("BYE")) {
                // a repeated answer to the INVITE
            }
        }
        assertThat(trouble.seen()).as(torture.name()).isEmpty();
    }
}
