package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.screen.Screen;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        try (SipPeer peer = bench.udpPeer()) {
            callsAndHangsUp(new SipDialog(peer), peer);
        }
        try (SipPeer peer = bench.tcpPeer()) {
            SipDialog phone = new SipDialog(peer);
            phone.connect();
            peer.send(phone.bye());
            peer.expect(200);
        }
    }

    private static void callsAndHangsUp(SipDialog phone, SipPeer peer) throws IOException {
        phone.connect();
        peer.send(phone.bye());
        while (!peer.expect(200).header("CSeq").contains("BYE")) {
            // a repeated answer to the INVITE
        }
    }

    @Test
    void anInviteWithoutContactIs400() throws Exception {
        for (boolean datagrams : new boolean[] {true, false}) {
            long before = bench.rejected(Rejection.MALFORMED);
            try (SipPeer peer = datagrams ? bench.udpPeer() : bench.tcpPeer()) {
                SipDialog phone = new SipDialog(peer);
                peer.send(phone.invite(SipDialog.OFFER).replaceFirst("Contact: [^\r]*\r\n", ""));
                peer.expect(400);
                peer.send(phone.ack(""));
            }
            bench.rejects(Rejection.MALFORMED, before + 1);
        }
        stillAnswers();
    }

    /** Its answers would go by that, to wherever else somebody listens. */
    @ParameterizedTest
    @ValueSource(strings = {"TLS", "UDP", "SCTP"})
    void aViaOfAnotherTransportIs400(String transport) throws Exception {
        try (SipPeer peer = bench.tcpPeer()) {
            SipDialog phone = new SipDialog(peer);
            peer.send(phone.invite(SipDialog.OFFER).replaceFirst("2.0/TCP", "2.0/" + transport));
            assertThat(peer.expect(400).startLine()).endsWith("Bad Via");
        }
        stillAnswers();
    }

    @Test
    void whatTheParserRefusesIsCountedAndAnsweredInOneLine() throws Exception {
        long before = bench.rejected(Rejection.MALFORMED);
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog phone = new SipDialog(peer);
            phone.from = "<<<491701234567";
            peer.send(phone.invite(SipDialog.OFFER));

            assertThat(peer.expect(400).startLine())
                    .startsWith("SIP/2.0 400 ")
                    .doesNotContain("\n", "491701234567", "JAIN", "Exception");
        }
        bench.rejects(Rejection.MALFORMED, before + 1);
        stillAnswers();
    }

    /** RFC 3261, 8.2.2: a malformed header that nobody needs is passed over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "RSeq: x",
                "RSeq: ",
                "RAck: x 1 INVITE",
                "RAck: 1 x INVITE",
                "Min-Expires: x",
                "MIME-Version: x.y",
                "Expires: x",
                "Timestamp: x",
                "Retry-After: x",
                "Warning: x",
                "Date: x, 1 Jan 2026 x:00:00 GMT",
                "Accept-Language: de;q=x",
                "Server: /"
            })
    void aNumberThatIsNoneInAHeaderNobodyNeedsIsPassedOver(String header) throws Exception {
        for (boolean datagrams : new boolean[] {true, false}) {
            try (SipPeer peer = datagrams ? bench.udpPeer() : bench.tcpPeer()) {
                SipDialog phone = new SipDialog(peer);
                phone.extra = header + "\r\n";
                callsAndHangsUp(phone, peer);
            }
        }
    }

    /** The stack's parser reads on behind the backslash until the memory is full. */
    @ParameterizedTest
    @ValueSource(strings = {"Via", "v", "VIA "})
    @Timeout(30)
    void aViaWhoseCommentEscapesItsEndHoldsNobodyUp(String name) throws Exception {
        for (boolean datagrams : new boolean[] {true, false}) {
            try (SipPeer peer = datagrams ? bench.udpPeer() : bench.tcpPeer()) {
                SipDialog phone = new SipDialog(peer);
                phone.extra = name + ": SIP/2.0/UDP proxy.example (\\\r\n";
                peer.send(phone.invite(SipDialog.OFFER));
                peer.expect(400);
            }
        }
        stillAnswers();
    }

    private static void takesTheNextCallAndNotThis(SipDialog hidden, SipPeer peer)
            throws IOException {
        SipDialog next = new SipDialog(peer);
        next.connect();
        peer.send(next.bye());
        peer.expect(200);
        assertThat(peer.untilSilent(300))
                .noneMatch(message -> message.header("Call-ID").equals(hidden.callId));
    }

    /** What the stack cannot read it forgets, and took its body for the next message. */
    @Test
    void theBodyOfWhatIsMalformedIsNoMessage() throws Exception {
        long before = bench.rejected(Rejection.MALFORMED);
        try (SipPeer peer = bench.tcpPeer()) {
            SipDialog hidden = new SipDialog(peer);
            SipDialog phone = new SipDialog(peer);
            phone.from = "<<<491701234567";
            peer.send(phone.invite(hidden.invite(SipDialog.OFFER)));
            peer.expect(400);
            takesTheNextCallAndNotThis(hidden, peer);
        }
        bench.rejects(Rejection.MALFORMED, before + 1);
        stillAnswers();
    }

    /**
     * Of what is as long as may be, with the line ends before it, the stack reads the head alone.
     */
    @Test
    void theBodyOfWhatIsAsLongAsMayBeIsNoMessage() throws Exception {
        int most = Bench.settings(Duration.ofSeconds(90), "127.0.0.1/32").maxMessageBytes();
        try (SipPeer peer = bench.tcpPeer()) {
            SipDialog hidden = new SipDialog(peer);
            SipDialog phone = new SipDialog(peer);
            String line = "a=x:" + "x".repeat(94) + "\r\n";
            String sdp = SipDialog.OFFER + line.repeat((most - 3000) / line.length());
            String invite = phone.invite(hidden.invite(sdp));
            assertThat(invite.length()).isLessThan(most);
            peer.send("\r\n".repeat((most - invite.length()) / 2 + 1) + invite);
            peer.expect(400); // a message is no session description
            peer.send(phone.ack(""));
            takesTheNextCallAndNotThis(hidden, peer);
        }
        stillAnswers();
    }

    /** As the stack has it: behind that line the next message begins. */
    @Test
    void aLineOfControlsEndsAHead() throws Exception {
        try (SipPeer peer = bench.tcpPeer()) {
            String options = new SipDialog(peer).request("OPTIONS", 1, "z9hG4bKcontrols", "", "");
            peer.send(options.substring(0, options.length() - 2) + "\u0001\r\n");
            peer.expect(200);
        }
        stillAnswers();
    }

    @Test
    void anInviteWithAnAsteriskBesideItsContactIsAnswered() throws Exception {
        try (SipPeer peer = bench.udpPeer()) {
            String invite = new SipDialog(peer).invite(SipDialog.OFFER);
            peer.send(invite.replaceFirst("Contact: ", "Contact: *\r\nContact: "));
            peer.expect(400);
        }
        stillAnswers();
    }

    @Test
    void tooManyHeadersAre400() throws Exception {
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog phone = new SipDialog(peer);
            phone.extra = "X-A: 1\r\n".repeat(Screen.MAX_HEADER_LINES);
            peer.send(phone.invite(SipDialog.OFFER));
            peer.expect(400);
        }
        stillAnswers();
    }

    @Test
    void aConnectionThatSaysNothingOrNonsenseHarmsNobody() throws Exception {
        try (SipPeer silent = bench.tcpPeer();
                SipPeer nonsense = bench.tcpPeer()) {
            nonsense.send("x".repeat(20_000));
            stillAnswers();
            assertThat(silent.hearsNothing(10)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r", "\n", "\r\n", "\r\n ", "\r\n\t", "\r\n\0"})
    void aDatagramWithoutTheEmptyLineIsReadToItsLastField(String end) throws Exception {
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog asking = new SipDialog(peer);
            String options = asking.request("OPTIONS", 1, "z9hG4bKunended", "", "");
            String sequence = "CSeq: 1 OPTIONS\r\n";
            peer.send(
                    options.replace(sequence, "").stripTrailing()
                            + "\r\n"
                            + sequence.strip()
                            + end);
            asking.expect(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"65536", "153434", "0", "x", ""})
    void aViaWhosePortIsNoneIs400WhereItCameFrom(String port) throws Exception {
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog phone = new SipDialog(peer);
            String invite = phone.invite(SipDialog.OFFER);
            peer.send(invite.replaceFirst(":" + peer.port + ";branch", ":" + port + ";branch"));
            assertThat(phone.expect(400).startLine()).isEqualTo("SIP/2.0 400 Bad Via");
        }
    }

    /** The address that it goes to may be forged. */
    @Test
    void theAnswerToWhatTheParserRefusesIsNoLongerThanThat() throws Exception {
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog phone = new SipDialog(peer);
            phone.from = "<<<sip:a@b>";
            String options = phone.request("OPTIONS", 1, "z9hG4bKunread", "", "");
            peer.send(options);
            SipMessage answer = phone.expect(400);
            assertThat(answer.text().length()).isLessThanOrEqualTo(options.length());
            assertThat(answer.body()).isEmpty();
            assertThat(answer.header("Via")).contains("branch=z9hG4bKunread");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"From", "To"})
    void aMalformedFieldByItsShortNameIsCountedAsByItsLongOne(String name) throws Exception {
        for (boolean datagrams : new boolean[] {true, false}) {
            long before = bench.rejected(Rejection.MALFORMED);
            try (SipPeer peer = datagrams ? bench.udpPeer() : bench.tcpPeer()) {
                SipDialog phone = new SipDialog(peer);
                String options = phone.request("OPTIONS", 1, "z9hG4bKshort", "", "");
                peer.send(
                        options.replaceFirst(
                                name + ": <",
                                name.substring(0, 1).toLowerCase(Locale.ROOT) + ": <<<"));
                bench.rejects(Rejection.MALFORMED, before + 1);
            }
        }
        stillAnswers();
    }

    /** The stack takes some, and makes no request of ours of it: we could never hang up. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"a b\"",
                "a@b",
                "abc==",
                "a<b",
                "a>b",
                "<a>",
                "\"a<b\"",
                "\"a>b\"",
                "\"a;b\"",
                "\"a\\\"b\"",
                "\"<sip:a@b>;tag=c\"",
                "\"\""
            })
    void aFromTagThatIsNoTokenIs400(String tag) throws Exception {
        for (boolean datagrams : new boolean[] {true, false}) {
            int before = bench.endpoint.transactions();
            try (SipPeer peer = datagrams ? bench.udpPeer() : bench.tcpPeer()) {
                SipDialog phone = new SipDialog(peer);
                String invite = phone.invite(SipDialog.OFFER);
                peer.send(invite.replace(";tag=" + phone.fromTag, ";tag=" + tag));
                assertThat(phone.expect(400).startLine()).isEqualTo("SIP/2.0 400 Bad Tag");
            }
            assertThat(bench.endpoint.transactions()).isEqualTo(before);
        }
        stillAnswers();
    }

    /** RFC 3261, 25.1: what stands within quotes is no part of the header around it. */
    @ParameterizedTest
    @ValueSource(strings = {";note=\"a>b\"", ";note=\"x;tag=no\"", ";a=\"\\\">;\";b"})
    void aTagBehindAQuotedParameterIsFound(String parameter) throws Exception {
        for (boolean datagrams : new boolean[] {true, false}) {
            try (SipPeer peer = datagrams ? bench.udpPeer() : bench.tcpPeer()) {
                SipDialog phone = new SipDialog(peer);
                phone.from += parameter;
                callsAndHangsUp(phone, peer);
            }
        }
    }
}
