package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.number.SubjectRows;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However many rows an answer has, the process that carries the calls holds few of them. */
class RowsInPartsTest {
    /** Its row 3,000 cannot be computed: whoever has seen one before did not wait for all. */
    private static final String FAILS_LATE =
            "SELECT 1 / (3000 - n) FROM generate_series(1, 5000) n";

    @TempDir private Path directory;

    @Test
    void theFirstRowsAreThereBeforeTheLastOnPostgresql() throws Exception {
        LedgerSettings settings = TestStore.POSTGRESQL.settings(directory);
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            List<Integer> seen = new ArrayList<>();
            assertThatThrownBy(() ->
                            Rows.reading(
                                    connection,
                                    () ->
                                            Rows.each(
                                                    connection,
                                                    FAILS_LATE,
                                                    row -> seen.add(row.getInt(1)))))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("division by zero");
            assertThat(seen).hasSizeBetween(1, 2_999);
            assertThat(Rows.first(connection, "SELECT 7", row -> row.getInt(1))).hasValue(7);
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void theConnectionIsAsItWasAndATransactionOfOthersGoesOn(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            Rows.reading(connection, () -> Rows.each(connection, "SELECT 1", _ -> {}));
            assertThat(connection.getAutoCommit()).isTrue();

            connection.setAutoCommit(false);
            Rows.change(connection, "UPDATE ledger_schema SET execution_time = 4711");
            Rows.reading(connection, () -> Rows.each(connection, "SELECT 1", _ -> {}));
            assertThat(connection.getAutoCommit()).isFalse();
            connection.commit();
            connection.setAutoCommit(true);
            assertThat(
                            Rows.list(
                                    connection,
                                    "SELECT DISTINCT execution_time FROM ledger_schema",
                                    row -> row.getInt(1)))
                    .containsExactly(4711);
        }
    }

    /** Outside of one PostgreSQL's driver fetches all at once. */
    @Test
    void whatNamesAPersonIsReadInATransaction() throws Exception {
        LedgerSettings settings = TestStore.POSTGRESQL.settings(directory);
        try (Ledger ledger = Ledger.open(settings, () -> Records.START)) {
            Records.append(ledger, Records.given("call-1", "anna"));
        }
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            List<Boolean> alone = new ArrayList<>();
            SubjectRows.each(
                    connection,
                    new PseudonymousSubject(List.of("anna")),
                    _ -> alone.add(autoCommits(connection)));
            assertThat(alone).containsExactly(false);
        }
    }

    private static boolean autoCommits(Connection connection) {
        try {
            return connection.getAutoCommit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
