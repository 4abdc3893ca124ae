package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Rows;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL that answers, changes rows in their place and takes no new ones: its tablespace is
 * full, rights are missing, an index is broken. A trigger answers as it does then.
 */
@Timeout(60)
class RefusingServerTest {
    /** Of the session that holds the claim of the log: the writer's. */
    private static final String CLAIM =
            "SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database"
                    + " WHERE locktype = 'advisory' AND granted AND datname = current_database()";

    @TempDir private Path directory;
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @SuppressWarnings("NullAway.Init") // by JUnit
    private LedgerSettings settings;

    @SuppressWarnings("NullAway.Init") // by JUnit
    private String noRoom;

    @BeforeEach
    void listen() {
        settings = TestStore.POSTGRESQL.settings(directory);
        noRoom = "could not extend " + directory.getFileName() + ": No space left on device";
        said.start();
        ledgers().addAppender(said);
    }

    @AfterEach
    void listenNoLonger() {
        ledgers().detachAppender(said);
    }

    private static Logger ledgers() {
        return (Logger) LoggerFactory.getLogger(Ledger.class.getPackageName());
    }

    private void sql(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(settings.url());
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** As of now. */
    private void refuse(String table, String which) throws SQLException {
        sql(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE"
                        + " EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = '"
                        + noRoom
                        + "', DETAIL = 'Failing row contains (' || NEW || ')'; END $$",
                "CREATE TRIGGER refuse BEFORE INSERT ON "
                        + table
                        + " FOR EACH ROW WHEN ("
                        + which
                        + ") EXECUTE FUNCTION refuse()");
    }

    /** Others run beside. */
    private List<String> errors() {
        return said.list.stream()
                .filter(line -> line.getLevel() == Level.ERROR)
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains(noRoom))
                .toList();
    }

    private static LedgerUnavailable refusal(Ledger ledger, NewEntry entry) {
        return catchThrowableOfType(LedgerUnavailable.class, () -> Records.append(ledger, entry));
    }

