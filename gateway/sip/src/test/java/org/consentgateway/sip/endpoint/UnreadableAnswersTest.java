package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Answers to our INVITE of which nothing can be read but whose they are (RFC 3261 §17.1.3): a
 * refusal is one, a success never is, and nobody waits for another.
 */
@Timeout(60)
class UnreadableAnswersTest {
    private final Heard heard = new Heard();
    private SipEndpoint endpoint;
    private ServerSocket server;
    private SipPeer datagrams;

    @BeforeEach
    void start() throws IOException {
        endpoint =
                SipEndpoint.start(
                        Bench.settings(Duration.ofSeconds(90), "192.0.2.1/32"),
                        CallHandler.none(),
                        System::nanoTime);
        server = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
        datagrams = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
        server.close();
        datagrams.close();
    }

    private void dial(int port, String parameters) {
        endpoint.dial(
                OutgoingCall.Dial.straight(
                        "sip:4930777@127.0.0.1:" + port + parameters,
                        "+4930123456",
                        Map.of(),
                        Switchboard.MEDIA,
                        G711.PCMA),
                heard);
    }

    private SipPeer called(boolean byDatagrams) throws IOException {
        if (byDatagrams) {
            dial(datagrams.port, "");
            return datagrams;
        }
        dial(server.getLocalPort(), ";transport=tcp");
        return SipPeer.over(server.accept());
    }

    private String contact(SipPeer called) {
        return "Contact: <sip:b@127.0.0.1:" + called.port + ">\r\n";
    }

    private static String broken(String header, String answer) {
        return answer.replaceFirst("\r\n" + header + ": [^\r]*", "\r\n" + header + ": <<<sip:a@b");
    }

    @ParameterizedTest
    @CsvSource({
        "To,486 Busy Here,refused 486",
        "To,603 Decline,refused 603",
        "To,401 Unauthorized,refused 401",
        "To,503 Service Unavailable,refused 503",
        "To,200 OK,refused 500",
        "To,202 Accepted,refused 500",
        "From,486 Busy Here,refused 486",
        "From,200 OK,refused 500",
    })
    void isAFailureWhereItIsFinal(String header, String status, String told) throws Exception {
        for (boolean byDatagrams : new boolean[] {true, false}) {
            SipPeer called = called(byDatagrams);
            SipMessage invite = called.expectRequest("INVITE");
            called.send(invite.response("180 Ringing", "t", contact(called), ""));
            assertThat(heard.next()).isEqualTo("ringing");
            called.send(
                    broken(header, invite.response(status, "t", contact(called), SipDialog.OFFER)));
            assertThat(heard.next()).isEqualTo(told);
            assertThat(called.hearsNothing(300)).as("no ACK").isTrue();
            assertThat(heard.all).isEmpty();
        }
        Bench.rejects(endpoint, Rejection.MALFORMED, 2);
    }

    @Test
    void aProvisionalOneIsPassedOver() throws Exception {
        for (boolean byDatagrams : new boolean[] {true, false}) {
            SipPeer called = called(byDatagrams);
            SipMessage invite = called.expectRequest("INVITE");
            called.send(broken("To", invite.response("180 Ringing", "t", "", "")));
            assertThat(heard.nothingMore(200)).isTrue();
            called.send(invite.response("200 OK", "t", contact(called), SipDialog.OFFER));
            called.expectRequest("ACK");
            assertThat(heard.next()).startsWith("media PCMA");
        }
    }

    /** RFC 3261 §17.1.3: of another branch, or to another method, it answers something else. */
    @Test
    void itEndsNothingButWhatItAnswers() throws Exception {
        SipPeer called = called(true);
        SipMessage invite = called.expectRequest("INVITE");
        String busy = broken("To", invite.response("486 Busy Here", "t", "", ""));
        called.send(busy.replaceFirst("branch=z9hG4bK", "branch=z9hG4bKx"));
        called.send(busy.replaceFirst("(CSeq: [0-9]+) INVITE", "$1 CANCEL"));
        called.send(busy.replaceFirst("(CSeq: [0-9]+) INVITE", "$1 BYE"));
        called.send(busy.replaceFirst("(CSeq: [0-9]+) INVITE", "$1"));
        called.send(busy.replaceFirst("SIP/2.0 486", "SIP/2.0 4860"));
        Bench.rejects(endpoint, Rejection.MALFORMED, 5);
        assertThat(heard.nothingMore(200)).isTrue();
        called.send(invite.response("200 OK", "t", contact(called), SipDialog.OFFER));
        called.expectRequest("ACK");
        assertThat(heard.next()).startsWith("media PCMA");
    }
}
