package org.consentgateway.console;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Collectors;

/**
 * Thread-safe. The API of this process, as any other client sees it: over HTTP, by the session's
 * token. What the API refuses, no page can show or do.
 */
public final class ConsoleApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An answer waits up to ten seconds for its record, a probe for servers that stay silent. */
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();
    private final String base;

    /**
     * @param api where it listens
     */
    ConsoleApi(InetSocketAddress api) {
        InetAddress address =
                api.getAddress().isAnyLocalAddress()
                        ? InetAddress.getLoopbackAddress()
                        : api.getAddress();
        String host = address.getHostAddress();
        this.base =
                "http://%s:%d"
                        .formatted(host.contains(":") ? "[" + host + "]" : host, api.getPort());
    }

    /**
     * @throws ApiRefused where the answer is not a success
     */
    public JsonNode get(Session session, String path) {
        return answer(request(session, path).GET().build());
    }

    /**
     * A page for people.
     *
     * @throws ApiRefused where the answer is not a success
     */
    public String page(Session session, String path) {
        HttpResponse<String> response = sent(request(session, path).GET().build());
        if (response.statusCode() >= 300) {
            throw refused(response);
        }
        return response.body();
    }

    /** Asks by a body, since an address is written into logs. */
    public JsonNode post(Session session, String path, ObjectNode body) {
        return answer(
                request(session, path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build());
    }

    /**
     * Does something once.
     *
     * @param once stands in the form, so that a form that is sent twice does it once
     */
    public JsonNode change(Session session, String path, ObjectNode body, String once) {
        return answer(
                request(session, path)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", once)
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build());
    }

    private HttpRequest.Builder request(Session session, String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + session.apiToken());
    }

    /** With each field that is wrong, and what would be right. */
    private static String detail(JsonNode problem) {
        if (!problem.has("errors")) {
            return problem.path("detail").asText();
        }
        return problem.path("errors")
                .valueStream()
                .map(each ->
                        each.path("pointer").asText().replaceFirst("^/", "")
                                + ": "
                                + each.path("detail").asText())
                .collect(Collectors.joining("; "));
    }

    private JsonNode answer(HttpRequest request) {
        HttpResponse<String> response = sent(request);
        if (response.statusCode() >= 300) {
            throw refused(response);
        }
        return json(response);
    }

    private static ApiRefused refused(HttpResponse<String> response) {
        JsonNode problem = json(response);
        return new ApiRefused(
                response.statusCode(), problem.path("type").asText(), detail(problem));
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return response.body().isEmpty()
                    ? MissingNode.getInstance()
                    : JSON.readTree(response.body());
        } catch (JacksonException e) {
            throw new ApiRefused(502, "no JSON");
        }
    }

    private HttpResponse<String> sent(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new ApiRefused(503, "the API does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiRefused(503, "the console is being closed");
        }
    }
}
