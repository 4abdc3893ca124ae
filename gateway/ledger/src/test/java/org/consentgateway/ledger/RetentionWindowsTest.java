package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.ProgressHandler;

/**
 * What was played in a call with consent is over after a month by its own time, and kept for years
 * by the consent: however much of that there is, retention goes on behind it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RetentionWindowsTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(Records.START.plus(Duration.ofDays(31)));
    private static final String OVER = "2026-11-24T09:00:00Z";
    private static final String LATER = "2031-11-24T09:00:00Z";

    /** Of one statement: of SQLite's machine, several times what some hundred rows need. */
    private static final int STEPS = 150_000;

    /** Of this test, for what it prepares. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** At once, by one writer. */
    private static final int BATCH = 50;

    /** Kept by their consents: more than are looked at in one question. */
    private static final int KEPT = 1_100;

    /** By the look-up rows alone all uses are over, before anything else. */
    private static final String LIE =
            "UPDATE ledger_lookup SET delete_ms = CASE type WHEN 'Used' THEN 0 END WHERE log = 7";

    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatGoesIsFoundBehindMoreThanOneLookThatIsKept(TestStore store) throws Exception {
        try (Ledger ledger = Ledger.open(store.settings(directory), CLOCK)) {
            List<NewEntry> entries = new ArrayList<>();
            for (int i = 0; i < KEPT; i++) {
                entries.add(deleted(Records.served("call-" + i, "anna"), OVER));
                entries.add(deleted(Records.given("call-" + i, "anna"), LATER));
            }
            List<NewEntry> going = new ArrayList<>();
            for (int i = 0; i < KEPT; i++) {
                going.add(deleted(Records.served("silent-" + i, "anna"), OVER));
            }
            entries.addAll(going);
            for (int from = 0; from < entries.size(); from += BATCH) {
                Records.append(
                        ledger, entries.subList(from, Math.min(from + BATCH, entries.size())));
            }

            assertThat(ledger.eraseOutdated().orElseThrow().entries()).isEqualTo(KEPT);

            assertThat(ledger.reader().entry(going.getLast().id()).orElseThrow().payload())
                    .isNull();
            assertThat(ledger.reader().entry(entries.getFirst().id()).orElseThrow().payload())
                    .isNotNull();
            assertThat(ledger.eraseOutdated()).isEmpty();
        }
    }

    /** The withdrawal is looked at long before the consent that keeps it goes. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatAConsentKeptGoesInTheSameRunWhereverItStands(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            NewEntry given = deleted(Records.given("call-1", "anna"), OVER);
            NewEntry withdrawn = withdrawn(given.id());
            Records.append(ledger, List.of(given, withdrawn));
            keep(settings, KEPT, Instant.parse(OVER));

            assertThat(ledger.eraseOutdated().orElseThrow().entries()).isEqualTo(2);
        }
    }

    /** Else a run on a busy store has no end, and what it has erased is never scrubbed. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatIsOverSinceARunBeganWaitsForTheNextOne(TestStore store) throws Exception {
        var seconds = new AtomicLong();
        InstantSource ticking =
                () ->
                        CLOCK.instant()
                                .plusSeconds(seconds.get() == 0 ? 0 : seconds.getAndIncrement());
        try (Ledger ledger = Ledger.open(store.settings(directory), ticking)) {
            List<NewEntry> eachSecond = new ArrayList<>();
            for (int i = 0; i < 10 * BATCH; i++) {
                Instant over = CLOCK.instant().plusSeconds(i);
                eachSecond.add(deleted(Records.served("call-" + i, "anna"), over.toString()));
            }
            for (int from = 0; from < eachSecond.size(); from += BATCH) {
                Records.append(ledger, eachSecond.subList(from, from + BATCH));
            }
            seconds.set(1);

            var _ = ledger.eraseOutdated();

            assertThat(ledger.reader().entry(eachSecond.getFirst().id()).orElseThrow().payload())
                    .isNull();
            assertThat(ledger.reader().entry(eachSecond.getLast().id()).orElseThrow().payload())
                    .as("over long after the run has begun")
                    .isNotNull();
        }
    }

    /** Else what comes behind them is kept for ever, and counts as erased in time. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aRunThatChangedRowsHaveBrokenOffSaysSo(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            NewEntry going = deleted(Records.served("silent", "anna"), OVER);
            Records.append(ledger, going);
            keep(settings, Erasing.MAX_AT_ONCE, Instant.parse(OVER));
            ask(settings, LIE);

            assertThatIllegalStateException()
                    .isThrownBy(ledger::eraseOutdated)
                    .withMessageContaining("4000 entries are over by their look-up rows");

            ask(settings, "UPDATE ledger_lookup SET delete_ms = NULL WHERE log = 7 AND idx = 2");
            assertThat(ledger.eraseOutdated().orElseThrow().entries())
                    .as("behind one less")
                    .isOne();
        }
    }

    /** As where two nodes begin in the same second. */
    @Test
    void whatAnotherNodeErasesMeanwhileBreaksNoRunOff() throws Exception {
        LedgerSettings settings = TestStore.POSTGRESQL.settings(directory);
        Thread here = Thread.currentThread();
        var found = new AtomicBoolean();
        var source =
                new WatchedStore(
                        Vendor.of(settings).open(settings, false),
                        thread -> thread.equals(here),
                        (_, sql) -> {
                            if (sql.contains("u.delete_ms")) {
                                found.set(true);
                            } else if (sql.contains("FROM ledger_log") && found.getAndSet(false)) {
                                eraseWindow(settings);
                            }
                        });
        try (Ledger ledger = Ledger.open(settings, source.source(), CLOCK, Ledger::salt)) {
            NewEntry going = deleted(Records.served("silent", "anna"), OVER);
            Records.append(ledger, going);
            keep(settings, Erasing.MAX_AT_ONCE, Instant.parse(OVER));
            ask(settings, LIE);

            assertThat(ledger.eraseOutdated().orElseThrow().entries()).isOne();
            assertThat(ledger.alarm().found()).isZero();
        }
    }

    /** Between two questions about it. */
    private static void eraseWindow(LedgerSettings settings) {
        assertThatNoException()
                .isThrownBy(() ->
                        ask(
                                settings,
                                "DELETE FROM ledger_lookup WHERE log = 7 AND idx IN (SELECT idx"
                                        + " FROM ledger_lookup WHERE log = 7 AND delete_ms = 0"
                                        + " ORDER BY idx LIMIT 1000)"));
    }

    /** Counted in steps of SQLite's machine, so that the law is as strict on a busy one. */
    @Test
    void noQuestionTakesLongerForWhatIsKept() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        DataSource source = Vendor.of(settings).open(settings, false);
        try (Ledger ledger = Ledger.open(settings, stepping(source), CLOCK, Ledger::salt)) {
            NewEntry going = deleted(Records.served("silent", "anna"), OVER);
            Records.append(ledger, going);
            keep(settings, 20 * KEPT, Instant.parse(OVER));

            assertThat(ledger.eraseOutdated().orElseThrow().entries()).isOne();
        }
    }

    /** As after pg_upgrade: else it reads all consents there are for the sake of some entries. */
    @Test
    void eachIsLookedUpByItsIndexAlsoByAServerWithoutStatistics() throws Exception {
        LedgerSettings settings = TestStore.POSTGRESQL.settings(directory);
        Set<String> asked = ConcurrentHashMap.newKeySet();
        var source =
                new WatchedStore(
                        Vendor.of(settings).open(settings, false),
                        (_, sql) -> {
                            if (sql.contains("delete_ms")) {
                                asked.add(sql);
                            }
                        });
        try (Ledger ledger = Ledger.open(settings, source.source(), CLOCK, Ledger::salt)) {
            for (int i = 0; i < 2 * BATCH; i++) {
                Records.append(ledger, deleted(Records.served("silent-" + i, "anna"), OVER));
            }
            keep(settings, 20 * KEPT, Instant.parse(OVER));
            assertThat(ledger.eraseOutdated().orElseThrow().entries()).isEqualTo(2 * BATCH);
        }
        assertThat(asked).isNotEmpty();
        for (String sql : asked) {
            assertThat(ask(settings, "EXPLAIN " + sql.replace("?", "1")))
                    .as(sql)
                    .contains("ledger_lookup_call")
                    .doesNotContain("Seq Scan on ledger_lookup", "ledger_lookup_delete");
        }
    }

    /** One question about all of them took longer than any may, and nothing went any more. */
    @Test
    @Nightly("writes 1,600,000 rows; the law above counts the same work on SQLite in each run")
    void withTheUsualPatienceItComesToItsEndOnPostgreSql() throws Exception {
        LedgerSettings settings =
                TestSettings.withLimits(
                        TestStore.POSTGRESQL.settings(directory), LedgerSettings.Limits.USUAL);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            NewEntry going = deleted(Records.served("silent", "anna"), OVER);
            Records.append(ledger, going);
            keep(settings, 800_000, Instant.parse(OVER));
            ask(settings, "ANALYZE"); // as the server does by itself within minutes

            assertThat(ledger.eraseOutdated().orElseThrow().entries()).isOne();
            assertThatNoException().isThrownBy(ledger::eraseOutdated);
        }
    }

    /**
     * As calls of another node have left them: by SQL, since these are many.
     *
     * @param over by when what was played in all of them is over by its own time
     */
    private static void keep(LedgerSettings settings, int calls, Instant over) throws Exception {
        String ids =
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                        + 2 * calls
                        + ") ";
        try (Connection connection =
                        Vendor.of(settings)
                                .open(settings.withPatience(PATIENCE), false)
                                .getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql :
                    List.of(
                            "INSERT INTO ledger_log (id, node, origin, size, last_leaf, last_ms)"
                                    + " SELECT 7, 'other', 'other/log', "
                                    + (2 * calls + 1)
                                    + ", last_leaf, last_ms FROM ledger_log",
                            "INSERT INTO ledger_entry (log, idx, entry_id, time_ms, type,"
                                    + " commitment, leaf) "
                                    + ids
                                    + "SELECT 7, i, 'id-' || i, 1, CASE i % 2 WHEN 1 THEN 'Served'"
                                    + " ELSE 'Used' END, last_leaf, last_leaf FROM n, ledger_log"
                                    + " WHERE id = 7",
                            "INSERT INTO ledger_lookup (log, idx, type, time_ms, call_id,"
                                    + " delete_ms) "
                                    + ids
                                    + "SELECT 7, i, CASE i % 2 WHEN 1 THEN 'Served' ELSE 'Used'"
                                    + " END, 1, 'of-' || (i + 1) / 2, CASE i % 2 WHEN 1 THEN i + "
                                    + (over.toEpochMilli() - 2 * calls)
                                    + " ELSE "
                                    + Instant.parse(LATER).toEpochMilli()
                                    + " END FROM n")) {
                statement.execute(sql);
            }
        }
    }

    private static String ask(LedgerSettings settings, String sql) throws Exception {
        List<String> lines = new ArrayList<>();
        try (Connection connection =
                        Vendor.of(settings)
                                .open(settings.withPatience(PATIENCE), false)
                                .getConnection();
                Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                ResultSet rows = statement.getResultSet();
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
        }
        return String.join("\n", lines);
    }

    /** A statement that takes more steps is broken off. */
    private static DataSource stepping(DataSource source) {
        return (DataSource)
                Proxy.newProxyInstance(
                        DataSource.class.getClassLoader(),
                        new Class<?>[] {DataSource.class},
                        (_, method, arguments) -> {
                            Object result = method.invoke(source, arguments);
                            if (result instanceof Connection connection) {
                                ProgressHandler.setHandler(connection, STEPS, breakingOff());
                            }
                            return result;
                        });
    }

    private static ProgressHandler breakingOff() {
        return new ProgressHandler() {
            @Override
            protected int progress() throws SQLException {
                return 1;
            }
        };
    }

    private static NewEntry withdrawn(UUID consent) {
        ObjectNode payload = Records.base("hotline", "booking");
        payload.put("refers_to", consent.toString());
        return deleted(
                NewEntry.of(EntryType.WITHDRAWN, "call-2", "anna", payload, Records.START),
                "2026-11-24T08:00:00Z");
    }

    private static NewEntry deleted(NewEntry entry, String at) {
        entry.payload().putObject("retention").put("delete_at", at);
        return entry;
    }
}
