package org.consentgateway.console;

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
import java.util.Optional;
import java.util.stream.IntStream;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.api.access.SessionTokens;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What whoever signs in is told. */
@Timeout(60)
class SignInPagesTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration HOUR = Duration.ofHours(1);
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir private Path directory;

    @Test
    void whoComesWhileManyTryIsToldInWordsWhenToComeBack() throws Exception {
        try (Ledger ledger = Ledger.open(TestLedger.in(directory), CLOCK);
                ConsoleServer console = start(ledger);
                HttpClient client = HttpClient.newHttpClient()) {
            List<HttpResponse<String>> said =
                    IntStream.range(0, 28)
                            .mapToObj(i ->
                                    client.sendAsync(
                                            signIn(console.port(), i),
                                            HttpResponse.BodyHandlers.ofString()))
                            .toList()
                            .stream()
                            .map(each -> each.join())
                            .toList();

            assertThat(said)
                    .filteredOn(each -> each.statusCode() != 401)
                    .isNotEmpty()
                    .allSatisfy(each -> {
                        assertThat(each.statusCode()).isEqualTo(503);
                        assertThat(each.headers().firstValue("Retry-After")).contains("10");
                        assertThat(each.body()).contains("Please try again in ten seconds");
                    })
                    .hasSize((int) console.turnedAway());
        }
    }

    private static HttpRequest signIn(int port, int number) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/sign-in"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Accept-Language", "en")
                .POST(
                        HttpRequest.BodyPublishers.ofString(
                                "name=made-up-" + number + "&password=x&code=000000"))
                .build();
    }

    private ConsoleServer start(Ledger ledger) throws Exception {
        return ConsoleServer.start(
                ANY_PORT,
                new ConsoleServer.Terms(Optional.empty(), false, HOUR, HOUR),
                new ConsoleServer.Inside(
                        new AccountFile(directory.resolve("accounts.json")),
                        new AccessRecords(ledger, CLOCK, Duration.ofSeconds(5)),
                        new SessionTokens(),
                        ANY_PORT,
                        Optional.empty(),
                        Optional.empty()),
                List.of(),
                CLOCK,
                CLOCK);
    }
}
