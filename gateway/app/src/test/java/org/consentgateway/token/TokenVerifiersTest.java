package org.consentgateway.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
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
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.tools.ToolProvider;
import org.consentgateway.call.CallEvent;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.ledger.keys.JwsKey;
import org.consentgateway.ledger.keys.JwsKeys;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.Npm;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.consentgateway.web.NoCalls;
import org.consentgateway.web.Web;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The sample verifiers that assistant builders are given, over HTTP, with programs that are not
 * ours (jose, jwt-status-list, cryptography): what is right is taken, and every forgery refused.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class TokenVerifiersTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root", "../.."));
    private static final Path SAMPLES = PROJECT.resolve("config/assistants/verify");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final String ASSISTANT = "assistant";

    @TempDir private static Path folder;

    private static Npm npm;
    private static String issuer = "";

    /** Of both algorithms; one issuer each. */
    private static Side eddsa;

    private static Side es256;

    /** A gateway's side. */
    private record Side(String issuer, ConsentTokens tokens, Web door, Path keys)
            implements AutoCloseable {
        static Side open(JwsKey.Algorithm algorithm) throws Exception {
            Path keys = Files.createDirectory(folder.resolve(algorithm.name()));
            int port = FreePort.next();
            String issuer = "http://127.0.0.1:" + port;
            ConsentTokens tokens = ofKeys(keys, issuer, algorithm, InstantSource.system());
            InetSocketAddress at = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            return new Side(issuer, tokens, Web.startPublic(at, tokens, new NoCalls()), keys);
        }

        @Override
        public void close() {
            door.close();
        }
    }

    private static ConsentTokens ofKeys(
            Path keys, String issuer, JwsKey.Algorithm algorithm, InstantSource clock)
            throws IOException {
        return new ConsentTokens(
                new TokenKeys(JwsKeys.open(keys, "gw1", algorithm)),
                new ConsentTokens.Terms(issuer, Duration.ofHours(4)),
                clock,
                new Random());
    }

    @BeforeAll
    static void start() throws Exception {
        npm = Npm.installed(PROJECT);
        eddsa = Side.open(JwsKey.Algorithm.EDDSA);
        es256 = Side.open(JwsKey.Algorithm.ES256);
        issuer = eddsa.issuer();
        Path scratch = Files.createDirectory(folder.resolve("node"));
        npm.beside(scratch, SAMPLES.resolve("consent-verifier.mjs"));
    }

    @AfterAll
    static void stop() {
        eddsa.close();
        es256.close();
    }

    // ------------------------------------------------------------------ the verifiers

    /** Says whether a token holds; tells why not. */
    interface Verifier {
        Npm.Result verify(String issuer, String assistant, String call, String token)
                throws Exception;
    }

    private static Verifier script(String... command) {
        return (issuer, assistant, call, token) -> {
            String[] all =
                    Stream.concat(Stream.of(command), Stream.of(issuer, assistant, call, token))
                            .toArray(String[]::new);
            return Npm.run(folder.resolve("node"), all);
        };
    }

    /** Compiled once, and called as a program of the builder's would. */
    private static Verifier java() throws Exception {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        int failed =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-d",
                                classes.toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                SAMPLES.resolve("ConsentVerifier.java").toString());
        assertThat(failed).isZero();
        var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()});
        Class<?> type = loader.loadClass("ConsentVerifier");
        return (issuer, assistant, call, token) -> {
            Object verifier =
                    type.getConstructor(String.class, String.class).newInstance(issuer, assistant);
            try {
                Object claims =
                        type.getMethod("verify", String.class, String.class)
                                .invoke(verifier, token, call);
                return new Npm.Result(0, String.valueOf(claims));
            } catch (java.lang.reflect.InvocationTargetException refused) {
                return new Npm.Result(1, String.valueOf(refused.getCause()));
            }
        };
    }

    static Stream<Arguments> verifiers() throws Exception {
        return Stream.of(
                Arguments.of("Java", java()),
                Arguments.of("JavaScript with jose", script("node", "consent-verifier.mjs")),
                Arguments.of(
                        "Python with cryptography",
                        script(
                                "python3",
                                SAMPLES.resolve("consent_verifier.py")
                                        .toAbsolutePath()
                                        .toString())));
    }

    // ------------------------------------------------------------------ what they are shown

    private static DurableGrant grant() {
        return Grants.of(UUID.randomUUID(), Purpose.ASSISTANT, Purpose.TRANSCRIPT);
    }

    private static String part(String token, int index) {
        return new String(
                Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]),
                StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return BASE64URL.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same claims under another header, signed by whom it says. */
    private static String none(String token) {
        return encoded("{\"alg\":\"none\",\"typ\":\"consent+jwt\"}")
                + "."
                + token.split("\\.", -1)[1]
                + ".";
    }

    /** The public key as if it were a shared secret. */
    private static String hs256(String token, String publicKey) throws Exception {
        ObjectNode header = (ObjectNode) JSON.readTree(part(token, 0));
        String message =
                encoded(header.put("alg", "HS256").toString()) + "." + token.split("\\.", -1)[1];
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getUrlDecoder().decode(publicKey), "HmacSHA256"));
        return message
                + "."
                + BASE64URL.encodeToString(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
    }

    private static String withClaim(String token, String name, String value) throws Exception {
        ObjectNode claims = (ObjectNode) JSON.readTree(part(token, 1));
        String[] parts = token.split("\\.", -1);
        return parts[0] + "." + encoded(claims.put(name, value).toString()) + "." + parts[2];
    }

    private static String get(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(issuer + path)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** Signed by somebody whose keys nobody knows, who points to our keys. */
    private static String ofAStranger(DurableGrant grant) throws Exception {
        Path keys = Files.createTempDirectory(folder, "stranger");
        return ofKeys(keys, issuer, JwsKey.Algorithm.EDDSA, InstantSource.system())
                .issue(grant, ASSISTANT, Optional.empty())
                .thin();
    }

    private static String ofYesterday(DurableGrant grant) throws Exception {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        return ofKeys(eddsa.keys(), issuer, JwsKey.Algorithm.EDDSA, InstantSource.fixed(yesterday))
                .issue(grant, ASSISTANT, Optional.empty())
                .thin();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verifiers")
    void whatIsRightIsTakenAndEveryForgeryIsRefused(String name, Verifier verifier)
            throws Exception {
        for (Side side : List.of(eddsa, es256)) {
            DurableGrant grant = grant();
            ConsentToken token = side.tokens().issue(grant, ASSISTANT, Optional.of("pseudonym"));
            String call = grant.call().toString();
            Npm.Result taken = verifier.verify(side.issuer(), ASSISTANT, call, token.thin());
            assertThat(taken.exitCode()).as(taken.output()).isZero();
            assertThat(taken.output())
                    .contains("assistant transcript", grant.record().toString(), "pseudonym");
            assertThat(verifier.verify(side.issuer(), ASSISTANT, call, token.full()).exitCode())
                    .isZero();
        }
        DurableGrant grant = grant();
        String call = grant.call().toString();
        String token = eddsa.tokens().issue(grant, ASSISTANT, Optional.empty()).thin();
        String publicKey = JSON.readTree(get("/.well-known/jwks.json")).at("/keys/0/x").asText();
        Map<String, String> forged =
                Map.of(
                        "alg none", none(token),
                        "HS256 with the public key", hs256(token, publicKey),
                        "another kid", ofAStranger(grant),
                        "expired", ofYesterday(grant),
                        "a changed level", withClaim(token, "lvl", "voll"),
                        "changed purposes", withClaim(token, "pur", "assistant recording"),
                        "cut short", token.substring(0, token.length() - 10),
                        "nothing", "");
        for (Map.Entry<String, String> each : forged.entrySet()) {
            refused(each.getKey(), verifier.verify(issuer, ASSISTANT, call, each.getValue()));
        }
        refused("another assistant", verifier.verify(issuer, "other", call, token));
        refused(
                "another call",
                verifier.verify(issuer, ASSISTANT, UUID.randomUUID().toString(), token));
        refused("no call", verifier.verify(issuer, ASSISTANT, "", token));
        String list = get(listPath(token));
        refused("a status list for a token", verifier.verify(issuer, ASSISTANT, call, list));

        assertThat(verifier.verify(issuer, ASSISTANT, call, token).exitCode()).isZero();
        eddsa.tokens()
                .told(new CallEvent.Withdrawn(Grants.facts(grant.call()), "komfort", Method.KEY));
        refused("withdrawn", verifier.verify(issuer, ASSISTANT, call, token));
    }

    private static void refused(String what, Npm.Result result) {
        assertThat(result.exitCode()).as("%s: %s", what, result.output()).isNotZero();
    }

    private static String listPath(String token) throws Exception {
        String uri = JSON.readTree(part(token, 1)).at("/status/status_list/uri").asText();
        return uri.substring(issuer.length());
    }

    /** The library of those who wrote the draft, on our list; jose on our keys. */
    @Test
    void theStatusListIsReadByTheStandardsOwnLibrary() throws Exception {
        DurableGrant withdrawn = grant();
        DurableGrant other = grant();
        String ended = eddsa.tokens().issue(withdrawn, ASSISTANT, Optional.empty()).thin();
        String valid = eddsa.tokens().issue(other, ASSISTANT, Optional.empty()).thin();
        eddsa.tokens()
                .told(
                        new CallEvent.Withdrawn(
                                Grants.facts(withdrawn.call()), "komfort", Method.KEY));
        Path script = folder.resolve("node/list.mjs");
        Files.writeString(
                script,
                """
                import { getListFromStatusListJWT, getStatusListFromJWT } from '@sd-jwt/jwt-status-list';
                import { calculateJwkThumbprint, createLocalJWKSet, jwtVerify } from 'jose';
                const [issuer, ...tokens] = process.argv.slice(2);
                const jwks = await (await fetch(issuer + '/.well-known/jwks.json')).json();
                for (const key of jwks.keys) console.log('thumbprint', await calculateJwkThumbprint(key) === key.kid);
                for (const token of tokens) {
                  const place = getStatusListFromJWT(token);
                  const answer = await fetch(place.uri);
                  const jwt = await answer.text();
                  await jwtVerify(jwt, createLocalJWKSet(jwks), { typ: 'statuslist+jwt', subject: place.uri });
                  console.log(answer.headers.get('content-type'), getListFromStatusListJWT(jwt).getStatus(place.idx));
                }
                """);

        Npm.Result read = Npm.run(folder.resolve("node"), "node", "list.mjs", issuer, ended, valid);

        assertThat(read.output().lines())
                .containsExactly(
                        "thumbprint true",
                        "application/statuslist+jwt 1",
                        "application/statuslist+jwt 0");
    }

    @RealTimeTest
    void aWithdrawalIsSeenFromOutsideWithinATenthOfASecond() throws Exception {
        DurableGrant grant = grant();
        String token = eddsa.tokens().issue(grant, ASSISTANT, Optional.empty()).thin();
        int index = JSON.readTree(part(token, 1)).at("/status/status_list/idx").asInt();
        String path = listPath(token);
        assertThat(get(path + "/" + index)).isEqualTo("{\"status\":\"valid\",\"value\":0}");
        String before = get(path);

        long from = System.nanoTime();
        eddsa.tokens()
                .told(new CallEvent.Withdrawn(Grants.facts(grant.call()), "komfort", Method.KEY));
        String after = get(path);
        long took = System.nanoTime() - from;

        assertThat(JSON.readTree(part(after, 1)).at("/status_list/lst"))
                .isNotEqualTo(JSON.readTree(part(before, 1)).at("/status_list/lst"));
        assertThat(get(path + "/" + index)).contains("\"invalid\"");
        assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofMillis(500));
    }
}
