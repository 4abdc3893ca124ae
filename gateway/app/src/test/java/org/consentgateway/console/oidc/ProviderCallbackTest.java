package org.consentgateway.console.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.api.access.SessionTokens;
import org.consentgateway.console.ConsoleServer;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way back from an identity provider: nobody but the browser that went there uses it up. */
@Timeout(60)
class ProviderCallbackTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration HOUR = Duration.ofHours(1);
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private SigningProvider provider;
    private Ledger ledger;
    private ConsoleServer console;

    @BeforeEach
    void start() throws Exception {
        provider = SigningProvider.start();
        ledger = Ledger.open(TestLedger.in(directory), CLOCK);
        var signIn =
                new ProviderSignIn(provider.terms(), provider.documents(), CLOCK, System::nanoTime);
        console =
                ConsoleServer.start(
                        ANY_PORT,
                        new ConsoleServer.Terms(Optional.empty(), false, HOUR, HOUR),
                        new ConsoleServer.Inside(
                                new AccountFile(directory.resolve("accounts.json")),
                                new AccessRecords(ledger, CLOCK, Duration.ofSeconds(5)),
                                new SessionTokens(),
                                ANY_PORT,
                                Optional.of(new ConsoleServer.Provider(signIn, "Example")),
                                Optional.empty()),
                        List.of(),
                        CLOCK,
                        CLOCK);
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        console.close();
        ledger.close();
        provider.close();
    }

    /** As what looks at each address first does, with the cookie or without it. */
    @Test
    void whoAsksByHeadUsesUpNeitherStateNorCode() throws Exception {
        Begun begun = begin();

        HttpResponse<String> looked = ask("HEAD", begun.back(), begun.cookie());

        assertThat(looked.statusCode()).isEqualTo(405);
        assertThat(looked.headers().firstValue("Allow")).contains("GET");
        assertThat(looked.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(isSignedIn(ask("GET", begun.back(), begun.cookie()))).isTrue();
    }

    @Test
    void whoAsksWithoutTheCookieUsesUpNothing() throws Exception {
        Begun begun = begin();
        HttpResponse<String> foreign = ask("GET", begun.back(), begin().cookie());
        assertThat(foreign.statusCode()).isEqualTo(400);
        assertThat(isSignedIn(foreign)).isFalse();

        assertThat(isSignedIn(ask("GET", begun.back(), begun.cookie()))).isTrue();
        assertThat(ask("GET", begun.back(), begun.cookie()).statusCode()).isEqualTo(400);
    }

    /** It may be led there by any page of another site. */
    @Test
    void aBrowserWithAStateThatIsNotItsOwnKeepsItsCookie() throws Exception {
        String cookie = begin().cookie();
        HttpResponse<String> led = ask("GET", "/sign-in/callback?state=x&code=x", cookie);
        assertThat(led.statusCode()).isEqualTo(400);
        assertThat(led.headers().allValues("Set-Cookie")).isEmpty();
    }

    /** What the provider sends a browser back to, and the cookie that it has. */
    private record Begun(String back, String cookie) {}

    private Begun begin() throws Exception {
        HttpResponse<String> there = ask("GET", "/sign-in/provider", "");
        URI address = URI.create(there.headers().firstValue("Location").orElseThrow());
        Map<String, String> asked = SigningProvider.query(address.getRawQuery());
        String code = asked.getOrDefault("state", "");
        provider.tokenByCode.put(
                code,
                SigningProvider.signed(
                        SigningProvider.KEY,
                        provider.claims(asked.getOrDefault("nonce", ""), CLOCK.instant()).build()));
        return new Begun(
                "/sign-in/callback?state=%s&code=%s&iss=%s"
                        .formatted(code, code, provider.issuer()),
                there.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0]);
    }

    private HttpResponse<String> ask(String method, String path, String cookie) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + console.port() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static boolean isSignedIn(HttpResponse<String> said) {
        return said.headers().allValues("Set-Cookie").stream()
                .anyMatch(each -> each.startsWith("session="));
    }
}
