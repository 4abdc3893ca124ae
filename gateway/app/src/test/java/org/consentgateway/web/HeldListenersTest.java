package org.consentgateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntFunction;
import org.consentgateway.announce.AnnouncementServer;
import org.consentgateway.ledger.keys.JwsKey;
import org.consentgateway.ledger.keys.JwsKeys;
import org.consentgateway.token.ConsentTokens;
import org.consentgateway.token.TokenKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Strangers who open more connections than a listener has places, and what others get then. */
@Timeout(60)
class HeldListenersTest {
    private static final int MANY = 300;
    private static final String STRANGER = "127.0.0.66";
    private static final String HONEST = "127.0.0.7";
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    @TempDir private Path folder;

    private final List<Socket> held = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // by JUnit
    private Web web;

    @SuppressWarnings("NullAway.Init") // by JUnit
    private Web tokens;

    @SuppressWarnings("NullAway.Init") // by JUnit
    private AnnouncementServer nodes;

    @BeforeEach
    void start() throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        ConsentTokens signed =
                new ConsentTokens(
                        new TokenKeys(JwsKeys.open(folder, "test", JwsKey.Algorithm.EDDSA)),
                        new ConsentTokens.Terms("https://gw.example.com", Duration.ofHours(1)),
                        InstantSource.system(),
                        new SecureRandom());
        Status status = new Status("test", List.of(), 0, 400, Map.of(), Instant.EPOCH);
        web =
                Web.start(
                        anyPort,
                        new Web.Operators(
                                () -> status,
                                () -> false,
                                () -> true,
                                _ -> new Scraped("text/plain", "calls 3\n"),
                                new NothingKnown(),
                                () -> Reloading.Outcome.refused("broken")),
                        signed,
                        Web.More.NOTHING,
                        InstantSource.fixed(Instant.EPOCH));
        tokens = Web.startPublic(anyPort, signed, new NoCalls());
        nodes = AnnouncementServer.start(anyPort, Optional::of);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket each : held) {
            each.close();
        }
        web.close();
        tokens.close();
        nodes.close();
    }

    private List<Integer> ports() {
        return List.of(web.port(), tokens.port(), nodes.port());
    }

    /** All doors are held, by so many connections each; what is said over each to begin with. */
    private void hold(IntFunction<String> source, String said) throws IOException {
        for (int port : ports()) {
            for (int i = 0; i < MANY; i++) {
                Socket socket = new Socket();
                held.add(socket);
                socket.bind(new InetSocketAddress(source.apply(i), 0));
                socket.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
                try {
                    socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
                } catch (SocketException closed) {
                    // for another one
                }
            }
        }
    }

    private static HttpResponse<String> ask(String from, int port, String path, String body)
            throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .localAddress(InetAddress.ofLiteral(from))
                        .connectTimeout(AT_ONCE)
                        .build()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(AT_ONCE);
            return client.send(
                    (body.isEmpty()
                                    ? request.GET()
                                    : request.POST(HttpRequest.BodyPublishers.ofString(body)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private void allDoorsAnswer(String from) throws Exception {
        assertThat(ask(from, web.port(), "/health/live", "").statusCode()).isEqualTo(200);
        assertThat(ask(from, web.port(), "/health/ready", "").statusCode()).isEqualTo(200);
        assertThat(ask(from, web.port(), "/metrics", "").body()).isEqualTo("calls 3\n");
        assertThat(ask(from, tokens.port(), "/.well-known/jwks.json", "").body())
                .contains("\"keys\"");
        assertThat(ask(from, nodes.port(), "/endings", "sealed").body()).isEqualTo("sealed");
    }

    @Test
    void whoOpensAndSaysNothingKeepsNobodyFromAnyDoor() throws Exception {
        hold(_ -> STRANGER, "");
        allDoorsAnswer(HONEST);
        allDoorsAnswer(STRANGER);
    }

    @Test
    void norDoManyThatDoSo() throws Exception {
        hold(i -> "127.0.1." + (1 + i % 250), "");
        allDoorsAnswer(HONEST);
    }

    /** The head is whole, and its body does not come. */
    @Test
    void whoseRequestsNeverEndGivesWay() throws Exception {
        hold(
                _ -> STRANGER,
                "POST /endings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\nx");
        allDoorsAnswer(HONEST);
    }

    /** Whoever asks now and then keeps the connection beside any number that ask nothing. */
    @Test
    void aConnectionThatHasAskedIsNotGivenForSilentOnes() throws Exception {
        Socket socket = new Socket();
        held.add(socket);
        socket.bind(new InetSocketAddress(HONEST, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), web.port()));
        socket.setSoTimeout(10_000);
        asksOver(socket);
        hold(_ -> STRANGER, "");
        asksOver(socket);
    }

    private static void asksOver(Socket socket) throws IOException {
        socket.getOutputStream()
                .write(
                        "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        byte[] some = new byte[4_096];
        StringBuilder said = new StringBuilder();
        while (said.indexOf("live\"}") < 0) {
            int count = socket.getInputStream().read(some);
            assertThat(count).as("closed behind " + said).isPositive();
            said.append(new String(some, 0, count, StandardCharsets.US_ASCII));
        }
        assertThat(said).startsWith("HTTP/1.1 200 ");
    }

    /** No more than it has places for, the one that came last among them. */
    @Test
    void aListenerKeepsNoMoreConnectionsThanItHasPlaces() throws Exception {
        hold(_ -> STRANGER, "");
        List<Socket> ofNodes = held.subList(2 * MANY, 3 * MANY);
        await().atMost(Duration.ofSeconds(4))
                .until(() -> ofNodes.stream().filter(HeldListenersTest::isOpen).count() <= 50);
        assertThat(isOpen(ofNodes.getLast())).isTrue();
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException silent) {
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private record NothingKnown() implements Diagnosis {
        @Override
        public List<Peer> peers() {
            return List.of();
        }

        @Override
        public List<Peer> probe(String name) {
            return List.of();
        }

        @Override
        public List<PastCall> lastCalls() {
            return List.of();
        }

        @Override
        public List<Step> trace(UUID call) {
            return List.of();
        }
    }
}
