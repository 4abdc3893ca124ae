package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLServerSocket;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever is on the path to a server that we call by TLS can connect to us from its address and
 * port, by TCP, or by TLS where no certificate is asked for.
 */
@Timeout(60)
final class ServersPortTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int SILENT_MILLIS = 300;

    @TempDir static Path folder;

    private static Certificates certificates;

    private final Switchboard gateway = new Switchboard();
    private final Heard heard = new Heard();
    private final SSLServerSocket server;
    private final SipEndpoint endpoint;

    ServersPortTest() throws IOException {
        server = (SSLServerSocket) tls().context().getServerSocketFactory().createServerSocket();
        server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        server.bind(new InetSocketAddress(HERE, 0));
        server.setSoTimeout(SipPeer.PATIENCE_MILLIS);
        Bench.Setup setup = new Bench.Setup();
        setup.listen =
                List.of(Bench.at(Transport.TCP, "127.0.0.1"), Bench.at(Transport.TLS, "127.0.0.1"));
        setup.tls = Optional.of(tls());
        endpoint = SipEndpoint.start(setup.settings(), gateway, System::nanoTime);
    }

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.in(folder);
    }

    @BeforeEach
    void answer() {
        gateway.answerAll(heard);
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
        server.close();
    }

    private static Tls tls() {
        return Peers.tls(certificates, Certificates.GATEWAY, Tls.ClientCertificate.OFF);
    }

    private SipPeer byTcp() throws IOException {
        return asking(
                SipPeer.resetting(
                        "127.0.0.1", server.getLocalPort(), endpoint.listening().getFirst()));
    }

    private SipPeer byTls() throws IOException {
        Socket socket = tls().context().getSocketFactory().createSocket();
        socket.setSoLinger(true, 0);
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        socket.bind(new InetSocketAddress(HERE, server.getLocalPort()));
        socket.connect(endpoint.listening().getLast(), SipPeer.PATIENCE_MILLIS);
        return asking(SipPeer.tls(socket));
    }

    private static SipPeer asking(SipPeer impostor) throws IOException {
        impostor.send(new SipDialog(impostor).request("OPTIONS", 1, "z9hG4bKhere", "", ""));
        impostor.expect(200);
        return impostor;
    }

    private void call() {
        var _ =
                endpoint.dial(
                        Bench.challenged(
                                "sip:team@localhost:" + server.getLocalPort() + ";transport=tls"),
                        heard);
    }

    @Test
    void aConnectionByTcpTakesNoPlaceOfOneByTls() throws Exception {
        goesOnBeside(this::byTcp);
    }

    @Test
    void norDoesOneByTlsThatWasAccepted() throws Exception {
        goesOnBeside(this::byTls);
    }

    private interface Connecting {
        SipPeer now() throws IOException;
    }

    private void goesOnBeside(Connecting impostors) throws IOException {
        call();
        try (Socket dialled = server.accept()) {
            SipPeer provider = SipPeer.tls(dialled);
            String first = provider.expectRequest("INVITE").header("Call-ID");
            try (SipPeer impostor = impostors.now()) {
                call();
                assertThat(provider.expectRequest("INVITE").header("Call-ID")).isNotEqualTo(first);
                assertThat(impostor.hearsNothing(SILENT_MILLIS)).isTrue();
            }
        }
    }

    @Test
    void whoWasThereFirstByTcpIsNotCalledInstead() throws Exception {
        isCalledInSpiteOf(this::byTcp);
    }

    @Test
    void norIsWhoWasThereByTls() throws Exception {
        isCalledInSpiteOf(this::byTls);
    }

    private void isCalledInSpiteOf(Connecting impostors) throws IOException {
        try (SipPeer impostor = impostors.now()) {
            call();
            try (Socket dialled = server.accept()) {
                SipPeer.tls(dialled).expectRequest("INVITE");
            }
            assertThat(impostor.hearsNothing(SILENT_MILLIS)).isTrue();
        }
    }

    /** What is said in a call that came over the connection that we made goes to nobody else. */
    @Test
    void theCallsOfALostConnectionAreNotTheirs() throws Exception {
        call();
        SipDialog phone;
        try (Socket dialled = server.accept()) {
            SipPeer provider = SipPeer.tls(dialled);
            provider.expectRequest("INVITE");
            phone = new SipDialog(provider);
            phone.connect();
        }
        try (SipPeer impostor = byTls()) {
            assertThat(heard.next()).startsWith("media");
            gateway.nextCall().hangUp(IncomingCall.Ending.NORMAL);
            try (Socket again = server.accept()) {
                SipMessage bye = SipPeer.tls(again).expectRequest("BYE");
                assertThat(bye.header("Call-ID")).isEqualTo(phone.callId);
            }
            assertThat(impostor.hearsNothing(SILENT_MILLIS)).isTrue();
        }
    }
}
