package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of SQLite that somebody deletes, moves or replaces while a ledger has it open. */
class ReplacedFileTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir private Path directory;
    private LedgerSettings settings;
    private Path database;
    private Path aside;
    private Ledger ledger;

    @BeforeEach
    void open() throws Exception {
        settings = TestSettings.inDirectory(directory);
        database = directory.resolve("ledger.db");
        aside = directory.resolve("aside.db");
        ledger = Ledger.open(settings, Clock.systemUTC());
        var _ = Records.append(ledger, Records.given("call-1", "p"));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private void isRefused(String call) {
        assertThatThrownBy(() -> Records.append(ledger, Records.given(call, "p")))
                .isInstanceOf(LedgerUnavailable.class)
                .extracting("reason")
                .isEqualTo(LedgerUnavailable.Reason.STORE_DOWN);
    }

    @Test
    void whatIsDeletedTakesNoEntryAndIsNotMadeAnew() throws Exception {
        Files.delete(database);

        isRefused("call-2");

        await().atMost(SOON).until(() -> !ledger.health().up());
        assertThat(ledger.health().detail()).contains("is not there any more", "restore");
        assertThat(database).doesNotExist();
    }

    @Test
    void whatIsMovedAwayIsMissedThoughNobodyCallsAndGoesOnWhereItIsPutBack() throws Exception {
        Files.move(database, aside);
        await().atMost(SOON).until(() -> !ledger.health().up());

        Files.move(aside, database);
        await().atMost(SOON).until(() -> ledger.health().up());

        var _ = Records.append(ledger, Records.given("call-2", "p"));
        assertThat(ledger.reader().ofCall("call-2")).hasSize(1);
    }

    @Test
    void whatIsReplacedByACopyTakesNoEntryUntilAStart() throws Exception {
        Files.copy(database, aside);
        Files.move(aside, database, StandardCopyOption.REPLACE_EXISTING);

        isRefused("call-2");

        await().atMost(SOON).until(() -> !ledger.health().up());
        assertThat(ledger.health().detail()).contains("another file", "start it again");
        assertThatThrownBy(() -> ledger.reader().ofCall("call-1"))
                .as("readers have the old one open")
                .isInstanceOf(LedgerUnavailable.class);
    }

    @Test
    void aLockThatIsDeletedIsTakenAgain() throws Exception {
        Path lock = directory.resolve("ledger.db.node-1.lock");
        Files.delete(lock);

        await().atMost(SOON).until(() -> Files.exists(lock) && ledger.health().up());

        assertThatThrownBy(() -> Ledger.open(settings, Clock.systemUTC()))
                .hasMessageContaining("node-1");
    }
}
