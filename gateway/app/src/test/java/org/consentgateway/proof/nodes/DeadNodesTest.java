package org.consentgateway.proof.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.TimeOrderedIds;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.nodes.LostCall;
import org.consentgateway.ledger.nodes.Nodes;
import org.consentgateway.ledger.nodes.SeenNode;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.proof.NoticeArchiving;
import org.consentgateway.proof.Processing;
import org.consentgateway.proof.Retention;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.proof.late.LateFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a node leaves behind that dies, is cut off or stands still: its calls are ended in the
 * record, once, and it does not go on with them. Several nodes on one real server, each with its
 * own log, by a clock of the test's.
 */
class DeadNodesTest {
    private static final Instant NOW = Instant.parse("2026-11-28T09:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Period KEPT = Period.ofDays(30);
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("2026-11");
    private static final NoticeRef NOTICE = TestLedger.heard(SPOKEN);

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static EmbeddedPostgres server;

    @TempDir private Path directory;
    private final AtomicLong nanos = new AtomicLong();
    private final List<Node> nodes = new ArrayList<>();
    private final List<NewEntry> announced = new ArrayList<>();
    private String database;

    @BeforeAll
    static void startServer() throws Exception {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws Exception {
        database = "dead_" + DATABASES.incrementAndGet();
        sql("postgres", "CREATE DATABASE " + database);
    }

    @AfterEach
    void closeAll() {
        nodes.forEach(each -> each.ledger.close());
    }

    private static void sql(String database, String statement) throws Exception {
        try (Connection connection = server.getDatabase("postgres", database).getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    /** A gateway as far as other nodes know of it. */
    private final class Node implements NodeWatch.OwnCalls, NodeWatch.OwnTrunks {
        final LedgerSettings settings;
        final Ledger ledger;
        final LedgerStore store;
        final NodeLife life;
        final ConsentJournal journal;
        final LostCalls lost;
        final NodeWatch watch;
        final List<CallFacts> calls = new ArrayList<>();
        final List<UUID> asked = new ArrayList<>();
        Set<String> registered = Set.of();

        Node(String name, String url) throws Exception {
            this(name, url, Ledger::nodes);
        }

        /**
         * @param told what it says that it lives by
         */
        Node(String name, String url, Function<Ledger, Nodes> told) throws Exception {
            Path keys = directory.resolve("keys-" + name);
            if (!nodes.isEmpty()) {
                Files.createDirectories(keys);
                for (String file : List.of("payload.keys", "pseudonym.keys")) {
                    Files.copy(nodes.getFirst().settings.keys().resolve(file), keys.resolve(file));
                }
            }
            settings =
                    TestLedger.in(directory.resolve(name))
                            .withUrl(url)
                            .withNode(name)
                            .withKeys(keys)
                            .withAnnouncing(entry -> {
                                synchronized (announced) {
                                    announced.add(entry);
                                }
                                return List.of();
                            });
            ledger = Ledger.open(settings, CLOCK);
            store =
                    new LedgerStore(
                            ledger,
                            new NoticeArchiving(ledger, CLOCK, _ -> Optional.of(SPOKEN)),
                            new Retention(KEPT, KEPT, KEPT, Period.ofYears(3)),
                            new Processing("DE", "", Map.of(), List.of(), Map.of()));
            life = new NodeLife(told.apply(ledger), name, nanos::get);
            journal =
                    new ConsentJournal(
                            new LeasedStore(
                                    store,
                                    life,
                                    new OtherNodes(0, nanos::get, store::has),
                                    () -> false),
                            LateFile.open(directory.resolve(name + "-late.jsonl")),
                            PATIENCE,
                            DeadNodesTest::id);
            lost =
                    new LostCalls(
                            ledger, store, journal, CLOCK, new LostCalls.Terms(KEPT, PATIENCE));
            watch = new NodeWatch(ledger.nodes(), life, lost, this, this, nanos::get);
            nodes.add(this);
        }

        @Override
        public List<CallFacts> underWay() {
            return List.copyOf(calls);
        }

        @Override
        public void end(UUID call) {
            asked.add(call);
        }

        @Override
        public Set<String> toRegister() {
            return Set.of("provider");
        }

        @Override
        public void registerHere(Set<String> trunks) {
            registered = trunks;
        }

        /** A caller who agreed, and talks to the assistant. */
        ConsentRecord.Given talk() throws Exception {
            CallFacts call = call();
            calls.add(call);
            return more(call, null);
        }

        /** The same caller agrees to more in the talk. */
        ConsentRecord.Given more(CallFacts call, @Nullable UUID before) throws Exception {
            var given = new ConsentRecord.Given(id(), NOW, call, NOTICE, grant(), before);
            var _ = journal.give(given);
            var _ =
                    journal.write(
                            new ConsentRecord.AssistantOpened(id(), NOW, call, given.id(), "bot"));
            return given;
        }

        private List<Entry> entries(EntryType type) throws Exception {
            return ledger.reader().ofType(type, 100);
        }
    }

    private Node node(String name) throws Exception {
        return new Node(name, server.getJdbcUrl("postgres", database));
    }

    private static UUID id() {
        return EntryIds.next(NOW);
    }

    private static CallFacts call() {
        return new CallFacts(
                id(), "h", "carrier", "demo", NOW, new Subject("5u8j3c7"), true, false, true);
    }

    private static Grant grant() {
        return TestLedger.grantedForAYear(NOW);
    }

    /** Both clocks by which a node is found silent: the survivors' and the store's. */
    private void leaseRunsOut(String silent, Node... alive) throws Exception {
        sql(
                database,
                "UPDATE ledger_node SET seen_ms = seen_ms - 20000 WHERE node = '" + silent + "'");
        for (int second = 0; second <= NodeLife.LEASE.toSeconds(); second++) {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            for (Node each : alive) {
                each.watch.turn();
            }
        }
    }

    @Test
    void aSurvivorEndsTheCallsOfADeadNodeOnce() throws Exception {
        Node dead = node("node-1");
        Node second = node("node-2");
        Node third = node("node-3");
        for (Node each : nodes) {
            each.watch.turn();
        }
        ConsentRecord.Given given = dead.talk();
        dead.calls.add(call()); // is asked still
        CallFacts ofAnother = call();
        second.calls.add(ofAnother);
        dead.watch.turn();

        leaseRunsOut("node-1", second, third);

        assertThat(second.watch.nodesLost() + third.watch.nodesLost()).isEqualTo(1);
        assertThat(second.watch.callsLost() + third.watch.callsLost()).isEqualTo(2);
        List<Entry> cuts = second.entries(EntryType.ASSISTANT_CUT);
        assertThat(cuts).hasSize(1);
        assertThat(told(cuts.getFirst(), "/reason")).isEqualTo("NODE_LOST");
        assertThat(told(cuts.getFirst(), "/refers_to")).isEqualTo(given.id().toString());
        List<Entry> lost = second.entries(EntryType.CALL_LOST);
        assertThat(lost)
                .extracting(each -> told(each, "/call/gateway_call_id"))
                .containsExactlyInAnyOrderElementsOf(
                        dead.calls.stream().map(each -> each.callId().toString()).toList());
        assertThat(lost)
                .allSatisfy(each -> {
                    assertThat(each.log())
                            .endsWith("node-2")
                            .isNotEqualTo(dead.settings.logOrigin());
                    assertThat(told(each, "/reason")).isEqualTo("NODE_LOST");
                    assertThat(told(each, "/lost/node")).isEqualTo("node-1");
                    assertThat(told(each, "/subject/pseudonym")).isEmpty();
                });
        assertThat(announced.stream().filter(each -> each.type() == EntryType.CALL_LOST))
                .as("who is told")
                .hasSize(2);
        assertThat(second.asked).isEmpty();
        assertThat(dead.ledger.nodes().lost()).as("nothing left to be done").isEmpty();
    }

    @Test
    void ofACallThatWasAnsweredJustBeforeItsNodeDiedTheEndIsWrittenToo() throws Exception {
        Node dead = node("node-1");
        Node other = node("node-2");
        dead.watch.turn();
        other.watch.turn();
        CallFacts answered = call();
        dead.calls.add(answered);
        dead.watch.tellAnswered(); // and no turn any more
        long beats = beats("node-1");
        dead.watch.tellAnswered();
        assertThat(beats("node-1")).as("nothing new, nothing written").isEqualTo(beats);

        leaseRunsOut("node-1", other);

        assertThat(other.entries(EntryType.CALL_LOST))
                .extracting(each -> told(each, "/call/gateway_call_id"))
                .containsExactly(answered.callId().toString());
    }

    private long beats(String node) throws Exception {
        return nodes.getFirst().ledger.nodes().alive().stream()
                .filter(each -> each.node().equals(node))
                .mapToLong(SeenNode::beats)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsRememberedAndWhatWasAddedToItInTheTalkAreBothCut() throws Exception {
        Node dead = node("node-1");
        Node other = node("node-2");
        dead.watch.turn();
        other.watch.turn();
        ConsentRecord.Given given = dead.talk();
        ConsentRecord.Given added = dead.more(given.call(), null);
        ConsentRecord.Given last = dead.more(given.call(), added.id());
        dead.watch.turn();

        leaseRunsOut("node-1", other);

        assertThat(other.entries(EntryType.ASSISTANT_CUT))
                .extracting(each -> told(each, "/refers_to"))
                .as("not of what was replaced in the talk")
                .containsExactlyInAnyOrder(given.id().toString(), last.id().toString());
    }

    @Test
    void aNodeThatComesBackEndsItsCallsAndContradictsNobody() throws Exception {
        Node frozen = node("node-1");
        Node other = node("node-2");
        frozen.watch.turn();
        other.watch.turn();
        ConsentRecord.Given given = frozen.talk();
        frozen.watch.turn();
        leaseRunsOut("node-1", other);

        assertThat(frozen.life.holds()).as("before it knows").isFalse();
        assertThatExceptionOfType(JournalUnavailable.class)
                .isThrownBy(() -> frozen.journal.give(given));
        frozen.watch.turn();
        assertThat(frozen.asked).containsExactly(given.call().callId());
        // Its own story ends, and tells so.
        Durability _ =
                frozen.journal.writeNowOrLater(
                        new ConsentRecord.AssistantCut(
                                TimeOrderedIds.ofPair(given.call().callId(), given.id()),
                                NOW,
                                given.call(),
                                given.id(),
                                ConsentRecord.Cut.DRAINED));
        frozen.watch.turn();
        assertThat(frozen.life.holds()).as("a new life").isTrue();
        assertThat(frozen.asked).as("asked once").hasSize(1);
        frozen.calls.clear();
        frozen.calls.add(call());
        frozen.watch.turn();

        assertThat(other.entries(EntryType.ASSISTANT_CUT))
                .extracting(each -> told(each, "/reason"))
                .containsExactly("NODE_LOST");
        assertThat(other.entries(EntryType.CALL_LOST)).hasSize(1);
        assertThat(other.watch.nodesLost()).isEqualTo(1);
        for (Node each : nodes) {
            each.ledger.checkpoint();
        }
        assertThat(LedgerArchive.open(other.settings).verify(List.of(), _ -> {}).findings())
                .isEmpty();
    }

    /** The network goes away behind a commit, or before a whole beat. */
    private final class CutOff implements Nodes.Transactions {
        private boolean losesAnswers;
        private boolean reachesNothing;

        @Override
        public <T> T write(Nodes.Work<T> work) throws LedgerUnavailable {
            if (reachesNothing) {
                throw away();
            }
            try (Connection connection = server.getDatabase("postgres", database).getConnection()) {
                connection.setAutoCommit(false);
                T result = work.run(connection);
                connection.commit();
                if (losesAnswers) {
                    throw away();
                }
                return result;
            } catch (SQLException e) {
                throw new LedgerUnavailable(LedgerUnavailable.Reason.STORE_DOWN, "fails", e);
            }
        }

        private static LedgerUnavailable away() {
            return new LedgerUnavailable(LedgerUnavailable.Reason.STORE_DOWN, "does not answer");
        }
    }

    @Test
    void ofWhatWasToldToAStoreThatDidNotAnswerWhatWasEndedThereEnds() throws Exception {
        var network = new CutOff();
        Node cutOff =
                new Node(
                        "node-1",
                        server.getJdbcUrl("postgres", database),
                        _ -> new Nodes(network, Vendor.POSTGRESQL));
        Node other = node("node-2");
        cutOff.watch.turn();
        other.watch.turn();
        ConsentRecord.Given given = cutOff.talk();
        network.losesAnswers = true;
        assertThatExceptionOfType(LedgerUnavailable.class).isThrownBy(cutOff.watch::turn);
        network.losesAnswers = false;
        network.reachesNothing = true;
        cutOff.calls.add(call()); // to a human, say: of that one the store learns nothing
        assertThatExceptionOfType(LedgerUnavailable.class).isThrownBy(cutOff.watch::turn);

        leaseRunsOut("node-1", other);
        assertThat(other.entries(EntryType.ASSISTANT_CUT))
                .extracting(each -> told(each, "/refers_to"))
                .containsExactly(given.id().toString());
        network.reachesNothing = false;
        cutOff.watch.turn();
        assertThat(cutOff.asked).containsExactly(given.call().callId());

        cutOff.watch.turn();
        assertThat(cutOff.asked).as("asked once").hasSize(1);
        assertThat(cutOff.life.holds()).as("a new life, with the other call").isTrue();
        assertThat(other.entries(EntryType.CALL_LOST)).hasSize(1);
    }

    @Test
    void ofManyWhoEndTheSameCallAtOnceOneDoes() throws Exception {
        Node dead = node("node-1");
        dead.watch.turn();
        ConsentRecord.Given given = dead.talk();
        dead.watch.turn();
        List<Node> survivors = List.of(node("node-2"), node("node-3"), node("node-4"));
        dead.watch.end();
        LostCall left = dead.ledger.nodes().lost().getFirst();

        var failures = new ConcurrentLinkedQueue<Throwable>();
        List<Thread> threads =
                survivors.stream()
                        .map(each ->
                                Thread.ofVirtual()
                                        .start(() -> {
                                            try {
                                                each.lost.end(left);
                                            } catch (Exception e) {
                                                failures.add(e);
                                            }
                                        }))
                        .toList();
        for (Thread each : threads) {
            each.join();
        }
        assertThat(failures).isEmpty();
        assertThat(dead.entries(EntryType.CALL_LOST)).hasSize(1);
        assertThat(dead.entries(EntryType.ASSISTANT_CUT))
                .extracting(each -> told(each, "/refers_to"))
                .containsExactly(given.id().toString());
        long settled = 0;
        for (Node each : survivors) {
            settled += each.ledger.nodes().settled(left) ? 1 : 0;
        }
        assertThat(settled).isEqualTo(1);
    }

    @Test
    void aNodeThatEndsAsItShouldLeavesNoCallBehind() throws Exception {
        Node ending = node("node-1");
        Node other = node("node-2");
        ending.calls.add(call());
        ending.watch.turn();
        other.watch.turn();
        ending.calls.clear(); // it has ended, and its own end is written

        ending.watch.end();
        ending.watch.turn(); // one that was due just then

        other.watch.turn();
        assertThat(other.watch.callsLost()).isZero();
        assertThat(other.entries(EntryType.CALL_LOST)).isEmpty();
        assertThat(other.ledger.nodes().alive())
                .extracting(SeenNode::node)
                .containsExactly("node-2");
    }

    @Test
    void aStoreThatWasAwayTakesNobodyForDead() throws Exception {
        Node first = node("node-1");
        Node second = node("node-2");
        first.watch.turn();
        second.watch.turn();
        // For a minute nobody reaches the store, and then one does before the other.
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        sql(database, "UPDATE ledger_node SET seen_ms = seen_ms - 60000");
        assertThat(first.life.holds()).isFalse();
        second.watch.turn();
        second.watch.turn();
        assertThat(second.watch.nodesLost()).isZero();
        first.watch.turn();
        assertThat(first.life.holds()).isTrue();
        assertThat(first.asked).isEmpty();
    }

    @Test
    void oneNodeRegistersAndAnotherTakesOver() throws Exception {
        Node first = node("node-1");
        Node second = node("node-2");
        first.watch.turn();
        second.watch.turn();
        assertThat(first.registered).containsExactly("provider");
        assertThat(second.registered).isEmpty();

        leaseRunsOut("node-1", second);
        assertThat(second.registered).as("it has died").containsExactly("provider");

        first.watch.turn();
        first.watch.turn();
        assertThat(first.registered).as("it has come back").isEmpty();
        second.watch.end();
        first.watch.turn();
        assertThat(first.registered).as("the other one has ended as it should").hasSize(1);
    }

    @Test
    void withoutALeaseNoConsentIsGivenAndEverythingElseIsWritten() throws Exception {
        Node node = node("node-1");
        assertThatExceptionOfType(JournalUnavailable.class)
                .isThrownBy(node.journal::requireTrusted);
        node.watch.turn();
        node.journal.requireTrusted();

        nanos.addAndGet(NodeLife.LEASE.minusSeconds(2).toNanos());
        assertThatExceptionOfType(JournalUnavailable.class).isThrownBy(node::talk);
        assertThat(node.entries(EntryType.GIVEN)).isEmpty();
        var _ =
                node.journal.write(
                        new ConsentRecord.Refused(id(), NOW, call(), NOTICE, List.of(), null));
        assertThat(node.entries(EntryType.REFUSED)).hasSize(1);

        node.calls.clear();
        node.watch.turn();
        assertThat(node.talk()).isNotNull();
    }

    @Test
    void aNodeThatStartsAgainEndsWhatItHasLeft() throws Exception {
        Node before = new Node("node-1", TestLedger.in(directory).url());
        before.watch.turn();
        ConsentRecord.Given given = before.talk();
        before.watch.turn();
        before.ledger.close(); // as kill -9 does: nobody has said how the call ended

        nodes.clear();
        Node after = new Node("node-1", before.settings.url());
        after.watch.turn();

        assertThat(after.watch.callsLost()).isEqualTo(1);
        assertThat(after.entries(EntryType.ASSISTANT_CUT))
                .extracting(each -> told(each, "/refers_to"))
                .containsExactly(given.id().toString());
        assertThat(after.entries(EntryType.CALL_LOST)).hasSize(1);
        assertThat(after.life.holds()).isTrue();
        after.watch.turn();
        assertThat(after.entries(EntryType.CALL_LOST)).hasSize(1);
    }

    /** Empty where there is nothing. */
    private static String told(Entry entry, String pointer) {
        return Objects.requireNonNull(entry.payload()).at(pointer).asText();
    }
}
