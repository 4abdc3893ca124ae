package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.javalin.http.HandlerType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.api.TestApi.Said;
import org.consentgateway.api.access.ApiKey;
import org.consentgateway.api.access.ApiKeyRegister;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every route with every wrong key: refused, recorded, and told no more than that. */
@Timeout(60)
class ApiAccessTest {
    @TempDir private Path directory;

    private Instant now = Clock.systemUTC().instant();
    private TestProvider provider;
    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        provider = TestProvider.start();
        api = new TestApi(directory, () -> now, 10_000, keys -> provider.beside(keys, () -> now));
    }

    @AfterEach
    void stop() {
        api.close();
        provider.close();
    }

    private static final Set<ApiScope> ALL = EnumSet.allOf(ApiScope.class);

    /** Wrong since they were issued, each with why. */
    private Map<String, String> wrongTokens() {
        Map<String, String> wrong = new LinkedHashMap<>();
        var right = TestProvider.claims(provider.issuer(), now, ALL).build();
        wrong.put(provider.token(now.minusSeconds(3600), ALL), "token: Expired JWT");
        wrong.put(
                TestProvider.signed(
                        TestProvider.KEY,
                        new JWTClaimsSet.Builder(right).audience("https://other.example").build()),
                "token: JWT aud claim rejected");
        wrong.put(
                TestProvider.signed(TestProvider.OTHER, right),
                "token: another type or algorithm, or no key of the provider fits");
        wrong.put(new PlainJWT(right).serialize(), "no token");
        return wrong;
    }

    private ApiKeyRegister.Issued issued(Duration valid) throws Exception {
        return api.register.issue("crm", "Ada", EnumSet.allOf(ApiScope.class), now.plus(valid));
    }

    private Said asks(ApiRoute route, String key) throws Exception {
        String path =
                route.path()
                        .replace("{id}", UUID.randomUUID().toString())
                        .replace("{reference}", "crm-1")
                        .replace("{text_sha256}", "0".repeat(64));
        String method = route.method().name();
        return api.send(
                method,
                path,
                key,
                method.equals("GET") ? "" : "{\"by\":\"Ada\"}",
                "Idempotency-Key",
                UUID.randomUUID().toString());
    }

    private List<JsonNode> refusals() throws Exception {
        List<JsonNode> all = new ArrayList<>();
        for (Entry entry : api.ledger.reader().ofType(EntryType.ACCESS_REFUSED, 10_000)) {
            all.add(entry.payload());
        }
        return all.reversed();
    }

    @Test
    void eachRouteRefusesEachWrongKeyAlikeAndItIsRecorded() throws Exception {
        ApiKeyRegister.Issued revoked = issued(Duration.ofDays(1));
        api.register.revoke(revoked.key(), "Ada");
        ApiKeyRegister.Issued expired = issued(Duration.ofHours(1));
        now = now.plus(Duration.ofHours(2));
        String good = api.key();
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("", "nothing shown");
        keys.put("no-key", "no token");
        keys.put(
                good.substring(0, good.length() - 1) + (good.endsWith("A") ? "B" : "A"),
                "unknown key");
        keys.put("cgk_aaaaaaaa_" + "A".repeat(43), "unknown key");
        keys.put(revoked.text().text(), "revoked");
        keys.put(expired.text().text(), "expired");
        for (ApiRoute route : api.routes.all()) {
            now = now.plusSeconds(61);
            Map<String, String> wrong = new LinkedHashMap<>(keys);
            wrong.putAll(wrongTokens());
            List<String> answers = new ArrayList<>();
            int before = refusals().size();
            for (String key : wrong.keySet()) {
                Said said = asks(route, key);
                assertThat(said.status()).as("%s %s", route.action(), key).isEqualTo(401);
                assertThat(said.header("WWW-Authenticate"))
                        .isEqualTo(key.isEmpty() ? "Bearer" : "Bearer error=\"invalid_token\"");
                answers.add(said.body().toString());
            }
            assertThat(answers).as("all are told the same").containsOnly(answers.getFirst());
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> refusals().size() == before + wrong.size());
            List<JsonNode> recorded = refusals().subList(before, before + wrong.size());
            assertThat(recorded)
                    .extracting(each -> each.at("/access/reason").asText())
                    .containsExactlyInAnyOrderElementsOf(wrong.values());
            assertThat(recorded)
                    .extracting(each -> each.at("/access/action").asText())
                    .containsOnly(route.action());
        }
        assertThat(refusals().toString()).doesNotContain("cgk_", "eyJ", good);
    }

    @Test
    void eachRouteWantsItsOwnScopeAndNoOther() throws Exception {
        for (ApiRoute route : api.routes.all()) {
            Set<ApiScope> others = EnumSet.complementOf(EnumSet.of(route.scope()));
            now = now.plusSeconds(61);
            for (String key : List.of(api.key(others), provider.token(now, others))) {
                Said refused = asks(route, key);
                assertThat(refused.status()).as(route.action()).isEqualTo(403);
                assertThat(refused.body().path("detail").asText()).contains(route.scope().text());
            }
            now = now.plusSeconds(3);
            Set<ApiScope> own = EnumSet.of(route.scope());
            for (String key : List.of(api.key(own), provider.token(now, own))) {
                Said allowed = asks(route, key);
                assertThat(allowed.status()).as(route.action()).isIn(200, 202, 204, 404, 409, 422);
            }
        }
        int routes = api.routes.all().size();
        await().atMost(Duration.ofSeconds(20)).until(() -> refusals().size() == 2 * routes);
        assertThat(refusals())
                .extracting(each ->
                        each.at("/access/by").asText().replaceFirst(" \\([a-z2-7]{8}\\)$", ""))
                .containsOnly("key crm", "token batch");
    }

    /** Else whoever may tie customers and read their consents finds out who has called. */
    @Test
    void noCustomerIsTiedByNumberWithoutTheScopeThatFindsConsentsByNumber() throws Exception {
        UUID consent = api.given(TestApi.NUMBER).record();
        String number = "{\"number\":\"" + TestApi.NUMBER + "\"}";
        Set<ApiScope> others = EnumSet.complementOf(EnumSet.of(ApiScope.CONSENTS_BY_NUMBER));
        // All before the first is shown: they are read once in a while.
        String tying = api.key(ApiScope.SUBJECTS_WRITE);
        String both = api.key(ApiScope.SUBJECTS_WRITE, ApiScope.CONSENTS_BY_NUMBER);
        for (String key : List.of(api.key(others), provider.token(now, others))) {
            Said tied = api.send("PUT", "/v1/subjects/probe", key, number);
            assertThat(tied.status()).isEqualTo(403);
            assertThat(tied.header("WWW-Authenticate")).contains("scope=\"consents:by-number\"");
            assertThat(api.get("/v1/subjects/probe/consents", key).status()).isEqualTo(404);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> refusals().size() == 2);
        assertThat(refusals().toString())
                .contains("no consents:by-number")
                .doesNotContain(TestApi.NUMBER);

        String named = "{\"consent_id\":\"" + consent + "\"}";
        assertThat(api.send("PUT", "/v1/subjects/probe", tying, named).status()).isEqualTo(204);
        assertThat(api.send("PUT", "/v1/subjects/probe", both, number).status()).isEqualTo(204);
    }

    @Test
    void whoeverAsksWithoutTheBodyIsAskedForAKeyAsWell() throws Exception {
        for (ApiRoute route : api.routes.all()) {
            if (route.method().equals(HandlerType.GET)) {
                now = now.plusSeconds(1);
                String path =
                        route.path()
                                .replace("{id}", UUID.randomUUID().toString())
                                .replace("{reference}", "crm-1")
                                .replace("{text_sha256}", "0".repeat(64));
                assertThat(api.send("HEAD", path, "", "").status()).as(path).isEqualTo(401);
                Said allowed = api.send("HEAD", path, api.key(), "");
                assertThat(allowed.status()).as(path).isEqualTo(api.get(path, api.key()).status());
                assertThat(allowed.response().body()).isEmpty();
            }
        }
    }

    @Test
    void aWrongSecretCostsTheStoreWhatAnUnknownKeyCosts() throws Exception {
        String good = api.key();
        assertThat(api.get("/v1/notices", good).status()).isEqualTo(200);
        now = now.plusMillis(500);
        String later = api.key();
        String wrong = good.substring(0, good.length() - 2) + "--";
        assertThat(api.get("/v1/notices", wrong).status()).isEqualTo(401);
        now = now.plusMillis(100);
        String muchLater = api.key();
        assertThat(api.get("/v1/notices", later).status())
                .as("known, since the keys were read for the wrong secret")
                .isEqualTo(200);
        assertThat(api.get("/v1/notices", muchLater).status())
                .as("they were read a moment ago")
                .isEqualTo(401);
    }

    @Test
    void whatIsRevokedOpensNothingSecondsLater() throws Exception {
        ApiKeyRegister.Issued key = issued(Duration.ofDays(1));
        assertThat(api.get("/v1/notices", key.text().text()).status()).isEqualTo(200);
        api.register.revoke(key.key(), "Bob");
        now = now.plusSeconds(3);
        assertThat(api.get("/v1/notices", key.text().text()).status()).isEqualTo(401);
        assertThat(api.register.all()).extracting(ApiKey::revoked).doesNotContainNull();
    }

    @Test
    void nobodyFillsTheLogByGuessing() throws Exception {
        for (int i = 0; i < 200; i++) {
            now = now.plusMillis(200);
            assertThat(api.get("/v1/notices", "wrong").status()).isEqualTo(401);
        }
        assertThat(refusals()).hasSizeLessThanOrEqualTo(60);
        for (int i = 0; i < 20; i++) {
            Said _ = api.get("/v1/notices", "wrong");
        }
        assertThat(api.get("/v1/notices", "wrong").status())
                .as("and who guesses is slowed down")
                .isEqualTo(429);
        now = now.plusSeconds(61);
        Said _ = api.get("/v1/notices", "wrong");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> refusals().getLast().at("/access/more").asLong() >= 140);
    }

    @Test
    void noSecretIsInTheStore() throws Exception {
        String key = api.key();
        String secret = key.substring(key.indexOf('_', "cgk_".length()) + 1);
        assertThat(secret).hasSize(43);
        Said _ = api.get("/v1/notices", key);
        for (Entry entry : api.ledger.reader().latest(100)) {
            assertThat(String.valueOf(entry.payload())).doesNotContain(secret);
        }
        assertThat(api.register.all().getFirst().toString()).doesNotContain(secret);
    }
}
