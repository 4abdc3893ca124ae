package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.consentgateway.api.TestApi.Said;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of an identity provider: which open the API, and what becomes of them without it. */
@Timeout(120)
class ApiTokensTest {
    private static final Set<ApiScope> READ = EnumSet.of(ApiScope.NOTICES_READ);
    private static final String NOTICES = "/v1/notices";

    @TempDir private Path directory;

    private Instant now = Clock.systemUTC().instant();

    /** By how much somebody has set the machine's clock. */
    private Duration set = Duration.ZERO;

    private TestProvider provider;
    private TestApi api;

    @BeforeEach
    void start() throws Exception {
        provider = TestProvider.start();
        api =
                new TestApi(
                        directory,
                        () -> now,
                        10_000,
                        keys -> provider.beside(keys, () -> now.plus(set), () -> now));
    }

    @AfterEach
    void stop() {
        api.close();
        provider.close();
    }

    private int asks(String token) throws Exception {
        now = now.plusMillis(200);
        return api.get(NOTICES, token).status();
    }

    private List<JsonNode> recorded(EntryType type) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        for (Entry entry : api.ledger.reader().ofType(type, 10_000).reversed()) {
            all.add(entry.payload());
        }
        return all;
    }

    @Test
    void aTokenOpensWhatItsScopesSayAndWhoReadIsRecorded() throws Exception {
        var grant = api.given(TestApi.NUMBER);
        String token = provider.token(now, EnumSet.of(ApiScope.CONSENTS_READ));
        assertThat(api.get("/v1/consents/" + grant.record(), token).status()).isEqualTo(200);
        assertThat(recorded(EntryType.ACCESSED).getFirst().at("/access/by").asText())
                .isEqualTo("token batch");
        Said refused = api.get(NOTICES, token);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header("WWW-Authenticate"))
                .isEqualTo("Bearer error=\"insufficient_scope\", scope=\"notices:read\"");
        assertThat(api.get(NOTICES, provider.token(now, Set.of())).status()).isEqualTo(403);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> recorded(EntryType.ACCESS_REFUSED).size() == 2);
        assertThat(recorded(EntryType.ACCESS_REFUSED).getFirst().at("/access/by").asText())
                .isEqualTo("token batch");
    }

    @Test
    void everyForgedOrForeignTokenIsRefusedInTheSameWordsAndRecorded() throws Exception {
        Map<String, String> wrong =
                new LinkedHashMap<>(WrongTokens.of(TestProvider.KEY, provider.issuer(), now));
        var foreign = TestProvider.claims(provider.issuer(), now, READ).claim("tid", "tenant-b");
        wrong.put("another tenant's", TestProvider.signed(TestProvider.KEY, foreign.build()));
        Set<String> answers = new HashSet<>();
        for (Map.Entry<String, String> each : wrong.entrySet()) {
            now = now.plusMillis(200);
            Said said = api.get(NOTICES, each.getValue());
            assertThat(said.status()).as(each.getKey()).isEqualTo(401);
            assertThat(said.header("WWW-Authenticate"))
                    .as(each.getKey())
                    .isEqualTo("Bearer error=\"invalid_token\"");
            answers.add(said.body().toString());
        }
        assertThat(answers).as("all are told the same").hasSize(1);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> recorded(EntryType.ACCESS_REFUSED).size() == wrong.size());
        assertThat(recorded(EntryType.ACCESS_REFUSED))
                .allSatisfy(each ->
                        assertThat(each.at("/access/reason").asText())
                                .matches("no token|too long|token: .+"))
                .allSatisfy(each -> assertThat(each.toString()).doesNotContain("eyJ"));
        assertThat(asks(provider.token(now, READ))).as("what was right").isEqualTo(200);
    }

    /** Else a stranger writes about anybody into what auditors read and no erasure finds. */
    @Test
    void noTokenThatIsRefusedLeavesWordsOfItsOwnInTheLog() throws Exception {
        String words = "+4915112345678 Anna W.";
        List<String> tokens =
                List.of(
                        forged("{\"alg\":\"RS256\",\"typ\":\"" + words + "\"}"),
                        forged("{\"alg\":\"" + words + "\"}"),
                        forged("{\"alg\":\"RS256\",\"kid\":\"" + words + "\"}"),
                        forged("{\"alg\":\"RS256\",\"crit\":[\"" + words + "\"]}"),
                        forged("{\"alg\":\"RS256\",\"cty\":\"" + words + "\"}"),
                        forged(words),
                        signed(words, claims -> claims.claim("tid", words)),
                        signed(words, claims -> claims.issuer(words)),
                        signed(words, claims -> claims.audience(words)));
        for (String token : tokens) {
            assertThat(asks(token)).as(token).isEqualTo(401);
        }

        await().atMost(Duration.ofSeconds(20))
                .until(() -> recorded(EntryType.ACCESS_REFUSED).size() == tokens.size());
        assertThat(recorded(EntryType.ACCESS_REFUSED))
                .allSatisfy(each -> assertThat(each.toString()).doesNotContain("Anna", "49151"))
                .extracting(each -> each.at("/access/reason").asText())
                .contains("token: another type or algorithm, or no key of the provider fits");
    }

    private static String forged(String header) {
        byte[] octets = header.getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets) + ".e30.AA";
    }

    private String signed(String name, UnaryOperator<JWTClaimsSet.Builder> wrong) {
        var claims = TestProvider.claims(provider.issuer(), now, READ).claim("name", name);
        return TestProvider.signed(TestProvider.KEY, wrong.apply(claims).build());
    }

    @Test
    void aTokenThatWasMangledIsRefusedAndNothingFails() throws Exception {
        Random random = new Random(20261128);
        String good = provider.token(now, READ);
        for (int i = 0; i < 300; i++) {
            StringBuilder mangled = new StringBuilder(good);
            for (int n = random.nextInt(4); n >= 0; n--) {
                int at = random.nextInt(mangled.lastIndexOf(".") + 1);
                mangled.setCharAt(at, (char) ('!' + random.nextInt(94)));
            }
            int status = asks(mangled.toString());
            assertThat(status)
                    .as(mangled.toString())
                    .isEqualTo(mangled.toString().equals(good) ? 200 : 401);
        }
    }

    @Test
    void aNewKeyCountsAtOnceAndMadeUpOnesDoNotAskTheProviderEachTime() throws Exception {
        assertThat(asks(provider.token(now, READ))).isEqualTo(200);
        String rotated =
                TestProvider.signed(
                        TestProvider.OTHER,
                        TestProvider.claims(provider.issuer(), now, READ).build());
        now = now.plusSeconds(11);
        assertThat(asks(rotated)).as("nobody has published it").isEqualTo(401);
        provider.published = List.of(TestProvider.KEY, TestProvider.OTHER);
        now = now.plusSeconds(11);
        assertThat(asks(rotated)).isEqualTo(200);
        int before = provider.asked.get();
        now = now.plusSeconds(11);
        for (int i = 0; i < 45; i++) {
            var header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("made-up-" + i).build();
            JWTClaimsSet claims = TestProvider.claims(provider.issuer(), now, READ).build();
            assertThat(asks(TestProvider.signed(TestProvider.OTHER, header, claims)))
                    .isEqualTo(401);
        }
        assertThat(provider.asked.get() - before).isEqualTo(1);
    }

    @Test
    void aKeyThatWasTakenBackOpensNothingMinutesLater() throws Exception {
        assertThat(asks(provider.token(now, READ))).isEqualTo(200);
        provider.published = List.of(TestProvider.OTHER);
        now = now.plus(Duration.ofMinutes(6));
        await().atMost(Duration.ofSeconds(20)).until(() -> asks(provider.token(now, READ)) == 401);
    }

    /** A minute after somebody set the clock it is right again. */
    private void keysAreReadWhileTheClockIsAYearAhead() throws Exception {
        set = Duration.ofDays(365);
        assertThat(asks(provider.token(now, READ))).as("over by that clock").isEqualTo(401);
        assertThat(provider.asked.get()).isOne();
        set = Duration.ZERO;
        now = now.plus(Duration.ofMinutes(1));
        assertThat(asks(provider.token(now, READ))).isEqualTo(200);
    }

    @Test
    void aKeyThatWasReadWhileTheClockWasAheadOpensNothingMinutesAfterItWasTakenBack()
            throws Exception {
        keysAreReadWhileTheClockIsAYearAhead();
        provider.published = List.of(TestProvider.OTHER);
        now = now.plus(Duration.ofMinutes(6));
        await().atMost(Duration.ofSeconds(20)).until(() -> asks(provider.token(now, READ)) == 401);
    }

    @Test
    void keysThatWereReadWhileTheClockWasAheadServeNoLongerThanAnHourWithoutTheProvider()
            throws Exception {
        keysAreReadWhileTheClockIsAYearAhead();
        provider.discovery = _ -> "";
        now = now.plus(Duration.ofMinutes(61));
        assertThat(asks(provider.token(now, READ))).isEqualTo(503);
    }

    /** What goes on whatever is set stands still meanwhile: the clock alone knows. */
    @Test
    void aKeyThatWasTakenBackWhileTheMachineWasAsleepOpensNothing() throws Exception {
        assertThat(asks(provider.token(now, READ))).isEqualTo(200);
        provider.published = List.of(TestProvider.OTHER);
        set = Duration.ofMinutes(6);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> asks(provider.token(now.plus(set), READ)) == 401);
    }

    @Test
    void withoutTheProviderKnownKeysServeAnHourAndApiKeysAlways() throws Exception {
        assertThat(asks(provider.token(now, READ))).isEqualTo(200);
        provider.discovery = _ -> "";
        now = now.plus(Duration.ofMinutes(50));
        assertThat(asks(provider.token(now, READ))).isEqualTo(200);
        now = now.plus(Duration.ofMinutes(11));
        Said said = api.get(NOTICES, provider.token(now, READ));
        assertThat(said.status()).isEqualTo(503);
        assertThat(said.header("Retry-After")).isEqualTo("10");
        assertThat(said.body().path("type").asText())
                .isEqualTo("urn:consentgateway:problem:unverifiable");
        assertThat(api.get(NOTICES, api.key()).status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> recorded(EntryType.ACCESS_REFUSED).size() == 1);
        provider.discovery = text -> text;
        now = now.plusSeconds(11);
        assertThat(asks(provider.token(now, READ))).isEqualTo(200);
    }

    @Test
    void whatIsPublishedWronglyIsNotTaken() throws Exception {
        Map<String, UnaryOperator<String>> wrong = new LinkedHashMap<>();
        wrong.put("another issuer", text -> text.replace("company\"", "other\""));
        wrong.put(
                "keys in clear text elsewhere",
                text -> text.replace("uri\":\"http://127.0.0.1", "uri\":\"http://192.0.2.1"));
        wrong.put("no JSON", _ -> "<html>");
        wrong.put("no keys", _ -> "{\"issuer\":\"" + provider.issuer() + "\"}");
        wrong.put("too long", text -> text + " ".repeat(300_000));
        for (Map.Entry<String, UnaryOperator<String>> each : wrong.entrySet()) {
            provider.discovery = each.getValue();
            now = now.plusSeconds(11);
            assertThat(asks(provider.token(now, READ))).as(each.getKey()).isEqualTo(503);
        }
        provider.discovery = text -> text;
        provider.keySet = _ -> "{\"keys\":[{\"kty\":\"RSA\"}]}";
        now = now.plusSeconds(11);
        assertThat(asks(provider.token(now, READ))).as("half a key").isEqualTo(503);
        assertThat(api.get(NOTICES, api.key()).status()).isEqualTo(200);
    }

    @Test
    void whoeverPublishesTooSlowlyIsNotWaitedFor() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var other =
                        new TestApi(
                                directory.resolve("silent"),
                                () -> now,
                                10_000,
                                keys ->
                                        TestProvider.beside(
                                                keys,
                                                TestProvider.terms(
                                                        "http://127.0.0.1:"
                                                                + silent.getLocalPort()),
                                                () -> now,
                                                Duration.ofMillis(300)))) {
            assertThat(other.get(NOTICES, provider.token(now, READ)).status()).isEqualTo(503);
            assertThat(other.get(NOTICES, other.key()).status()).isEqualTo(200);
        }
    }
}
