package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.account.TotpSecret;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.testkit.Npm;
import org.consentgateway.testkit.timing.Nightly;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signing in to the console with a real browser: by an identity provider that is not ours
 * (oidc-provider), and by a passkey of Chromium's virtual authenticator. One gateway, one provider
 * and one browser for all of it, since their starts are what takes the time.
 */
@Timeout(180)
@Nightly("Chromium and a provider of identities; OidcProviderTest is in each run")
class ConsoleSignInTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PROJECT = Path.of(System.getProperty("project.root"));
    private static final String SECRET = "a-secret-of-this-test";

    @TempDir private static Path directory;
    private static int port;
    private static @Nullable Process provider;
    private static @Nullable TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        port = freePort();
        Map<String, Object> people =
                Map.of(
                        "anna",
                                Map.of(
                                        "name",
                                        "Anna Weber",
                                        "roles",
                                        List.of("staff", "gateway-dpo")),
                        "nobody-special", Map.of("name", "Ben Roth", "roles", List.of("staff")));
        Path told = directory.resolve("people.json");
        Files.writeString(
                told,
                JSON.writeValueAsString(
                        Map.of(
                                "client",
                                "console",
                                "secret",
                                SECRET,
                                "redirect",
                                base() + "/sign-in/callback",
                                "afterSignOut",
                                base() + "/sign-in",
                                "people",
                                people)));
        Path program =
                Npm.installed(PROJECT, "npm-oidc")
                        .beside(
                                Files.createDirectory(directory.resolve("node-oidc")),
                                PROJECT.resolve("gateway/testkit/npm-oidc/people.mjs"));
        provider =
                new ProcessBuilder("node", program.toString(), told.toString())
                        .redirectErrorStream(true)
                        .start();
        String issuer = issuer(provider);
        Path secret = Files.writeString(directory.resolve("console.secret"), SECRET + "\n");
        gateway =
                TestGateway.start(
                        Files.createDirectory(directory.resolve("gateway")),
                        TestGateway.Wishes.USUAL,
                        yaml -> configuration(issuer, secret) + yaml);
    }

    private static String configuration(String issuer, Path secret) {
        return """
        console:
          listen: "127.0.0.1:%d"
          url: "%s"
          accounts: data/accounts.json
          passkeys: data/passkeys.json
          help: "%s/config/console/help"
          oidc:
            issuer: "%s"
            name: "Example account"
            client-id: console
            client-secret-file: "%s"
            roles: {gateway-dpo: dpo, gateway-admin: admin}
        compliance: {directory: "%s/config/compliance"}
        """
                .formatted(port, base(), PROJECT, issuer, secret, PROJECT);
    }

    private static String base() {
        return "http://localhost:" + port;
    }

    /** The provider has to know it before the console listens. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String issuer(Process process) throws IOException {
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        var all = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("http://")) {
                return line;
            }
            all.append(line).append('\n');
        }
        throw new IOException("oidc-provider ended: " + all);
    }

    @AfterAll
    static void end() {
        if (gateway != null) {
            gateway.close();
        }
        if (provider != null) {
            provider.destroyForcibly();
        }
    }

    private static TestGateway gateway() {
        return Objects.requireNonNull(gateway);
    }

    private static List<JsonNode> walk(TotpSecret totp) throws IOException {
        ObjectNode settings = JSON.createObjectNode();
        settings.putObject("account")
                .put("name", "a.local")
                .put("password", ConsoleVisitor.PASSWORD)
                .put("totp", totp.base32());
        settings.put("base", base());
        settings.put("browser", ConsoleBrowserTest.browser());
        settings.put("shots", PROJECT.resolve("gateway/app/target/console").toString());
        Path told = directory.resolve("walk.json");
        Files.writeString(told, JSON.writeValueAsString(settings));
        Path program =
                Npm.installed(PROJECT, "npm-console")
                        .beside(
                                Files.createDirectory(directory.resolve("node-console")),
                                PROJECT.resolve("gateway/testkit/npm-console/sign-in-walk.mjs"));
        Npm.Result result = Npm.run(directory, "node", program.toString(), told.toString());
        assertThat(result.exitCode()).as(result.output()).isZero();
        List<JsonNode> said = new ArrayList<>();
        for (String line : result.output().lines().toList()) {
            said.add(JSON.readTree(line));
        }
        return said;
    }

    private static JsonNode step(List<JsonNode> said, String name) {
        return said.stream()
                .filter(each -> each.path("step").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + said));
    }

    private static List<String> entries(EntryType type) throws Exception {
        return gateway().archive().reader().ofType(type, 100).stream()
                .map(entry -> TestGateway.payload(entry).toString())
                .toList();
    }

    @Test
    void peopleComeInByEachWayThereIs() throws Exception {
        List<JsonNode> said = walk(ConsoleVisitor.add(gateway(), "a.local", ConsoleRole.VIEWER));

        assertThat(said)
                .filteredOn(each -> each.path("step").asText().equals("judged"))
                .isNotEmpty()
                .allSatisfy(each -> {
                    assertThat(each.path("violations")).as(each.toString()).isEmpty();
                    assertThat(each.path("wide").asInt()).as(each.toString()).isZero();
                });
        JsonNode in = step(said, "in");
        assertThat(in.path("who").asText()).isEqualTo("Anna Weber, data protection");
        assertThat(in.path("session").asText()).isEqualTo("Strict true");
        assertThat(step(said, "replayed").path("status").asInt()).isEqualTo(400);
        assertThat(step(said, "out").path("left").asInt()).isZero();
        assertThat(step(said, "out").path("errors")).isEmpty();
        assertThat(step(said, "refused").path("text").asText()).contains("has no role here");
        assertThat(entries(EntryType.ACCESSED))
                .anyMatch(each ->
                        each.contains("console oidc:anna")
                                && each.contains("sign-in by the identity provider")
                                && each.contains("Anna Weber"))
                .anyMatch(each -> each.contains("console oidc:anna") && each.contains("sign-out"))
                .noneMatch(each -> each.contains("Ben Roth"));
        assertThat(entries(EntryType.ACCESS_REFUSED))
                .anyMatch(each ->
                        each.contains("console oidc:nobody-special")
                                && each.contains("no role of ours"))
                .anyMatch(each -> each.contains("state is unknown, used or too old"));

        passkey(said);

        // Signed out here is signed out: the id opens nothing, wherever it is shown.
        var thief = new ConsoleVisitor(URI.create(base()));
        thief.cookies().put("session", in.path("id").asText());
        assertThat(thief.get("/").statusCode()).isEqualTo(303);
    }

    private static void passkey(List<JsonNode> said) throws Exception {
        assertThat(step(said, "own").path("text").asText()).contains("kept by your company");
        assertThat(step(said, "made").path("names"))
                .extracting(JsonNode::asText)
                .containsExactly("Telephone");
        JsonNode by = step(said, "by-passkey");
        assertThat(by.path("who").asText()).isEqualTo("Ada viewer, viewer");
        assertThat(by.path("site").asText()).isEqualTo("localhost");
        assertThat(by.path("count").asInt()).isPositive();
        assertThat(by.path("errors")).isEmpty();
        assertThat(step(said, "not-verified").path("at").asText()).endsWith("/sign-in");
        assertThat(step(said, "not-verified").path("text").asText()).startsWith("That did not");
        assertThat(step(said, "removed").path("text").asText()).contains("opens nothing here");
        assertThat(entries(EntryType.ACCESSED))
                .anyMatch(each ->
                        each.contains("console a.local") && each.contains("sign-in by a passkey"))
                .anyMatch(each -> each.contains("console passkey made"))
                .anyMatch(each -> each.contains("console passkey removed"));
        assertThat(entries(EntryType.ACCESS_REFUSED))
                .anyMatch(each -> each.contains("passkey: unknown"));
        assertThat(Files.readString(gateway().data().resolve("passkeys.json")))
                .doesNotContain("Telephone");
    }

    /** Whoever finds a screen unlocked makes no key, and takes none away. */
    @Test
    void aPasskeyIsMadeByWhoHasJustShownAgainWhoTheyAre() throws Exception {
        TotpSecret totp = ConsoleVisitor.add(gateway(), "b.local", ConsoleRole.EDITOR);
        Instant now = InstantSource.system().instant();
        var first = new ConsoleVisitor(URI.create(base()));
        first.signIn("b.local", ConsoleVisitor.PASSWORD, totp.code(now.minusSeconds(30)));
        var visitor = new ConsoleVisitor(URI.create(base()));
        visitor.signIn("b.local", ConsoleVisitor.PASSWORD, totp.code(now));
        for (String path : List.of("/passkeys/options", "/passkeys", "/passkeys/remove")) {
            Map<String, String> form = Map.of("id", "x", "name", "x", "response", "{}");
            assertThat(visitor.post("/account" + path, form).statusCode()).isEqualTo(403);
            assertThat(visitor.postWithToken("/account" + path, form).body())
                    .contains("confirm first that it is you");
        }
        String before = visitor.cookies().get("session");
        HttpResponse<String> wrong =
                visitor.postWithToken(
                        "/account/confirm", Map.of("password", "guessed it", "code", "000000"));
        assertThat(wrong.statusCode()).isEqualTo(401);
        visitor.postWithToken(
                "/account/confirm",
                Map.of(
                        "password",
                        ConsoleVisitor.PASSWORD,
                        "code",
                        totp.code(now.plusSeconds(30))));
        assertThat(visitor.cookies().get("session")).isNotEqualTo(before);
        HttpResponse<String> options = visitor.postWithToken("/account/passkeys/options", Map.of());
        assertThat(JSON.readTree(options.body()).at("/rp/id").asText()).isEqualTo("localhost");
        assertThat(
                        visitor.postWithToken(
                                        "/account/passkeys", Map.of("name", "x", "response", "{}"))
                                .statusCode())
                .isEqualTo(422);

        assertThat(visitor.get("/account").body()).contains("you are signed in: 1");
        visitor.postWithToken("/account/sessions/end", Map.of());
        assertThat(first.get("/").statusCode()).isEqualTo(303);
        assertThat(visitor.get("/account").body()).contains("signed in here only");
    }

    private static String state(HttpResponse<String> begun) {
        URI there = URI.create(begun.headers().firstValue("Location").orElseThrow());
        return there.getRawQuery().replaceFirst(".*[?&]?state=([^&]+).*", "$1");
    }

    /** Nobody is signed in by an address that somebody else gave them, nor led elsewhere by it. */
    @Test
    void theWayBackIsOfTheBrowserThatWentAndLeadsNowhereElse() throws Exception {
        var one = new ConsoleVisitor(URI.create(base()));
        var other = new ConsoleVisitor(URI.create(base()));
        String state = state(one.get("/sign-in/provider"));
        assertThat(other.get("/sign-in/provider").statusCode()).isEqualTo(303);

        HttpResponse<String> said =
                other.get("/sign-in/callback?code=x&redirect=https://evil.example&state=" + state);

        assertThat(said.statusCode()).isEqualTo(400);
        assertThat(said.body()).contains("begun in another browser").doesNotContain("evil.example");
        assertThat(other.cookies()).doesNotContainKey("session");
        // It is not used up by the other: the provider is asked, and knows no such code.
        assertThat(one.get("/sign-in/callback?code=x&state=" + state).statusCode()).isEqualTo(401);
        for (String site : List.of("cross-site", "same-site")) {
            HttpResponse<String> led =
                    one.send(one.request("/sign-in/provider").header("Sec-Fetch-Site", site));
            assertThat(led.headers().firstValue("Location").orElseThrow()).endsWith("/sign-in");
        }
        assertThat(one.get("/sign-in/callback?code=%3Cscript%3E&error=%3Cscript%3E").body())
                .doesNotContain("<script>");
    }
}
