package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.consentgateway.consent.Purpose;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.report.ReportRun;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.Npm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The description and the answers, before programs that are not ours: Redocly and Spectral find
 * nothing, and Prism, between us and whoever asks, finds no request and no answer that is not as
 * described. They are large, so they are asked where {@code scripts/test app ApiStrangersTest
 * -Dapi.strangers=true} says so.
 */
@EnabledIfSystemProperty(named = "api.strangers", matches = "true")
@Timeout(600)
class ApiStrangersTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root", "../.."));
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path directory;

    private Path description() throws IOException {
        return Files.writeString(directory.resolve("openapi.yaml"), ApiServer.OPENAPI);
    }

    @Test
    void redoclyAndSpectralFindNothing() throws Exception {
        Npm npm = Npm.installed(PROJECT, "npm-openapi");
        Path rules =
                Files.writeString(directory.resolve("rules.yaml"), "extends: [\"spectral:oas\"]\n");
        String description = description().toString();
        Npm.Result redocly =
                Npm.run(
                        directory,
                        npm.command("redocly").toString(),
                        "lint",
                        description,
                        "--format=json");
        Npm.Result spectral =
                Npm.run(
                        directory,
                        npm.command("spectral").toString(),
                        "lint",
                        description,
                        "--ruleset",
                        rules.toString(),
                        "--fail-severity=hint");

        assertThat(redocly.exitCode()).as(redocly.output()).isZero();
        assertThat(redocly.output()).contains("\"errors\": 0", "\"warnings\": 0");
        assertThat(spectral.exitCode()).as(spectral.output()).isZero();
    }

    @Test
    void prismFindsEachRequestAndEachAnswerAsDescribed() throws Exception {
        Npm npm = Npm.installed(PROJECT, "npm-openapi");
        try (TestApi api = new TestApi(directory.resolve("api"), InstantSource.system(), 1000)) {
            int port = FreePort.next();
            Process prism =
                    new ProcessBuilder(
                                    npm.command("prism").toString(),
                                    "proxy",
                                    description().toString(),
                                    "http://127.0.0.1:" + api.server.port(),
                                    "--errors",
                                    "--port",
                                    Integer.toString(port))
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("prism.txt").toFile())
                            .start();
            try {
                List<String> all = asked(api, port);
                assertThat(all)
                        .as(Files.readString(directory.resolve("prism.txt")))
                        .allSatisfy(each -> assertThat(each).startsWith("2"));
                assertThat(all).hasSize(api.routes.all().size());
            } finally {
                prism.destroyForcibly();
            }
        }
    }

    /** Each route once, as it is meant. */
    private List<String> asked(TestApi api, int port) throws Exception {
        UUID consent = api.given(TestApi.NUMBER, Purpose.ASSISTANT, Purpose.REPORT).record();
        UUID call = UUID.randomUUID();
        api.running.add(call);
        api.talking.add(call);
        String callBack = api.callBack("+493011112222").toString();
        String complaint = api.complaint("+493011113333").toString();
        String key = api.key();
        String report = report(api, key);
        var client = HttpClient.newHttpClient();
        List<String> said = new ArrayList<>();
        List<ApiRoute> all = new ArrayList<>(api.routes.all());
        // Whoever is tied is found, and who is withdrawn last was there before.
        all.sort(
                java.util.Comparator.comparing(
                                (ApiRoute route) -> !route.method().name().equals("PUT"))
                        .thenComparing(ApiRoute::changes));
        for (ApiRoute route : all) {
            String id = consent.toString();
            if (route.path().startsWith("/v1/calls/")) {
                id = call.toString();
            } else if (route.path().startsWith("/v1/reports/")) {
                id = report;
            } else if (route.path().startsWith("/v1/callbacks/")) {
                id = callBack;
            } else if (route.path().startsWith("/v1/complaints/")) {
                id = complaint;
            }
            String path =
                    route.path()
                            .replace("{id}", id)
                            .replace("{reference}", "crm-1")
                            .replace("{text_sha256}", TestApi.textSha256());
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(PATIENCE)
                            .header("Authorization", "Bearer " + key)
                            .method(
                                    route.method().name(),
                                    HttpRequest.BodyPublishers.ofString(body(route)));
            if (!body(route).isEmpty()) {
                request.header("Content-Type", "application/json");
            }
            if (route.changes()) {
                request.header("Idempotency-Key", UUID.randomUUID().toString());
            }
            HttpResponse<String> answer = sent(client, request.build());
            said.add(answer.statusCode() + " " + route.action() + " " + answer.body());
        }
        return said;
    }

    /** One that was made for a customer. */
    private static String report(TestApi api, String key) throws Exception {
        InstantSource clock = InstantSource.system();
        var _ =
                api.send(
                        "PUT",
                        "/v1/subjects/crm-1",
                        key,
                        "{\"number\":\"" + TestApi.NUMBER + "\"}");
        var run = ReportRun.byEvent(api.reports, api.settings, clock, () -> {});
        YearMonth month = YearMonth.from(clock.instant().atZone(ZoneOffset.UTC)).minusMonths(1);
        assertThat(run.run(month, _ -> {})).isZero();
        return api.ledger.reader().ofType(EntryType.REPORT_DUE, 1).getFirst().id().toString();
    }

    private static String body(ApiRoute route) {
        if (route.path().equals("/v1/consents/search") || route.method().name().equals("PUT")) {
            return "{\"number\":\"+4930123456\"}";
        }
        if (route.path().endsWith("/requests")) {
            return "{\"kind\":\"ACCESS\",\"channel\":\"EMAIL\",\"by\":\"Ada\"}";
        }
        if (route.path().endsWith("/step-up")) {
            return "{\"purpose\":\"transcript\"}";
        }
        if (route.path().endsWith("/import")) {
            return """
            {"by": "Ada", "consents": [{"reference": "A-1", "number": "+4930123456",
             "source": "web", "form": "f", "given_at": "%s",
             "until": "%s", "notice": "demo", "language": "de",
             "text_sha256": "%s", "purposes": ["assistant"]}]}
            """
                    .formatted(
                            InstantSource.system().instant().minus(Duration.ofDays(1)),
                            InstantSource.system().instant().plus(Duration.ofDays(300)),
                            "ab".repeat(32));
        }
        boolean named = route.path().endsWith("/closing") || route.path().endsWith("/withdrawal");
        return named ? "{\"by\":\"Ada\"}" : "";
    }

    /** As soon as the other program listens. */
    private static HttpResponse<String> sent(HttpClient client, HttpRequest request) {
        List<HttpResponse<String>> answer = new ArrayList<>();
        await().atMost(PATIENCE)
                .ignoreException(ConnectException.class)
                .until(() -> {
                    answer.add(client.send(request, HttpResponse.BodyHandlers.ofString()));
                    return true;
                });
        return answer.getFirst();
    }
}
