package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.consentgateway.ledger.keys.LogNames;
import org.consentgateway.ledger.rotation.KeyRotation;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LogWriter;
import org.consentgateway.ledger.store.Vendor;
import org.consentgateway.ledger.tree.LedgerTorn;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A node with other pseudonym keys than the rest would find no caller, and no consent to end. */
class ForeignPseudonymsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);
    private static final String NUMBER = "+4930123456";

    @TempDir private Path directory;

    /** Its keys are made while nobody can tell that the store has entries. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aNodeThatBeganWithoutTheStoreWritesWithNoPseudonymKeysOfItsOwn(TestStore store)
            throws Exception {
        LedgerSettings first = store.settings(directory);
        LedgerSettings second = node(first, "node-2");
        List<String> names = begin(first);
        try (Ledger down = Ledger.open(second, unreachable(second), CLOCK, Ledger::salt)) {
            assertThat(down.health().up()).isFalse();
        }
        assertThatThrownBy(() -> open(second).close())
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining("copy payload.keys and pseudonym.keys");

        copy("payload.keys", first, second);
        assertThatThrownBy(() -> open(second).close())
                .isInstanceOf(LedgerTorn.class)
                .hasMessageContaining(second.keys().resolve("pseudonym.keys").toString())
                .hasMessageContaining("copy payload.keys and pseudonym.keys");

        copy("pseudonym.keys", first, second);
        try (Ledger two = open(second)) {
            assertThat(two.pseudonyms().subject(NUMBER).pseudonyms()).isEqualTo(names);
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whoeverHasOneOfTheKeysWritesAfterARotationAndBesideAForgedRow(TestStore store)
            throws Exception {
        LedgerSettings first = store.settings(directory);
        LedgerSettings second = node(first, "node-2");
        List<String> _ = begin(first);
        KeyRotation.rotate(first, Records.START);
        Files.createDirectories(second.keys());
        copy("payload.keys", first, second);
        copy("pseudonym.keys", first, second);
        try (Ledger two = open(second)) {
            Records.append(two, Records.given("call-2", "berta"));
            two.checkpoint();
        }
        sql(
                first,
                "INSERT INTO ledger_key (log, idx, salt, payload)"
                        + " SELECT 9, -1, salt, 'forged' FROM ledger_key WHERE idx = -1"
                        + " AND log = 1");

        open(first).close();
        open(second).close();
    }

    /** Under keys of its own, as nothing refused once; where it alone wrote it stays as it is. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aNodeThatHasWrittenUnderPseudonymKeysOfItsOwnIsTold(TestStore store) throws Exception {
        LedgerSettings first = store.settings(directory);
        LedgerSettings second = node(first, "node-2");
        List<String> _ = begin(first);
        open(first.withNode(LogNames.ofCommands(first.node()))).close();
        assertThat(errorsOf(first)).isEmpty();
        try (Ledger down = Ledger.open(second, unreachable(second), CLOCK, Ledger::salt)) {
            assertThat(down.health().up()).isFalse();
        }
        copy("payload.keys", first, second);
        sql(first, "CREATE TABLE kept AS SELECT * FROM ledger_key", "DELETE FROM ledger_key");
        try (Ledger two = open(second)) {
            Records.append(two, Records.given("call-2", "berta"));
            two.checkpoint();
        }
        sql(first, "INSERT INTO ledger_key SELECT * FROM kept");

        assertThat(errorsOf(second))
                .singleElement()
                .asString()
                .contains("no log of another node (" + first.node() + ")")
                .contains(second.keys().resolve("pseudonym.keys").toString())
                .contains("start them again");
        copy("pseudonym.keys", first, second);
        assertThat(errorsOf(second)).isEmpty();
    }

    private static List<String> errorsOf(LedgerSettings settings) throws IOException {
        var log = (Logger) LoggerFactory.getLogger(LogWriter.class);
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        log.addAppender(said);
        try {
            open(settings).close();
        } finally {
            log.detachAppender(said);
        }
        return said.list.stream()
                .filter(each -> each.getLevel().equals(Level.ERROR))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static void sql(LedgerSettings settings, String... all) throws SQLException {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : all) {
                statement.execute(each);
            }
        }
    }

    private static LedgerSettings node(LedgerSettings first, String node) {
        return first.withNode(node).withKeys(first.keys().resolveSibling("keys-" + node));
    }

    /**
     * @return what the node calls the number
     */
    private static List<String> begin(LedgerSettings settings) throws Exception {
        try (Ledger ledger = open(settings)) {
            Records.append(ledger, Records.given("call-1", "anna"));
            ledger.checkpoint();
            return ledger.pseudonyms().subject(NUMBER).pseudonyms();
        }
    }

    private static DataSource unreachable(LedgerSettings settings) throws SQLException {
        var store =
                new FaultyStore(Vendor.of(settings).open(settings, false), FaultyStore.Fault.DIES);
        store.arm(1);
        return store.source();
    }

    private static void copy(String file, LedgerSettings from, LedgerSettings to)
            throws IOException {
        Files.copy(
                from.keys().resolve(file),
                to.keys().resolve(file),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static Ledger open(LedgerSettings settings) throws IOException {
        return Ledger.open(settings, CLOCK);
    }
}
