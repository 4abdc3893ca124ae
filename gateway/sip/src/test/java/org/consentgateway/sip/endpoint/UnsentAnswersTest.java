package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.parser.StringMsgParser;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.message.Request;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.Leg;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer of ours cannot be sent, such as while there is no route. */
@Timeout(60)
class UnsentAnswersTest {
    /** Longer than a reset takes to be seen. */
    private static final int GONE_MILLIS = 300;

    private final Heard heard = new Heard();
    private Bench bench;

    @BeforeEach
    void start() throws IOException {
        bench = new Bench();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private static ServerSocket listening(int port) throws IOException {
        ServerSocket socket = new ServerSocket(port, 5, InetAddress.ofLiteral("127.0.0.1"));
        socket.setSoTimeout(SipPeer.PATIENCE_MILLIS);
        return socket;
    }

    /** Whose end is a reset: its port is free at once, as it was before. */
    private static SipPeer come(ServerSocket to) throws IOException {
        Socket socket = to.accept();
        socket.setSoLinger(true, 0);
        return SipPeer.over(socket);
    }

    private static void hearsTheEnd(SipPeer peer) throws IOException {
        assertThat(peer.expectRequest("BYE").header("Reason")).contains("cause=41");
    }

    /** RFC 3261 §13.3.1.4: a 2xx is repeated, and may arrive then; §15: a BYE follows its ACK. */
    @Test
    void whoHasTheAnswerWhenItIsRepeatedHearsThatTheCallHasEnded() throws Exception {
        int port = FreePort.next();
        SipPeer first = SipPeer.resetting("127.0.0.1", port, bench.tcp());
        SipDialog caller = new SipDialog(first);
        first.send(caller.invite(SipDialog.OFFER));
        IncomingCall call = bench.gateway.nextCall();
        first.expect(100);
        first.close();
        Thread.sleep(GONE_MILLIS);
        call.answer(Switchboard.MEDIA, heard);
        assertThat(heard.next()).startsWith("media");
        assertThat(heard.next()).isEqualTo("ended TRANSPORT_FAILED");
        try (ServerSocket there = listening(port);
                SipPeer again = come(there)) {
            caller.toTag = again.expect(200).toTag();
            again.send(caller.ack(""));
            hearsTheEnd(again);
        }
    }

    // ------------------------------------------------------------------ within a call

    private SipDialog talks(SipPeer peer) throws Exception {
        bench.gateway.answerAll(heard);
        SipDialog caller = new SipDialog(peer);
        caller.connect();
        assertThat(heard.next()).startsWith("media");
        // Is answered behind the ACK.
        peer.send(caller.next("OPTIONS", "", ""));
        caller.expect(200);
        return caller;
    }

    /** Comes, and what answers it is not sent. */
    private void comes(String request) throws Exception {
        ((Leg) bench.gateway.nextCall()).receive(parsed(request), unsent());
    }

    private static Request parsed(String text) throws ParseException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return (Request) new StringMsgParser().parseSIPMessage(octets, true, true, null);
    }

    private static ServerTransaction unsent() {
        return (ServerTransaction)
                Proxy.newProxyInstance(
                        UnsentAnswersTest.class.getClassLoader(),
                        new Class<?>[] {ServerTransaction.class},
                        (_, _, _) -> {
                            throw new SipException("no route");
                        });
    }

    @Test
    void whoseNewOfferIsNotAnsweredHearsThatTheCallHasEnded() throws Exception {
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog caller = talks(peer);
            comes(caller.next("INVITE", "application/sdp", SipDialog.OFFER));
            hearsTheEnd(peer);
            assertThat(heard.next()).isEqualTo("ended TRANSPORT_FAILED");
        }
    }

    /** As if it had been lost on the way. */
    @Test
    void anyOtherAnswerLeavesTheCallAsItIs() throws Exception {
        try (SipPeer peer = bench.udpPeer()) {
            SipDialog caller = talks(peer);
            comes(caller.next("OPTIONS", "", ""));
            assertThat(heard.nothingMore(GONE_MILLIS)).isTrue();
            peer.send(caller.next("OPTIONS", "", ""));
            caller.expect(200);
        }
    }
}
