package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.consentgateway.sip.certificate.Revocation;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.transport.SipSettings;
import org.consentgateway.sip.trunk.FailedHandshakes;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A responder of OCSP that takes each question and never answers, and the handshakes behind it. */
@Timeout(30)
class SilentResponderTest {
    /** Half of it is less than a responder has where nobody tells the limit. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(2);

    @TempDir static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.in(folder);
    }

    private static SipEndpoint start(ServerSocket responder, boolean softFail) throws IOException {
        Tls usual = Peers.tls(certificates, Certificates.GATEWAY, Tls.ClientCertificate.REQUIRED);
        Bench.Setup setup = new Bench.Setup();
        setup.listen = List.of(Bench.at(Transport.TLS, "127.0.0.1"));
        setup.trunks = List.of(Bench.trunk("source", "127.0.0.1"));
        setup.tls =
                Optional.of(
                        new Tls(
                                usual.own(),
                                usual.roots(),
                                false,
                                Tls.ClientCertificate.REQUIRED,
                                new Revocation(
                                        Revocation.Check.OCSP,
                                        List.of(),
                                        Optional.of(
                                                URI.create(
                                                        "http://127.0.0.1:"
                                                                + responder.getLocalPort()
                                                                + "/")),
                                        softFail),
                                Tls.VERSIONS));
        return SipEndpoint.start(
                setup.settings()
                        .with(
                                new SipSettings.Limits(
                                        100, 50, 50, HANDSHAKE, Duration.ofMinutes(1), 100, 10)),
                CallHandler.none(),
                System::nanoTime);
    }

    private static ServerSocket silent() throws IOException {
        return new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    }

    private static SSLSocket connect(SipEndpoint endpoint) throws IOException {
        return (SSLSocket)
                certificates
                        .context(Certificates.OTHER)
                        .getSocketFactory()
                        .createSocket("127.0.0.1", endpoint.listening().getFirst().getPort());
    }

    @Test
    void aHandshakeThatItHoldsUpEndsWithinItsLimit() throws Exception {
        try (ServerSocket responder = silent();
                SipEndpoint endpoint = start(responder, false);
                Socket peer = connect(endpoint)) {
            long begun = System.nanoTime();
            peer.setSoTimeout(20_000);
            assertThat(isOver(peer)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(HANDSHAKE.multipliedBy(3));
            Bench.rejects(endpoint, Rejection.REVOCATION, 1);
        }
    }

    /** Nothing else says why it does not call any more; a flood of them is none of lines. */
    @Test
    void theTrunkThatItLocksOutIsToldOfOnce() throws Exception {
        var log = (Logger) LoggerFactory.getLogger(FailedHandshakes.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        log.addAppender(lines);
        try (ServerSocket responder = silent();
                SipEndpoint endpoint = start(responder, false);
                Socket first = connect(endpoint);
                Socket second = connect(endpoint)) {
            first.setSoTimeout(20_000);
            second.setSoTimeout(20_000);
            Thread other = Thread.startVirtualThread(() -> isOver(second));
            assertThat(isOver(first)).isTrue();
            other.join();
            Bench.rejects(endpoint, Rejection.REVOCATION, 2);
            assertThat(List.copyOf(lines.list))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.getLevel()).isEqualTo(Level.WARN);
                        assertThat(line.getFormattedMessage())
                                .contains("trunk source", "sip.tls.revocation");
                    });
        } finally {
            log.detachAppender(lines);
        }
    }

    private static boolean isOver(Socket peer) {
        try {
            return peer.getInputStream().read() < 0;
        } catch (IOException refused) {
            return true;
        }
    }

    /** There is time for the rest of the handshake. */
    @Test
    void whoeverCountsWithoutItIsLetInWithinThatLimit() throws Exception {
        try (ServerSocket responder = silent();
                SipEndpoint endpoint = start(responder, true);
                SipPeer peer = SipPeer.tls(connect(endpoint))) {
            peer.send(new SipDialog(peer).request("OPTIONS", 1, "z9hG4bK-silent", "", ""));
            peer.expect(200);
        }
    }

    /**
     * Whoever holds back its certificate leaves the responder no time, and would be let in as if
     * nobody could be asked, be it revoked or not.
     */
    @Test
    void whoeverShowsItsCertificateLateIsNotLetInWithoutIt() throws Exception {
        try (ServerSocket responder = silent();
                SipEndpoint endpoint = start(responder, true);
                ServerSocket before = silent()) {
            Thread holding =
                    Thread.startVirtualThread(
                            () -> holdsBackASecondFlight(before, endpoint.listening().getFirst()));
            try (Socket peer =
                    certificates
                            .context(Certificates.OTHER)
                            .getSocketFactory()
                            .createSocket("127.0.0.1", before.getLocalPort())) {
                peer.setSoTimeout(20_000);
                assertThat(isOver(peer)).isTrue();
            }
            Bench.rejects(endpoint, Rejection.HANDSHAKE, 1);
            holding.join();
        }
    }

    /** Of the client that connects there, until less than half of the limit is left. */
    private static void holdsBackASecondFlight(ServerSocket at, InetSocketAddress gateway) {
        try (Socket client = at.accept();
                Socket on = new Socket(gateway.getAddress(), gateway.getPort())) {
            Thread back = Thread.startVirtualThread(() -> passOn(on, client));
            byte[] hello = new byte[16_384];
            int octets = client.getInputStream().read(hello);
            on.getOutputStream().write(hello, 0, octets);
            Thread.sleep(HANDSHAKE.multipliedBy(3).dividedBy(5));
            passOn(client, on);
            back.join();
        } catch (IOException | InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static void passOn(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException over) {
            // By either side.
        }
    }
}
