package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.screen.Screen;
import org.consentgateway.testkit.Phone;
import org.consentgateway.testkit.RawPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;

/** What is no message at all, and connections that say nothing: the next call is answered. */
class MalformedMessageTest {
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

    private void stillAnswers() throws Exception {
        try (RawPeer peer = bench.udpPeer()) {
            Phone phone = new Phone(peer);
            phone.connect();
            peer.send(phone.bye());
            while (!peer.expect(200).header("CSeq").contains("BYE")) {
                // a repeated answer to the INVITE
            }
        }
        try (RawPeer peer = bench.tcpPeer()) {
            Phone phone = new Phone(peer);
            phone.connect();
            peer.send(phone.bye());
            peer.expect(200);
        }
    }

    @Test
    void anInviteWithoutContactIs400() throws Exception {
        for (boolean datagrams : new boolean[] {true, false}) {
            long before = bench.rejected(Rejection.MALFORMED);
            try (RawPeer peer = datagrams ? bench.udpPeer() : bench.tcpPeer()) {
                Phone phone = new Phone(peer);
                peer.send(phone.invite(Phone.OFFER).replaceFirst("Contact: [^\r]*\r\n", ""));
                peer.expect(400);
                peer.send(phone.ack(""));
            }
            assertThat(bench.rejected(Rejection.MALFORMED)).isEqualTo(before + 1);
        }
        stillAnswers();
    }

    @Test
    void whatTheParserRefusesIsCountedAndAnsweredInOneLine() throws Exception {
        long before = bench.rejected(Rejection.MALFORMED);
        try (RawPeer peer = bench.udpPeer()) {
            Phone phone = new Phone(peer);
            phone.from = "<<<491701234567";
            peer.send(phone.invite(Phone.OFFER));

            assertThat(peer.expect(400).startLine())
                    .startsWith("SIP/2.0 400 ")
                    .doesNotContain("\n", "491701234567", "JAIN", "Exception");
        }
        assertThat(bench.rejected(Rejection.MALFORMED)).isEqualTo(before + 1);
        stillAnswers();
    }

    @Test
    void tooManyHeadersAre400() throws Exception {
        try (RawPeer peer = bench.udpPeer()) {
            Phone phone = new Phone(peer);
            phone.extra = "X-A: 1\r\n".repeat(Screen.MAX_HEADER_LINES);
            peer.send(phone.invite(Phone.OFFER));
            peer.expect(400);
        }
        stillAnswers();
    }

    @Test
    void aConnectionThatSaysNothingOrNonsenseHarmsNobody() throws Exception {
        try (RawPeer silent = bench.tcpPeer();
                RawPeer nonsense = bench.tcpPeer()) {
            nonsense.send("x".repeat(20_000));
            stillAnswers();
            assertThat(silent.hearsNothing(10)).isTrue();
        }
    }
}
