package org.consentgateway.api;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.consentgateway.api.access.ApiCredentials;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.api.access.KeysAndTokens;
import org.consentgateway.api.oidc.OidcTerms;
import org.consentgateway.api.oidc.OidcTokens;
import org.consentgateway.api.oidc.ProviderDocuments;
import org.consentgateway.api.oidc.ProviderKeys;

/** An identity provider that publishes what a test wants it to. Confined to one test. */
final class TestProvider implements AutoCloseable {
    static final String AUDIENCE = "https://consent.example/api";
    static final String TENANT = "tenant-a";
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Published, and known to the test, which signs with it what a provider never would. */
    static final RSAKey KEY = rsaKey("first");

    /** One that nobody publishes at first. */
    static final RSAKey OTHER = rsaKey("second");

    private final HttpServer server;
    private final String issuer;
    private final OidcTerms terms;

    /** How often somebody asked for the keys. */
    final AtomicInteger asked = new AtomicInteger();

    volatile List<RSAKey> published = List.of(KEY);
    volatile UnaryOperator<String> discovery = text -> text;
    volatile UnaryOperator<String> keySet = text -> text;

    private TestProvider(HttpServer server) {
        this.server = server;
        this.issuer = "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/company";
        this.terms = terms(issuer);
    }

    static TestProvider start() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var provider = new TestProvider(server);
        server.createContext(
                "/realms/company/.well-known/openid-configuration", provider::discovered);
        server.createContext("/keys", provider::keys);
        server.start();
        return provider;
    }

    static RSAKey rsaKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static OidcTerms terms(String issuer) {
        return new OidcTerms(
                URI.create(issuer),
                AUDIENCE,
                Set.of("RS256", "ES256"),
                new OidcTerms.Claims("sub", "scope", Map.of(), Map.of("tid", TENANT)),
                Duration.ofSeconds(30));
    }

    private void discovered(HttpExchange exchange) throws IOException {
        String keys = "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
        answer(
                exchange,
                discovery.apply("{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(issuer, keys)));
    }

    private void keys(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        String text = new JWKSet(List.copyOf(published)).toPublicJWKSet().toString();
        answer(exchange, keySet.apply(text));
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(text.isEmpty() ? 500 : 200, octets.length);
        try (var body = exchange.getResponseBody()) {
            body.write(octets);
        }
    }

    String issuer() {
        return issuer;
    }

    OidcTerms terms() {
        return terms;
    }

    /** Keys, and beside them its tokens. */
    ApiCredentials beside(ApiCredentials keys, InstantSource clock) {
        return beside(keys, terms, clock, PATIENCE);
    }

    /**
     * @param clock which a test sets
     * @param running what goes on whatever is set
     */
    ApiCredentials beside(ApiCredentials keys, InstantSource clock, InstantSource running) {
        var documents = new ProviderDocuments(terms.issuer(), Optional.empty(), PATIENCE);
        return beside(keys, terms, clock, published(documents, clock, running));
    }

    static ApiCredentials beside(
            ApiCredentials keys, OidcTerms terms, InstantSource clock, Duration patience) {
        var documents = new ProviderDocuments(terms.issuer(), Optional.empty(), patience);
        return beside(keys, terms, clock, published(documents, clock, clock));
    }

    private static ApiCredentials beside(
            ApiCredentials keys, OidcTerms terms, InstantSource clock, ProviderKeys published) {
        return new KeysAndTokens(keys, new OidcTokens(terms, published, clock));
    }

    private static ProviderKeys published(
            ProviderDocuments documents, InstantSource clock, InstantSource running) {
        return new ProviderKeys(
                documents,
                clock,
                () -> Duration.between(Instant.EPOCH, running.instant()).toNanos(),
                "API keys");
    }

    /** What is right of a token, for a test to spoil. */
    static JWTClaimsSet.Builder claims(String issuer, Instant now, Set<ApiScope> scopes) {
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(AUDIENCE)
                .subject("batch")
                .claim("tid", TENANT)
                .claim(
                        "scope",
                        scopes.stream().map(ApiScope::text).collect(Collectors.joining(" ")))
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
    }

    String token(Instant now, Set<ApiScope> scopes) {
        return signed(KEY, claims(issuer, now, scopes).build());
    }

    static String signed(RSAKey key, JWTClaimsSet claims) {
        return signed(
                key,
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(key.getKeyID())
                        .build(),
                claims);
    }

    static String signed(RSAKey key, JWSHeader header, JWTClaimsSet claims) {
        try {
            var token = new SignedJWT(header, claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
