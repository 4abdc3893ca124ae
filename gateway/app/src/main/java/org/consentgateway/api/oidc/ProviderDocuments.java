package org.consentgateway.api.oidc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * Thread-safe. What an identity provider publishes: its discovery document (OpenID Connect
 * Discovery §4), and the keys that this names; and what it answers to a form. No answer may be
 * long, late or from elsewhere.
 */
public final class ProviderDocuments implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    /** Of one document. Providers with many tenants publish dozens of keys. */
    static final int MOST_OCTETS = 256 * 1024;

    private static final String WELL_KNOWN = "/.well-known/openid-configuration";
    private static final int OK = 200;

    private final URI issuer;
    private final Duration patience;
    private final HttpClient http;

    /**
     * @param tls whom to believe; none: whom the Java runtime believes
     * @param patience from asking for a document to its last octet
     */
    public ProviderDocuments(URI issuer, Optional<SSLContext> tls, Duration patience) {
        this.issuer = issuer;
        this.patience = patience;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .connectTimeout(patience)
                        .followRedirects(HttpClient.Redirect.NEVER);
        tls.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /**
     * Asks for both documents.
     *
     * @throws IOException saying what is wrong, in words for an operator
     */
    JWKSet keys() throws IOException {
        URI keys = address(discovered(), "jwks_uri");
        try {
            return JWKSet.parse(text(keys));
        } catch (ParseException e) {
            throw new IOException(keys + " has no keys that can be read", e);
        }
    }

    /**
     * Asks for the discovery document.
     *
     * @throws IOException saying what is wrong, in words for an operator
     */
    public JsonNode discovered() throws IOException {
        URI discovery = URI.create(issuer.toString().replaceFirst("/$", "") + WELL_KNOWN);
        JsonNode document = json(discovery, text(discovery));
        String named = document.path("issuer").asText();
        if (!named.equals(issuer.toString())) {
            throw new IOException("%s names the issuer %s".formatted(discovery, shortened(named)));
        }
        return document;
    }

    private static JsonNode json(URI at, String text) throws IOException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException(at + " is no JSON", e);
        }
    }

    /**
     * An address that a discovery document names.
     *
     * @param name of its key, such as {@code token_endpoint}
     * @throws IOException where there is none to which a secret may be sent
     */
    public URI address(JsonNode document, String name) throws IOException {
        try {
            URI address = URI.create(document.path(name).asText());
            if (isSafe(address)) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new IOException(
                "the discovery document of %s names no https %s".formatted(issuer, name));
    }

    /** What was answered to a form: JSON, whatever the status is. */
    public record Answer(int status, JsonNode body) {}

    /**
     * Sends a form.
     *
     * @param authorization header of this name; empty: none
     * @param form as application/x-www-form-urlencoded
     * @throws IOException where there is no answer, or none in JSON
     */
    public Answer post(URI to, String authorization, String form) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(to)
                        .timeout(patience)
                        .header("Accept", "application/json")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> answer = answer(request.build());
        return new Answer(answer.statusCode(), json(to, answer.body()));
    }

    /** Whether nobody on the way can put in keys of their own: https, or this machine. */
    public static boolean isSafe(URI at) {
        if (at.getHost() == null || at.getRawUserInfo() != null) {
            return false;
        }
        return "https".equalsIgnoreCase(at.getScheme())
                || ("http".equalsIgnoreCase(at.getScheme()) && isHere(at.getHost()));
    }

    private static boolean isHere(String host) {
        try {
            return InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return host.equalsIgnoreCase("localhost");
        }
    }

    private String text(URI at) throws IOException {
        HttpResponse<String> answer =
                answer(
                        HttpRequest.newBuilder(at)
                                .timeout(patience)
                                .header("Accept", "application/json")
                                .build());
        if (answer.statusCode() != OK) {
            throw new IOException("%s answers %d".formatted(at, answer.statusCode()));
        }
        return answer.body();
    }

    private HttpResponse<String> answer(HttpRequest request) throws IOException {
        URI at = request.uri();
        CompletableFuture<HttpResponse<String>> asked =
                http.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_OCTETS));
        try {
            // The request's own time-out ends with the head of the answer.
            return asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            asked.cancel(true);
            throw new IOException(at + " does not answer in time", e);
        } catch (ExecutionException e) {
            throw new IOException(at + " cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            asked.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException(at + " was given up", e);
        }
    }

    private static String shortened(String text) {
        String one = text.replaceAll("\\p{Cntrl}", " ");
        return one.length() > 200 ? one.substring(0, 200) + "…" : one;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
