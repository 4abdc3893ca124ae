package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.UUID;
import org.consentgateway.api.access.ApiKeyRegister;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.Ledger;

/** Another system, which may ask a gateway anything. Thread-safe. */
final class ApiClient {
    /** What the gateway needs to have one. */
    static final String LISTEN = "api: {listen: \"127.0.0.1:0\"}\n";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final TestGateway gateway;
    private final String key;

    private ApiClient(TestGateway gateway, String key) {
        this.gateway = gateway;
        this.key = key;
    }

    /** With a key of its own, which the gateway knows: that of a command counts a little later. */
    static ApiClient of(TestGateway gateway) throws Exception {
        ApiClient client = new ApiClient(gateway, issued(gateway));
        await().atMost(PATIENCE)
                .until(() -> client.send("GET", "/v1/notices", "").statusCode() == 200);
        return client;
    }

    private static String issued(TestGateway gateway) throws Exception {
        InstantSource clock = InstantSource.system();
        try (Ledger beside = Ledger.openBeside(gateway.ledger(), clock)) {
            return new ApiKeyRegister(beside, clock)
                    .issue(
                            "desk",
                            "Ada",
                            EnumSet.allOf(ApiScope.class),
                            clock.instant().plus(Duration.ofDays(1)))
                    .text()
                    .text();
        }
    }

    /**
     * @param headers names and values
     */
    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.apiPort() + path))
                        .timeout(PATIENCE)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .header("Authorization", "Bearer %s".formatted(key))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", UUID.randomUUID().toString());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode get(String path) throws Exception {
        HttpResponse<String> said = send("GET", path, "");
        assertThat(said.statusCode()).as(said.body()).isEqualTo(200);
        return JSON.readTree(said.body());
    }
}
