package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The machine's clock is a year ahead for a moment, while much is written and much waits. */
@Timeout(value = 150, unit = TimeUnit.SECONDS)
class ClockAheadTest {
    @TempDir private Path folder;

    @Story
    @Nightly("35 s of one gateway that waits; ClockJumpsTest is in each run, as is RetentionTest")
    void nothingThatStaysGoesByIt() throws Exception {
        String yes = "+491710000778";
        String withdraws = "+491710000779";
        String asks = "+491710000780";
        var set = new AtomicReference<>(Duration.ZERO);
        try (var crm = new Crm();
                TestGateway gateway =
                        TestGateway.start(
                                folder, TestGateway.Wishes.USUAL, yaml -> with(crm, yaml))) {
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            Path kept = cdr(today.minusDays(60));
            Files.createDirectories(kept.getParent());
            Files.writeString(kept, "{}\n");
            gateway.restartBy(() -> Instant.now().plus(set.get()));
            asksForErasure(gateway, asks);
            gateway.tells(asks, "RequestOpened ERASURE", "CallBackDue");

            set.set(Duration.ofDays(366));
            TestWait.until(() -> gateway.http("/health/ready").contains("set ahead"));
            TestCaller.calls(gateway, TestGateway.REMEMBER, yes)
                    .hears("question-keys.assistant")
                    .presses("1")
                    .hears("remember-keys")
                    .presses("1")
                    .hears("assistant")
                    .hangsUp();
            gateway.tellsOfTalk(yes, "merken");
            // When a call of that line ends, the requests that wait are looked at.
            asksForErasure(gateway, "+491710000781");
            TestCaller.agrees(gateway, TestGateway.ONE_LEVEL, withdraws)
                    .hears("assistant")
                    .presses("*9")
                    .hears("withdrawn")
                    .hangsUp();
            TestWait.until(() -> crm.came() == 1);
            set.set(Duration.ZERO);
            TestWait.until(() -> gateway.http("/health/ready").contains("goes steadily"));

            TestWait.until(() -> crm.came() == 2);
            isKnown(gateway, yes);
            Entry given =
                    gateway.entries(yes).stream()
                            .filter(entry -> entry.type() == EntryType.GIVEN)
                            .findFirst()
                            .orElseThrow();
            assertThat(Instant.parse(TestGateway.payload(given).at("/validity/until").asText()))
                    .isBefore(Instant.now().plus(Duration.ofDays(367)));
            for (String number : List.of(yes, withdraws, asks)) {
                assertThat(gateway.entries(number).getLast().time()).isBefore(Instant.now());
            }
            Entry request = gateway.entries(asks).getFirst();
            assertThat(AboutEntries.of(gateway.archive().reader(), request.id()))
                    .as("it waits for its call back")
                    .extracting(TestGateway::told)
                    .noneMatch(told -> told.startsWith("RequestUnconfirmed"));
            assertThat(kept).as("of 60 days ago, kept for 90").exists();
            assertThat(cdr(today.plusDays(366))).doesNotExist();
        }
    }

    private Path cdr(LocalDate day) {
        return folder.resolve("data/cdr/cdr-whole-" + day + ".jsonl");
    }

    private static String with(Crm crm, String yaml) {
        return """
        cdr: {directory: data/cdr}
        webhooks:
          endpoints:
            - name: crm
              url: http://127.0.0.1:%d/
              private-addresses: true
              events: [consent.withdrawn]
              secret: whsec_%s
        """
                        .formatted(
                                crm.server.getAddress().getPort(),
                                Base64.getEncoder().encodeToString(new byte[32]))
                + yaml.replace(
                                "{name: local, sources: [\"127.0.0.1\"],",
                                "{name: local, sources: [\"127.0.0.1\"],"
                                        + " probe: \"sip:127.0.0.1:9\",")
                        .replace(
                                "dialog: privacy\n    first-input: 3s",
                                """
                                dialog: privacy
                                    first-input: 1s
                                    trunks: [local]
                                    confirm-by: call-back
                                    confirm-hours: []
                                    confirm-after: 1h\
                                """);
    }

    /** Another system that fails at first. */
    private static final class Crm implements AutoCloseable {
        private final AtomicInteger came = new AtomicInteger();
        private final HttpServer server;

        Crm() throws IOException {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        int status = came.getAndIncrement() == 0 ? 500 : 204;
                        exchange.sendResponseHeaders(status, -1);
                        exchange.close();
                    });
            server.start();
        }

        int came() {
            return came.get();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static void asksForErasure(TestGateway gateway, String number) throws Exception {
        TestCaller.calls(gateway, TestGateway.PRIVACY, number)
                .hears("privacy-menu")
                .presses("3")
                .hears("privacy-erasure")
                .hears("privacy-call-back")
                .hangsUp();
    }

    private static void isKnown(TestGateway gateway, String number) throws Exception {
        TestCaller.calls(gateway, TestGateway.REMEMBER, number)
                .hears("opening-known")
                .hears("known-keys.merken")
                .hangsUp();
    }
}
