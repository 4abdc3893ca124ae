package org.consentgateway.sip.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.FreePort;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who shows a certificate that its authority has taken back is not let in. */
@Timeout(60)
class RevocationTest {
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");

    @TempDir static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.in(folder);
    }

    private static Revocation lists(boolean softFail, Path... lists) {
        return new Revocation(Revocation.Check.CRL, List.of(lists), Optional.empty(), softFail);
    }

    private static Revocation responder(int port, boolean softFail, Path... lists) {
        return new Revocation(
                Revocation.Check.OCSP,
                List.of(lists),
                Optional.of(URI.create("http://127.0.0.1:" + port + "/")),
                softFail);
    }

    /** Whether one with the other certificate of our authority gets through the handshake. */
    private static boolean letsIn(Revocation revocation) throws Exception {
        Tls tls =
                new Tls(
                        Optional.of(
                                new Tls.Own(
                                        certificates.certificate(Certificates.GATEWAY),
                                        certificates.key(Certificates.GATEWAY))),
                        List.of(certificates.root()),
                        false,
                        Tls.ClientCertificate.REQUIRED,
                        revocation,
                        Tls.VERSIONS);
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor();
                SSLServerSocket server =
                        (SSLServerSocket)
                                tls.context()
                                        .getServerSocketFactory()
                                        .createServerSocket(0, 1, here)) {
            server.setNeedClientAuth(true);
            Future<Boolean> let = beside.submit(() -> shakes(server.accept()));
            try (Socket client =
                    certificates
                            .context(Certificates.OTHER)
                            .getSocketFactory()
                            .createSocket(here, server.getLocalPort())) {
                tries(client);
                return let.get(30, TimeUnit.SECONDS);
            }
        }
    }

    /** Who is not let in may find the connection closed before it has read why. */
    private static void tries(Socket client) throws IOException {
        try {
            var _ = shakes(client);
        } catch (SocketException closed) {
            // the verdict is the server's
        }
    }

    private static boolean shakes(Socket socket) throws IOException {
        try {
            ((SSLSocket) socket).startHandshake();
            return true;
        } catch (SSLException refused) {
            return false;
        }
    }

    @Test
    void whoIsOnTheListIsNotLetIn() throws Exception {
        Path others = certificates.revoked("ca", Certificates.PROVIDER);
        Path ours = certificates.revoked("ca", Certificates.OTHER);
        assertThat(letsIn(Revocation.UNCHECKED)).isTrue();
        assertThat(letsIn(lists(false, others))).isTrue();
        assertThat(letsIn(lists(false, ours))).isFalse();
        assertThat(letsIn(lists(true, ours))).isFalse();
    }

    @Test
    void ofWhomNoListTellsIsLetInWhereThatIsWantedAlone() throws Exception {
        Path ofAnother = certificates.revoked("stranger", Certificates.PROVIDER);
        assertThat(letsIn(lists(false, ofAnother))).isFalse();
        assertThat(letsIn(lists(true, ofAnother))).isTrue();
    }

    @Test
    void whoTheResponderSaysIsRevokedIsNotLetIn() throws Exception {
        try (Responder good = Responder.of("V\t%s\t\t%s\tunknown\t/CN=other\n");
                Responder bad = Responder.of("R\t%s\t261101000000Z\t%s\tunknown\t/CN=other\n")) {
            assertThat(letsIn(responder(good.port, false))).isTrue();
            assertThat(letsIn(responder(bad.port, false))).isFalse();
            assertThat(letsIn(responder(bad.port, true))).isFalse();
        }
    }

    @Test
    void whereTheResponderIsSilentTheListsCount() throws Exception {
        int nobody = FreePort.next();
        Path others = certificates.revoked("ca", Certificates.PROVIDER);
        Path ours = certificates.revoked("ca", Certificates.OTHER);
        assertThat(letsIn(responder(nobody, false))).isFalse();
        assertThat(letsIn(responder(nobody, true))).isTrue();
        assertThat(letsIn(responder(nobody, false, others))).isTrue();
        assertThat(letsIn(responder(nobody, false, ours))).isFalse();
    }

    /** It takes the question, and the runtime alone would wait 15 s for the answer. */
    @Test
    void aResponderThatTakesAQuestionAndSaysNothingCountsAsOneThatCannotBeReached()
            throws Exception {
        Path others = certificates.revoked("ca", Certificates.PROVIDER);
        Path ours = certificates.revoked("ca", Certificates.OTHER);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            int port = silent.getLocalPort();
            long begun = System.nanoTime();
            assertThat(letsIn(responder(port, false))).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(10));
            assertThat(letsIn(responder(port, true))).isTrue();
            assertThat(letsIn(responder(port, false, others))).isTrue();
            assertThat(letsIn(responder(port, false, ours))).isFalse();
            assertThat(letsIn(responder(port, true, ours))).isFalse();
        }
    }

    /** OpenSSL's, with one certificate in its index. */
    private record Responder(Process process, int port) implements AutoCloseable {
        static Responder of(String line) throws Exception {
            assumeTrue(Files.isExecutable(OPENSSL), "needs OpenSSL, which answers OCSP");
            int port = FreePort.next();
            String serial =
                    certificates.serial(Certificates.OTHER).toString(16).toUpperCase(Locale.ROOT);
            Path index = folder.resolve("index-" + port + ".txt");
            Files.writeString(
                    index,
                    line.formatted(
                            "351231235959Z", serial.length() % 2 == 0 ? serial : "0" + serial));
            Process process =
                    new ProcessBuilder(
                                    OPENSSL.toString(),
                                    "ocsp",
                                    "-port",
                                    Integer.toString(port),
                                    "-index",
                                    index.toString(),
                                    "-CA",
                                    certificates.root().toString(),
                                    "-rsigner",
                                    certificates.root().toString(),
                                    "-rkey",
                                    certificates.key("ca").toString(),
                                    "-ndays",
                                    "1")
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("ocsp-" + port + ".txt").toFile())
                            .start();
            Path said = folder.resolve("ocsp-" + port + ".txt");
            for (int tries = 0; !Files.readString(said).contains("ACCEPT"); tries++) {
                assertThat(tries).as(Files.readString(said)).isLessThan(200);
                Thread.sleep(50);
            }
            return new Responder(process, port);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
