package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.auth.DigestAlgorithm;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.trunk.Account;
import org.consentgateway.testkit.DnsServer;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A call may be gone on with by any server of the name that it came from or went to (RFC 3263). */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class OtherServersTest {
    private static final InetSocketAddress NOWHERE =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9);

    private final Switchboard gateway = new Switchboard();
    private final Heard heard = new Heard();
    private DnsServer dns;

    @BeforeEach
    void start() throws Exception {
        dns = new DnsServer();
        gateway.answerAll(heard);
    }

    @AfterEach
    void stop() throws Exception {
        dns.close();
    }

    private SipEndpoint endpoint(Switchboard behind, Account... accounts) throws Exception {
        return SipEndpoint.start(
                Bench.settings(List.of(Bench.provider()), List.of(accounts)),
                behind,
                Peers.machine(dns));
    }

    /** Two servers on one port, named in this order. */
    private record Servers(SipPeer first, SipPeer second) implements AutoCloseable {
        static Servers of(String first, String second) throws Exception {
            SipPeer one = SipPeer.udp(first, NOWHERE);
            return new Servers(one, SipPeer.udp(second, one.port, NOWHERE));
        }

        void to(SipEndpoint endpoint) {
            first.to(endpoint.listening().getFirst());
            second.to(endpoint.listening().getFirst());
        }

        /** The same message, as the second sends it. */
        void goesOn(String message) throws Exception {
            second.send(message.replace(first.host + ":" + first.port, second.host + ":" + port()));
        }

        int port() {
            return first.port;
        }

        /** The one of them that a message of ours has not gone to. */
        SipPeer unaddressed(String method) throws Exception {
            for (int i = 0; i < 200; i++) {
                SipMessage message = first.receive(25);
                if (message != null && message.method().equals(method)) {
                    return second;
                }
                message = second.receive(25);
                if (message != null && message.method().equals(method)) {
                    return first;
                }
            }
            throw new AssertionError("no " + method);
        }

        @Override
        public void close() throws IOException {
            first.close();
            second.close();
        }
    }

    private void srv(String name, Servers servers) {
        dns.naptr(name, 1, "SIP+D2U", "_sip._udp." + name)
                .srv("_sip._udp." + name, 1, servers.port(), "a." + name)
                .srv("_sip._udp." + name, 2, servers.port(), "b." + name)
                .address("a." + name, servers.first().host)
                .address("b." + name, servers.second().host);
    }

    private static Account account(String registrar) {
        return new Account(
                "provider",
                registrar,
                Optional.empty(),
                Optional.of(Transport.UDP),
                "e12345p0",
                "login",
                "secret",
                EnumSet.allOf(DigestAlgorithm.class),
                Duration.ofMinutes(10),
                true,
                false);
    }

    @Test
    void theOtherServerOfARegistrarAcknowledgesAndEndsACallThatCameByTheFirst() throws Exception {
        try (Servers servers = Servers.of("127.0.0.1", "127.0.0.2")) {
            srv("registrar.test", servers);
            try (SipEndpoint endpoint = endpoint(gateway, account("registrar.test"))) {
                servers.to(endpoint);
                servers.first().expectRequest("REGISTER");
                SipDialog call = new SipDialog(servers.first());
                call.calling("e12345p0");
                servers.first().send(call.invite(SipDialog.OFFER));
                call.toTag = call.expect(200).toTag();

                servers.goesOn(call.ack(""));
                assertThat(heard.next()).startsWith("media");
                servers.goesOn(call.bye());
                servers.second().expect(200);
                assertThat(heard.next()).isEqualTo("ended BYE");
            }
        }
    }

    @Test
    void theOtherServerOfARegistrarThatIsGoneEndsTheCallsThatThereAre() throws Exception {
        try (Servers servers = Servers.of("127.0.0.1", "127.0.0.2")) {
            srv("registrar.test", servers);
            try (SipEndpoint endpoint = endpoint(gateway, account("registrar.test"))) {
                servers.to(endpoint);
                servers.first().expectRequest("REGISTER");
                SipDialog call = new SipDialog(servers.first());
                call.calling("e12345p0");
                call.connect();
                assertThat(heard.next()).startsWith("media");

                endpoint.change(Bench.settings(List.of(), List.of()), SSLContext.getDefault());
                servers.goesOn(call.bye());
                servers.second().expect(200);
                assertThat(heard.next()).isEqualTo("ended BYE");
            }
        }
    }

    @Test
    void theOtherServerOfARegistrarTakesBackACallThatCameByTheFirst() throws Exception {
        Switchboard ringing = new Switchboard();
        try (Servers servers = Servers.of("127.0.0.1", "127.0.0.2")) {
            srv("registrar.test", servers);
            try (SipEndpoint endpoint = endpoint(ringing, account("registrar.test"))) {
                servers.to(endpoint);
                servers.first().expectRequest("REGISTER");
                SipDialog call = new SipDialog(servers.first());
                call.calling("e12345p0");
                servers.first().send(call.invite(SipDialog.OFFER));
                call.expect(100);
                ringing.nextCall();
                servers.goesOn(call.cancel());
                call.expect(487, "1 INVITE");
            }
        }
    }

    private void dial(SipEndpoint endpoint, String uri) {
        endpoint.dial(
                OutgoingCall.Dial.straight(
                        uri, "+4930123456", Map.of(), Switchboard.MEDIA, G711.PCMA),
                heard);
    }

    @Test
    void theOtherServerOfADialledNameEndsACallThatTheFirstHasAnswered() throws Exception {
        try (Servers servers = Servers.of("127.0.0.1", "127.0.0.2");
                SipEndpoint endpoint = endpoint(gateway)) {
            srv("assistant.test", servers);
            servers.to(endpoint);
            dial(endpoint, "sip:bot@assistant.test");
            SipMessage invite = servers.first().expectRequest("INVITE");
            answers(servers.first(), invite, "");
            servers.first().expectRequest("ACK");

            ends(servers.second(), invite);
        }
    }

    @Test
    void theOtherServerOfANameInRecordRouteEndsTheCall() throws Exception {
        dns.address("proxy.test", "127.0.0.2").address("proxy.test", "127.0.0.3");
        try (Servers servers = Servers.of("127.0.0.2", "127.0.0.3");
                SipEndpoint endpoint = endpoint(gateway);
                SipPeer called = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst())) {
            servers.to(endpoint);
            dial(endpoint, "sip:bot@127.0.0.1:" + called.port);
            SipMessage invite = called.expectRequest("INVITE");
            String proxy = "Record-Route: <sip:proxy.test:" + servers.port() + ";lr>\r\n";
            answers(called, invite, proxy);

            ends(servers.unaddressed("ACK"), invite);
        }
    }

    /** Its Record-Route is anybody's, and the trunk says who may go on with it. */
    @Test
    void ofACallThatCameInTheOthersOfANameInRecordRouteAreStrangers() throws Exception {
        dns.address("proxy.test", "127.0.0.2").address("proxy.test", "127.0.0.3");
        try (Servers servers = Servers.of("127.0.0.2", "127.0.0.3");
                SipEndpoint endpoint =
                        SipEndpoint.start(
                                Bench.settings(Duration.ofSeconds(90), "127.0.0.1/32"),
                                gateway,
                                Peers.machine(dns));
                SipPeer caller = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst())) {
            servers.to(endpoint);
            SipDialog call = new SipDialog(caller);
            String proxy = "Record-Route: <sip:proxy.test:" + servers.port() + ";lr>\r\n";
            caller.send(call.invite(SipDialog.OFFER).replace("Contact:", proxy + "Contact:"));
            call.toTag = call.expect(200).toTag();
            caller.send(call.ack(""));
            assertThat(heard.next()).startsWith("media");

            gateway.nextCall().inform(new OutgoingCall.InfoBody("text", "plain", "told"), _ -> {});
            SipPeer stranger = servers.unaddressed("INFO");
            String bye = call.bye();
            stranger.send(
                    bye.replace("127.0.0.1:" + caller.port, stranger.host + ":" + stranger.port));
            Bench.rejects(endpoint, Rejection.UNKNOWN_SOURCE, 1);
            caller.send(bye);
            caller.expect(200);
        }
    }

    private void answers(SipPeer by, SipMessage invite, String more) throws Exception {
        String contact = "Contact: <sip:bot@" + by.host + ":" + by.port + ">\r\n";
        by.send(invite.response("200 OK", "t", contact + more, SipDialog.OFFER));
        assertThat(heard.next()).startsWith("media");
    }

    /** From and To change places. */
    private void ends(SipPeer by, SipMessage invite) throws Exception {
        by.send(
                """
                BYE sip:us@127.0.0.1 SIP/2.0\r
                Via: SIP/2.0/UDP %s:%d;branch=z9hG4bK-b\r
                Max-Forwards: 70\r
                From: %s;tag=t\r
                To: %s\r
                Call-ID: %s\r
                CSeq: 1 BYE\r
                Content-Length: 0\r
                \r
                """
                        .formatted(
                                by.host,
                                by.port,
                                invite.header("To"),
                                invite.header("From"),
                                invite.header("Call-ID")));
        by.expect(200);
        assertThat(heard.next()).isEqualTo("ended BYE");
    }
}