    @Test
    void isDownWithItsReasonUntilItTakesEntriesAgain() throws Exception {
        try (Ledger ledger = Ledger.open(settings, InstantSource.system())) {
            Records.append(ledger, Records.given("call-1", "anna"));
            refuse("ledger_payload", "true");

            assertThat(refusal(ledger, Records.given("call-2", "anna")).maybeWritten()).isTrue();
            await().during(Duration.ofSeconds(1)).until(() -> !ledger.health().up());
            assertThat(ledger.health().detail()).contains(noRoom);
            assertThat(errors()).hasSize(1).first().asString().contains("is down");
            assertThat(refusal(ledger, Records.given("call-3", "anna")).maybeWritten())
                    .as("nothing is asked of callers")
                    .isFalse();

            sql("DROP TRIGGER refuse ON ledger_payload");
            await().until(() -> ledger.health().up());
            Records.append(ledger, Records.given("call-4", "anna"));
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), _ -> {})))
                .as("nothing is left of what was tried")
                .isEmpty();
    }

    /** Which is how it refuses an entry that is there already, too. */
    @Test
    void isDownWhereAConstraintRefusesAllEntries() throws Exception {
        try (Ledger ledger = Ledger.open(settings, InstantSource.system())) {
            Records.append(ledger, Records.given("call-1", "anna"));
            sql("ALTER TABLE ledger_payload ADD CONSTRAINT none CHECK (false) NOT VALID");

            assertThat(refusal(ledger, Records.given("call-2", "anna")).maybeWritten()).isTrue();
            await().during(Duration.ofSeconds(1)).until(() -> !ledger.health().up());
            assertThat(ledger.health().detail()).contains("violates check constraint");

            sql("ALTER TABLE ledger_payload DROP CONSTRAINT none");
            await().until(() -> ledger.health().up());
            Records.append(ledger, Records.given("call-4", "anna"));
        }
    }

    /** As behind a change of servers: none of them is known to be gone, and each says so once. */
    @Test
    void connectionsThatAreGoneLeaveNoQuestionWithoutItsAnswer() throws Exception {
        try (Ledger ledger = Ledger.open(settings, InstantSource.system())) {
            Records.append(ledger, Records.given("call-1", "anna"));
            var together = new Phaser(LogReader.CONNECTIONS);
            try (var asking = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < LogReader.CONNECTIONS; i++) {
                    var _ =
                            asking.submit(() ->
                                    ledger.reader().ask(_ -> together.arriveAndAwaitAdvance()));
                }
            }
            sql(
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                            + " AND pid NOT IN ("
                            + CLAIM.replace("SELECT pid", "SELECT pg_locks.pid")
                            + ")");
            assertThat(ledger.reader().ofCall("call-1")).hasSize(1);
        }
    }

    /** Waits until it has ended, and the claim of the log with it. */
    private void endWritersSession() throws SQLException {
        sql("SELECT pg_terminate_backend(pid, 10000) FROM (" + CLAIM + ") AS writer");
    }

    private List<Integer> writers() throws SQLException {
        try (Connection connection = DriverManager.getConnection(settings.url())) {
            return Rows.list(connection, CLAIM, row -> row.getInt(1));
        }
    }

    private List<String> said(String words) {
        return said.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains(words))
                .toList();
    }

    /** The next caller's consent would be lost, though the store is there. */
    @Test
    void aSessionThatItEndsCostsNoEntry() throws Exception {
        try (Ledger ledger = Ledger.open(settings, InstantSource.system())) {
            Records.append(ledger, Records.given("call-1", "anna"));
            endWritersSession();

            assertThat(Records.append(ledger, Records.given("call-2", "anna")).index()).isOne();
            assertThat(writers()).hasSize(1);
            assertThat(ledger.health().up()).isTrue();
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), _ -> {})))
                .isEmpty();
    }

    /** Else it would keep the writer from all others for good. */
    @Test
    void anEntryThatEndsEachSessionIsTriedTwiceAndRefused() throws Exception {
        try (Ledger ledger = Ledger.open(settings, InstantSource.system())) {
            Records.append(ledger, Records.given("call-1", "anna"));
            sql(
                    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM"
                            + " pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10);"
                            + " RETURN NEW; END $$",
                    "CREATE TRIGGER refuse BEFORE INSERT ON ledger_lookup FOR EACH ROW WHEN"
                            + " (NEW.call_id = 'call-2') EXECUTE FUNCTION refuse()");

            assertThat(refusal(ledger, Records.given("call-2", "anna")).reason())
                    .isEqualTo(LedgerUnavailable.Reason.STORE_DOWN);
            assertThat(said("session is lost")).as("tries").hasSizeBetween(1, 2);
            assertThat(said("terminating connection")).noneMatch(line -> line.contains("refused"));
            await().until(() -> ledger.health().up());
            Records.append(ledger, Records.given("call-3", "anna"));
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), _ -> {})))
                .isEmpty();
    }

    /** Without the claim another process could write the log, and health would know nothing. */
    @Test
    void aSessionThatItEndsIsMissedThoughNobodyCalls() throws Exception {
        try (Ledger ledger = Ledger.open(settings, InstantSource.system())) {
            for (int i = 0; i < 7; i++) {
                Records.append(ledger, Records.given("call-" + i, "anna"));
            }
            List<Integer> before = writers();
            endWritersSession();

            await().until(() -> writers().size() == 1 && !writers().equals(before));
            await().until(() -> ledger.health().up());
        }
        assertThat(said("is down, and tried again: FATAL: terminating")).as("lost").hasSize(1);
        assertThat(said("is up again with 7 entries")).as("regained").hasSize(1);
    }

    @Test
    void whatItRefusesOfOneCallAloneIsToldAndOthersGoOn() throws Exception {
        try (Ledger ledger = Ledger.open(settings, InstantSource.system())) {
            refuse("ledger_lookup", "NEW.call_id = 'call-2'");

            assertThat(refusal(ledger, Records.given("call-2", "anna")).maybeWritten()).isTrue();
            assertThat(refusal(ledger, Records.given("call-2", "bert")).maybeWritten()).isTrue();

            assertThat(ledger.health().up()).isTrue();
            Records.append(ledger, Records.given("call-3", "anna"));
            assertThat(errors()).as("once").hasSize(1);
        }
    }

    /** Pseudonyms and ids of calls are personal: the driver would quote the row. */
    @Test
    void noValueOfARowIsLoggedOrShown() throws Exception {
        try (Ledger ledger = Ledger.open(settings, InstantSource.system())) {
            refuse("ledger_lookup", "NEW.call_id = 'call-2'");
            assertThat(refusal(ledger, Records.given("call-2", "anna")))
                    .hasMessageNotContaining("anna");
        }
        assertThat(errors()).isNotEmpty().noneMatch(line -> line.contains("anna"));
        assertThat(errors()).noneMatch(line -> line.contains("call-2"));
    }
}
