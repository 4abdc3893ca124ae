package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.metrics.ShippedMonitoring;
import org.consentgateway.metrics.ShippedMonitoring.Rule;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus with what is shipped for it, beside a gateway that has calls. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Nightly(
        "30 s of a real Prometheus; ShippedMonitoringTest knows each metric of each rule in each"
                + " run")
class PrometheusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL.withSpeech(), PrometheusTest::withAllThatIsWatched);

    /** That of the shipped example. */
    private static final String WITNESS =
            "witness.example/w1+c3cc82e8+BJk/V1Q43HoiLm9tjbH0PpLeXFLanaiN2Ggre76Ozne8";

    @TempDir static Path tiles;

    @TempDir Path folder;

    private int port;

    /**
     * A carrier that wants a registration, a socket, a webhook, a witness and published files: each
     * has meters of its own.
     */
    private static String withAllThatIsWatched(String yaml) {
        return """
        webhooks:
          endpoints:
            - name: crm
              url: http://127.0.0.1:1/hooks
              private-addresses: true
              secret: whsec_YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBvY3RldHMsIHNv
        """
                + yaml.replace(
                                "trunks:\n",
                                """
                                trunks:
                                  - name: carrier
                                    sources: ["127.0.0.8"]
                                    registration: {domain: "127.0.0.8", user: u, password: geheim}
                                """)
                        .replace(
                                "store:\n",
                                """
                                store:
                                  origin: consent.example.com
                                  tiles: "%s"
                                  witnesses: [{name: w, url: "http://127.0.0.1:1/", key: "%s"}]
                                """
                                        .formatted(tiles, WITNESS))
                        .replace(
                                "assistants:\n",
                                """
                                assistants:
                                  - {name: socket, url: "ws://127.0.0.1:1/media"}
                                """);
    }

    @Test
    void everyPanelAndEveryRuleFindsWhatItAsksFor() throws Exception {
        assumeTrue(isInstalled(), "Debian's package prometheus is not installed");
        Process prometheus = start();
        try {
            await().atMost(PATIENCE).ignoreExceptions().until(() -> !query("up == 1").isEmpty());
            calls();
            // A rate wants two looks, before a call and after it.
            await().atMost(PATIENCE)
                    .until(() -> !query("sum(increase(consent_calls_total[1h])) > 0").isEmpty());
            System.gc();
            await().atMost(PATIENCE).untilAsserted(this::allPanelsHaveData);
            await().atMost(PATIENCE).untilAsserted(this::allRulesAreEvaluated);
            assertThat(firing())
                    .as("what is down here, and the dead man's signal")
                    .contains("ConsentWatchdog")
                    .doesNotContain("ConsentGateViolated", "ConsentGatewayAbsent");
        } finally {
            prometheus.destroyForcibly().waitFor();
        }
    }

    /** Eight seconds of processor: what wakes people has to be right. */
    @Test
    void everyAlertFiresWhereItShouldAndNotWhereItShouldNot() throws Exception {
        assumeTrue(isInstalled(), "Debian's package prometheus is not installed");
        List<String> command = new ArrayList<>(List.of("promtool", "test", "rules"));
        try (Stream<Path> tests = Files.list(ShippedMonitoring.PROMETHEUS.resolve("tests"))) {
            tests.map(Path::toString).sorted().forEach(command::add);
        }
        Path output = folder.resolve("promtool.txt");
        Process promtool =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(promtool.waitFor(280, TimeUnit.SECONDS)).isTrue();
            assertThat(promtool.exitValue()).as(Files.readString(output)).isZero();
        } finally {
            promtool.destroyForcibly().waitFor();
        }
    }

    private static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "prometheus")));
    }

    private Process start() throws IOException {
        port = FreePort.next();
        Path configuration = folder.resolve("prometheus.yml");
        String shipped = Files.readString(ShippedMonitoring.PROMETHEUS.resolve("prometheus.yml"));
        Files.writeString(
                configuration,
                shipped.replace("rules/*.yml", ShippedMonitoring.PROMETHEUS + "/rules/*.yml")
                        .replaceAll("_interval: 15s", "_interval: 1s")
                        .replace("127.0.0.1:8080", "127.0.0.1:" + gateway.gateway().webPort()));
        return new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
    }

    /** One agrees and withdraws, one refuses. */
    private static void calls() throws Exception {
        TestCaller agrees =
                TestCaller.calls(gateway, TestGateway.ONE_LEVEL, "+491710000901").talks();
        TestCaller refuses =
                TestCaller.calls(gateway, TestGateway.ONE_LEVEL, "+491710000902").talks();
        agrees.hears("question.assistant").presses("1").hears("assistant");
        refuses.hears("question.assistant").presses("2").hears("human").hangsUp();
        agrees.presses("*9").hears("withdrawn").hears("human").hangsUp();
    }

    private void allPanelsHaveData() throws Exception {
        List<String> empty = new ArrayList<>();
        for (ShippedMonitoring.Query each : ShippedMonitoring.queries()) {
            String asked =
                    each.expression()
                            .replace("$__rate_interval", "1h")
                            .replace("$__range", "1h")
                            .replaceAll("\\$(instance|line)", ".*");
            if (query(asked).isEmpty()) {
                empty.add(each.toString());
            }
        }
        assertThat(empty).as("panels without data").isEmpty();
    }

    private void allRulesAreEvaluated() throws Exception {
        Set<String> evaluated = new TreeSet<>();
        for (JsonNode group : get("/api/v1/rules").at("/data/groups")) {
            for (JsonNode rule : group.path("rules")) {
                assertThat(rule.path("lastError").asText()).as(rule.toString()).isEmpty();
                if (rule.path("health").asText().equals("ok")) {
                    evaluated.add(rule.path("name").asText());
                }
            }
        }
        assertThat(evaluated)
                .isEqualTo(
                        ShippedMonitoring.rules().stream()
                                .map(Rule::name)
                                .collect(Collectors.toCollection(TreeSet::new)));
        for (Rule rule : ShippedMonitoring.rules()) {
            if (!rule.alert()) {
                assertThat(query(rule.name())).as(rule.name()).isNotEmpty();
            }
        }
    }

    private List<String> firing() throws Exception {
        List<String> names = new ArrayList<>();
        for (JsonNode alert : get("/api/v1/alerts").at("/data/alerts")) {
            names.add(alert.at("/labels/alertname").asText());
        }
        return names;
    }

    private JsonNode query(String expression) throws Exception {
        JsonNode answer =
                get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        assertThat(answer.path("status").asText()).as(expression + answer).isEqualTo("success");
        return answer.at("/data/result");
    }

    private JsonNode get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
        return JSON.readTree(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
