package org.consentgateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call from the page: a browser of this machine, from the page itself, once at a time. */
class TryRoutesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Placed PLACED = new Placed();

    @SuppressWarnings("NullAway.Init") // by JUnit
    private static Javalin server;

    private final List<WebSocket> opened = new ArrayList<>();

    /** What reached the telephone of one page. */
    private record Rung(String id, BrowserCalls.Page page, List<String> told)
            implements BrowserCalls.Call {
        @Override
        public void says(short[] samples) {
            told.add("says " + samples.length + " from " + samples[0]);
        }

        @Override
        public void press(char key) {
            told.add("presses " + key);
        }

        @Override
        public void hangUp() {
            if (!told.contains("hangs up")) {
                told.add("hangs up");
                page.over();
            }
        }
    }

    private static final class Placed implements BrowserCalls {
        private final List<Rung> calls = new CopyOnWriteArrayList<>();

        @Override
        public List<CalledLine> lines() {
            return List.of(new CalledLine("demo", "+4930123456", List.of("de", "en"), "ladder"));
        }

        @Override
        public Call place(String browser, CalledLine line, Page page) {
            var call = new Rung(UUID.randomUUID().toString(), page, new CopyOnWriteArrayList<>());
            calls.add(call);
            page.told(Map.of("stage", "ringing", "call", call.id()));
            page.hears(new short[160]);
            return call;
        }

        /** The one that this page has placed: its socket is open before it is. */
        Rung of(Tab page) {
            await().atMost(PATIENCE).until(() -> page.closed.isDone() || !page.texts.isEmpty());
            return calls.stream()
                    .filter(each -> page.texts.getFirst().contains(each.id()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @BeforeAll
    static void start() throws IOException {
        server =
                HttpListener.start(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                        new HttpListener.Limits(8192, 8192, 100),
                        routes -> {
                            Routes.onlyErrors(routes);
                            new TryRoutes(PLACED).into(routes);
                        });
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @AfterEach
    void leave() {
        opened.forEach(WebSocket::abort);
        PLACED.calls.forEach(call -> await().atMost(PATIENCE).until(() -> isOver(call)));
    }

    private static boolean isOver(Rung call) {
        return call.told().contains("hangs up");
    }

    private static String here() {
        return "127.0.0.1:" + server.port();
    }

    /** A page's side of its WebSocket. */
    private static final class Tab implements WebSocket.Listener {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private final List<Integer> sounds = new CopyOnWriteArrayList<>();
        private final CompletableFuture<String> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            texts.add(data.toString());
            return WebSocket.Listener.super.onText(socket, data, last);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            sounds.add(data.remaining());
            return WebSocket.Listener.super.onBinary(socket, data, last);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status + " " + reason);
            return WebSocket.Listener.super.onClose(socket, status, reason);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.complete(error.toString());
        }

        String end() throws Exception {
            return closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private WebSocket open(String cookie, Tab page) throws Exception {
        WebSocket socket =
                CLIENT.newWebSocketBuilder()
                        .header("Origin", "http://" + here())
                        .header("Cookie", cookie)
                        .buildAsync(URI.create("ws://" + here() + "/try/call?line=demo"), page)
                        .get();
        opened.add(socket);
        return socket;
    }

    private static HttpResponse<String> get() throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://" + here() + "/try")).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** As a browser that opens the page gets it. */
    private static String cookie() throws Exception {
        return get().headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
    }

    @Test
    void thePageRunsNoScriptButItsOwnAndNamesItsLines() throws Exception {
        HttpResponse<String> page = get();

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains(
                        "default-src 'none'",
                        "script-src 'self'",
                        "frame-ancestors 'none'",
                        "trusted-types 'none'")
                .doesNotContain("unsafe", "*");
        assertThat(page.headers().firstValue("Permissions-Policy")).contains("microphone=(self)");
        assertThat(page.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("HttpOnly", "SameSite=Strict", "Path=/try");
        assertThat(page.body())
                .contains("<option value=\"demo\" data-dialog=\"ladder\"")
                .doesNotContain("style=", "onclick", "https://");
    }

    @Test
    void keysAndSoundOfThePageReachTheCallAndNewsAndSoundOfTheCallThePage() throws Exception {
        var page = new Tab();
        WebSocket socket = open(cookie(), page);
        Rung call = PLACED.of(page);
        socket.sendBinary(ByteBuffer.allocate(320).put(0, (byte) 7), true).get();
        socket.sendText("here", true).get();
        socket.sendText("#", true).get();

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(call.told()).containsExactly("says 160 from 7", "presses #"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> {
                    assertThat(page.texts)
                            .singleElement()
                            .asString()
                            .contains("\"stage\":\"ringing\"");
                    assertThat(page.sounds).containsExactly(320);
                });
        socket.sendText("bye", true).get();
        assertThat(page.end()).startsWith("1000");
        assertThat(call.told()).endsWith("hangs up");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: http://127.0.0.1:1",
                "Origin: null",
                "Origin: http://HERE.evil.example",
                "Origin: http://HERE\r\nSec-Fetch-Site: cross-site",
                "Origin: http://HERE\r\nSec-Fetch-Site: same-site",
                "X-Origin: http://HERE"
            })
    void noOtherPageCalls(String header) throws Exception {
        String cookie = cookie();

        assertThat(upgrade(here(), header.replace("HERE", here()), cookie)).contains(" 403 ");
    }

    @Test
    void onlyOurPageCalls() throws Exception {
        String cookie = cookie();
        String ours = "Origin: http://" + here();

        assertThat(upgrade(here(), ours, "")).as("never saw the page").contains(" 403 ");
        assertThat(upgrade(here(), ours, "try=guess")).contains(" 403 ");
        assertThat(upgrade(here(), ours + "\r\nSec-Fetch-Site: same-origin", cookie))
                .contains(" 101 ");
    }

    /** A name that was made to lead here (DNS rebinding) is of the page's own origin. */
    @Test
    void noOtherNameOfThisMachineIsAnswered() throws Exception {
        String port = ":" + server.port();
        for (String host : List.of("evil.example" + port, "localhost.evil.example" + port, "")) {
            assertThat(request("GET /try HTTP/1.1", host, ""))
                    .as("\"%s\"", host)
                    .containsPattern(" 40[03] ");
            assertThat(upgrade(host, "Origin: http://" + host, cookie()))
                    .as("\"%s\"", host)
                    .containsPattern(" 40[03] ");
        }
        assertThat(request("GET /try HTTP/1.1", "localhost" + port, "")).contains(" 200 ");
        assertThat(request("GET /try HTTP/1.1", "[::1]" + port, "")).contains(" 200 ");
    }

    @Test
    void aBrowserHasOneCallAndAllTogetherHaveFew() throws Exception {
        String first = cookie();
        var its = new Tab();
        WebSocket one = open(first, its);
        PLACED.of(its);
        var second = new Tab();
        open(first, second);
        assertThat(second.end()).isEqualTo("1013 calls-already");

        for (int i = 1; i < CallPlaces.MOST; i++) {
            var other = new Tab();
            open(cookie(), other);
            PLACED.of(other);
        }
        var tooMany = new Tab();
        open(cookie(), tooMany);
        assertThat(tooMany.end()).isEqualTo("1013 full");

        one.sendText("bye", true).get();
        await().atMost(PATIENCE)
                .until(() -> {
                    var again = new Tab();
                    open(first, again);
                    await().atMost(PATIENCE)
                            .until(() -> again.closed.isDone() || !again.texts.isEmpty());
                    return !again.texts.isEmpty();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "12", "{}", "seventeen characters"})
    void whatIsNoKeyEndsTheCall(String text) throws Exception {
        var page = new Tab();
        WebSocket socket = open(cookie(), page);
        Rung call = PLACED.of(page);
        socket.sendText(text, true).get();

        assertThat(page.end()).doesNotStartWith("1000");
        await().atMost(PATIENCE).until(() -> isOver(call));
        assertThat(call.told()).containsExactly("hangs up");
    }

    @Test
    void whatIsNoSoundEndsTheCall() throws Exception {
        for (int octets : new int[] {0, 2, 318, 322, 100_000}) {
            var page = new Tab();
            WebSocket socket = open(cookie(), page);
            Rung call = PLACED.of(page);
            socket.sendBinary(ByteBuffer.allocate(octets), true).exceptionally(_ -> null).get();

            assertThat(page.end()).as("%d octets", octets).doesNotStartWith("1000");
            await().atMost(PATIENCE).until(() -> isOver(call));
            assertThat(call.told()).containsExactly("hangs up");
        }
    }

    /** A tab that is closed says nothing more. */
    @Test
    void aPageThatGoesHangsUp() throws Exception {
        var page = new Tab();
        WebSocket socket = open(cookie(), page);
        Rung call = PLACED.of(page);
        socket.abort();

        await().atMost(PATIENCE).until(() -> isOver(call));
    }

    private static String upgrade(String host, String header, String cookie) throws IOException {
        return request(
                "GET /try/call?line=demo HTTP/1.1",
                host,
                header
                        + "\r\nCookie: "
                        + cookie
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    }

    /** Its first line; by hand, since clients do not let the host be forged. */
    private static String request(String line, String host, String headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            String end = headers.endsWith("\r\n") || headers.isEmpty() ? "\r\n" : "\r\n\r\n";
            socket.getOutputStream()
                    .write(
                            (line + "\r\nHost: " + host + "\r\n" + headers + end)
                                    .getBytes(StandardCharsets.US_ASCII));
            StringBuilder first = new StringBuilder();
            for (int octet = socket.getInputStream().read();
                    octet != '\n' && octet >= 0;
                    octet = socket.getInputStream().read()) {
                first.append((char) octet);
            }
            return first.toString();
        }
    }
}
