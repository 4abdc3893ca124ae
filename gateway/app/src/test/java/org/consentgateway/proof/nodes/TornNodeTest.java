package org.consentgateway.proof.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.consent.journal.History;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.Resuming;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.proof.NoticeArchiving;
import org.consentgateway.proof.Processing;
import org.consentgateway.proof.Retention;
import org.consentgateway.proof.TestLedger;
import org.consentgateway.proof.late.LateFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes on one real server, over which another one takes that has not the last that one of them
 * has confirmed: a withdrawal, of which the other node learns nothing more.
 */
@Timeout(120)
class TornNodeTest {
    private static final Instant NOW = Instant.parse("2026-11-30T09:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Period KEPT = Period.ofDays(30);
    private static final Subject CALLER = new Subject("5u8j3c7");
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("2026-11");
    private static final NoticeRef NOTICE = TestLedger.heard(SPOKEN);

    @TempDir private Path directory;
    private EmbeddedPostgres server;
    private Instant now = NOW;
    private long words;

    @BeforeEach
    void start() throws Exception {
        server = EmbeddedPostgres.builder().start();
        sql("CREATE DATABASE store");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private void sql(String... statements) throws Exception {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** A gateway as far as the other one knows of it. */
    private final class Node implements AutoCloseable {
        final LedgerSettings settings;
        final Ledger ledger;
        final LedgerStore store;
        final OtherNodes others;
        final LeasedStore leased;
        final ConsentJournal journal;
        final AnnouncedEndings endings;

        Node(String name) throws Exception {
            Path keys = directory.resolve(name).resolve("keys");
            Path first = directory.resolve("one").resolve("keys");
            if (!name.equals("one") && Files.notExists(keys)) {
                Files.createDirectories(keys);
                for (String file : List.of("payload.keys", "pseudonym.keys")) {
                    Files.copy(first.resolve(file), keys.resolve(file));
                }
            }
            settings =
                    TestLedger.in(directory.resolve(name))
                            .withUrl(server.getJdbcUrl("postgres", "store"))
                            .withNode(name)
                            .withKeys(keys);
            InstantSource clock = () -> now;
            ledger = Ledger.open(settings, clock);
            store =
                    new LedgerStore(
                            ledger,
                            new NoticeArchiving(ledger, clock, _ -> Optional.of(SPOKEN)),
                            new Retention(KEPT, KEPT, KEPT, Period.ofYears(3)),
                            new Processing("DE", "", Map.of(), List.of(), Map.of()));
            others = new OtherNodes(1, () -> ++words, store::has);
            leased =
                    new LeasedStore(
                            store,
                            new NodeLife(ledger.nodes(), name, () -> 0),
                            others,
                            () -> false);
            journal =
                    new ConsentJournal(
                            leased,
                            LateFile.open(directory.resolve(name + "-late.jsonl")),
                            PATIENCE,
                            TornNodeTest::id);
            endings =
                    new AnnouncedEndings(
                            journal,
                            ledger.pseudonyms(),
                            name,
                            () -> NOW.plusMillis(++words),
                            others,
                            ledger::confirmed);
        }

        /** As {@link EndingAnnouncer} has it do every two seconds, whatever its store does. */
        void saysAWordTo(Node other) {
            var _ = other.asks(this, OtherNodes.Mark.NONE);
            var _ = asks(other, asks(other, OtherNodes.Mark.NONE));
        }

        /** What there has to stand in the next word to it. */
        private OtherNodes.Mark asks(Node there, OtherNodes.Mark mark) {
            byte[] word = endings.message(List.of(), mark);
            return there.endings
                    .take(word)
                    .flatMap(answer -> endings.acknowledged("there", word, answer))
                    .orElseThrow()
                    .mark();
        }

        History found() throws JournalUnavailable {
            return leased.history(CALLER, "demo", PATIENCE);
        }

        @Override
        public void close() {
            ledger.close();
        }
    }

    @Test
    void whatANodeHasConfirmedAndTheStoreHasLostKeepsOthersFromRelyingOnAnything()
            throws Exception {
        ConsentRecord.Given given = given();
        try (Node one = new Node("one");
                Node two = new Node("two")) {
            var _ = one.store.append(List.of(given), PATIENCE);
            one.saysAWordTo(two);
            assertThat(two.found()).isEqualTo(History.of(List.of(given)));
        }
        sql("CREATE DATABASE standby TEMPLATE store");
        ConsentRecord.Withdrawn withdrawn = withdrawn(given);
        try (Node one = new Node("one");
                Node two = new Node("two")) {
            assertThat(one.journal.writeNowOrLater(withdrawn)).isEqualTo(Durability.STORED);
            one.saysAWordTo(two);
            assertThat(two.found()).isEqualTo(History.of(List.of(given, withdrawn)));

            sql(
                    "ALTER DATABASE store ALLOW_CONNECTIONS false",
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                            + " WHERE datname = 'store'",
                    "ALTER DATABASE store RENAME TO lost",
                    "ALTER DATABASE standby RENAME TO store");
            History asked = firstAnswer(two);
            assertThat(one.ledger.health().up())
                    .as("nobody has written there since, so it does not know")
                    .isTrue();
            History toBeWithdrawn = new History(List.of(given), List.of(), true);
            assertThat(asked).as("asked in full").isEqualTo(toBeWithdrawn);

            await("it is found out there")
                    .atMost(PATIENCE.multipliedBy(2))
                    .untilAsserted(() -> {
                        assertThatExceptionOfType(JournalUnavailable.class)
                                .isThrownBy(() -> one.store.append(List.of(given()), PATIENCE));
                        assertThat(one.ledger.health().detail()).contains("ledger resume");
                    });
            one.saysAWordTo(two); // it still lives
            assertThat(firstAnswer(two)).isEqualTo(toBeWithdrawn);
            assertThat(two.others.silent()).as("told to whoever operates it").isEqualTo(1);
        }

        now = LATER;
        LedgerSettings torn;
        try (Node two = new Node("two")) {
            torn = two.settings.withNode("one").withKeys(directory.resolve("one").resolve("keys"));
            assertThat(two.others.silent()).as("it does not start so").isEqualTo(1);
        }
        torn = torn.withExports(directory.resolve("one").resolve("checkpoints"));
        assertThat(Resuming.run(torn, Resuming.Why.RESTORED, List.of(), () -> now)).isNotEmpty();
        ConsentRecord.Given again = given(LATER);
        try (Node one = new Node("one");
                Node two = new Node("two")) {
            one.saysAWordTo(two);
            assertThat(two.found())
                    .as("from before the gap")
                    .isEqualTo(new History(List.of(given), List.of(), true));
            var _ = two.store.append(List.of(again), PATIENCE);
            assertThat(two.found().reliable()).as("since then").containsExactly(again);
        }
    }

    /** Once it has reached the other server. */
    private static History firstAnswer(Node node) {
        return await("the other server is reached")
                .atMost(PATIENCE.multipliedBy(2))
                .until(() -> answerNow(node), Objects::nonNull);
    }

    /** Null while it is connecting. */
    private static @Nullable History answerNow(Node node) {
        try {
            return node.found();
        } catch (JournalUnavailable e) {
            return null;
        }
    }

    private static UUID id() {
        return EntryIds.next(NOW);
    }

    private static CallFacts call() {
        return new CallFacts(id(), "h", "carrier", "demo", NOW, CALLER, true, false, true);
    }

    private static ConsentRecord.Given given() {
        return given(NOW);
    }

    private static ConsentRecord.Given given(Instant at) {
        return new ConsentRecord.Given(
                EntryIds.next(at), at, call(), NOTICE, TestLedger.grantedForAYear(NOW), null);
    }

    private static ConsentRecord.Withdrawn withdrawn(ConsentRecord.Given given) {
        return new ConsentRecord.Withdrawn(
                id(),
                NOW,
                call(),
                CALLER,
                "demo",
                given.id(),
                ConsentRecord.Withdrawn.Reason.CALLER,
                Method.KEY,
                NOW,
                null);
    }
}
