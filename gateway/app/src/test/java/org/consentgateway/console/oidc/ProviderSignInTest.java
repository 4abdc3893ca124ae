package org.consentgateway.console.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.account.ConsoleUser;
import org.consentgateway.console.account.SignInsUnderWay;
import org.consentgateway.console.oidc.ProviderSignIn.Begun;
import org.consentgateway.console.oidc.ProviderSignIn.Result;
import org.consentgateway.console.oidc.ProviderSignIn.Returned;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who comes in by an identity provider, and that nothing it never said opens anything. */
class ProviderSignInTest {
    private static final String SOURCE = "192.0.2.1";

    private static final Instant NOW = Instant.parse("2026-11-28T09:00:00Z");

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private SigningProvider provider;
    private ProviderSignIn signIn;

    @BeforeEach
    void start() throws IOException {
        provider = SigningProvider.start();
        signIn =
                new ProviderSignIn(
                        provider.terms(),
                        provider.documents(),
                        time::get,
                        () -> Duration.between(NOW, now()).toNanos());
    }

    @AfterEach
    void end() {
        provider.close();
    }

    private static Map<String, String> asked(Begun begun) {
        return SigningProvider.query(begun.there().getRawQuery());
    }

    private static String asked(Begun begun, String name) {
        return asked(begun).getOrDefault(name, "");
    }

    private Instant now() {
        return Objects.requireNonNull(time.get());
    }

    private Result back(Begun begun, UnaryOperator<JWTClaimsSet.Builder> change) {
        var claims = change.apply(provider.claims(asked(begun, "nonce"), now()));
        return backWith(begun, SigningProvider.signed(SigningProvider.KEY, claims.build()));
    }

    private Result backWith(Begun begun, String token) {
        provider.tokenByCode.put("the-code", token);
        return signIn.finish(
                new Returned(asked(begun, "state"), "the-code", "", provider.issuer()),
                begun.browser());
    }

    private static String why(Result result) {
        return switch (result) {
            case Result.In(var user, var _) -> "in: " + user;
            case Result.Refused(String why) -> why;
            case Result.NotOurs(String name, String why) -> name + ": " + why;
            case Result.Unknown(String why) -> why;
            case Result.Down() -> "down";
        };
    }

    @Test
    void whoHasARoleComesInByNameAndIsSignedOutThereToo() throws Exception {
        Begun begun = signIn.begin(SOURCE);
        Map<String, String> asked = asked(begun);
        assertThat(begun.there().toString())
                .startsWith(provider.issuer() + "/authorize?tenant=one&");
        assertThat(asked)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", SigningProvider.CLIENT)
                .containsEntry("redirect_uri", "https://consent.example/sign-in/callback")
                .containsEntry("scope", "openid profile")
                .containsEntry("code_challenge_method", "S256");

        Result result = back(begun, claims -> claims);

        assertThat(result).isInstanceOf(Result.In.class);
        var in = (Result.In) result;
        assertThat(in.user())
                .isEqualTo(new ConsoleUser("oidc:248289761001", "Anna Weber", ConsoleRole.DPO));
        URI out = in.signOut().orElseThrow();
        assertThat(out.toString()).startsWith(provider.issuer() + "/end?id_token_hint=");
        assertThat(SigningProvider.query(out.getRawQuery()))
                .containsEntry("post_logout_redirect_uri", "https://consent.example/sign-in")
                .containsEntry("client_id", SigningProvider.CLIENT);
        assertThat(provider.form)
                .containsEntry("grant_type", "authorization_code")
                .containsEntry("redirect_uri", asked.get("redirect_uri"))
                .doesNotContainKey("client_secret");
        assertThat(provider.authorization)
                .isEqualTo(
                        SigningProvider.basic("consent+gateway%3Aone", "a+secret%2Fwith%2Bsigns"));
        assertThat(hash(provider.form.getOrDefault("code_verifier", "")))
                .isEqualTo(asked.get("code_challenge"));
    }

