package org.consentgateway.sip.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.core.net.NetworkLayer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.consentgateway.testkit.Certificates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A connection ends, and before the thread that has read it has cleared away behind it, its channel
 * has another to the same address and port.
 */
@Timeout(30)
final class ReplacedConnectionsTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir static Path folder;

    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = Certificates.in(folder);
    }

    /** Over a channel of either kind. */
    private interface Sending {
        void send(byte[] message) throws IOException;
    }

    @Test
    void whoReadTheOneThatEndedLeavesTheOtherAloneOverTcp() throws Exception {
        try (var server = new ServerSocket(0, 5, HERE)) {
            int port = server.getLocalPort();
            BareStack stack = BareStack.of("");
            var processor = new TcpProcessor(HERE, stack, 0);
            var channel = new TcpChannel(new Socket(HERE, port), stack, processor);
            goesOn(server, channel, each -> channel.sendMessage(each, HERE, port, false));
        }
    }

    @Test
    void whoReadTheOneThatEndedLeavesTheOtherAloneOverTls() throws Exception {
        SSLContext theirs = certificates.context(Certificates.GATEWAY);
        SSLContext ours = certificates.context(Certificates.OTHER);
        String suites = String.join(" ", ours.getDefaultSSLParameters().getCipherSuites());
        try (var server = theirs.getServerSocketFactory().createServerSocket(0, 5, HERE)) {
            int port = server.getLocalPort();
            BareStack stack = BareStack.over(connecting(ours), suites);
            var processor = new TlsProcessor(HERE, stack, 0);
            Socket first = ours.getSocketFactory().createSocket(HERE, port);
            var channel = new TlsChannel(first, stack, processor);
            goesOn(server, channel, each -> channel.sendMessage(each, HERE, port, false));
        }
    }

    /** Makes connections by TLS, and none other. */
    private static NetworkLayer connecting(SSLContext context) {
        return (NetworkLayer)
                Proxy.newProxyInstance(
                        NetworkLayer.class.getClassLoader(),
                        new Class<?>[] {NetworkLayer.class},
                        (_, method, to) -> {
                            assertThat(method.getName()).isEqualTo("createSSLSocket");
                            return context.getSocketFactory()
                                    .createSocket((InetAddress) to[0], (int) to[1]);
                        });
    }

    /**
     * The first connection ends while this test has the lock of the channel, without which nothing
     * is cleared away.
     */
    private static void goesOn(ServerSocket server, Object channel, Sending sending)
            throws Exception {
        var heard = new FutureTask<>(() -> closesTheFirst(server));
        Thread reader;
        synchronized (channel) {
            reader = reading(server.getLocalPort());
            Thread.ofPlatform().daemon().start(heard);
            sending.send(octets("one"));
        }
        assertThat(reader.join(PATIENCE)).isTrue();
        sending.send(octets("two"));
        assertThat(heard.get()).isEqualTo("onetwo");
    }

    private static Thread reading(int port) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("sip-t(cp|ls)-" + port))
                .findFirst()
                .orElseThrow();
    }

    /** What then comes over the second. */
    private static String closesTheFirst(ServerSocket server) throws IOException {
        try (Socket first = server.accept()) {
            if (first instanceof SSLSocket tls) {
                tls.startHandshake();
            }
        }
        try (Socket second = server.accept()) {
            second.setSoTimeout((int) PATIENCE.toMillis());
            return new String(second.getInputStream().readNBytes(6), StandardCharsets.US_ASCII);
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
