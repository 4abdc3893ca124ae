package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.testkit.DnsServer;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection ends before anything has come to what we sent over it. */
@Timeout(60)
class LostConnectionsTest {
    /** Behind a lost connection 8 s are waited for, a silent server 16 s. */
    private static final Duration SLOW = Duration.ofSeconds(2);

    /** Sooner than that, and later than what is read last. */
    private static final int AT_ONCE_MILLIS = 6000;

    /** Longer than the end of a connection takes to be seen. */
    private static final int GONE_MILLIS = 300;

    /** Longer than a thread takes to begin to read. */
    private static final int READING_MILLIS = 300;

    /** Longer than half a message takes to be read. */
    private static final int HALF_MILLIS = 50;

    private final Heard heard = new Heard();
    private DnsServer dns;
    private ServerSocket first;
    private ServerSocket second;
    private @Nullable SipEndpoint running;

    @BeforeEach
    void listen() throws IOException {
        dns = new DnsServer();
        first = listening();
        second = listening();
        dns.srv("_sip._tcp.provider.test", 1, first.getLocalPort(), "a.provider.test")
                .srv("_sip._tcp.provider.test", 2, second.getLocalPort(), "a.provider.test")
                .address("a.provider.test", "127.0.0.1");
    }

    private static ServerSocket listening() throws IOException {
        ServerSocket socket = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
        socket.setSoTimeout(10_000);
        return socket;
    }

    @AfterEach
    void stop() throws IOException {
        endpoint().close();
        first.close();
        second.close();
        dns.close();
    }

    private SipEndpoint endpoint() {
        return Objects.requireNonNull(running);
    }

    private void start(Duration t1) throws IOException {
        start(t1, Bench.at(Transport.TCP, "127.0.0.1"));
    }

    private void start(Duration t1, SipSettings.Listen tcp) throws IOException {
        start(t1, tcp, "192.0.2.1/32");
    }

    /**
     * The same.
     *
     * @param trunk who may ask for anything
     */
    private void start(Duration t1, SipSettings.Listen tcp, String trunk) throws IOException {
        Bench.Setup setup = new Bench.Setup();
        setup.t1 = t1;
        setup.listen = List.of(Bench.at(Transport.UDP, "127.0.0.1"), tcp);
        setup.trunks = List.of(Bench.loopback(trunk));
        running = SipEndpoint.start(setup.settings(), CallHandler.none(), Peers.machine(dns));
    }

    private OutgoingCall dial(String host) {
        return endpoint()
                .dial(
                        OutgoingCall.Dial.straight(
                                "sip:team@" + host + ";transport=tcp",
                                "+4930123456",
                                Map.of(),
                                Switchboard.MEDIA,
                                G711.PCMA),
                        heard);
    }

    private OutgoingCall dial(ServerSocket there) {
        return dial("127.0.0.1:" + there.getLocalPort());
    }

    private static SipPeer come(ServerSocket to) throws IOException {
        return SipPeer.over(to.accept());
    }

    private static String contact(String host) {
        return "Contact: <sip:b@" + host + ";transport=tcp>\r\n";
    }

    private static String contact(ServerSocket at) {
        return contact("127.0.0.1:" + at.getLocalPort());
    }

    // ------------------------------------------------------------------ who may still answer

    private static SipMessage asksAndIsCutOff(ServerSocket there) throws IOException {
        try (SipPeer taken = come(there)) {
            return taken.expectRequest("INVITE");
        }
    }

    /** RFC 3261 §18.2.2: the answer to a request whose connection has ended comes by another. */
    @Test
    void whoClosesWithoutAWordMayAnswerByAConnectionOfItsOwn() throws Exception {
        start(SLOW);
        dial(first);
        SipMessage invite = asksAndIsCutOff(first);
        assertThat(heard.nothingMore(1500)).isTrue();
        try (SipPeer again = SipPeer.tcp("127.0.0.1", endpoint().listening().getLast())) {
            again.send(invite.response("200 OK", "t", contact(first), SipDialog.OFFER));
            try (SipPeer acknowledged = come(first)) {
                acknowledged.expectRequest("ACK");
            }
        }
        assertThat(heard.next()).startsWith("media PCMA");
    }

    @Test
    void whoNeverAnswersIsNotWaitedForToTheEnd() throws Exception {
        start(Duration.ofMillis(500));
        dial(first);
        asksAndIsCutOff(first);
        assertThat(heard.next()).as("and not 408, after 64*T1").isEqualTo("refused 503");
    }

    @Test
    void whereThereIsAnotherServerNobodyWaitsForTheFirst() throws Exception {
        start(SLOW);
        dial("provider.test");
        asksAndIsCutOff(first);
        second.setSoTimeout(AT_ONCE_MILLIS);
        try (SipPeer next = come(second)) {
            next.expectRequest("INVITE");
        }
    }

