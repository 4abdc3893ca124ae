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
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
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

    @Test
    void aConnectionThatItEndsIsNoRefusal() throws Exception {
        try (Ledger ledger = Ledger.open(settings, InstantSource.system())) {
            sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");

            assertThat(refusal(ledger, Records.given("call-1", "anna")).maybeWritten()).isTrue();
            await().until(() -> ledger.health().up());
            Records.append(ledger, Records.given("call-2", "anna"));

            assertThat(said.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .filteredOn(line -> line.contains("terminating connection"))
                    .noneMatch(line -> line.contains("refused"));
        }
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
