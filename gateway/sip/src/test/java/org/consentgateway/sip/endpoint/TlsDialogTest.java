package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.consentgateway.media.codec.G711;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.DnsServer;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Within a call over TLS: the name that was dialled, and the connection that is there. */
@Timeout(60)
class TlsDialogTest {
    @TempDir static Path folder;

    private static Certificates certificates;

    private final Heard heard = new Heard();
    private final DnsServer dns;

    TlsDialogTest() throws IOException {
        dns =
                new DnsServer()
                        .address(NAME, "127.0.0.1")
                        .address(SECOND, "127.0.0.1")
                        .address(ANOTHER, "127.0.0.1");
    }

    @AfterEach
    void stop() {
        dns.close();
    }

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.in(folder);
    }

    /** The name of the provider's certificate. Java sends no name without a dot. */
    private static final String NAME = "edge.companyflex.de";

    /** In it as well. */
    private static final String SECOND = "551234567890.primary.companyflex.de";

    /** Not in it, and told to be at the same address. */
    private static final String ANOTHER = "assistant.example";

    private static Tls tls() {
        return Peers.tls(certificates, Certificates.PROVIDER, Tls.ClientCertificate.OFF);
    }

    private SipEndpoint endpoint(CallHandler inbound) throws IOException {
        Bench.Setup setup = new Bench.Setup();
        setup.listen = List.of(Bench.at(Transport.TLS, "127.0.0.1"));
        setup.tls = Optional.of(tls());
        return SipEndpoint.start(setup.settings(), inbound, Peers.machine(dns));
    }

    private static SSLServerSocket server(String address) throws IOException {
        SSLServerSocket server =
                (SSLServerSocket)
                        tls().context()
                                .getServerSocketFactory()
                                .createServerSocket(0, 5, InetAddress.ofLiteral(address));
        server.setSoTimeout(SipPeer.PATIENCE_MILLIS);
        return server;
    }

    /** The name a connection was opened for; empty if none was told. */
    private static String nameAskedFor(SSLSocket socket) throws IOException {
        socket.startHandshake();
        return ((ExtendedSSLSession) socket.getSession())
                .getRequestedServerNames().stream()
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .findFirst()
                        .orElse("");
    }

    /** 127.0.0.2, where the call goes on, is not in the certificate. */
    @Test
    void theNameThatWasDialledIsKeptWhereTheContactIsAnotherAddress() throws Exception {
        try (SSLServerSocket first = server("127.0.0.1");
                SSLServerSocket second = server("127.0.0.2");
                SipEndpoint endpoint = endpoint(CallHandler.none())) {
            OutgoingCall call =
                    endpoint.dial(
                            OutgoingCall.Dial.straight(
                                    "sip:team@"
                                            + NAME
                                            + ":"
                                            + first.getLocalPort()
                                            + ";transport=tls",
                                    "+4930123456",
                                    Map.of(),
                                    Switchboard.MEDIA,
                                    G711.PCMA),
                            heard);
            try (SSLSocket one = (SSLSocket) first.accept()) {
                assertThat(nameAskedFor(one)).isEqualTo(NAME);
                SipPeer dialled = SipPeer.tls(one);
                SipMessage invite = dialled.expectRequest("INVITE");
                dialled.send(
                        invite.response(
                                "200 OK",
                                "t",
                                "Contact: <sip:b@127.0.0.2:"
                                        + second.getLocalPort()
                                        + ";transport=tls>\r\n",
                                SipDialog.OFFER));
                try (SSLSocket two = (SSLSocket) second.accept()) {
                    assertThat(nameAskedFor(two)).isEqualTo(NAME);
                    SipPeer contact = SipPeer.tls(two);
                    contact.expectRequest("ACK");
                    assertThat(heard.next()).startsWith("media PCMA");
                    call.hangUp(IncomingCall.Ending.NORMAL);
                    // Over the connection that is there already.
                    contact.expectRequest("BYE");
                }
            }
        }
    }

    /** Its Contact leads nowhere, as behind a NAT. */
    @Test
    void whoCalledOverAConnectionIsMetThere() throws Exception {
        Switchboard gateway = new Switchboard();
        gateway.answerAll(heard);
        try (SipEndpoint endpoint = endpoint(gateway);
                SSLSocket socket =
                        (SSLSocket)
                                tls().context()
                                        .getSocketFactory()
                                        .createSocket(
                                                InetAddress.ofLiteral("127.0.0.1"),
                                                endpoint.listening().getFirst().getPort())) {
            SipPeer peer = SipPeer.tls(socket);
            SipDialog phone = new SipDialog(peer);
            String nowhere = "<sip:phone@192.0.2.77:5061;transport=tls>";
            peer.send(
                    phone.invite(SipDialog.OFFER)
                            .replaceFirst("Contact: [^\r]*", "Contact: " + nowhere));
            phone.toTag = peer.expect(200).toTag();
            peer.send(phone.ack(""));
            gateway.nextCall().hangUp(IncomingCall.Ending.NORMAL);
            assertThat(peer.expectRequest("BYE").startLine())
                    .isEqualTo("BYE sip:phone@192.0.2.77:5061;transport=tls SIP/2.0");
        }
    }

    /** As a balancer of load does whose servers are gone. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoNeverEndsAHandshakeOrBreaksItOffIsGivenUpAtOnce(boolean breaksOff) throws Exception {
        Bench.Setup setup = new Bench.Setup();
        setup.tls = Optional.of(tls());
        setup.t1 = Duration.ofMillis(500);
        setup.limits =
                new SipSettings.Limits(
                        100, 10, 10, Duration.ofMillis(300), Duration.ofMinutes(10), 100, 10);
        setup.listen = List.of(Bench.at(Transport.TLS, "127.0.0.1"));
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
                SipEndpoint endpoint =
                        SipEndpoint.start(
                                setup.settings(), CallHandler.none(), Peers.machine(dns))) {
            endpoint.dial(
                    Bench.challenged(
                            "sip:team@127.0.0.1:" + server.getLocalPort() + ";transport=tls"),
                    heard);
            Socket connection = server.accept();
            if (breaksOff) {
                connection.setSoLinger(true, 0);
                connection.close();
            }
            assertThat(heard.next()).isEqualTo("refused 503");
            connection.close();
        }
    }

    private OutgoingCall dial(SipEndpoint from, String name, SSLServerSocket server) {
        return from.dial(
                OutgoingCall.Dial.straight(
                        "sip:team@" + name + ":" + server.getLocalPort() + ";transport=tls",
                        "+4930123456",
                        Map.of(),
                        Switchboard.MEDIA,
                        G711.PCMA),
                heard);
    }

    /** RFC 5922: whoever tells us that name's address tells whose server gets its calls. */
    @Test
    void aConnectionIsNotUsedForANameThatItsCertificateDoesNotBear() throws Exception {
        try (SSLServerSocket server = server("127.0.0.1");
                SipEndpoint endpoint = endpoint(CallHandler.none())) {
            dial(endpoint, NAME, server);
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                SipPeer peer = SipPeer.tls(socket);
                peer.expectRequest("INVITE");
                dial(endpoint, ANOTHER, server);
                assertThat(heard.next()).isEqualTo("refused 503");
                assertThat(peer.hearsNothing(300)).isTrue();
                dial(endpoint, NAME, server);
                peer.expectRequest("INVITE");
            }
        }
    }

    @Test
    void aConnectionIsUsedForEachNameOfItsCertificate() throws Exception {
        try (SSLServerSocket server = server("127.0.0.1");
                SipEndpoint endpoint = endpoint(CallHandler.none())) {
            dial(endpoint, NAME, server);
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                SipPeer peer = SipPeer.tls(socket);
                peer.expectRequest("INVITE");
                dial(endpoint, SECOND, server);
                peer.expectRequest("INVITE");
            }
        }
    }

    /** As that of a border controller, which has closed the connection that it called by. */
    @Test
    void aContactThatIsAnAddressIsMetOverTheConnectionThatIsThere() throws Exception {
        Switchboard gateway = new Switchboard();
        gateway.answerAll(heard);
        try (SSLServerSocket server = server("127.0.0.1");
                SipEndpoint endpoint = endpoint(gateway)) {
            dial(endpoint, NAME, server);
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                SipPeer dialled = SipPeer.tls(socket);
                dialled.expectRequest("INVITE");
                // Its name is the last that was called there, and not that of the certificate.
                dial(endpoint, ANOTHER, server);
                assertThat(heard.next()).isEqualTo("refused 503");
                callAndClose(endpoint, server.getLocalPort());
                gateway.nextCall().hangUp(IncomingCall.Ending.NORMAL);
                assertThat(dialled.expectRequest("BYE").startLine()).contains("phone@127.0.0.1");
            }
        }
    }

    /**
     * @param port of the caller's Contact
     */
    private void callAndClose(SipEndpoint endpoint, int port) throws IOException {
        int ours = endpoint.listening().getFirst().getPort();
        try (SSLSocket calling =
                (SSLSocket)
                        tls().context()
                                .getSocketFactory()
                                .createSocket(InetAddress.ofLiteral("127.0.0.1"), ours)) {
            SipPeer peer = SipPeer.tls(calling);
            SipDialog phone = new SipDialog(peer);
            String contact = "<sip:phone@127.0.0.1:" + port + ";transport=tls>";
            peer.send(
                    phone.invite(SipDialog.OFFER)
                            .replaceFirst("Contact: [^\r]*", "Contact: " + contact));
            phone.toTag = peer.expect(200).toTag();
            peer.send(phone.ack(""));
        }
    }

    /** Its Contact has become another name, which leads to the same place. */
    @Test
    void theNameThatWasDialledIsKeptWhereTheContactIsAnotherName() throws Exception {
        try (SSLServerSocket server = server("127.0.0.1");
                SipEndpoint endpoint = endpoint(CallHandler.none())) {
            OutgoingCall call = dial(endpoint, NAME, server);
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                SipPeer peer = SipPeer.tls(socket);
                SipMessage invite = peer.expectRequest("INVITE");
                String first = contact(NAME, server);
                peer.send(invite.response("200 OK", "t", first, SipDialog.OFFER));
                peer.expectRequest("ACK");
                assertThat(heard.next()).startsWith("media PCMA");
                String later = contact(ANOTHER, server);
                peer.send(update(invite, later));
                peer.expect(200);
                call.hangUp(IncomingCall.Ending.NORMAL);
                assertThat(peer.expectRequest("BYE").startLine()).contains(ANOTHER);
            }
        }
    }

    /** From whom it has called. */
    private static String update(SipMessage invite, String contact) {
        return ("UPDATE " + SipMessage.address(invite.header("Contact")) + " SIP/2.0\r\n")
                + "Via: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bK-update\r\n"
                + "Max-Forwards: 70\r\n"
                + ("From: " + invite.header("To") + ";tag=t\r\n")
                + ("To: " + invite.header("From") + "\r\n")
                + ("Call-ID: " + invite.header("Call-ID") + "\r\n")
                + ("CSeq: 1 UPDATE\r\n" + contact + SipMessage.end("", ""));
    }

    private static String contact(String name, SSLServerSocket server) {
        return "Contact: <sip:b@" + name + ":" + server.getLocalPort() + ";transport=tls>\r\n";
    }

    /** A second call to the same server needs no second handshake. */
    @Test
    void callsToOneServerShareAConnection() throws Exception {
        try (SSLServerSocket server = server("127.0.0.1");
                SipEndpoint endpoint = endpoint(CallHandler.none())) {
            String uri = "sip:team@" + NAME + ":" + server.getLocalPort() + ";transport=tls";
            for (int i = 0; i < 2; i++) {
                OutgoingCall _ =
                        endpoint.dial(
                                OutgoingCall.Dial.straight(
                                        uri, "+4930123456", Map.of(), Switchboard.MEDIA, G711.PCMA),
                                heard);
            }
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                SipPeer peer = SipPeer.tls(socket);
                String first = peer.expectRequest("INVITE").header("Call-ID");
                assertThat(peer.expectRequest("INVITE").header("Call-ID")).isNotEqualTo(first);
            }
        }
    }
}