    /** Nobody can connect to us: the connection that has ended was the only one. */
    @Test
    void whereNobodyCanConnectToUsNobodyIsWaitedFor() throws Exception {
        start(SLOW, SipSettings.Listen.dialling(Transport.TCP, "127.0.0.1"));
        dial(first);
        asksAndIsCutOff(first);
        assertThat(heard.all.poll(AT_ONCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("refused 503");
    }

    // ------------------------------------------------------------------ the end of a call

    /** The INVITE, answered at its server, which stays there. */
    private void answer(SipPeer called, String contact) throws Exception {
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("200 OK", "t", contact, SipDialog.OFFER));
        called.expectRequest("ACK");
        assertThat(heard.next()).startsWith("media PCMA");
    }

    private static void isTheSame(SipMessage again, SipMessage bye) {
        assertThat(again.header("CSeq")).isEqualTo(bye.header("CSeq"));
        assertThat(again.header("Call-ID")).isEqualTo(bye.header("Call-ID"));
        assertThat(again.header("To")).isEqualTo(bye.header("To"));
        assertThat(again.header("Reason")).isNotEmpty().isEqualTo(bye.header("Reason"));
        assertThat(again.header("Via")).isNotEqualTo(bye.header("Via"));
    }

    /** RFC 3261 §18.4: who has not read it would keep the call. */
    @Test
    void aByeThatIsLostWithItsConnectionGoesByAnotherUntilItIsAnswered() throws Exception {
        start(Bench.T1);
        OutgoingCall call = dial(first);
        SipMessage bye;
        try (SipPeer called = come(first)) {
            answer(called, contact(first));
            call.hangUp(IncomingCall.Ending.NORMAL);
            bye = called.expectRequest("BYE");
        }
        try (SipPeer again = come(first)) {
            SipMessage same = again.expectRequest("BYE");
            isTheSame(same, bye);
            again.send(same.response("200 OK", "", ""));
            assertThat(again.hearsNothing(1500)).isTrue();
        }
        nobodyComes(first);
        assertThat(heard.next()).isEqualTo("ended BY_US");
    }

    private static void nobodyComes(ServerSocket to) throws IOException {
        to.setSoTimeout(1500);
        assertThatThrownBy(to::accept).isInstanceOf(SocketTimeoutException.class);
    }

    /** A connection that was idle may be lost just then, so its server is asked once more. */
    @Test
    void aByeThatItsServerDoesNotTakeGoesToTheNext() throws Exception {
        start(Bench.T1);
        OutgoingCall call = dial(first);
        SipMessage bye;
        try (SipPeer called = come(first)) {
            answer(called, contact("provider.test"));
            call.hangUp(IncomingCall.Ending.NORMAL);
            bye = called.expectRequest("BYE");
        }
        try (SipPeer again = come(first)) {
            isTheSame(again.expectRequest("BYE"), bye);
        }
        try (SipPeer next = come(second)) {
            isTheSame(next.expectRequest("BYE"), bye);
        }
        nobodyComes(second);
        nobodyComes(first);
    }

    /** RFC 3263 §4.3: nobody listens there any more. */
    @Test
    void aByeThatNoConnectionTakesGoesToTheNext() throws Exception {
        start(SLOW);
        OutgoingCall call = dial(first);
        try (SipPeer called = come(first)) {
            answer(called, contact("provider.test"));
            first.close();
        }
        Thread.sleep(GONE_MILLIS);
        call.hangUp(IncomingCall.Ending.NORMAL);
        try (SipPeer next = come(second)) {
            next.expectRequest("BYE");
        }
    }

    @Test
    void whoHasAnsweredAByeAndClosesHearsNoOther() throws Exception {
        start(Bench.T1);
        OutgoingCall call = dial(first);
        try (SipPeer called = come(first)) {
            answer(called, contact(first));
            call.hangUp(IncomingCall.Ending.NORMAL);
            SipMessage bye = called.expectRequest("BYE");
            called.send(bye.response("481 Call/Transaction Does Not Exist", "", ""));
        }
        nobodyComes(first);
    }

    /** Though nobody can read what it has said. */
    @Test
    void whoHasAnsweredAByeUnreadablyHearsNoOther() throws Exception {
        start(Bench.T1);
        OutgoingCall call = dial(first);
        var status = new CompletableFuture<Integer>();
        try (SipPeer called = come(first)) {
            answer(called, contact(first));
            call.hangUp(IncomingCall.Ending.NORMAL, status::complete);
            SipMessage bye = called.expectRequest("BYE");
            called.send(bye.response("200 OK", "", "").replaceFirst("To: <", "To: <<<"));
        }
        nobodyComes(first);
        assertThat(status).isCompletedWithValue(500);
    }

    /** Whose connection was the only way to it is met where its Contact says. */
    @Test
    void aByeToWhoCalledGoesToItsContactOnceItsConnectionIsLost() throws Exception {
        var gateway = new Switchboard();
        Bench.Setup setup = new Bench.Setup();
        SipEndpoint called = SipEndpoint.start(setup.settings(), gateway, Peers.machine(dns));
        running = called;
        SipMessage bye;
        int port = FreePort.next();
        try (SipPeer peer = SipPeer.resetting("127.0.0.1", port, called.listening().getLast())) {
            SipDialog caller = new SipDialog(peer);
            peer.send(
                    caller.invite(SipDialog.OFFER)
                            .replaceFirst("Contact: [^\r]*\r\n", contact(first)));
            IncomingCall call = gateway.nextCall();
            call.answer(Switchboard.MEDIA, heard);
            caller.toTag = caller.expect(200).toTag();
            peer.send(caller.ack(""));
            assertThat(heard.next()).startsWith("media");
            call.hangUp(IncomingCall.Ending.NORMAL);
            bye = peer.expectRequest("BYE");
        }
        try (ServerSocket before = new ServerSocket(port, 5, InetAddress.ofLiteral("127.0.0.1"));
                SipPeer there = come(first)) {
            SipMessage same = there.expectRequest("BYE");
            isTheSame(same, bye);
            there.send(same.response("200 OK", "", ""));
            nobodyComes(before);
        }
        nobodyComes(first);
    }

    // ------------------------------------------------------------------ before an answer

    /** The INVITE, which rings at its server until we hang up, and then the CANCEL. */
    private List<SipMessage> ringsAndIsCancelled(SipPeer called, OutgoingCall call)
            throws Exception {
        SipMessage invite = called.expectRequest("INVITE");
        called.send(invite.response("180 Ringing", "t", contact(first), ""));
        assertThat(heard.next()).isEqualTo("ringing");
        call.hangUp(IncomingCall.Ending.NORMAL);
        return List.of(invite, called.expectRequest("CANCEL"));
    }

    /**
     * RFC 3261 §9.1: by its Via a server knows what it cancels, by whatever connection it comes.
     */
    @Test
    void aCancelThatIsLostWithItsConnectionGoesByAnother() throws Exception {
        start(Bench.T1);
        OutgoingCall call = dial(first);
        List<SipMessage> asked;
        try (SipPeer called = come(first)) {
            asked = ringsAndIsCancelled(called, call);
        }
        SipMessage invite = asked.getFirst();
        SipMessage cancel = asked.getLast();
        try (SipPeer again = come(first)) {
            SipMessage same = again.expectRequest("CANCEL");
            assertThat(same.header("Via")).isNotEmpty().isEqualTo(invite.header("Via"));
            assertThat(same.header("CSeq")).isEqualTo(cancel.header("CSeq"));
            assertThat(same.header("Reason")).isNotEmpty().isEqualTo(cancel.header("Reason"));
            again.send(same.response("200 OK", "t", ""));
            again.send(invite.response("487 Request Terminated", "t", "", ""));
            again.expectRequest("ACK");
            assertThat(heard.next()).isEqualTo("refused 487");
        }
        nobodyComes(first);
    }

    /** The INVITE's own connection is lost; its ACK goes by that of the second CANCEL. */
    @Test
    void theConnectionOfASecondCancelIsReadByOneAlone() throws Exception {
        start(Bench.T1, Bench.at(Transport.TCP, "127.0.0.1"), "127.0.0.1/32");
        OutgoingCall call = dial(first);
        SipMessage invite;
        try (SipPeer called = come(first)) {
            invite = ringsAndIsCancelled(called, call).getFirst();
        }
        try (SipPeer again = come(first)) {
            again.send(again.expectRequest("CANCEL").response("200 OK", "t", ""));
            again.send(invite.response("487 Request Terminated", "t", "", ""));
            again.expectRequest("ACK");
            Thread.sleep(READING_MILLIS);
            SipDialog asking = new SipDialog(again);
            for (int i = 1; i <= 10; i++) {
                String options = asking.request("OPTIONS", i, "z9hG4bK-read" + i, "", "");
                again.send(options.substring(0, 100));
                Thread.sleep(HALF_MILLIS);
                again.send(options.substring(100));
                assertThat(again.expectAnswer("OPTIONS").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aCancelThatIsLostAgainIsGivenUp() throws Exception {
        start(Bench.T1);
        OutgoingCall call = dial(first);
        try (SipPeer called = come(first)) {
            ringsAndIsCancelled(called, call);
        }
        try (SipPeer again = come(first)) {
            again.expectRequest("CANCEL");
        }
        nobodyComes(first);
        assertThat(heard.next()).isEqualTo("refused 487");
    }

    @Test
    void whoHasAnsweredACancelAndClosesHearsNoOther() throws Exception {
        start(Bench.T1);
        OutgoingCall call = dial(first);
        try (SipPeer called = come(first)) {
            SipMessage cancel = ringsAndIsCancelled(called, call).getLast();
            called.send(cancel.response("200 OK", "t", ""));
        }
        nobodyComes(first);
    }

    /** Nothing is left to be cancelled. */
    @Test
    void whoHasRefusedAndClosesHearsNoOtherCancel() throws Exception {
        start(Bench.T1);
        OutgoingCall call = dial(first);
        try (SipPeer called = come(first)) {
            SipMessage invite = ringsAndIsCancelled(called, call).getFirst();
            called.send(invite.response("486 Busy Here", "t", "", ""));
            called.expectRequest("ACK");
        }
        nobodyComes(first);
    }
}
