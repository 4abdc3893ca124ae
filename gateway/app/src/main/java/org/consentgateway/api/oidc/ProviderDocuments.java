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
 * Discovery §4), and the keys that this names. No answer may be long, late or from elsewhere.
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
        URI discovery = URI.create(issuer.toString().replaceFirst("/$", "") + WELL_KNOWN);
        JsonNode document = discovered(discovery, text(discovery));
        String named = document.path("issuer").asText();
        if (!named.equals(issuer.toString())) {
            throw new IOException("%s names the issuer %s".formatted(discovery, shortened(named)));
        }
        URI keys = keys(discovery, document.path("jwks_uri").asText());
        try {
            return JWKSet.parse(text(keys));
        } catch (ParseException e) {
            throw new IOException(keys + " has no keys that can be read", e);
        }
    }

    private static JsonNode discovered(URI at, String text) throws IOException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException(at + " is no JSON", e);
        }
    }

    private static URI keys(URI discovery, String named) throws IOException {
        try {
            URI keys = URI.create(named);
            if (isSafe(keys)) {
                return keys;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new IOException("%s names no https jwks_uri".formatted(discovery));
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
        HttpRequest request =
                HttpRequest.newBuilder(at)
                        .timeout(patience)
                        .header("Accept", "application/json")
                        .build();
        CompletableFuture<HttpResponse<String>> asked =
                http.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_OCTETS));
        try {
            // The request's own time-out ends with the head of the answer.
            HttpResponse<String> answer = asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != OK) {
                throw new IOException("%s answers %d".formatted(at, answer.statusCode()));
            }
            return answer.body();
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
