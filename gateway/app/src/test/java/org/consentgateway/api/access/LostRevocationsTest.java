package org.consentgateway.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.Resuming;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key that was revoked opens nothing, whatever became of the entry that says so. */
class LostRevocationsTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static final Instant EXPIRES = NOW.plus(Duration.ofDays(365));
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final InstantSource LATER = InstantSource.fixed(NOW.plusSeconds(1));

    @TempDir private Path directory;

    private static ApiKeyRegister.Issued issued(Ledger ledger, InstantSource clock)
            throws Exception {
        return new ApiKeyRegister(ledger, clock)
                .issue("crm", "Ada", Set.of(ApiScope.CONSENTS_READ), EXPIRES);
    }

    private static boolean opens(Ledger ledger, ApiKeyRegister.Issued key) throws Exception {
        return new ApiKeys(ledger.reader(), LATER).of(key.text().text())
                instanceof ApiCredentials.Shown.Known;
    }

    @Test
    void aRevocationThatDoesNotOpenIsThatOfEachOlderKey() throws Exception {
        LedgerSettings settings = TestLedger.in(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            ApiKeyRegister.Issued key = issued(ledger, CLOCK);
            new ApiKeyRegister(ledger, CLOCK).revoke(key.key(), "Bob");
            ApiKeyRegister.Issued newer = issued(ledger, CLOCK);
            change(
                    settings,
                    "UPDATE ledger_payload SET key_id = 'other' WHERE (log, idx) IN (SELECT log,"
                            + " idx FROM ledger_entry WHERE type = 'KeyRevoked')");

            assertThat(opens(ledger, key)).isFalse();
            assertThat(opens(ledger, newer)).isTrue();
        }
    }

    @Test
    void ofARestoredStoreNoOlderKeyIsGood() throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        ApiKeyRegister.Issued key;
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            key = issued(ledger, CLOCK);
        }
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            assertThat(opens(ledger, key)).isTrue();
            new ApiKeyRegister(ledger, CLOCK).revoke(key.key(), "Bob");
        }
        // As the backup of the day before has it.
        for (String table : List.of("entry", "payload", "lookup")) {
            change(settings, "DELETE FROM ledger_" + table + " WHERE idx > 0");
        }
        change(settings, "DELETE FROM ledger_checkpoint WHERE size > 1");
        change(
                settings,
                "UPDATE ledger_log SET size = 1, last_leaf = (SELECT leaf FROM ledger_entry)");
        assertThat(Resuming.run(settings, Resuming.Why.RESTORED, List.of(), LATER)).hasSize(1);

        try (Ledger ledger = Ledger.open(settings, LATER)) {
            assertThat(opens(ledger, key)).as("revoked in the gap").isFalse();
            assertThat(opens(ledger, issued(ledger, LATER))).isTrue();
        }
    }

    /** Which has another log, and whose clock is an hour behind that of where it was issued. */
    @Test
    void aRevocationOnAnotherNodeCountsWhateverItsTime() throws Exception {
        LedgerSettings settings = TestLedger.in(directory);
        InstantSource ahead = InstantSource.fixed(NOW.plus(Duration.ofHours(1)));
        try (Ledger one = Ledger.open(settings, ahead);
                Ledger other = Ledger.open(settings.withNode("node-2"), CLOCK)) {
            ApiKeyRegister.Issued key = issued(one, ahead);
            ApiKeyRegister.Issued kept = issued(one, ahead);
            assertThat(opens(other, key)).isTrue();
            new ApiKeyRegister(other, CLOCK).revoke(key.key(), "Bob");

            assertThat(opens(one, key)).isFalse();
            assertThat(opens(other, key)).isFalse();
            assertThat(opens(other, kept)).isTrue();
        }
    }

    private static void change(LedgerSettings settings, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(settings.url());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.executeUpdate(sql);
        }
    }
}
