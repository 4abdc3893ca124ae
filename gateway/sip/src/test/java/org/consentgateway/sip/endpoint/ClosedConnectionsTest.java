package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.SipSettings;
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
    private SipSettings.Limits limits = Bench.LIMITS;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.in(folder);
    }

    private SipEndpoint endpoint(Transport transport) throws IOException {
        Bench.Setup setup = new Bench.Setup();
        setup.listen = List.of(Bench.at(transport, "127.0.0.1"));
        setup.limits = limits;
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

    // ------------------------------------------------------------------ many of them

    private static final int MANY = 20;

    /** Of one source, where there are few. */
    private static final int PLACES = 4;

    /** A connection that says nothing ends in ten seconds. */
    private static final int SILENT_MILLIS = 20_000;

    private static SipPeer peer(Transport transport, Socket socket) {
        return transport == Transport.TLS ? SipPeer.tls(socket) : SipPeer.over(socket);
    }

    /** Asks, and is gone before it is answered. */
    private IncomingCall asksAndCloses(Transport transport, InetSocketAddress to, int port)
            throws Exception {
        Socket first = connect(transport, to);
        SipPeer peer = peer(transport, first);
        peer.send(
                new SipDialog(peer)
                        .invite(SipDialog.OFFER)
                        .replaceFirst("(Via: [^ ]+ )[^;]+", "$1" + "127.0.0.1:" + port));
        IncomingCall call = gateway.nextCall();
        peer.expect(100);
        first.close();
        Thread.sleep(GONE_MILLIS);
        return call;
    }

    private static void hearsTheEnd(Socket connection) throws IOException {
        connection.setSoTimeout(SILENT_MILLIS);
        long _ = connection.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static long threadsOf(int port) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("sip-t(cp|ls)-" + port))
                .count();
    }

    @ParameterizedTest
    @EnumSource(value = Transport.class, names = "UDP", mode = EnumSource.Mode.EXCLUDE)
    void theAnswersToOnePortKeepNoThreadEach(Transport transport) throws Exception {
        int port = FreePort.next();
        try (SipEndpoint endpoint = endpoint(transport);
                ServerSocket own = listening("127.0.0.1", port)) {
            InetSocketAddress to = endpoint.listening().getFirst();
            asksAndCloses(transport, to, port).answer(Switchboard.MEDIA, new Heard());
            Socket come = own.accept();
            try (Socket all = transport == Transport.TLS ? secured(come, false) : come) {
                SipPeer again = peer(transport, all);
                again.expect(200);
                again.send(new SipDialog(again).request("OPTIONS", 1, "z9hG4bKkept", "", ""));
                assertThat(again.expectAnswer("OPTIONS").status()).isEqualTo(200);
                for (int i = 0; i < MANY; i++) {
                    asksAndCloses(transport, to, port).answer(Switchboard.MEDIA, new Heard());
                    again.expect(200);
                }
                await().untilAsserted(() -> assertThat(threadsOf(port)).isEqualTo(1));
            }
            await().untilAsserted(() -> assertThat(threadsOf(port)).isZero());
        }
    }

    /** No more of them than a source may have, and none for good. */
    @ParameterizedTest
    @EnumSource(value = Transport.class, names = "UDP", mode = EnumSource.Mode.EXCLUDE)
    void aConnectionForAnAnswerHasAPlaceOfItsPeerAndEnds(Transport transport) throws Exception {
        List<ServerSocket> own = new ArrayList<>();
        List<Socket> come = new ArrayList<>();
        limits =
                new SipSettings.Limits(
                        100, 10, PLACES, Duration.ofSeconds(5), Duration.ofMinutes(1), 100, 100);
        try (SipEndpoint endpoint = endpoint(transport)) {
            InetSocketAddress to = endpoint.listening().getFirst();
            for (int i = 0; i < PLACES; i++) {
                own.add(listening("127.0.0.1", 0));
                asksAndCloses(transport, to, own.getLast().getLocalPort())
                        .answer(Switchboard.MEDIA, new Heard());
                Socket next = own.getLast().accept();
                come.add(transport == Transport.TLS ? secured(next, false) : next);
                peer(transport, come.getLast()).expect(200);
            }
            assertThat(connect(Transport.TCP, to).getInputStream().read()).isNegative();
            assertThat(endpoint.counters().rejected()).containsKey(Rejection.TOO_MANY_CONNECTIONS);

            for (Socket each : come) {
                hearsTheEnd(each);
            }
            IncomingCall _ = asksAndCloses(transport, to, own.getLast().getLocalPort());
        } finally {
            for (Socket each : come) {
                each.close();
            }
            for (ServerSocket each : own) {
                each.close();
            }
        }
    }
}
