package org.consentgateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A receiver with several addresses of which not all live, over real sockets. */
@Timeout(60)
class WebhookAddressesTest {
    private static final Poster.Response TAKEN = new Poster.Response.HttpStatus(204, 0);

    private final AtomicInteger asked = new AtomicInteger();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private int port;

    @BeforeEach
    void start() throws Exception {
        HttpServer living = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        opened.add(() -> living.stop(0));
        living.createContext(
                "/",
                exchange -> {
                    asked.incrementAndGet();
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        living.start();
        port = living.getAddress().getPort();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    /** The kernel drops what comes for a queue of connections that is full. */
    private void fallsSilent(String address) throws Exception {
        ServerSocket full = new ServerSocket(port, 1, InetAddress.getByName(address));
        opened.add(full);
        for (int i = 0; i < 4; i++) {
            Socket waiting = new Socket();
            opened.add(waiting);
            try {
                waiting.connect(full.getLocalSocketAddress(), 200);
            } catch (java.net.SocketTimeoutException e) {
                return;
            }
        }
    }

    private Poster.Response posted(Duration timeout, boolean privateToo, String... addresses)
            throws Exception {
        var endpoint =
                new Endpoint(
                        "crm",
                        URI.create("http://crm.example:" + port + "/hooks"),
                        EnumSet.allOf(EventType.class),
                        Receiver.signed(List::of),
                        "CRM",
                        new Endpoint.Reach(privateToo, List.of(), timeout, 1000));
        try (HttpPoster poster =
                new HttpPoster(
                        List.of(endpoint),
                        InstantSource.system(),
                        System::nanoTime,
                        _ -> resolved(addresses))) {
            return poster.post(
                    endpoint, WebRequest.post(endpoint, Map.of(), new byte[] {'{', '}'}));
        }
    }

    private static InetAddress[] resolved(String... addresses) throws UnknownHostException {
        var all = new ArrayList<InetAddress>();
        for (String each : addresses) {
            all.add(InetAddress.getByName(each));
        }
        return all.toArray(InetAddress[]::new);
    }

    @Test
    void whoseFirstAddressIsDeadIsToldAtTheNext() throws Exception {
        for (String dead : List.of("127.0.0.2", "::1")) {
            assertThat(posted(Duration.ofSeconds(30), true, dead, "127.0.0.1"))
                    .as(dead)
                    .isEqualTo(TAKEN);
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void whoseFirstAddressesAreSilentIsToldAtTheNextWithinTheTimeout() throws Exception {
        fallsSilent("127.0.0.3");
        fallsSilent("127.0.0.4");

        assertThat(posted(Duration.ofSeconds(3), true, "127.0.0.3", "127.0.0.4", "127.0.0.1"))
                .isEqualTo(TAKEN);
        assertThat(posted(Duration.ofSeconds(1), true, "127.0.0.3", "127.0.0.4"))
                .isEqualTo(new Poster.Response.Failed("timeout"));
    }

    @Test
    void whoWasConnectedIsToldAtNoOtherAddress() throws Exception {
        try (var hangsUp = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.5"))) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket socket = hangsUp.accept()) {
                            int _ = socket.getInputStream().read(new byte[16 * 1024]);
                        } catch (java.io.IOException e) {
                            // the other side has had enough
                        }
                    });
            assertThat(posted(Duration.ofSeconds(30), true, "127.0.0.5", "127.0.0.1"))
                    .isEqualTo(new Poster.Response.Failed("connection lost"));
        }
        assertThat(asked).hasValue(0);
    }

    @Test
    void whoIsDeadAtAllOfThemIsNotConnected() throws Exception {
        assertThat(posted(Duration.ofSeconds(30), true, "127.0.0.2", "127.0.0.6"))
                .isEqualTo(new Poster.Response.Failed("not connected"));
    }

    @Test
    void noAddressIsTriedThatIsNotAllowed() throws Exception {
        assertThat(posted(Duration.ofSeconds(1), true, "169.254.169.254", "0.0.0.0", "127.0.0.1"))
                .isEqualTo(TAKEN);
        assertThat(posted(Duration.ofSeconds(1), false, "127.0.0.1", "10.0.0.1"))
                .isEqualTo(new Poster.Response.Failed("address not allowed"));
        assertThat(asked).hasValue(1);
    }
}
