package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.consentgateway.api.TestApi.Said;
import org.consentgateway.api.oidc.OidcTerms;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.testkit.Npm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With an OpenID Connect server that is not ours (oidc-provider). */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class OidcProviderTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root", "../.."));
    private static final String CLIENT = "crm:a-secret-of-this-test";

    @TempDir private Path directory;

    /** Started with a key of the test, which so can sign what a provider never would. */
    private record Provider(Process process, String issuer, RSAKey key) implements AutoCloseable {
        static Provider start(Path directory) throws Exception {
            RSAKey key =
                    new RSAKey.Builder(TestProvider.rsaKey("theirs"))
                            .keyUse(KeyUse.SIGNATURE)
                            .algorithm(JWSAlgorithm.RS256)
                            .build();
            Path told = directory.resolve("provider.json");
            String[] client = CLIENT.split(":", -1);
            Map<String, Object> settings =
                    Map.of(
                            "audience",
                            TestProvider.AUDIENCE,
                            "scopes",
                            List.of("consents:read", "notices:read"),
                            "client",
                            client[0],
                            "secret",
                            client[1],
                            "jwks",
                            Map.of("keys", List.of(key.toJSONObject())));
            Files.writeString(told, TestApi.JSON.writeValueAsString(settings));
            Npm npm = Npm.installed(PROJECT, "npm-oidc");
            Path scratch = Files.createDirectory(directory.resolve("node"));
            Path program =
                    npm.beside(scratch, PROJECT.resolve("gateway/testkit/npm-oidc/provider.mjs"));
            Process process =
                    new ProcessBuilder("node", program.toString(), told.toString())
                            .redirectErrorStream(true)
                            .start();
            return new Provider(process, issuer(process), key);
        }

        private static String issuer(Process process) throws IOException {
            BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
            StringBuilder all = new StringBuilder();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith("http://")) {
                    return line;
                }
                all.append(line).append('\n');
            }
            throw new IOException("oidc-provider ended: " + all);
        }

        /** As a company's other system gets one (RFC 6749 §4.4, RFC 8707). */
        String token(String scope) throws Exception {
            String form =
                    "grant_type=client_credentials&scope=%s&resource=%s"
                            .formatted(scope.replace(":", "%3A"), TestProvider.AUDIENCE);
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(issuer + "/token"))
                            .timeout(Duration.ofSeconds(60))
                            .header(
                                    "Authorization",
                                    "Basic "
                                            + Base64.getEncoder()
                                                    .encodeToString(
                                                            CLIENT.getBytes(
                                                                    StandardCharsets.US_ASCII)))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build();
            String answer =
                    HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .body();
            JsonNode token = TestApi.JSON.readTree(answer).path("access_token");
            assertThat(token.isTextual()).as(answer).isTrue();
            return token.asText();
        }

        OidcTerms terms() {
            return new OidcTerms(
                    URI.create(issuer),
                    TestProvider.AUDIENCE,
                    Set.of("RS256"),
                    new OidcTerms.Claims("sub", "scope", Map.of(), Map.of()),
                    Duration.ofSeconds(30));
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void itsTokensOpenTheApiAndNoForgeryUnderItsNameDoes() throws Exception {
        try (Provider provider = Provider.start(directory);
                TestApi api =
                        new TestApi(
                                directory.resolve("api"),
                                InstantSource.system(),
                                10_000,
                                keys ->
                                        TestProvider.beside(
                                                keys,
                                                provider.terms(),
                                                InstantSource.system(),
                                                TestProvider.PATIENCE))) {
            var grant = api.given(TestApi.NUMBER);
            String token = provider.token("consents:read");
            Said said = api.get("/v1/consents/" + grant.record(), token);
            assertThat(said.status()).as(said.body().toString()).isEqualTo(200);
            assertThat(api.get("/v1/notices", token).status()).isEqualTo(403);
            assertThat(api.get("/v1/notices", provider.token("notices:read")).status())
                    .isEqualTo(200);
            assertThat(api.ledger.reader().ofType(EntryType.ACCESSED, 10))
                    .extracting(entry -> String.valueOf(entry.payload()))
                    .singleElement()
                    .asString()
                    .contains("\"by\":\"token crm\"");

            Instant now = InstantSource.system().instant();
            for (Map.Entry<String, String> each :
                    WrongTokens.of(provider.key(), provider.issuer(), now).entrySet()) {
                int status = api.get("/v1/notices", each.getValue()).status();
                // 429: refused as well, and for the eleventh time in a second.
                assertThat(status).as(each.getKey()).isIn(401, 429);
            }

            assertThat(provider.process().destroyForcibly().waitFor()).isNotZero();
            Said after = api.get("/v1/consents/" + grant.record(), token);
            assertThat(after.status()).as("by the keys that are known").isEqualTo(200);
            assertThat(api.get("/v1/notices", api.key()).status()).isEqualTo(200);
        }
    }
}
