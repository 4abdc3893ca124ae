package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who asks and closes has the answer at its own address (RFC 3261 §18.2.2), and nobody else. */
@Timeout(60)
class ClosedConnectionsTest {
    private static final String OTHER = "127.0.0.2";

    /** Longer than a reset takes to be seen. */
    private static final int GONE_MILLIS = 300;

    @TempDir static Path folder;

    private static Certificates certificates;

    private final Switchboard gateway = new Switchboard();

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.in(folder);
    }

    private SipEndpoint endpoint(Transport transport) throws IOException {
        Bench.Setup setup = new Bench.Setup();
        setup.listen = List.of(Bench.at(transport, "127.0.0.1"));
        setup.tls =
                Optional.of(
                        Peers.tls(certificates, Certificates.GATEWAY, Tls.ClientCertificate.OFF));
        return SipEndpoint.start(setup.settings(), gateway, System::nanoTime);
    }

    private static Socket connect(Transport transport, InetSocketAddress to) throws Exception {
        Socket plain = new Socket();
        plain.setSoLinger(true, 0);
        plain.connect(to, 1000);
        return transport == Transport.TCP ? plain : secured(plain, true);
    }

    private static Socket secured(Socket over, boolean asClient) throws Exception {
        SSLSocket socket =
                (SSLSocket)
                        certificates
                                .context(asClient ? Certificates.OTHER : Certificates.GATEWAY)
                                .getSocketFactory()
                                .createSocket(over, "localhost", over.getPort(), true);
        socket.setUseClientMode(asClient);
        return socket;
    }

    private static ServerSocket listening(String host, int port) throws IOException {
        ServerSocket socket = new ServerSocket(port, 5, InetAddress.ofLiteral(host));
        socket.setSoTimeout(10_000);
        return socket;
    }

    @ParameterizedTest
    @EnumSource(value = Transport.class, names = "UDP", mode = EnumSource.Mode.EXCLUDE)
    void anAnswerGoesToTheAddressOfWhoAsked(Transport transport) throws Exception {
        int port = FreePort.next();
        try (SipEndpoint endpoint = endpoint(transport);
                ServerSocket own = listening("127.0.0.1", port);
                ServerSocket another = listening(OTHER, port)) {
            InetSocketAddress to = endpoint.listening().getFirst();
            Socket first = connect(transport, to);
            SipPeer peer = transport == Transport.TLS ? SipPeer.tls(first) : SipPeer.over(first);
            SipDialog phone = new SipDialog(peer);
            peer.send(
                    phone.invite(SipDialog.OFFER)
                            .replaceFirst("(Via: [^ ]+ )[^;]+", "$1" + OTHER + ":" + port));
            IncomingCall call = gateway.nextCall();
            peer.expect(100);
            first.close();
            Thread.sleep(GONE_MILLIS);
            call.answer(Switchboard.MEDIA, new Heard());
            try (Socket come = own.accept()) {
                SipPeer again =
                        transport == Transport.TLS
                                ? SipPeer.tls(secured(come, false))
                                : SipPeer.over(come);
                assertThat(again.expect(200).header("Call-ID")).isEqualTo(phone.callId);
            }
            another.setSoTimeout(200);
            assertThatThrownBy(another::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Whom we called refuses behind a provisional response, and is gone before our ACK. */
    @ParameterizedTest
    @EnumSource(value = Transport.class, names = "UDP", mode = EnumSource.Mode.EXCLUDE)
    void aRefusalIsToldWhateverBecomesOfItsAck(Transport transport) throws Exception {
        var goesOn = new CountDownLatch(1);
        var heard = new Heard(goesOn);
        try (SipEndpoint endpoint = endpoint(transport)) {
            ServerSocket server = listening("127.0.0.1", 0);
            endpoint.dial(
                    Bench.challenged(
                            "sip:called@127.0.0.1:%d;transport=%s"
                                    .formatted(server.getLocalPort(), transport.parameter())),
                    heard);
            Socket plain = server.accept();
            server.close();
            SipPeer called =
                    transport == Transport.TLS
                            ? SipPeer.tls(secured(plain, false))
                            : SipPeer.over(plain);
            SipMessage invite = called.expectRequest("INVITE");
            called.send(invite.response("180 Ringing", "t", "", ""));
            assertThat(heard.next()).isEqualTo("ringing");
            called.send(invite.response("486 Busy Here", "t", "", ""));
            Thread.sleep(GONE_MILLIS);
            plain.setSoLinger(true, 0);
            plain.close();
            Thread.sleep(GONE_MILLIS);
            goesOn.countDown();
            assertThat(heard.next()).isEqualTo("refused 486");
        }
    }
}
