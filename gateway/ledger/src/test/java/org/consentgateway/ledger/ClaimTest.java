package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.consentgateway.ledger.store.LedgerClaimed;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClaimTest {
    @TempDir private Path directory;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatIsReleasedIsFreeAtOnceAlsoWhereTheConnectionStaysAndItsTransactionFailed(
            TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        Vendor vendor = Vendor.of(settings);
        DataSource source = vendor.open(settings, false);
        try (Connection first = source.getConnection();
                Connection second = source.getConnection()) {
            Vendor.Claim claim = vendor.claim(settings, first);
            assertThatThrownBy(() -> vendor.claim(settings, second))
                    .isInstanceOf(LedgerClaimed.class);
            first.setAutoCommit(false);
            try (Statement statement = first.createStatement()) {
                assertThatThrownBy(() -> statement.execute("DELETE FROM no_such_table"))
                        .isInstanceOf(SQLException.class);
            }

            claim.release();

            vendor.claim(settings, second).release();
        }
    }

    /** Of a node id that is taken the operator of a command knows nothing. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whoWaitedForAnotherCommandIsToldOfACommand(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        InstantSource clock = InstantSource.fixed(Records.START);
        try (Ledger _ = Ledger.openBeside(settings, clock)) {
            assertThatThrownBy(() -> Ledger.openBeside(settings, clock, Duration.ZERO))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another command")
                    .hasMessageContaining("try again when it has ended");
        }
    }
}
