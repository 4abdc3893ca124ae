package org.consentgateway.console.oidc;

import com.nimbusds.jose.JOSEException;
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
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.consentgateway.api.oidc.ProviderDocuments;
import org.consentgateway.console.account.ConsoleRole;

/**
 * An identity provider that answers what a test wants it to, also what a real one never would.
 * Confined to one test.
 */
final class SigningProvider implements AutoCloseable {
    static final String CLIENT = "consent gateway:one";
    static final String SECRET = "a secret/with+signs";

    static final RSAKey KEY = rsaKey("first");

    /** That nobody publishes at first. */
    static final RSAKey OTHER = rsaKey("second");

    private final HttpServer server;
    private final String base;

    volatile List<RSAKey> published = List.of(KEY);
    volatile UnaryOperator<String> discovery = text -> text;

    /** What the token endpoint gives, once. */
    final Map<String, String> tokenByCode = new ConcurrentHashMap<>();

    volatile int status = 200;

    /** The last form at the token endpoint, and how we said who we are. */
    volatile Map<String, String> form = Map.of();

    volatile String authorization = "";

    private SigningProvider(HttpServer server) {
        this.server = server;
        this.base = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    static SigningProvider start() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var provider = new SigningProvider(server);
        server.createContext("/.well-known/openid-configuration", provider::discovered);
        server.createContext(
                "/keys",
                exchange ->
                        answer(
                                exchange,
                                200,
                                new JWKSet(List.copyOf(provider.published))
                                        .toPublicJWKSet()
                                        .toString()));
        server.createContext("/token", provider::token);
        server.start();
        return provider;
    }

    private static RSAKey rsaKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void discovered(HttpExchange exchange) throws IOException {
        String text =
                """
                {"issuer": "BASE", "jwks_uri": "BASE/keys", "token_endpoint": "BASE/token",
                 "authorization_endpoint": "BASE/authorize?tenant=one",
                 "end_session_endpoint": "BASE/end",
                 "authorization_response_iss_parameter_supported": true}
                """
                        .replace("BASE", base);
        answer(exchange, 200, discovery.apply(text));
    }

    private void token(HttpExchange exchange) throws IOException {
        authorization =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                        .orElse("");
        form =
                query(
                        new String(
                                exchange.getRequestBody().readAllBytes(),
                                StandardCharsets.US_ASCII));
        String token = tokenByCode.remove(form.getOrDefault("code", ""));
        if (token == null) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
        } else {
            answer(
                    exchange,
                    status,
                    "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":\"%s\"}"
                            .formatted(token));
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, octets.length);
        try (var body = exchange.getResponseBody()) {
            body.write(octets);
        }
    }

    /** What stands behind the ? of an address, or in a form. */
    static Map<String, String> query(String text) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String each : text.split("&", -1)) {
            String[] pair = each.split("=", 2);
            all.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
        return all;
    }

    String issuer() {
        return base;
    }

    SignInTerms terms() {
        Map<String, ConsoleRole> roles = new LinkedHashMap<>();
        roles.put("gateway-dpo", ConsoleRole.DPO);
        roles.put("gateway-viewer", ConsoleRole.VIEWER);
        return new SignInTerms(
                URI.create(base),
                new SignInTerms.Client(CLIENT, () -> SECRET),
                URI.create("https://consent.example"),
                List.of("openid", "profile"),
                new SignInTerms.Checks(Set.of("RS256"), Map.of("tid", "a"), Duration.ofSeconds(30)),
                new SignInTerms.Claims("sub", "name", "realm_access.roles", roles));
    }

    ProviderDocuments documents() {
        return new ProviderDocuments(URI.create(base), Optional.empty(), Duration.ofSeconds(20));
    }

    /** What is right of an ID token, for a test to spoil. */
    JWTClaimsSet.Builder claims(String nonce, Instant now) {
        return new JWTClaimsSet.Builder()
                .issuer(base)
                .audience(CLIENT)
                .subject("248289761001")
                .claim("name", "Anna Weber")
                .claim("nonce", nonce)
                .claim("tid", "a")
                .claim(
                        "realm_access",
                        Map.of("roles", List.of("other", "gateway-viewer", "gateway-dpo")))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
    }

    static String signed(RSAKey key, JWTClaimsSet claims) {
        return signed(
                key,
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
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

    /** As {@code client_secret_basic} has it. */
    static String basic(String encodedId, String encodedSecret) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString(
                                (encodedId + ":" + encodedSecret)
                                        .getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
