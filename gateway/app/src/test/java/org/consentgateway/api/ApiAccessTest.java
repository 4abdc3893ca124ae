package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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
    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        api = new TestApi(directory, () -> now, 10_000);
    }

    @AfterEach
    void stop() {
        api.close();
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
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("", "nothing shown");
        wrong.put("no-key", "no key");
        wrong.put(
                good.substring(0, good.length() - 1) + (good.endsWith("A") ? "B" : "A"),
                "unknown key");
        wrong.put("cgk_aaaaaaaa_" + "A".repeat(43), "unknown key");
        wrong.put(revoked.text().text(), "revoked");
        wrong.put(expired.text().text(), "expired");
        for (ApiRoute route : api.routes.all()) {
            now = now.plusSeconds(61);
            List<String> answers = new ArrayList<>();
            int before = refusals().size();
            for (String key : wrong.keySet()) {
                Said said = asks(route, key);
                assertThat(said.status()).as("%s %s", route.action(), key).isEqualTo(401);
                assertThat(said.header("WWW-Authenticate")).isEqualTo("Bearer");
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
        assertThat(refusals().toString()).doesNotContain("cgk_", good);
    }

    @Test
    void eachRouteWantsItsOwnScopeAndNoOther() throws Exception {
        for (ApiRoute route : api.routes.all()) {
            Set<ApiScope> others = EnumSet.complementOf(EnumSet.of(route.scope()));
            now = now.plusSeconds(61);
            Said refused = asks(route, api.key(others));
            assertThat(refused.status()).as(route.action()).isEqualTo(403);
            assertThat(refused.body().path("detail").asText()).contains(route.scope().text());
            now = now.plusSeconds(3);
            Said allowed = asks(route, api.key(EnumSet.of(route.scope())));
            assertThat(allowed.status()).as(route.action()).isIn(200, 202, 204, 404, 409, 422);
        }
        int routes = api.routes.all().size();
        await().atMost(Duration.ofSeconds(20)).until(() -> refusals().size() == routes);
        assertThat(refusals())
                .allSatisfy(
                        each -> assertThat(each.at("/access/by").asText()).isEqualTo("key crm"));
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
        String secret = key.substring(key.lastIndexOf('_') + 1);
        Said _ = api.get("/v1/notices", key);
        for (Entry entry : api.ledger.reader().latest(100)) {
            assertThat(String.valueOf(entry.payload())).doesNotContain(secret);
        }
        assertThat(api.register.all().getFirst().toString()).doesNotContain(secret);
    }
}
