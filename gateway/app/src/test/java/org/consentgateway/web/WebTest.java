package org.consentgateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.consentgateway.ledger.keys.JwsKey;
import org.consentgateway.ledger.keys.JwsKeys;
import org.consentgateway.token.ConsentTokens;
import org.consentgateway.token.TokenKeys;
import org.consentgateway.web.Status.Part;
import org.consentgateway.web.Status.State;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebTest {
    private static final AtomicReference<Status> STATUS = new AtomicReference<>();
    private static final AtomicBoolean STUCK = new AtomicBoolean();
    private static final AtomicBoolean TAKING = new AtomicBoolean(true);
    private static final AtomicReference<Reloading.Outcome> OUTCOME =
            new AtomicReference<>(Reloading.Outcome.refused("broken"));
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir private static Path folder;

    @SuppressWarnings("NullAway.Init") // by JUnit
    private static Web web;

    @BeforeAll
    static void start() throws IOException {
        web =
                Web.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new Web.Operators(
                                WebTest::status,
                                STUCK::get,
                                TAKING::get,
                                accepted ->
                                        new Scraped(
                                                "text/plain; version=0.0.4",
                                                "calls 3\n" + accepted),
                                DIAGNOSIS,
                                WebTest::reloaded),
                        tokens(),
                        new Web.More(
                                Optional.empty(),
                                Optional.of(URI.create("https://console.example/?a&b")),
                                List.of("gateway.example.com")),
                        InstantSource.fixed(Instant.EPOCH));
    }

    private static Reloading.Outcome reloaded() {
        return Objects.requireNonNull(OUTCOME.get());
    }

    private static ConsentTokens tokens() throws IOException {
        return new ConsentTokens(
                new TokenKeys(JwsKeys.open(folder, "test", JwsKey.Algorithm.EDDSA)),
                new ConsentTokens.Terms("https://gw.example.com", Duration.ofHours(1)),
                InstantSource.system(),
                new SecureRandom());
    }

    private static final String CALL = "01a21261-f2d9-7b51-ab3b-fad3bfda7035";

    private static final Diagnosis DIAGNOSIS =
            new Diagnosis() {
                @Override
                public List<Peer> peers() {
                    CallCounts calls =
                            new CallCounts(Map.of(200, 3L), Map.of("load", 1L), 0.75, 0.75, 0.25);
                    Server server = new Server("udp:192.0.2.7:5060", "up", 200, 12.5);
                    return List.of(
                            new Peer(
                                    "trunk",
                                    "provider",
                                    null,
                                    "up",
                                    null,
                                    null,
                                    new Registration(false, 403, 2),
                                    List.of(server),
                                    calls,
                                    calls));
                }

                @Override
                public List<Peer> probe(String name) {
                    return peers().stream().filter(peer -> peer.name().equals(name)).toList();
                }

                @Override
                public List<PastCall> lastCalls() {
                    return List.of(
                            new PastCall(
                                    Instant.parse("2026-11-28T06:07:08Z"),
                                    UUID.fromString(CALL),
                                    "provider",
                                    "<demo>",
                                    "assisted",
                                    31.25));
                }

                @Override
                public List<Step> trace(UUID call) {
                    return call.toString().equals(CALL)
                            ? List.of(
                                    new Step(
                                            "2026-11-25T10:00:00Z",
                                            1,
                                            false,
                                            "192.0.2.7:5060",
                                            "INVITE sdp"))
                            : List.of();
                }
            };

    @Test
    void anOperatorSeesPeersAndTheMessagesOfACall() throws Exception {
        STATUS.set(status(new Part("sip", State.READY, "takes calls")));
        assertThat(get("/peers").body())
                .contains("\"name\":\"provider\"", "\"status\":403", "\"200\":3", "12.5");
        assertThat(get("/calls/" + CALL + "/trace").body()).contains("INVITE sdp");
        assertThat(get("/calls/" + new UUID(1, 2) + "/trace").statusCode()).isEqualTo(404);
        assertThat(get("/calls/seventeen/trace").statusCode()).isEqualTo(404);
        assertThat(get("/peers/provider/probe").statusCode())
                .as("it sends something")
                .isEqualTo(405);
        assertThat(post("/peers/provider/probe").body()).contains("provider");
        assertThat(post("/peers/nobody/probe").statusCode()).isEqualTo(404);
    }

    /** As a browser asks that was sent here by somebody else's name, or by somebody else's page. */
    @Test
    void aPageOfAnotherNameSeesNothingAndSendsNothing() throws Exception {
        STATUS.set(status(new Part("sip", State.READY, "takes calls")));
        for (String path : List.of("/", "/peers", "/calls/" + CALL + "/trace")) {
            assertThat(asked("GET " + path, "evil.example")).as(path).startsWith("HTTP/1.1 421 ");
            assertThat(asked("GET " + path, "127.0.0.1.evil.example"))
                    .as(path)
                    .startsWith("HTTP/1.1 421 ");
            for (String ours :
                    List.of(
                            "localhost:8080",
                            "192.0.2.7:8080",
                            "[::1]:8080",
                            "gw-1",
                            "gateway.example.com:443")) {
                assertThat(asked("GET " + path, ours)).as(ours).startsWith("HTTP/1.1 200 ");
            }
        }
        assertThat(asked("POST /peers/provider/probe", "evil.example"))
                .startsWith("HTTP/1.1 421 ")
                .contains("web.hosts");
        assertThat(asked("POST /peers/provider/probe", "localhost\r\nOrigin: http://evil.example"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(asked("GET /metrics", "prometheus.example")).startsWith("HTTP/1.1 200 ");
    }

    private static String asked(String what, String host) throws IOException {
        return raw(what + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), web.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Each sends a message to a provider. */
    @Test
    void probesOfOneAddressHaveARate() throws Exception {
        Web.More nothing = Web.More.NOTHING;
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        try (Web own =
                Web.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new Web.Operators(
                                WebTest::status,
                                STUCK::get,
                                TAKING::get,
                                _ -> new Scraped("text/plain", ""),
                                DIAGNOSIS,
                                WebTest::reloaded),
                        tokens(),
                        nothing,
                        now::get)) {
            for (int i = 0; i < 10; i++) {
                assertThat(probe(own).statusCode()).isEqualTo(200);
            }
            assertThat(probe(own).statusCode()).isEqualTo(429);
            assertThat(probe(own).headers().firstValue("Retry-After")).contains("2");
            now.set(Instant.EPOCH.plusSeconds(2));
            assertThat(probe(own).statusCode()).isEqualTo(200);
            assertThat(probe(own).statusCode()).isEqualTo(429);
        }
    }

    private static HttpResponse<String> probe(Web of) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + of.port() + "/peers/provider/probe");
        return CLIENT.send(
                HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aHeadOrABodyThatIsTooLongIsRefusedPlainly() throws Exception {
        assertThat(asked("GET /health/live", "localhost\r\nX-Long: " + "x".repeat(9_000)))
                .startsWith("HTTP/1.1 431 ");
        assertThat(asked("GET /health/live", "localhost" + "\r\nX: 1".repeat(2_000)))
                .startsWith("HTTP/1.1 431 ");
    }

    private static HttpResponse<String> post(String path) throws Exception {
        return CLIENT.send(
                request(path).POST(HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @BeforeEach
    void allIsWell() {
        STATUS.set(
                status(
                        new Part("sip", State.READY, "udp:0.0.0.0:5060"),
                        new Part("store", State.READY, "sqlite")));
    }

    @Test
    void aReadyNodeSaysSoWithItsParts() throws Exception {
        HttpResponse<String> response = get("/health/ready");

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode body = new ObjectMapper().readTree(response.body());
        assertThat(body.path("status").asText()).isEqualTo("ready");
        assertThat(body.path("parts").path(1).path("name").asText()).isEqualTo("store");
        assertThat(body.path("active-calls").asInt()).isEqualTo(12);
    }

    @Test
    void aNodeThatHearsKeysOnlyStillTakesCalls() throws Exception {
        STATUS.set(status(new Part("speech de", State.LIMITED, "keys only: no model")));

        HttpResponse<String> response = get("/health/ready");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"status\":\"limited\"", "keys only: no model");
    }

    @Test
    void aNodeWithoutItsStoreIsLiveButNotReady() throws Exception {
        STATUS.set(status(new Part("store", State.DOWN, "disk full")));

        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/takes-calls").statusCode()).as("by a human").isEqualTo(200);
        assertThat(get("/").body())
                .contains("Calls are taken, without consent: all reach a human")
                .doesNotContain("No calls are taken")
                .contains("disk full");
    }

    /** All else is asked as ever. */
    @Test
    void whereSomeTextsMayNotBeSpokenNotAllReachAHuman() throws Exception {
        Part texts = new Part("texts", State.DOWN, "de 3 was spoken otherwise");
        STATUS.set(status(new Part("sip", State.READY, "takes calls"), texts));
        assertThat(get("/").body())
                .contains("Calls are taken; to some texts no consent is recorded")
                .doesNotContain("all reach a human");

        STATUS.set(status(texts, new Part("store", State.DOWN, "disk full")));
        assertThat(get("/").body()).contains("all reach a human");
        STATUS.set(status(texts, new Part("sip", State.DOWN, "starting")));
        assertThat(get("/").body()).contains("No calls are taken");
    }

    /**
     * Not even what hangs with a disk: whoever asks sends callers to nobody if it does not come.
     */
    @Test
    void whetherCallsAreTakenIsAnsweredWithoutAskingTheParts() throws Exception {
        STATUS.set(null);

        assertThat(get("/health/takes-calls").body()).isEqualTo("{\"status\":\"takes calls\"}");
    }

    @Test
    void aNodeThatStartsOrDrainsTakesNoCalls() throws Exception {
        STATUS.set(status(new Part("sip", State.DOWN, "draining: running calls end")));
        TAKING.set(false);
        try {
            assertThat(get("/health/takes-calls").statusCode()).isEqualTo(503);
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
            assertThat(get("/").body())
                    .contains("No calls are taken")
                    .doesNotContain("without consent");
        } finally {
            TAKING.set(true);
        }
    }

    @Test
    void aNodeThatReadsNoMessagesAnyMoreIsToBeStartedAgain() throws Exception {
        STATUS.set(status(new Part("sip", State.STUCK, "one keeps the parser")));
        STUCK.set(true);
        try {
            assertThat(get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(get("/health/live").statusCode()).isEqualTo(503);
            assertThat(get("/health/takes-calls").statusCode()).isEqualTo(503);
            assertThat(get("/health/live").body()).contains("\"status\":\"stuck\"");
            assertThat(get("/").body()).contains("No calls are taken: restart");
        } finally {
            STUCK.set(false);
        }
    }

    /** As monitors and load balancers ask: a node that takes no calls must not look well. */
    @Test
    void whoAsksByHeadIsToldTheSameWithoutABody() throws Exception {
        assertHeadSaysWhatGetSays(200, "/health/takes-calls", "/health/live", "/metrics", "/");
        STATUS.set(status(new Part("sip", State.STUCK, "one keeps the parser")));
        STUCK.set(true);
        TAKING.set(false);
        try {
            assertHeadSaysWhatGetSays(503, "/health/takes-calls", "/health/live", "/health/ready");
        } finally {
            STUCK.set(false);
            TAKING.set(true);
        }
        assertHeadSaysWhatGetSays(404, "/s/none/1", "/calls/none/trace", "/nothing");
        assertThat(send(request("/reload").method("HEAD", NO_BODY)).statusCode()).isEqualTo(405);
    }

    private static final HttpRequest.BodyPublisher NO_BODY = HttpRequest.BodyPublishers.noBody();

    private static void assertHeadSaysWhatGetSays(int status, String... paths) throws Exception {
        for (String path : paths) {
            HttpResponse<String> got = get(path);
            HttpResponse<String> head = send(request(path).method("HEAD", NO_BODY));
            assertThat(got.statusCode()).as(path).isEqualTo(status);
            assertThat(head.statusCode()).as("HEAD " + path).isEqualTo(status);
            assertThat(head.headers().firstValue("Content-Type"))
                    .isEqualTo(got.headers().firstValue("Content-Type"));
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void thePageShowsCallsAndDecisions() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
        assertThat(page.body())
                .contains("<h1>Calls are taken</h1>")
                .contains("<strong>12</strong> of 400")
                .containsPattern("given</th><td>3</td>.*<rect width=\"100%\"")
                .containsPattern("refused</th><td>1</td>.*<rect width=\"33%\"")
                .containsPattern("unanswered</th><td>0</td>.*<rect width=\"0%\"")
                .doesNotContain("{")
                .doesNotContain("<script");
        assertThat(get("/status.css").body()).contains("prefers-color-scheme: dark");
    }

    @Test
    void thePageSpeaksGermanToWhoWishesItAndLeadsToTheConsole() throws Exception {
        STATUS.set(status(new Part("sip", State.READY, "takes calls")));
        String german =
                send(request("/").header("Accept-Language", "de-DE,de;q=0.9,en;q=0.8")).body();

        assertThat(german)
                .contains("<html lang=\"de\">", "<h1>Anrufe werden angenommen</h1>")
                .contains("<strong>12</strong> von 400", ">zugestimmt</th>", ">Anschluss</td>")
                .contains("<a href=\"https://console.example/?a&amp;b\">Konsole")
                .doesNotContain("{");
        assertThat(send(request("/").header("Accept-Language", "fr,en;q=0.5")).body())
                .contains("<html lang=\"en\">", ">Console for those who answer for it</a>");
    }

    @Test
    void whatAPartSaysIsTextNeverMarkup() throws Exception {
        STATUS.set(status(new Part("store", State.DOWN, "<b onclick=\"x\">&")));

        assertThat(get("/").body()).contains("&lt;b onclick=&quot;x&quot;&gt;&amp;");
    }

    @Test
    void metricsAreInTheFormPrometheusAskedFor() throws Exception {
        HttpResponse<String> metrics =
                send(request("/metrics").header("Accept", "application/openmetrics-text"));

        assertThat(metrics.body()).isEqualTo("calls 3\napplication/openmetrics-text");
        assertThat(metrics.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
    }

    @Test
    void everyAnswerIsGuardedAndSaysNothingOfItsMaker() throws Exception {
        for (String path : List.of("/", "/metrics", "/health/live", "/nothing", "/%2e%2e/etc")) {
            HttpResponse<String> response = get(path);
            assertThat(response.headers().map()).as(path).doesNotContainKeys("server");
            assertThat(response.body().toLowerCase(java.util.Locale.ROOT))
                    .as(path)
                    .doesNotContain("jetty")
                    .doesNotContain("javalin");
        }
        assertThat(get("/nothing").headers().map())
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .containsEntry("x-frame-options", List.of("DENY"))
                .containsKey("content-security-policy");
    }

    @Test
    void anUnknownPathIsAProblemInJson() throws Exception {
        HttpResponse<String> response = get("/wp-login.php");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("application/problem+json; charset=utf-8");
        assertThat(new ObjectMapper().readTree(response.body()).path("title").asText())
                .isEqualTo("Not Found");
    }

    /**
     * A connection that is closed with something unread is reset, and the answer may go with it
     * (RFC 9112 §9.6).
     */
    @Test
    void nobodyCanPostAnything() throws Exception {
        HttpResponse<String> response =
                await().ignoreException(IOException.class)
                        .until(
                                () ->
                                        send(
                                                request("/health/live")
                                                        .POST(
                                                                HttpRequest.BodyPublishers.ofString(
                                                                        "x".repeat(100_000)))),
                                Objects::nonNull);

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.body()).contains("\"title\":\"Method Not Allowed\"");
    }

    @Test
    void aStatusThatCannotBeReadIsAProblemWithoutAStackTrace() throws Exception {
        STATUS.set(null);

        HttpResponse<String> response = get("/health/ready");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("Server Error").doesNotContain("Exception");
    }

    @Test
    void whatIsNoHttpGetsABareRefusal() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), web.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write("INVITE sip:x SIP/2.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(answer).startsWith("HTTP/1.1 505 ").doesNotContainIgnoringCase("jetty");
        }
    }

    @Test
    void thePageShowsWhomWeKnowAndTheLastCalls() throws Exception {
        STATUS.set(status(new Part("sip", State.READY, "takes calls")));
        assertThat(get("/").body())
                .contains("Consent gateway (not packaged)")
                .contains("<th scope=\"row\">provider</th><td>trunk</td>")
                .contains("not registered, 403")
                .contains("<a href=\"/calls/" + CALL + "/trace\">06:07:08</a>")
                .contains("<td>&lt;demo&gt;</td><td>assisted</td><td>31.3 s</td>");
    }

    @Test
    void noBrowserCallsWhereNoneMay() throws Exception {
        STATUS.set(status(new Part("sip", State.READY, "takes calls")));
        assertThat(get("/try").statusCode()).isEqualTo(404);
        assertThat(get("/").body()).doesNotContain("/try");
    }

    @Test
    void aTakenPortIsToldPlainly() {
        InetSocketAddress taken =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), web.port());

        assertThatThrownBy(() ->
                        Web.start(
                                taken,
                                new Web.Operators(
                                        WebTest::status,
                                        STUCK::get,
                                        TAKING::get,
                                        _ -> new Scraped("text/plain", ""),
                                        DIAGNOSIS,
                                        WebTest::reloaded),
                                tokens(),
                                Web.More.NOTHING,
                                InstantSource.system()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("HTTP cannot listen on")
                .hasMessageContaining(Integer.toString(web.port()));
    }

    @Test
    void theDoorForAssistantsHasKeysAndStatusAndNothingElse() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Web door = Web.startPublic(any, tokens(), new NoCalls())) {
            HttpResponse<String> keys = get(door, "/.well-known/jwks.json");
            assertThat(keys.statusCode()).isEqualTo(200);
            assertThat(keys.headers().firstValue("Content-Type"))
                    .contains("application/jwk-set+json");
            assertThat(keys.headers().firstValue("Cache-Control")).contains("public, max-age=300");
            assertThat(keys.body()).contains("\"kty\":\"OKP\"").doesNotContain("\"d\"");
            for (String path : List.of("/", "/metrics", "/health/ready", "/peers", "/s/none")) {
                assertThat(get(door, path).statusCode()).as(path).isEqualTo(404);
            }
        }
        assertThat(get(web, "/.well-known/jwks.json").statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyInPartsIsRefusedAtBothDoors() throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Web door = Web.startPublic(any, tokens(), new NoCalls())) {
            String call = "/2010-04-01/Accounts/AC1/Calls/CA1";
            assertThat(UnfinishedForm.to(door.port(), call).answer()).startsWith("HTTP/1.1 415 ");
        }
        assertThat(UnfinishedForm.to(web.port(), "/reload").answer()).startsWith("HTTP/1.1 415 ");
    }

    @Test
    void theConfigurationIsReadAgainForThisMachineAlone() throws Exception {
        assertThat(reload().body())
                .isEqualTo("{\"done\":false,\"refusal\":\"broken\",\"changed\":[],\"restart\":[]}");
        OUTCOME.set(new Reloading.Outcome("", List.of("trunks b (new)"), List.of("node.id")));
        assertThat(reload().body())
                .isEqualTo(
                        "{\"done\":true,\"refusal\":\"\",\"changed\":[\"trunks b (new)\"],"
                                + "\"restart\":[\"node.id\"]}");
        assertThat(reload("X-Forwarded-For", "192.0.2.1").statusCode()).isEqualTo(403);
        assertThat(reload("Origin", "https://evil.example").statusCode()).isEqualTo(403);
        assertThat(reload("Sec-Fetch-Site", "same-origin").statusCode()).isEqualTo(403);
        assertThat(get(web, "/reload").statusCode()).isNotEqualTo(200);
    }

    private static HttpResponse<String> reload(String... header) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + "/reload"))
                        .POST(HttpRequest.BodyPublishers.noBody());
        if (header.length > 0) {
            request.headers(header);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(Web from, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + from.port() + path);
        return CLIENT.send(
                HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Status status() {
        Status status = STATUS.get();
        if (status == null) {
            throw new IllegalStateException("broken on purpose");
        }
        return status;
    }

    private static Status status(Part... parts) {
        Map<String, Long> decisions = new LinkedHashMap<>();
        decisions.put("given", 3L);
        decisions.put("refused", 1L);
        decisions.put("unanswered", 0L);
        return new Status("test", List.of(parts), 12, 400, decisions, Instant.EPOCH);
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + path));
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
