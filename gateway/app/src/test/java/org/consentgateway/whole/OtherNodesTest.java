package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two gateways on one PostgreSQL that goes away: a withdrawal that one of them cannot write counts
 * on the other one all the same.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OtherNodesTest {
    private static final String NUMBER = "+491740000611";

    @TempDir Path folder;
    private EmbeddedPostgres server;
    private Wire wireOfOne;
    private Wire wireOfOther;
    private TestGateway one;
    private TestGateway other;

    @BeforeEach
    void start() throws Exception {
        server = EmbeddedPostgres.builder().start();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE consent");
        }
        int oneAt = FreePort.next();
        int otherAt = FreePort.next();
        wireOfOne = new Wire(server.getPort());
        wireOfOther = new Wire(server.getPort());
        Path here = Files.createDirectory(folder.resolve("one"));
        Path there = Files.createDirectory(folder.resolve("other"));
        one = TestGateway.start(here, by(wireOfOne), node("one", oneAt, otherAt, 0));
        other = TestGateway.filled(there, by(wireOfOther), node("other", otherAt, oneAt, 500));
        Files.createDirectories(other.data().resolve("keys"));
        for (String file : List.of("pseudonym.keys", "payload.keys")) {
            Files.copy(
                    one.data().resolve("keys").resolve(file),
                    other.data().resolve("keys").resolve(file));
        }
        other.restart();
        TestWait.until(() -> silent(one) == 0 && silent(other) == 0);
    }

    private static TestGateway.Wishes by(Wire wire) {
        String url = "jdbc:postgresql://127.0.0.1:%d/consent?user=postgres".formatted(wire.port());
        return TestGateway.Wishes.USUAL.withStore(url, "2s");
    }

    private static UnaryOperator<String> node(String name, int at, int others, int ports) {
        int first = RtpPorts.GATEWAY + ports;
        return yaml ->
                yaml.replace(
                                "node: {id: whole}",
                                "node: {id: %s, listen: 127.0.0.1:%d, others: [http://127.0.0.1:%d]}"
                                        .formatted(name, at, others))
                        .replaceAll(
                                "ports: \\{first: \\d+, last: \\d+}",
                                "ports: {first: %d, last: %d}".formatted(first, first + 499));
    }

    @AfterEach
    void end() throws Exception {
        wireOfOne.mend();
        wireOfOther.mend();
        other.close();
        one.close();
        wireOfOne.close();
        wireOfOther.close();
        server.close();
    }

    private static double silent(TestGateway gateway) throws Exception {
        return gauge(gateway, "consent_node_others_silent");
    }

    private static double gauge(TestGateway gateway, String name) throws Exception {
        return gateway.http("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }

    private static TestCaller calls(TestGateway gateway) throws Exception {
        return TestCaller.calls(gateway, TestGateway.REMEMBER, NUMBER);
    }

    private TestCaller talksAgain(TestGateway gateway) throws Exception {
        return calls(gateway).hears("known-keys.merken").presses("1").hears("assistant");
    }

    private void remembers() throws Exception {
        calls(one)
                .hears("question-keys.assistant")
                .presses("1")
                .hears("remember-keys")
                .presses("1")
                .hears("assistant")
                .hangsUp();
        one.tellsOfTalk(NUMBER, "merken");
    }

    private long withdrawals() throws Exception {
        return other.entries(NUMBER).stream()
                .filter(entry -> entry.type() == EntryType.WITHDRAWN)
                .count();
    }

    @Test
    void aWithdrawalThatOneNodeCannotWriteCountsOnTheOther() throws Exception {
        remembers();
        TestCaller talkingThere = talksAgain(other);
        TestCaller talkingHere = talksAgain(one);
        wireOfOne.cut();
        talkingHere.presses("*9");
        TestWait.until(() -> gauge(one, "consent_node_endings_untold") == 0);
        // Under the same consent, at another node that has the store, and does not find it there.
        talkingThere.hears("human").hangsUp();
        // Who has the store writes it.
        TestWait.until(() -> withdrawals() == 1);
        calls(other).hears("opening").hears("question-keys.assistant").hangsUp();
        talkingHere.hangsUp();

        wireOfOne.mend();
        TestWait.until(() -> !one.http("/health/ready").contains("no record can be made durable"));
        assertThat(withdrawals()).as("written by both, there once").isEqualTo(1);
        assertThat(one.verify().findings()).isEmpty();
    }

    @Test
    @Nightly("20 s of two gateways; AnnouncedEndingsTest has it without calls in each run")
    void withoutAnyStoreACallElsewhereIsCutAllTheSame() throws Exception {
        remembers();
        TestCaller talkingThere = talksAgain(other);
        TestCaller talkingHere = talksAgain(one);
        wireOfOne.cut();
        wireOfOther.cut();
        talkingHere.presses("*9");
        talkingThere.hears("human").hangsUp();
        talkingHere.hangsUp();

        wireOfOther.mend();
        wireOfOne.mend();
        TestWait.until(() -> withdrawals() == 1);
    }

    /** It may have taken a withdrawal before it was cut off. */
    @Test
    @Nightly("23 s of two gateways; AnnouncedEndingsTest has it without calls in each run")
    void whileANodeIsNotHeardOfNobodyIsKnownAgain() throws Exception {
        remembers();
        calls(other).hears("opening-known").hangsUp();
        one.stop();
        TestWait.until(() -> silent(other) == 1);
        assertThat(other.http("/health/ready")).contains("callers are asked in full");
        calls(other).hears("opening").hears("question-keys.assistant").hangsUp();
        one.restart();
        TestWait.until(() -> silent(other) == 0);
        calls(other).hears("opening-known").hangsUp();
    }

    /** Of the consent that is not relied on meanwhile as well as of the one of that call. */
    @Test
    @Nightly("27 s of two gateways; EndingAllTest has it without calls in each run")
    void aWithdrawalWhileANodeIsNotHeardOfEndsAllThatIsStored() throws Exception {
        remembers();
        one.stop();
        TestWait.until(() -> silent(other) == 1);
        calls(other)
                .hears("opening")
                .hears("question-keys.assistant")
                .presses("1")
                .hears("assistant")
                .presses("*9")
                .hears("human")
                .hangsUp();
        TestWait.until(() -> withdrawals() == 2);

        one.restart();
        TestWait.until(() -> silent(other) == 0);
        calls(other).hears("opening").hears("question-keys.assistant").hangsUp();
    }
}
