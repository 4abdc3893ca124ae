package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Publisher;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.CosigningKey;
import org.consentgateway.ledger.tree.Merkle;
import org.consentgateway.ledger.tree.SignedNote;
import org.consentgateway.ledger.tree.SigningKey;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.consentgateway.ledger.witness.WitnessConflicts;
import org.consentgateway.ledger.witness.Witnesses;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Witnesses that fail, hang and lie: none delays a commit, and none is believed. */
class WitnessTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);

    @TempDir private Path directory;

    private final CosigningKey key = CosigningKey.create("witness.example/w1");
    private final HttpServer server;

    /** What it answers to a checkpoint. */
    private interface Answering {
        void to(HttpExchange exchange, String checkpoint) throws Exception;
    }

    private volatile Answering answering = (exchange, checkpoint) -> cosigns(exchange, checkpoint);

    WitnessTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/w1/add-checkpoint", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String note = body.substring(body.indexOf("\n\n") + 2);
        try (exchange) {
            answering.to(exchange, SignedNote.parse(note).orElseThrow().text());
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private void cosigns(HttpExchange exchange, String checkpoint) throws IOException {
        reply(exchange, 200, key.line(checkpoint, Records.START));
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private URI prefix(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private LedgerSettings settings() {
        TrustPolicy.Witness witness =
                new TrustPolicy.Witness("auditor", key.witness(), prefix("/w1"));
        return TestSettings.withWitnesses(
                TestStore.SQLITE.settings(directory), TrustPolicy.of(List.of(witness), 1));
    }

    /** Commits go on while it behaves so; that it does is told. */
    private void isNotBelieved(Answering behaviour, String told) throws Exception {
        answering = behaviour;
        LedgerSettings settings = settings();
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerTest.fill(ledger, 3);
            ledger.checkpoint();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() ->
                            assertThat(ledger.health().witnesses().failing().get("auditor"))
                                    .contains(told));
            assertThat(ledger.health().witnessFailing()).isTrue();
            assertThat(ledger.health().witnesses().conflict()).isNull();
            ledger.requireNoConflict();
            LedgerTest.fill(ledger, 3);
            assertThat(ledger.health().up()).isTrue();
            answering = this::cosigns; // it comes to its senses, and is asked again by itself
            await().atMost(Duration.ofSeconds(20)).until(() -> !ledger.health().witnessFailing());
        }
    }

    @Test
    void oneThatFailsIsSaidAndAskedAgain() throws Exception {
        isNotBelieved((exchange, _) -> reply(exchange, 500, ""), "it answers 500");
    }

    @Test
    void oneThatDoesNotKnowTheLogIsTold() throws Exception {
        isNotBelieved((exchange, _) -> reply(exchange, 404, ""), "does not know the log");
    }

    @Test
    void oneWithAnotherKeyIsRefused() throws Exception {
        CosigningKey evil = CosigningKey.create("witness.example/w1");
        isNotBelieved(
                (exchange, checkpoint) ->
                        reply(exchange, 200, evil.line(checkpoint, Records.START)),
                "not signed by its key");
    }

    @Test
    void aSignatureOfSomethingElseIsRefused() throws Exception {
        isNotBelieved(
                (exchange, checkpoint) ->
                        reply(exchange, 200, key.line("x" + checkpoint, Records.START)),
                "not signed by its key");
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() throws Exception {
        isNotBelieved(
                (exchange, _) -> {
                    exchange.sendResponseHeaders(200, 0);
                    byte[] much = "x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
                    for (int i = 0; i < 100; i++) {
                        exchange.getResponseBody().write(much);
                    }
                },
                "it cannot be asked");
    }

    @Test
    void oneThatNamesAnotherSizeEachTimeIsAskedThreeTimes() throws Exception {
        isNotBelieved((exchange, _) -> reply(exchange, 409, "0\n"), "another size each time");
    }

    @Test
    void aSizeThatIsNoneIsNoConflict() throws Exception {
        isNotBelieved((exchange, _) -> reply(exchange, 409, "-7\n"), "409 without a size");
    }

    /** Who fails while the process ends has one more chance, however long it is to wait else. */
    @Test
    void whatIsNotCosignedYetIsAskedForOnceMoreAtTheEnd() throws Exception {
        SigningKey own = SigningKey.create("consent-gateway.local/log/node-1");
        Queue<String> cosigned = new ConcurrentLinkedQueue<>();
        Witnesses witnesses =
                asking(
                        settings().checkpoints().policy(),
                        own,
                        WitnessConflicts.of(directory, "node-1"),
                        cosigned);
        Thread ending = Thread.ofPlatform().unstarted(witnesses::close);
        answering =
                (exchange, _) -> {
                    answering = this::cosigns;
                    ending.start();
                    await().until(() -> ending.getState() == Thread.State.TIMED_WAITING);
                    reply(exchange, 503, "");
                };
        witnesses.see(empty(own));
        await().untilAsserted(
                        () -> assertThat(ending.getState()).isEqualTo(Thread.State.TERMINATED));
        assertThat(cosigned).hasSize(1);
    }

    /**
     * One that refuses at once is asked a third time before another one, which has seen more than
     * this log has, answers for the first time.
     */
    @Test
    void theFirstAnswerOfEachIsAwaitedHoweverOftenAnotherOneFails() throws Exception {
        var refused = new CountDownLatch(3);
        answering =
                (exchange, _) -> {
                    refused.countDown();
                    reply(exchange, 403, "");
                };
        server.createContext(
                "/w2/add-checkpoint",
                exchange -> {
                    try (exchange) {
                        byte[] _ = exchange.getRequestBody().readAllBytes();
                        await().until(() -> refused.getCount() == 0);
                        reply(exchange, 409, "7\n");
                    }
                });
        CosigningKey other = CosigningKey.create("witness.example/w2");
        TrustPolicy both =
                TrustPolicy.of(
                        List.of(
                                new TrustPolicy.Witness("refuses", key.witness(), prefix("/w1")),
                                new TrustPolicy.Witness("slow", other.witness(), prefix("/w2"))),
                        1);
        SigningKey own = SigningKey.create("consent-gateway.local/log/node-1");
        WitnessConflicts conflicts = WitnessConflicts.of(directory, "node-1");
        try (Witnesses witnesses = asking(both, own, conflicts, new ConcurrentLinkedQueue<>())) {
            witnesses.see(empty(own));
            witnesses.awaitFirst(Duration.ofSeconds(6));
            assertThat(conflicts.standing()).isPresent();
        }
    }

    /** Where nobody asks for consents or health meanwhile, too. */
    @Test
    void whatAWitnessHasSaidIsWrittenAsSoonAsTheDiskTakesIt() throws Exception {
        answering = (exchange, _) -> reply(exchange, 409, "7\n");
        Path inTheWay = directory.resolve("conflict-node-1.json.tmp/file");
        Files.createDirectories(inTheWay);
        SigningKey own = SigningKey.create("consent-gateway.local/log/node-1");
        TrustPolicy one = settings().checkpoints().policy();
        WitnessConflicts conflicts = WitnessConflicts.of(directory, "node-1");
        try (Witnesses witnesses = asking(one, own, conflicts, new ConcurrentLinkedQueue<>())) {
            witnesses.see(empty(own));
            witnesses.awaitFirst(Duration.ofSeconds(6));
            assertThat(conflicts.unresolved()).hasSize(1);
            assertThat(directory.resolve("conflict-node-1.json")).doesNotExist();

            Files.delete(inTheWay);

            await().untilAsserted(() ->
                    assertThat(WitnessConflicts.of(directory, "node-1").unresolved()).hasSize(1));
        }
    }

    private static Publisher.Signed empty(SigningKey of) {
        var checkpoint = new Checkpoint(of.verifier().name(), 0, Merkle.EMPTY);
        return new Publisher.Signed(0, SignedNote.sign(checkpoint.text(), List.of(of)));
    }

    /** On behalf of an empty log. */
    private static Witnesses asking(
            TrustPolicy policy,
            SigningKey own,
            WitnessConflicts conflicts,
            Queue<String> cosigned) {
        var proving =
                new Witnesses.Proving() {
                    @Override
                    public List<byte[]> consistency(long from, long to) {
                        return List.of();
                    }

                    @Override
                    public long signed() {
                        return 0;
                    }

                    @Override
                    public List<VerifierKey> keys() {
                        return List.of(own.verifier());
                    }
                };
        String origin = own.verifier().name();
        return new Witnesses(
                policy, origin, proving, conflicts, (_, line) -> cosigned.add(line), CLOCK);
    }

    /**
     * A question of three entries, which is answered when the witness has seen six.
     *
     * @param seen counted down when it has
     */
    private Answering late(CountDownLatch asked, CountDownLatch seen, CountDownLatch sixth) {
        return (exchange, checkpoint) -> {
            long size = Checkpoint.parse(checkpoint).orElseThrow().size();
            if (size == 3 && asked.getCount() > 0) {
                asked.countDown();
                seen.await();
                reply(exchange, 409, "6\n");
                return;
            }
            if (size == 6) {
                sixth.countDown();
            }
            cosigns(exchange, checkpoint);
        };
    }

    /** Checkpoints are public: anybody hands in the next one while we ask for this one. */
    @Test
    void whoHandsInOurNextCheckpointBeforeUsMakesNoConflict() throws Exception {
        var asked = new CountDownLatch(1);
        var seen = new CountDownLatch(1);
        var sixth = new CountDownLatch(1);
        answering = late(asked, seen, sixth);
        try (Ledger ledger = Ledger.open(settings(), CLOCK)) {
            LedgerTest.fill(ledger, 3);
            ledger.checkpoint();
            asked.await();
            LedgerTest.fill(ledger, 3);
            ledger.checkpoint();
            seen.countDown();
            await().until(() -> sixth.getCount() == 0); // asked when the answer before is settled
            assertThat(ledger.health().witnesses().conflict()).isNull();
            ledger.requireNoConflict();
            await().until(() -> !ledger.health().witnessFailing());
        }
    }

    /** The second writes while the first one waits for its witness. */
    @Test
    void twoCommandsOneAfterTheOtherMakeNoConflict() throws Exception {
        var asked = new CountDownLatch(1);
        var seen = new CountDownLatch(1);
        answering = late(asked, seen, new CountDownLatch(1));
        LedgerSettings settings = settings();
        Ledger first = Ledger.openBeside(settings, CLOCK);
        LedgerTest.fill(first, 3);
        Thread ending = Thread.ofPlatform().start(first::close);
        asked.await();
        try (Ledger second = Ledger.openBeside(settings, CLOCK)) {
            LedgerTest.fill(second, 3);
            second.checkpoint();
            seen.countDown();
            ending.join();
        }
        assertThat(WitnessConflicts.of(settings.keys(), LogNames.ofCommands("node-1")).unresolved())
                .isEmpty();
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsSaidAndDelaysNoCommit() throws Exception {
        Path blocked = Files.createFile(directory.resolve("blocked"));
        LedgerSettings settings = TestStore.SQLITE.settings(directory).withExports(blocked);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerTest.fill(ledger, 3);
            ledger.checkpoint();
            await().until(() -> ledger.health().exportFailing());
            LedgerTest.fill(ledger, 3);
            assertThat(ledger.health().up()).isTrue();
        }
    }
}
