package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.message.UnmarkedVia;
import org.consentgateway.sip.screen.CallAdmission;
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
 * Peers of RFC 2543, whose branch, if they write one, does not begin with the magic cookie and is
 * the same in all requests of a call: RFC 3261 §17.2.3 tells their transactions apart.
 */
@Timeout(60)
class UnmarkedBranchTest {
    private static final String BRANCH = ";branch=";

    private final Heard heard = new Heard();
    private Bench bench;
    private SipPeer peer;

    @BeforeEach
    void listen() throws IOException {
        bench = new Bench();
        bench.gateway.answerAll(heard);
        peer = bench.udpPeer();
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        bench.close();
    }

    /** As the peer writes it: with this branch, or with none where it is empty. */
    private static String older(String request, String branch) {
        String via = branch.isEmpty() ? "" : BRANCH + branch;
        return request.replaceFirst(BRANCH + "[^\r]*", via);
    }

    private String via(String branch) {
        return "SIP/2.0/UDP 127.0.0.1:" + peer.port + (branch.isEmpty() ? "" : BRANCH + branch);
    }

    /** Leaves finished transactions behind. */
    private void anotherCallEnds() throws Exception {
        try (SipPeer other = bench.udpPeer()) {
            SipDialog phone = new SipDialog(other);
            phone.connect();
            other.send(phone.bye());
            phone.expect(200);
        }
        assertThat(heard.next()).startsWith("media");
        assertThat(heard.next()).isEqualTo("ended BYE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1"})
    void whoAsksBehindACallIsAnswered(String branch) throws Exception {
        anotherCallEnds();
        SipDialog asking = new SipDialog(peer);
        peer.send(older(asking.request("OPTIONS", 1, "", "", ""), branch));
        assertThat(asking.expect(200).header("Via")).isEqualTo(via(branch));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1"})
    void callsAreAnsweredAcknowledgedAndEnded(String branch) throws Exception {
        anotherCallEnds();
        SipDialog phone = new SipDialog(peer);
        String invite = older(phone.invite(SipDialog.OFFER), branch);
        peer.send(invite);
        SipMessage ok = phone.expect(200);
        assertThat(ok.header("Via")).isEqualTo(via(branch));
        peer.send(invite);
        peer.expectAgain(ok);
        phone.toTag = ok.toTag();
        peer.send(older(phone.ack(""), branch));
        assertThat(heard.next()).startsWith("media");
        // Acknowledged, so not repeated, and not ended as one that never was.
        assertThat(peer.untilSilent(1500)).noneMatch(message -> message.method().equals("BYE"));

        peer.send(older(phone.bye(), branch));
        phone.expect(200);
        assertThat(heard.next()).isEqualTo("ended BYE");
        assertThat(bench.gateway.calls).hasSize(2);
    }

    @Test
    void theSameOverTcp() throws Exception {
        anotherCallEnds();
        try (SipPeer overTcp = bench.tcpPeer()) {
            SipDialog phone = new SipDialog(overTcp);
            overTcp.send(older(phone.invite(SipDialog.OFFER), ""));
            phone.toTag = phone.expect(200).toTag();
            overTcp.send(older(phone.ack(""), ""));
            overTcp.send(older(phone.bye(), ""));
            phone.expect(200);
        }
        assertThat(heard.next()).startsWith("media");
        assertThat(heard.next()).isEqualTo("ended BYE");
    }

    @Test
    void callsAreCancelled() throws Exception {
        anotherCallEnds();
        bench.gateway.onCall = IncomingCall::ring;
        SipDialog phone = new SipDialog(peer);
        String invite = older(phone.invite(SipDialog.OFFER), "");
        peer.send(invite);
        SipMessage ringing = phone.expect(180);
        peer.send(invite);
        peer.expectAgain(ringing);
        peer.send(older(phone.cancel(), ""));
        phone.expect(200);
        SipMessage cancelled = phone.expect(487, "1 INVITE");
        peer.send(older(phone.ackRefusal(cancelled), ""));
        peer.untilSilent(200);
        assertThat(peer.hearsNothing(1000)).isTrue();
    }

    @Test
    void twoCallersAreTwo() throws Exception {
        SipDialog one = new SipDialog(peer);
        SipDialog other = new SipDialog(peer);
        for (SipDialog each : List.of(one, other)) {
            peer.send(older(each.invite(SipDialog.OFFER), "1"));
        }
        assertThat(one.expect(200).toTag()).isNotEqualTo(other.expect(200).toTag());
        assertThat(bench.gateway.calls).hasSize(2);
    }

    @Test
    void aRefusalIsRepeatedAsItWas() throws Exception {
        anotherCallEnds();
        bench.gateway.admission = new CallAdmission.UnknownLine();
        SipDialog phone = new SipDialog(peer);
        String invite = older(phone.invite(SipDialog.OFFER), "");
        peer.send(invite);
        SipMessage refused = phone.expect(404);
        peer.send(invite);
        peer.expectAgain(refused);
        peer.send(older(phone.ackRefusal(refused), ""));
        assertThat(peer.hearsNothing(500)).isTrue();
    }

    /** Two proxies whose Vias have no branch are two ways (RFC 3261 §8.2.2.2). */
    @Test
    void theSameCallByTwoWaysIsOne() throws Exception {
        bench.gateway.onCall = IncomingCall::ring;
        SipDialog phone = new SipDialog(peer);
        String invite = older(phone.invite(SipDialog.OFFER), "");
        peer.send(invite);
        phone.expect(180);
        try (SipPeer proxy = bench.udpPeer()) {
            proxy.send(
                    invite.replace(
                            "127.0.0.1:" + peer.port + "\r", proxy.host + ":" + proxy.port + "\r"));
            proxy.expect(482);
        }
        assertThat(bench.gateway.calls).hasSize(1);
    }

    @Test
    void aCommentBehindTheViaGoesBack() throws Exception {
        SipDialog asking = new SipDialog(peer);
        peer.send(older(asking.request("OPTIONS", 1, "", "", ""), "1 (Acme)"));
        assertThat(asking.expect(200).header("Via")).isEqualTo(via("1 (Acme)"));
    }

    @Test
    void theCookieIsComparedAsTheStackDoes() {
        assertThat(UnmarkedVia.isMarked("Z9Hg4bk1")).isTrue();
        assertThat(UnmarkedVia.isMarked("z9hG4b\u212A1")).as("a Kelvin sign").isFalse();
        assertThat(UnmarkedVia.isMarked("z9hG4")).isFalse();
    }
}