    private static String hash(String verifier) throws Exception {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        MessageDigest.getInstance("SHA-256")
                                .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Arguments spoiled(String what, UnaryOperator<JWTClaimsSet.Builder> change) {
        return Arguments.of(what, change);
    }

    static Stream<Arguments> wrongClaims() {
        return Stream.of(
                spoiled("another nonce", claims -> claims.claim("nonce", "of another sign-in")),
                spoiled("no nonce", claims -> claims.claim("nonce", null)),
                spoiled("for another client", claims -> claims.audience("another")),
                spoiled("for nobody", claims -> claims.audience((String) null)),
                spoiled(
                        "for us and another, issued to nobody",
                        claims -> claims.audience(List.of(SigningProvider.CLIENT, "another"))),
                spoiled(
                        "for us and another, issued to the other",
                        claims ->
                                claims.audience(List.of(SigningProvider.CLIENT, "another"))
                                        .claim("azp", "another")),
                spoiled("for us, issued to another", claims -> claims.claim("azp", "another")),
                spoiled("of another issuer", claims -> claims.issuer("https://evil.example")),
                spoiled("of no issuer", claims -> claims.issuer(null)),
                spoiled("over", claims -> claims.expirationTime(Date.from(NOW.minusSeconds(31)))),
                spoiled("without an end", claims -> claims.expirationTime(null)),
                spoiled(
                        "issued before it was asked for",
                        claims -> claims.issueTime(Date.from(NOW.minusSeconds(31)))),
                spoiled(
                        "issued in the future",
                        claims -> claims.issueTime(Date.from(NOW.plusSeconds(31)))),
                spoiled("issued at no time", claims -> claims.issueTime(null)),
                spoiled("not yet", claims -> claims.notBeforeTime(Date.from(NOW.plusSeconds(31)))),
                spoiled("of nobody", claims -> claims.subject(null)),
                spoiled("of another tenant", claims -> claims.claim("tid", "b")),
                spoiled("of no tenant", claims -> claims.claim("tid", null)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongClaims")
    void anIdTokenThatIsNotForThisSignInOpensNothing(
            String what, UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        Result result = back(signIn.begin(SOURCE), change);

        assertThat(result).as(what).isInstanceOf(Result.Refused.class);
        assertThat(why(result)).startsWith("ID token: ");
    }

    private static String byHmac(JWTClaimsSet claims, byte[] secret, String keyId) {
        try {
            var token =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(keyId).build(), claims);
            token.sign(new MACSigner(secret));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Arguments> forgeries() throws Exception {
        byte[] modulus = SigningProvider.KEY.toRSAPublicKey().getEncoded();
        return Stream.of(
                Arguments.of("unsigned", forged(claims -> new PlainJWT(claims).serialize())),
                Arguments.of(
                        "HS256 with the public key",
                        forged(claims -> byHmac(claims, modulus, "first"))),
                Arguments.of(
                        "HS256 with our secret",
                        forged(claims ->
                                byHmac(
                                        claims,
                                        (SigningProvider.SECRET + SigningProvider.SECRET)
                                                .getBytes(StandardCharsets.US_ASCII),
                                        "first"))),
                Arguments.of(
                        "by an unknown key",
                        forged(claims -> SigningProvider.signed(SigningProvider.OTHER, claims))),
                Arguments.of(
                        "by an unknown key under a known name",
                        forged(claims ->
                                SigningProvider.signed(
                                        SigningProvider.OTHER,
                                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                                .keyID("first")
                                                .build(),
                                        claims))),
                Arguments.of(
                        "by a key that it brings along",
                        forged(claims ->
                                SigningProvider.signed(
                                        SigningProvider.OTHER,
                                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                                .jwk(SigningProvider.OTHER.toPublicJWK())
                                                .build(),
                                        claims))),
                Arguments.of(
                        "by an algorithm that is not allowed",
                        forged(claims ->
                                SigningProvider.signed(
                                        SigningProvider.KEY,
                                        new JWSHeader.Builder(JWSAlgorithm.RS512)
                                                .keyID("first")
                                                .build(),
                                        claims))),
                Arguments.of(
                        "an access token",
                        forged(claims ->
                                SigningProvider.signed(
                                        SigningProvider.KEY,
                                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                                .keyID("first")
                                                .type(new JOSEObjectType("at+jwt"))
                                                .build(),
                                        claims))),
                Arguments.of("nothing", forged(_ -> "x.y.z")));
    }

    private static BiFunction<SigningProvider, String, String> forged(
            Function<JWTClaimsSet, String> token) {
        return (from, nonce) -> token.apply(from.claims(nonce, NOW).build());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void whatTheProviderHasNotSignedOpensNothing(
            String what, BiFunction<SigningProvider, String, String> token) throws Exception {
        Begun begun = signIn.begin(SOURCE);

        Result result = backWith(begun, token.apply(provider, asked(begun, "nonce")));

        assertThat(result).as(what + why(result)).isInstanceOf(Result.Refused.class);
    }

    /** RFC 6749 §10.12: nobody is signed in as somebody else by an address that they were given. */
    @Test
    void aStateIsOfOneBrowserAndOneTimeAndTenMinutes() throws Exception {
        Begun begun = signIn.begin(SOURCE);
        var returned = new Returned(asked(begun, "state"), "the-code", "", provider.issuer());

        assertThat(why(signIn.finish(returned, signIn.begin(SOURCE).browser())))
                .isEqualTo("state of another browser");
        assertThat(back(begun, claims -> claims)).isInstanceOf(Result.In.class);

        Begun other = signIn.begin(SOURCE);
        assertThat(signIn.finish(new Returned("", "the-code", "", ""), other.browser()))
                .isInstanceOf(Result.Unknown.class);
        assertThat(back(other, claims -> claims)).isInstanceOf(Result.In.class);
        assertThat(why(back(other, claims -> claims)))
                .isEqualTo("state is unknown, used or too old");

        Begun late = signIn.begin(SOURCE);
        time.set(NOW.plus(PendingSignIns.LONGEST));
        assertThat(why(back(late, claims -> claims)))
                .isEqualTo("state is unknown, used or too old");
    }

    @Test
    void aCodeThatWasUsedIsTheProvidersNo() throws Exception {
        Begun begun = signIn.begin(SOURCE);

        Result result =
                signIn.finish(
                        new Returned(asked(begun, "state"), "used", "", provider.issuer()),
                        begun.browser());

        assertThat(why(result)).isEqualTo("token endpoint: invalid_grant");
    }

    /** RFC 9207: it says that its answers name it, so one that does not is another's. */
    @Test
    void theAnswerOfAnotherProviderIsRefusedBeforeItsCodeIsShown() throws Exception {
        for (String issuer : List.of("https://evil.example", "")) {
            Begun begun = signIn.begin(SOURCE);
            provider.tokenByCode.put("the-code", "x");
            Result result =
                    signIn.finish(
                            new Returned(asked(begun, "state"), "the-code", "", issuer),
                            begun.browser());
            assertThat(why(result)).isEqualTo("answer of another issuer");
            assertThat(provider.tokenByCode).containsKey("the-code");
        }
    }

    /** It stands in an address, which anybody may write, about anybody. */
    @Test
    void whyTheProviderRefusesIsToldInWordsOfTheStandardsAlone() throws Exception {
        assertThat(why(refused("access_denied"))).isEqualTo("provider: access_denied");
        assertThat(why(refused("login_required"))).isEqualTo("provider: login_required");
        assertThat(why(refused("+4915112345678 Anna W."))).isEqualTo("provider: another error");
        assertThat(why(refused("access_denied\nforged line"))).isEqualTo("provider: another error");
        assertThat(why(refused(""))).isEqualTo("provider: no code");
    }

    private Result refused(String error) throws Exception {
        Begun begun = signIn.begin(SOURCE);
        return signIn.finish(
                new Returned(asked(begun, "state"), "", error, provider.issuer()), begun.browser());
    }

    @Test
    void nobodyComesInWithoutARoleOfOursOrAName() throws Exception {
        assertThat(why(back(signIn.begin(SOURCE), claims -> claims.claim("realm_access", null))))
                .isEqualTo("oidc:248289761001: no role of ours in realm_access.roles");
        assertThat(
                        why(
                                back(
                                        signIn.begin(SOURCE),
                                        claims ->
                                                claims.claim(
                                                        "realm_access",
                                                        Map.of("roles", List.of("dpo", "admin"))))))
                .contains("no role of ours");
        assertThat(why(back(signIn.begin(SOURCE), claims -> claims.claim("name", null))))
                .isEqualTo("oidc:248289761001: no name of a person in name");
        assertThat(why(back(signIn.begin(SOURCE), claims -> claims.claim("name", "+491710000000"))))
                .contains("no name of a person");
    }

    @Test
    void aNewKeyOfTheProviderCountsAtOnce() throws Exception {
        assertThat(back(signIn.begin(SOURCE), claims -> claims)).isInstanceOf(Result.In.class);
        provider.published = List.of(SigningProvider.OTHER);
        time.set(NOW.plusSeconds(20));
        Begun begun = signIn.begin(SOURCE);

        Result result =
                backWith(
                        begun,
                        SigningProvider.signed(
                                SigningProvider.OTHER,
                                provider.claims(asked(begun, "nonce"), now()).build()));

        assertThat(result).isInstanceOf(Result.In.class);
    }

    @Test
    void aProviderThatIsDownIsSaidToBeAndAskedAgain() throws Exception {
        provider.discovery = _ -> "";
        assertThatThrownBy(() -> signIn.begin(SOURCE)).isInstanceOf(IOException.class);
        assertThat(signIn.failing()).isTrue();
        provider.discovery = text -> text;
        assertThatThrownBy(() -> signIn.begin(SOURCE)).hasMessageContaining("a moment ago");
        time.set(NOW.plus(KnownProvider.BETWEEN_TWO));

        Begun begun = signIn.begin(SOURCE);
        assertThat(signIn.failing()).isFalse();
        provider.status = 503;
        assertThat(back(begun, claims -> claims)).isInstanceOf(Result.Down.class);
    }

    /** A document that somebody has changed on the way sends neither people nor our secret away. */
    @Test
    void noAddressThatIsNotSafeIsUsed() {
        for (String name : List.of("authorization", "token", "end_session")) {
            provider.discovery =
                    text ->
                            text.replaceFirst(
                                    name + "_endpoint\": \"http://127.0.0.1:",
                                    name + "_endpoint\": \"http://evil.example:");
            time.updateAndGet(now -> now.plus(Duration.ofMinutes(10)));
            assertThatThrownBy(() -> signIn.begin(SOURCE)).hasMessageContaining("no https " + name);
        }
    }

    @Test
    void theSecretTravelsInTheFormWhereTheProviderTakesItThereOnly() throws Exception {
        provider.discovery =
                text ->
                        text.replaceFirst(
                                "\\{",
                                "{\"token_endpoint_auth_methods_supported\":"
                                        + " [\"client_secret_post\"],");

        assertThat(back(signIn.begin(SOURCE), claims -> claims)).isInstanceOf(Result.In.class);
        assertThat(provider.authorization).isEmpty();
        assertThat(provider.form)
                .containsEntry("client_id", SigningProvider.CLIENT)
                .containsEntry("client_secret", SigningProvider.SECRET);
    }

    @Test
    void strangersAtAFewAddressesHaveNobodyBeginAgain() throws Exception {
        Begun first = signIn.begin(SOURCE);
        Begun strangers = signIn.begin("198.51.100.0");
        for (int i = 0; i < 2 * SignInsUnderWay.MOST; i++) {
            var _ = signIn.begin("198.51.100." + i % 20);
        }

        assertThat(back(strangers, claims -> claims)).isInstanceOf(Result.Unknown.class);
        assertThat(back(first, claims -> claims)).isInstanceOf(Result.In.class);
    }
}
