package org.consentgateway.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.consentgateway.call.CallEvent;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.ledger.keys.JwsKey;
import org.consentgateway.ledger.keys.JwsKeys;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.Npm;
import org.consentgateway.web.NoCalls;
import org.consentgateway.web.Web;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sample for OpenAI's and xAI's SIP: it accepts nothing but a consent that holds. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WebhookHandlerTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root", "../.."));
    private static final Path ASSISTANTS = PROJECT.resolve("config/assistants");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] SECRET =
            "thirty-two octets that none know".getBytes(StandardCharsets.UTF_8);

    @TempDir private static Path folder;

    /** What the handler asked of the platform. */
    private static final List<String> asked = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init") // by JUnit
    private static ConsentTokens tokens;

    @SuppressWarnings("NullAway.Init") // by JUnit
    private static Web door;

    @SuppressWarnings("NullAway.Init") // by JUnit
    private static HttpServer platform;

    @SuppressWarnings("NullAway.Init") // by JUnit
    private static Process handler;

    private static int port;

    @BeforeAll
    static void start() throws Exception {
        int issuerPort = FreePort.next();
        String issuer = "http://127.0.0.1:" + issuerPort;
        tokens =
                new ConsentTokens(
                        new TokenKeys(
                                JwsKeys.open(
                                        folder.resolve("keys"), "gw1", JwsKey.Algorithm.EDDSA)),
                        new ConsentTokens.Terms(issuer, Duration.ofHours(1)),
                        InstantSource.system(),
                        new Random());
        door =
                Web.startPublic(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), issuerPort),
                        tokens,
                        new NoCalls());
        platform = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        platform.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    asked.add(exchange.getRequestURI().getPath());
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        platform.start();
        port = FreePort.next();
        handler = handler(issuer);
    }

    private static Process handler(String issuer) throws Exception {
        Npm npm = Npm.installed(PROJECT);
        Path verify = Files.createDirectory(folder.resolve("verify"));
        Path webhook = Files.createDirectory(folder.resolve("webhook"));
        npm.beside(verify, ASSISTANTS.resolve("verify/consent-verifier.mjs"));
        npm.beside(webhook, ASSISTANTS.resolve("webhook/openai-sip.mjs"));
        ProcessBuilder builder =
                new ProcessBuilder("node", "openai-sip.mjs")
                        .directory(webhook.toFile())
                        .redirectErrorStream(true);
        builder.environment()
                .putAll(
                        Map.of(
                                "ISSUER",
                                issuer,
                                "ASSISTANT",
                                "openai",
                                "WEBHOOK_SECRET",
                                "whsec_" + Base64.getEncoder().encodeToString(SECRET),
                                "API_KEY",
                                "sk-test",
                                "API",
                                "http://127.0.0.1:" + platform.getAddress().getPort(),
                                "PORT",
                                Integer.toString(port)));
        Process process = builder.start();
        var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(out.readLine()).isEqualTo("listening");
        Thread.ofVirtual().start(() -> out.lines().forEach(_ -> {}));
        return process;
    }

    @AfterAll
    static void stop() {
        handler.destroyForcibly();
        platform.stop(0);
        door.close();
    }

    private static String signature(String id, long at, String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        byte[] hash = mac.doFinal((id + "." + at + "." + body).getBytes(StandardCharsets.UTF_8));
        return "v1," + Base64.getEncoder().encodeToString(hash);
    }

    /** As OpenAI does it. */
    private static int told(String body, long at, String signature) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                                    .header("webhook-id", "msg_1")
                                    .header("webhook-timestamp", Long.toString(at))
                                    .header("webhook-signature", signature)
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
    }

    private static long now() {
        return java.time.Instant.now().getEpochSecond();
    }

    private static String event(String type, String id, List<String> headers) throws Exception {
        List<Map<String, String>> all = new ArrayList<>();
        for (int i = 0; i < headers.size(); i += 2) {
            all.add(Map.of("name", headers.get(i), "value", headers.get(i + 1)));
        }
        return JSON.writeValueAsString(
                Map.of(
                        "type",
                        type,
                        "data",
                        Map.of("call_id", id, "session_id", id, "sip_headers", all)));
    }

    private static List<String> headers(DurableGrant grant, String token) {
        return List.of(
                "From",
                "<sip:+4930123456@192.0.2.1>",
                "X-Gateway-Call-Id",
                grant.call().toString(),
                "X-Consent-Token",
                token);
    }

    private static void becomes(String type, String id, List<String> headers, String path)
            throws Exception {
        String body = event(type, id, headers);
        long at = now();
        assertThat(told(body, at, signature("msg_1", at, body))).isEqualTo(200);
        await(id)
                .atMost(Duration.ofSeconds(10))
                .until(() -> asked.stream().anyMatch(p -> p.contains("/" + id + "/")));
        assertThat(asked).contains(path).filteredOn(p -> p.contains("/" + id + "/")).hasSize(1);
    }

    private static DurableGrant grant() {
        return Grants.of(UUID.randomUUID(), Purpose.ASSISTANT);
    }

    private static String token(DurableGrant grant) {
        return tokens.issue(grant, "openai", Optional.empty()).thin();
    }

    @Test
    void onlyAConsentThatHoldsIsAcceptedAndOnlyOnce() throws Exception {
        DurableGrant grant = grant();
        List<String> right = headers(grant, token(grant));
        String realtime = "realtime.call.incoming";
        becomes(realtime, "rtc1", right, "/v1/realtime/calls/rtc1/accept");
        becomes(realtime, "rtc2", right, "/v1/realtime/calls/rtc2/reject");
        DurableGrant live = grant();
        becomes(
                "live.transport.incoming",
                "live1",
                headers(live, token(live)),
                "/v1/live/sessions/live1/accept");

        becomes(realtime, "rtc3", List.of(), "/v1/realtime/calls/rtc3/reject");
        DurableGrant other = grant();
        becomes(realtime, "rtc4", headers(other, token(grant())), "/v1/realtime/calls/rtc4/reject");
        DurableGrant twice = grant();
        List<String> doubled = new ArrayList<>(headers(twice, token(twice)));
        doubled.addAll(List.of("x-consent-token", "forged"));
        becomes(realtime, "rtc5", doubled, "/v1/realtime/calls/rtc5/reject");
        DurableGrant withdrawn = grant();
        String ended = token(withdrawn);
        tokens.told(new CallEvent.Withdrawn(Grants.facts(withdrawn.call()), "komfort", Method.KEY));
        becomes(realtime, "rtc6", headers(withdrawn, ended), "/v1/realtime/calls/rtc6/reject");
    }

    @Test
    void whatThePlatformHasNotSignedIsNotEvenRead() throws Exception {
        DurableGrant grant = grant();
        String body = event("realtime.call.incoming", "rtc9", headers(grant, token(grant)));
        long at = now();
        assertThat(told(body, at, "v1,AAAA")).isEqualTo(401);
        assertThat(told(body, at - 3600, signature("msg_1", at - 3600, body))).isEqualTo(401);
        assertThat(told(body + " ", at, signature("msg_1", at, body))).isEqualTo(401);
        TimeUnit.MILLISECONDS.sleep(200);
        assertThat(asked).noneMatch(path -> path.contains("rtc9"));
    }
}
