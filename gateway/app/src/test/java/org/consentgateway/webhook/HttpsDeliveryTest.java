package org.consentgateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.consentgateway.testkit.Certificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who shows another certificate than that of the receiver is told nothing, over real TLS. */
@Timeout(60)
class HttpsDeliveryTest {
    private static final byte[] BODY = "{\"grüße\":1}".getBytes(StandardCharsets.UTF_8);
    private static final ConcurrentLinkedQueue<String> TOLD = new ConcurrentLinkedQueue<>();

    @TempDir private static Path folder;
    private static Certificates certificates;
    private static HttpsServer right;
    private static HttpsServer otherName;
    private static HttpsServer unsigned;

    @BeforeAll
    static void start() throws Exception {
        certificates = Certificates.in(folder);
        right = server(Certificates.GATEWAY);
        otherName = server(Certificates.OTHER);
        unsigned = server(Certificates.STRANGER);
    }

    private static HttpsServer server(String certificate) throws Exception {
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificates.context(certificate)));
        server.createContext(
                "/hooks",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    TOLD.add(
                            exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("webhook-id")
                                    + " "
                                    + new String(body, StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        server.start();
        return server;
    }

    @AfterAll
    static void stop() {
        List.of(right, otherName, unsigned).forEach(each -> each.stop(0));
    }

    @AfterEach
    void forget() {
        TOLD.clear();
    }

    private static Endpoint endpoint(HttpsServer server, String host, List<Path> roots) {
        return new Endpoint(
                "crm",
                URI.create(
                        "https://%s:%d/hooks?a=b".formatted(host, server.getAddress().getPort())),
                EnumSet.allOf(EventType.class),
                Receiver.signed(List::of),
                "CRM",
                new Endpoint.Reach(true, roots, Duration.ofSeconds(30), 1000));
    }

    private static Poster.Response posted(Endpoint endpoint) throws Exception {
        try (HttpPoster poster =
                new HttpPoster(List.of(endpoint), InstantSource.system(), System::nanoTime)) {
            return poster.post(
                    endpoint, WebRequest.post(endpoint, Map.of("webhook-id", "1"), BODY));
        }
    }

    private static List<Path> authority() {
        return List.of(certificates.root());
    }

    @Test
    void whoIsSignedByTheAuthorityIsToldUnderEachOfItsNames() throws Exception {
        for (String host : List.of("localhost", "127.0.0.1")) {
            assertThat(posted(endpoint(right, host, authority())))
                    .isEqualTo(new Poster.Response.HttpStatus(204, 0));
        }
        assertThat(TOLD)
                .containsExactly("/hooks?a=b 1 {\"grüße\":1}", "/hooks?a=b 1 {\"grüße\":1}");
    }

    @Test
    void whoIsSignedForAnotherNameIsToldNothing() throws Exception {
        assertThat(posted(endpoint(otherName, "localhost", authority())))
                .isEqualTo(new Poster.Response.Failed("TLS failed"));
        assertThat(posted(endpoint(otherName, "127.0.0.1", authority())))
                .isEqualTo(new Poster.Response.Failed("TLS failed"));
        assertThat(TOLD).isEmpty();
    }

    @Test
    void whoIsSignedByNobodyIsToldNothing() throws Exception {
        assertThat(posted(endpoint(unsigned, "localhost", authority())))
                .isEqualTo(new Poster.Response.Failed("TLS failed"));
        assertThat(TOLD).isEmpty();
    }

    @Test
    void withoutRootsOnlyTheAuthoritiesOfTheRuntimeAreBelieved() throws Exception {
        assertThat(posted(endpoint(right, "localhost", List.of())))
                .isEqualTo(new Poster.Response.Failed("TLS failed"));
        assertThat(TOLD).isEmpty();
    }

    @Test
    void whoSpeaksNoTlsIsToldNothing() throws Exception {
        try (var plain = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (var socket = plain.accept()) {
                            int first = socket.getInputStream().read();
                            TOLD.add(first == 0x16 ? "" : "not the beginning of a handshake");
                            socket.getOutputStream()
                                    .write(
                                            "HTTP/1.1 204 No Content\r\n\r\n"
                                                    .getBytes(StandardCharsets.US_ASCII));
                        } catch (java.io.IOException e) {
                            // the other side has had enough
                        }
                    });
            Endpoint there =
                    new Endpoint(
                            "crm",
                            URI.create("https://localhost:" + plain.getLocalPort() + "/hooks"),
                            EnumSet.allOf(EventType.class),
                            Receiver.signed(List::of),
                            "CRM",
                            new Endpoint.Reach(true, authority(), Duration.ofSeconds(30), 1000));
            assertThat(posted(there)).isEqualTo(new Poster.Response.Failed("TLS failed"));
        }
        assertThat(TOLD).containsExactly("");
    }
}
