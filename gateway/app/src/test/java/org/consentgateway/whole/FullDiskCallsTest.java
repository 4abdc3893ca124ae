package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.testkit.disk.SmallDisk;
import org.consentgateway.testkit.timing.Nightly;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The disk that a gateway writes to is full, and then it is not. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FullDiskCallsTest {
    private static final int UNAVAILABLE = 503;

    @TempDir private Path folder;
    private Path data;
    private @Nullable SmallDisk small;
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    /** A file system of its own: who may not mount one cannot fill a disk without harm. */
    @BeforeEach
    void mount() throws Exception {
        data = Files.createDirectory(folder.resolve("data"));
        Optional<SmallDisk> mounted = SmallDisk.at(data, 64);
        assumeTrue(mounted.isPresent(), "needs root: a small disk of its own is filled");
        small = mounted.get();
        said.start();
        ledgers().addAppender(said);
        ledgers().setLevel(Level.INFO);
    }

    @AfterEach
    void unmount() throws Exception {
        ledgers().detachAppender(said);
        ledgers().setLevel(null);
        if (small != null) {
            small.close();
        }
    }

    private static Logger ledgers() {
        return (Logger) LoggerFactory.getLogger(Ledger.class.getPackageName());
    }

    @Test
    @Nightly("a gateway of its own and ten seconds; FullDiskTest and WebTest are in each run")
    void isToldToWhoeverAsksUntilThereIsRoomAndCallersReachAHuman() throws Exception {
        try (TestGateway gateway =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL,
                        yaml ->
                                yaml.replace(
                                        "commit-timeout:", "low-disk: 16\n  commit-timeout:"))) {
            assertThat(ready(gateway)).isEqualTo(HttpURLConnection.HTTP_OK);
            assertThat(gateway.http("/health/ready")).doesNotContain("less than store.low-disk");

            TestCaller agrees =
                    TestCaller.calls(gateway, TestGateway.ONE_LEVEL, "+491740000901")
                            .talks()
                            .hears("question-keys.assistant");
            emptyTheWriteAheadLog();
            Path filler = Objects.requireNonNull(small).fill();
            agrees.presses("1").hears("apology").hears("human").hangsUp();

            TestWait.until(() -> ready(gateway) == UNAVAILABLE);
            assertThat(gateway.http("/health/ready"))
                    .contains("no record can be made durable since", "full")
                    .contains("0 MB free for ", "less than store.low-disk");
            assertThat(gateway.http("/metrics"))
                    .containsPattern("(?m)^consent_ready 0")
                    .containsPattern("(?m)^consent_store_up 0")
                    .containsPattern("(?m)^consent_disk_free_bytes 0");
            assertThat(said.list)
                    .anyMatch(line ->
                            line.getLevel() == Level.ERROR
                                    && line.getFormattedMessage()
                                            .matches("the ledger is down.*full.*"));
            leadsToAHuman(gateway, "+491740000902");

            Files.delete(filler);
            TestWait.until(() -> ready(gateway) == HttpURLConnection.HTTP_OK);
            assertThat(gateway.http("/metrics"))
                    .containsPattern("(?m)^consent_ready 1")
                    .containsPattern("(?m)^consent_store_up 1");
            assertThat(said.list)
                    .anyMatch(line ->
                            line.getFormattedMessage().startsWith("the ledger is up again"));
            TestCaller.agrees(gateway, TestGateway.ONE_LEVEL, "+491740000903")
                    .hears("assistant")
                    .hangsUp();
            gateway.tellsOfTalk("+491740000903", "basis");
            assertThat(count(gateway, "+491740000901", EntryType.GIVEN))
                    .as("whatever of it came to the disk was taken back")
                    .isEqualTo(count(gateway, "+491740000901", EntryType.WITHDRAWN));
            assertThat(gateway.verify().findings()).isEmpty();
        }
    }

    /** Records wait on it, since the store is away. */
    @Test
    @Nightly("a gateway of its own, twice; LateFileStartTest is in each run")
    void aNodeThatIsStartedOnItLeadsCallersToAHuman() throws Exception {
        try (TestGateway gateway =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL.withStore(
                                "jdbc:postgresql://127.0.0.1:1/none", "1s"))) {
            leadsToAHuman(gateway, "+491740000904");
            Path late = data.resolve("late-records.jsonl");
            TestWait.until(() -> Files.size(late) > 0);
            gateway.stop();
            Path _ = Objects.requireNonNull(small).fill();

            gateway.restart();

            assertThat(gateway.http("/health/ready")).contains("0 MB free for ");
            leadsToAHuman(gateway, "+491740000905");
            assertThat(late).isNotEmptyFile();
        }
    }

    private static void leadsToAHuman(TestGateway gateway, String number) throws Exception {
        TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number)
                .hears("apology")
                .hears("human")
                .hangsUp();
    }

    private static long count(TestGateway gateway, String number, EntryType type) throws Exception {
        return gateway.entries(number).stream().filter(entry -> entry.type() == type).count();
    }

    private static int ready(TestGateway gateway) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + gateway.gateway().webPort() + "/health/ready");
        return ((HttpURLConnection) uri.toURL().openConnection()).getResponseCode();
    }

    /** Of what it takes on the disk, many records more would find room in it. */
    private void emptyTheWriteAheadLog() throws Exception {
        String url = "jdbc:sqlite:" + data.resolve("ledger.db");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        assertThat(data.resolve("ledger.db-wal")).isEmptyFile();
    }
}
