package org.consentgateway.whole;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.api.access.ApiKeys;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Sipp;
import org.consentgateway.testkit.timing.Stalls;
import org.consentgateway.testkit.wire.Capture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that is slow or gone, and what of it callers and assistants hear; with the packets on the
 * wire as witness. Each test has a gateway, a database and a wire of its own, so that they go on
 * side by side.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class StoreTroubleTest {
    private static final Duration CUT_WITHIN = Duration.ofMillis(100);

    /** So long a pause of the machine shows in such a time. */
    private static final Duration STALL = Duration.ofMillis(15);

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static EmbeddedPostgres server;

    @TempDir Path folder;
    private Wire wire;
    private TestGateway gateway;

    @BeforeAll
    static void startServer() throws Exception {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void start() throws Exception {
        String database = "store_" + DATABASES.incrementAndGet();
        create(database);
        wire = new Wire(server.getPort());
        String url =
                "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres".formatted(wire.port(), database);
        gateway =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL.withStore(url, "4s"),
                        yaml -> ApiClient.LISTEN + yaml);
    }

    /** One at a time: PostgreSQL copies a template that nobody else may use meanwhile. */
    private static synchronized void create(String database) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
    }

    @AfterEach
    void mend() throws Exception {
        wire.mend();
        await("the store").atMost(TestCaller.PATIENCE).until(() -> isReady());
        gateway.close();
        wire.close();
    }

    private boolean isReady() throws Exception {
        return !gateway.http("/health/ready").contains("no record can be made durable");
    }

    private TestCaller calls(String number) throws Exception {
        return TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number).talks();
    }

    private AnsweredCall assistant() {
        return gateway.assistant().calls().getLast();
    }

    private Capture capture() throws Exception {
        assumeTrue(
                Capture.isPermitted(),
                "no packets can be captured here: that takes root or CAP_NET_RAW, and dumpcap");
        return Capture.start(folder);
    }

    @Story
    void noCallerAudioReachesTheAssistantBeforeTheRecordIsDurable() throws Exception {
        String number = "+491730000001";
        int before = gateway.assistant().calls().size();
        try (Capture capture = capture()) {
            TestCaller caller = calls(number).hears("question-keys.assistant");
            wire.holdUp();
            caller.presses("1");
            await().during(Duration.ofMillis(900))
                    .atMost(TestCaller.PATIENCE)
                    .until(() -> gateway.assistant().calls().size() == before);
            Instant durableAfter = Instant.now();
            wire.mend();
            caller.hears("assistant");
            AnsweredCall assistant = assistant();
            TestWait.until(() -> assistant.loudFrames() > 25);
            caller.hangsUp();

            List<Capture.Packet> heard = audibleTo(assistant, capture.packets());
            assertThat(heard).hasSizeGreaterThan(25);
            assertThat(heard).filteredOn(it -> it.at().isBefore(durableAfter)).isEmpty();
            assertThat(assistant.came()).isAfter(durableAfter);
        }
        gateway.tellsOfTalk(number, "basis");
    }

    @Story
    void withdrawalCutsTheAudioThoughTheStoreIsSlow() throws Exception {
        cutsInTime("+491730000002", number -> withdraws(number, wire::holdUp));
    }

    @Story
    void withdrawalCutsTheAudioThoughTheStoreIsGoneAndIsRecordedLater() throws Exception {
        cutsInTime("+491730000003", number -> withdraws(number, wire::cut));
    }

    private interface Trouble {
        void begin() throws Exception;
    }

    private interface Withdrawal {
        Cut by(String number) throws Exception;
    }

    /**
     * @param took how long after the key the assistant was last sent what the caller said
     * @param tooLate from which ports packets came to it that should not have, and how many
     */
    private record Cut(Duration took, Map<Integer, Long> tooLate) {
        static Cut of(Instant key, List<Capture.Packet> heard) {
            return new Cut(
                    Duration.between(key, heard.getLast().at()),
                    heard.stream()
                            .filter(it -> it.at().isAfter(key.plus(CUT_WITHIN)))
                            .collect(groupingBy(Capture.Packet::fromPort, counting())));
        }

        boolean inTime() {
            return took.compareTo(CUT_WITHIN) < 0;
        }
    }

    /** Of each attempt by another number. */
    private static void cutsInTime(String number, Withdrawal withdrawal) throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        Cut cut =
                Stalls.measured(
                        STALL,
                        () -> withdrawal.by(number + attempts.getAndIncrement()),
                        Cut::inTime);
        assertThat(cut).matches(Cut::inTime);
    }

    private Cut withdraws(String number, Trouble trouble) throws Exception {
        Cut cut;
        try (Capture capture = capture()) {
            TestCaller caller = calls(number).hears("question-keys.assistant").presses("1");
            caller.hears("assistant");
            AnsweredCall assistant = assistant();
            TestWait.until(assistant::heardTheCaller);
            await().atMost(TestCaller.PATIENCE)
                    .until(() -> gateway.story(number).contains("AssistantOpened"));
            trouble.begin();
            caller.presses("*9").hears("withdrawn").hears("human");
            TestWait.until(assistant::over);
            assertThat(gateway.human().calls("From", number)).hasSize(1);
            List<Capture.Packet> packets = capture.packets();
            caller.hangsUp();

            cut = cut(caller, '9', assistant, packets);
        }
        wire.mend();
        await().atMost(TestCaller.PATIENCE)
                .ignoreExceptions()
                .until(() -> gateway.story(number).contains("Withdrawn KEY"));
        assertThat(gateway.verify().findings()).isEmpty();
        await("the next call asks again").atMost(TestCaller.PATIENCE).until(() -> isReady());
        calls(number).hears("opening").hears("question-keys.assistant").hangsUp();
        return cut;
    }

    @Story
    void aWithdrawalInAnotherCallCutsTheAudioThoughTheStoreIsSlow() throws Exception {
        cutsInTime("+491730000009", this::withdrawsInAnotherCall);
    }

    private Cut withdrawsInAnotherCall(String number) throws Exception {
        Cut cut;
        try (Capture capture = capture()) {
            TestCaller caller = calls(number).hears("question-keys.assistant").presses("1");
            caller.hears("assistant");
            AnsweredCall assistant = assistant();
            TestWait.until(assistant::heardTheCaller);
            TestCaller privacy = TestCaller.calls(gateway, TestGateway.PRIVACY, number).talks();
            privacy.hears("privacy-consent").hears("privacy-menu");
            wire.holdUp();
            privacy.presses("*9");
            caller.hears("withdrawn").hears("human");
            TestWait.until(assistant::over);
            List<Capture.Packet> packets = capture.packets();
            cut = cut(privacy, '9', assistant, packets);
            wire.mend();
            privacy.hears("privacy-withdrawn").hangsUp();
            caller.hangsUp();
        }
        await().atMost(TestCaller.PATIENCE)
                .ignoreExceptions()
                .until(() -> gateway.story(number).contains("AssistantCut WITHDRAWN"));
        assertThat(gateway.story(number)).filteredOn("Withdrawn KEY"::equals).hasSize(1);
        return cut;
    }

    /** Quiet hours before an outage are no reason to let a call go on. */
    @Story
    void aKeyThatNobodyHasUsedYetCutsACallThoughTheStoreIsGone() throws Exception {
        ApiClient api = ApiClient.of(gateway);
        TestCaller caller = calls("+491730000012").hears("question-keys.assistant").presses("1");
        caller.hears("assistant");
        AnsweredCall assistant = assistant();
        Thread.sleep(ApiKeys.REFRESH.plusSeconds(2)); // by itself, since nobody asks
        wire.cut();
        HttpResponse<String> said =
                api.send(
                        "POST",
                        "/v1/consents/" + assistant.header("X-Consent-Id") + "/withdrawal",
                        "{\"by\":\"Ada Meier\"}");
        caller.hears("withdrawn").hears("human").hangsUp();
        TestWait.until(assistant::over);
        assertThat(said.statusCode()).isEqualTo(503);
    }

    /** Nobody can say whether it has changed, and then the cut itself has changed it. */
    @Story
    void aWithdrawalWithAPreconditionCutsThoughTheStoreIsGoneAndIsRecordedWhenItIsSentAgain()
            throws Exception {
        String number = "+491730000013";
        ApiClient api = ApiClient.of(gateway);
        TestCaller caller = calls(number).hears("question-keys.assistant").presses("1");
        caller.hears("assistant");
        AnsweredCall assistant = assistant();
        await().atMost(TestCaller.PATIENCE)
                .until(() -> gateway.story(number).contains("AssistantOpened"));
        String consent = "/v1/consents/" + assistant.header("X-Consent-Id");
        String tag = api.send("GET", consent, "").headers().firstValue("ETag").orElseThrow();
        wire.cut();
        assertThat(withdraws(api, consent, tag)).isEqualTo(503);
        caller.hears("withdrawn").hears("human").hangsUp();
        TestWait.until(assistant::over);

        wire.mend();
        await().atMost(TestCaller.PATIENCE)
                .ignoreExceptions()
                .until(() -> gateway.story(number).contains("AssistantCut WITHDRAWN"));
        assertThat(api.send("GET", consent, "").headers().firstValue("ETag"))
                .get()
                .isNotEqualTo(tag);
        assertThat(withdraws(api, consent, tag)).isEqualTo(201);
        assertThat(api.get(consent).path("state").asText()).isEqualTo("withdrawn");
        assertThat(withdraws(api, consent, tag)).as("it is recorded").isEqualTo(412);
    }

    private static int withdraws(ApiClient api, String consent, String tag) throws Exception {
        return api.send("POST", consent + "/withdrawal", "{\"by\":\"Ada Meier\"}", "If-Match", tag)
                .statusCode();
    }

    @Story
    void anErasureByAnotherProcessEndsACallThatGoesOn() throws Exception {
        String number = "+491730000010";
        TestCaller caller = calls(number).hears("question-keys.assistant").presses("1");
        caller.hears("assistant");
        AnsweredCall assistant = assistant();
        TestWait.until(assistant::heardTheCaller);
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        NewEntry erased = NewEntry.of(EntryType.ERASED, null, null, payload, Instant.now());
        LedgerSettings settings = gateway.ledger().withNode("other");
        try (Ledger other = Ledger.open(settings, InstantSource.system())) {
            assertThat(other.erase(erased, other.pseudonyms().subject(number), Set.of()).entries())
                    .isPositive();
        }
        caller.hears("withdrawn").hears("human");
        TestWait.until(assistant::over);
        caller.hangsUp();
    }

    private static Cut cut(
            TestCaller caller, char key, AnsweredCall assistant, List<Capture.Packet> packets) {
        List<Capture.Packet> heard = audibleTo(assistant, packets);
        assertThat(heard).hasSizeGreaterThan(25);
        return Cut.of(firstKey(packets, caller, key), heard);
    }

    /** When the first packet of a key left this caller. */
    private static Instant firstKey(List<Capture.Packet> packets, TestCaller caller, char key) {
        return packets.stream()
                .filter(p -> p.fromPort() == caller.rtpPort() && p.isKey(key))
                .map(Capture.Packet::at)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** What the caller said, on its way to the assistant. */
    private static List<Capture.Packet> audibleTo(
            AnsweredCall assistant, List<Capture.Packet> packets) {
        return packets.stream()
                .filter(p -> p.toPort() == assistant.rtpPort() && p.isAudible())
                .toList();
    }

    @Story
    void aRecordThatIsTooLateIsNoGrant() throws Exception {
        String number = "+491730000004";
        int before = gateway.assistant().calls().size();
        TestCaller caller = calls(number).hears("question-keys.assistant");
        wire.holdUp();
        caller.presses("1").hears("apology").hears("to-human").hears("human");
        assertThat(gateway.human().calls("From", number)).hasSize(1);
        TestWait.until(gateway.human().calls("From", number).getFirst()::heardTheCaller);
        wire.mend();
        caller.hangsUp();
        assertThat(gateway.assistant().calls()).hasSize(before);
        await().atMost(TestCaller.PATIENCE).until(() -> isReady());

        // What may have been written after all does not count.
        calls(number).hears("opening").hears("question-keys.assistant").hangsUp();
        assertThat(gateway.story(number)).doesNotContain("AssistantOpened");
        assertThat(gateway.assistant().calls()).hasSize(before);
    }

    @Story
    void aStoreThatIsGoneIsAnApologyAndAHuman() throws Exception {
        String number = "+491730000005";
        int before = gateway.assistant().calls().size();
        TestCaller caller = calls(number).hears("question-keys.assistant");
        wire.cut();
        caller.presses("1").hears("apology").hears("human").hangsUp();
        TestCaller next = calls("+491730000006").hears("apology").hears("human");
        assertThat(next.heard()).noneMatch(part -> part.startsWith("question"));
        assertThat(gateway.http("/health/ready")).contains("no record can be made durable");
        assertThat(gateway.http("/health/takes-calls")).isEqualTo("{\"status\":\"takes calls\"}");
        next.hangsUp();
        assertThat(gateway.assistant().calls()).hasSize(before);
    }

    /** How long the store is gone: longer by {@code -Dwhole.outage.seconds=30}. */
    private static final int OUTAGE = Integer.getInteger("whole.outage.seconds", 3);

    @Story
    void callersReachAHumanWhileTheStoreIsGoneAndAreAskedAgainWhenItIsBackWithoutARestart()
            throws Exception {
        TestWait.until(() -> gauge("consent_store_up") == 1 && gauge("consent_ready") == 1);
        int before = gateway.assistant().calls().size();
        wire.cut();
        long until = System.nanoTime() + Duration.ofSeconds(OUTAGE).toNanos();
        int calls = 0;
        while (calls < 3 || System.nanoTime() < until) {
            calls++;
            String number = "+4917300010" + String.format("%02d", calls);
            calls(number).hears("apology").hears("human").hangsUp();
            assertThat(gateway.human().calls("From", number)).hasSize(1);
        }
        assertThat(gauge("consent_store_up")).isZero();
        assertThat(gauge("consent_ready")).isZero();
        assertThat(gateway.http("/metrics"))
                .contains("consent_store_commit_seconds_count{durable=\"false\"}")
                .contains("consent_calls_total{line=\"one\",outcome=\"store-down\"}");
        assertThat(gateway.assistant().calls()).hasSize(before);

        wire.mend();
        TestWait.until(() -> gauge("consent_store_up") == 1 && gauge("consent_ready") == 1);
        calls("+491730001000")
                .hears("question-keys.assistant")
                .presses("1")
                .hears("assistant")
                .hangsUp();
        assertThat(gateway.verify().findings()).isEmpty();
    }

    private double gauge(String name) throws Exception {
        return gateway.http("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Story
    void cancelsBeforeAnswer() throws Exception {
        String number = "+491730000007";
        // It rings while the store is asked who calls.
        wire.holdUp();
        Sipp.Result result =
                new Sipp("cancels-before-answer", gateway.sip())
                        .calling(TestGateway.ONE_LEVEL)
                        .as(number)
                        .run();
        wire.mend();
        assertThat(result.succeeded()).as(result.errors()).isTrue();
        TestWait.until(() -> gateway.gateway().active() == 0);
        assertThat(gateway.story(number)).isEmpty();
        assertThat(gateway.human().calls("From", number)).isEmpty();
    }

    @Story
    void nothingThatIsKeptForLaterHoldsANumber() throws Exception {
        String number = "+491730000008";
        TestCaller caller = calls(number).hears("question-keys.assistant").presses("1");
        caller.hears("assistant");
        wire.cut();
        caller.presses("*9").hears("withdrawn").hangsUp();
        Path late = gateway.data().resolve("late-records.jsonl");
        await().atMost(TestCaller.PATIENCE).until(() -> Files.size(late) > 0);
        assertThat(Files.readString(late)).contains("Withdrawn").doesNotContain("1730000008");
    }
}
