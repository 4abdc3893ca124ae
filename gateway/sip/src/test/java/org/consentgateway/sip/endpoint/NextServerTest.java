package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.auth.DigestAlgorithm;
import org.consentgateway.sip.counters.TrunkCounters;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.registration.Registered;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.sip.trunk.Account;
import org.consentgateway.testkit.DnsServer;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** RFC 3263 §4.3: from server to server, for calls and registrations. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class NextServerTest {
    private static final InetSocketAddress NOBODY =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9);

    private final Heard heard = new Heard();
    private DnsServer dns;
    private SipPeer first;
    private SipPeer second;
    private SipEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        dns = new DnsServer();
        endpoint =
                SipEndpoint.start(
                        Bench.settings(Duration.ofSeconds(90), "192.0.2.1/32"),
                        CallHandler.none(),
                        Peers.machine(dns));
        InetSocketAddress udp = endpoint.listening().getFirst();
        first = SipPeer.udp("127.0.0.1", udp);
        second = SipPeer.udp("127.0.0.1", udp);
        dns.naptr("provider.test", 1, "SIP+D2U", "_sip._udp.provider.test")
                .srv("_sip._udp.provider.test", 1, first.port, "a.provider.test")
                .srv("_sip._udp.provider.test", 2, second.port, "b.provider.test")
                .address("a.provider.test", "127.0.0.1")
                .address("b.provider.test", "127.0.0.1");
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
        first.close();
        second.close();
        dns.close();
    }

    private OutgoingCall dial(String uri) {
        return endpoint.dial(
                OutgoingCall.Dial.straight(
                        uri, "+4930123456", Map.of(), Switchboard.MEDIA, G711.PCMA),
                heard);
    }

    private static String contact(SipPeer peer) {
        return "Contact: <sip:b@127.0.0.1:" + peer.port + ">\r\n";
    }

    private void answer(SipPeer peer) throws Exception {
        SipMessage invite = peer.expectRequest("INVITE");
        peer.send(invite.response("200 OK", "t", contact(peer), SipDialog.OFFER));
        peer.expectRequest("ACK");
        assertThat(heard.next()).startsWith("media PCMA");
    }

    @RealTimeTest
    void aServerThatIsFullIsPassedOver() throws Exception {
        dial("sip:team@provider.test");
        SipMessage invite = first.expectRequest("INVITE");
        assertThat(invite.startLine()).isEqualTo("INVITE sip:team@provider.test SIP/2.0");
        first.send(invite.response("503 Service Unavailable", "t", "Retry-After: 120\r\n", ""));
        first.expectRequest("ACK");
        SipMessage again = second.expectRequest("INVITE");
        assertThat(again.header("Call-ID")).isEqualTo(invite.header("Call-ID"));
        assertThat(again.header("CSeq")).isEqualTo(invite.header("CSeq"));
        assertThat(again.header("Via")).isNotEqualTo(invite.header("Via"));
        second.send(again.response("200 OK", "t", contact(second), SipDialog.OFFER));
        second.expectRequest("ACK");
        assertThat(heard.next()).startsWith("media PCMA");

        // It asked to be left alone: the next call goes to the other at once.
        dial("sip:team@provider.test");
        answer(second);
        assertThat(first.hearsNothing(100)).isTrue();
    }

    /** Whatever was tried on the way; a server that never answers counts as well. */
    @RealTimeTest
    void aCallIsCountedOnceByHowItEnded() throws Exception {
        try (SipEndpoint counting =
                SipEndpoint.start(
                        Bench.settings(Duration.ofSeconds(90), "127.0.0.1/32"),
                        CallHandler.none(),
                        Peers.machine(dns))) {
            for (SipPeer peer : List.of(first, second)) {
                peer.to(counting.listening().getFirst());
            }
            var called =
                    OutgoingCall.Dial.straight(
                            "sip:team@provider.test",
                            "+4930123456",
                            Map.of(),
                            Switchboard.MEDIA,
                            G711.PCMA);
            counting.dial(called, heard);
            SipMessage full = first.expectRequest("INVITE");
            first.send(full.response("503 Service Unavailable", "t", "", ""));
            answer(second);
            var silent =
                    OutgoingCall.Dial.straight(
                            "sip:team@127.0.0.1:" + first.port,
                            "+4930123456",
                            Map.of(),
                            Switchboard.MEDIA,
                            G711.PCMA);
            counting.dial(silent, heard);
            assertThat(heard.next()).isEqualTo("refused 408");
            assertThat(counting.counters().trunks())
                    .singleElement()
                    .extracting(TrunkCounters::got)
                    .isEqualTo(Map.of(200, 1L, 408, 1L));
        }
    }

    @Test
    void aSilentServerIsNotWaitedForToTheEnd() throws Exception {
        dial("sip:team@provider.test");
        SipMessage invite = first.expectRequest("INVITE");
        answer(second);
        // It wakes up too late: its call is nobody's any more.
        first.send(invite.response("180 Ringing", "late", contact(first), ""));
        first.expectRequest("CANCEL");
        first.send(invite.response("200 OK", "late", contact(first), SipDialog.OFFER));
        first.expectRequest("ACK");
        first.expectRequest("BYE");
    }

    /** Who answers late answers all the same: the other need not ring on. */
    @Test
    void whoStillRingsIsCancelledOnceAnotherHasAnswered() throws Exception {
        dial("sip:team@provider.test");
        SipMessage early = first.expectRequest("INVITE");
        SipMessage later = second.expectRequest("INVITE");
        second.send(later.response("180 Ringing", "late", contact(second), ""));
        assertThat(heard.next()).isEqualTo("ringing");
        first.send(early.response("200 OK", "t", contact(first), SipDialog.OFFER));
        first.expectRequest("ACK");
        assertThat(heard.next()).startsWith("media PCMA");
        second.send(second.expectRequest("CANCEL").response("200 OK", "late", "", ""));
        second.send(later.response("487 Request Terminated", "late", "", ""));
        second.expectRequest("ACK");
    }

    @Test
    void whereNobodyListensTheNextIsTried() throws Exception {
        int closed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            closed = free.getLocalPort();
        }
        dns.srv("_sip._tcp.other.test", 1, closed, "a.provider.test")
                .srv("_sip._udp.other.test", 1, second.port, "b.provider.test")
                .naptr("other.test", 1, "SIP+D2T", "_sip._tcp.other.test")
                .naptr("other.test", 2, "SIP+D2U", "_sip._udp.other.test");
        dial("sip:team@other.test");
        answer(second);
    }

    /** A balancer without a server: whoever is called by it need not wait for an answer. */
    @Test
    void whoTakesTheInviteAndClosesWillNotAnswer() throws Exception {
        try (ServerSocket balancer = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            dial("sip:team@127.0.0.1:" + balancer.getLocalPort() + ";transport=tcp");
            try (SipPeer taken = SipPeer.over(balancer.accept())) {
                taken.expectRequest("INVITE");
            }
            assertThat(heard.next()).as("and not 408, after 64*T1").isEqualTo("refused 503");
        }
    }

    @Test
    void whoAnswersAndClosesHasAnswered() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            dial("sip:team@127.0.0.1:" + server.getLocalPort() + ";transport=tcp");
            try (SipPeer taken = SipPeer.over(server.accept())) {
                SipMessage invite = taken.expectRequest("INVITE");
                taken.send(invite.response("486 Busy Here", "t", "", ""));
            }
            assertThat(heard.next()).isEqualTo("refused 486");
        }
    }

    /** What it was silent about meanwhile may have been said by another connection of its own. */
    @Test
    void whoRingsAndClosesMayStillAnswer() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            dial("sip:team@127.0.0.1:" + server.getLocalPort() + ";transport=tcp");
            SipMessage invite;
            try (SipPeer taken = SipPeer.over(server.accept())) {
                invite = taken.expectRequest("INVITE");
                taken.send(invite.response("180 Ringing", "t", "", ""));
                assertThat(heard.next()).isEqualTo("ringing");
            }
            assertThat(heard.nothingMore(800)).isTrue();
            try (SipPeer again = SipPeer.tcp("127.0.0.1", endpoint.listening().getLast())) {
                String contact =
                        "Contact: <sip:b@127.0.0.1:"
                                + server.getLocalPort()
                                + ";transport=tcp>\r\n";
                again.send(invite.response("200 OK", "t", contact, SipDialog.OFFER));
                try (SipPeer acknowledged = SipPeer.over(server.accept())) {
                    acknowledged.expectRequest("ACK");
                }
            }
            assertThat(heard.next()).startsWith("media PCMA");
        }
    }

    @RealTimeTest
    void aRefusalIsAnAnswer() throws Exception {
        dial("sip:team@provider.test");
        SipMessage invite = first.expectRequest("INVITE");
        first.send(invite.response("486 Busy Here", "t", "", ""));
        assertThat(heard.next()).isEqualTo("refused 486");
        assertThat(second.hearsNothing(600)).isTrue();
    }

    @RealTimeTest
    void whenAllFailItIsTheLastFailureThatCounts() throws Exception {
        dial("sip:team@provider.test");
        String later = "Retry-After: 120\r\n";
        first.send(
                first.expectRequest("INVITE").response("503 Service Unavailable", "t", later, ""));
        second.send(
                second.expectRequest("INVITE").response("503 Service Unavailable", "t", "", ""));
        assertThat(heard.next()).isEqualTo("refused 503");
        assertThat(heard.retryAfterSeconds).as("it was not the last that said so").isZero();
    }

    @Test
    void aDomainWithoutServersIsRefusedAtOnce() throws Exception {
        dial("sip:team@nobody.test");
        assertThat(heard.next()).isEqualTo("refused 503");
    }

    @Test
    void anOutageOfTheDnsDoesNotEndTelephony() throws Exception {
        dns.forget();
        dns.ttl = 0;
        dns.srv("_sip._udp.provider.test", 1, first.port, "a.provider.test")
                .address("a.provider.test", "127.0.0.1");
        dial("sip:team@provider.test;transport=udp");
        answer(first);
        dns.fallSilent();
        dial("sip:team@provider.test;transport=udp");
        assertThat(first.receive(15_000))
                .isNotNull()
                .extracting(SipMessage::method)
                .isEqualTo("INVITE");
    }

    @Test
    void inDialogRequestsToANameFindItsServers() throws Exception {
        OutgoingCall call = dial("sip:team@127.0.0.1:" + first.port);
        SipMessage invite = first.expectRequest("INVITE");
        first.send(
                invite.response(
                        "200 OK",
                        "t",
                        """
                        Contact: <sip:b@inner.test>\r
                        Record-Route: <sip:provider.test;lr>\r
                        """,
                        SipDialog.OFFER));
        SipMessage ack = first.expectRequest("ACK");
        assertThat(ack.startLine()).isEqualTo("ACK sip:b@inner.test SIP/2.0");
        assertThat(ack.header("Route")).contains("provider.test");
        call.hangUp(IncomingCall.Ending.NORMAL);
        first.expectRequest("BYE");
    }

    /** Known by nothing but its name in Record-Route, it may still speak within the call. */
    @Test
    void aProxyThatIsKnownByItsNameIsHeard() throws Exception {
        try (SipPeer edge = SipPeer.udp("127.0.0.2", endpoint.listening().getFirst())) {
            dns.srv("_sip._udp.edge.test", 1, edge.port, "e.edge.test")
                    .address("e.edge.test", "127.0.0.2");
            dial("sip:team@127.0.0.1:" + first.port);
            SipMessage invite = first.expectRequest("INVITE");
            first.send(
                    invite.response(
                            "200 OK",
                            "t",
                            contact(first) + "Record-Route: <sip:edge.test;lr>\r\n",
                            SipDialog.OFFER));
            SipMessage ack = edge.expectRequest("ACK");
            assertThat(heard.next()).startsWith("media PCMA");
            edge.send(
                    """
                    BYE sip:gateway@127.0.0.1 SIP/2.0\r
                    Via: SIP/2.0/UDP 127.0.0.2:%d;branch=z9hG4bK-bye\r
                    Max-Forwards: 70\r
                    From: %s\r
                    To: %s\r
                    Call-ID: %s\r
                    CSeq: 1 BYE\r
                    Content-Length: 0\r
                    \r
                    """
                            .formatted(
                                    edge.port,
                                    ack.header("To"),
                                    ack.header("From"),
                                    ack.header("Call-ID")));
            edge.expect(200);
            assertThat(heard.next()).isEqualTo("ended BYE");
        }
    }

    @RealTimeTest
    void aRegistrationMovesOnAndStays() throws Exception {
        Account account =
                new Account(
                        "provider",
                        "provider.test",
                        Optional.empty(),
                        Optional.empty(),
                        "e12345p0",
                        "login",
                        "secret",
                        EnumSet.allOf(DigestAlgorithm.class),
                        Duration.ofMinutes(10),
                        true,
                        false);
        SipSettings settings = Bench.settings(List.of(Bench.provider()), List.of(account));
        try (SipPeer one = SipPeer.udp("127.0.0.1", NOBODY);
                SipPeer two = SipPeer.udp("127.0.0.1", NOBODY);
                DnsServer names = new DnsServer()) {
            names.srv("_sip._udp.provider.test", 1, one.port, "a.provider.test")
                    .srv("_sip._udp.provider.test", 2, two.port, "b.provider.test")
                    .address("a.provider.test", "127.0.0.1")
                    .address("b.provider.test", "127.0.0.1");
            try (SipEndpoint registered =
                    SipEndpoint.start(settings, new Switchboard(), Peers.machine(names))) {
                // The first never answers.
                SipMessage register = one.expectRequest("REGISTER");
                assertThat(register.header("Route")).isEqualTo("<sip:provider.test;lr>");
                two.to(registered.listening().getFirst());
                for (int i = 0; i < 2; i++) {
                    SipMessage asked = two.expectRequest("REGISTER");
                    two.send(
                            asked.response(
                                    "200 OK",
                                    "r",
                                    "Contact: " + asked.header("Contact") + ";expires=2\r\n",
                                    ""));
                    await().until(() -> registered.registrations().getFirst().registered());
                }
                Registered state = registered.registrations().getFirst();
                assertThat(state.server()).contains("udp:127.0.0.1:" + two.port);
                assertThat(state.until()).isPresent();
            }
        }
    }
}
