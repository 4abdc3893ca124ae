package org.consentgateway.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connection that broke is no refusal by the store (SQLSTATE, PostgreSQL's appendix A). */
class LostConnectionTest {
    @ParameterizedTest
    @CsvSource({
        "08006, true", // it broke, or said nothing for the commit timeout
        "57P01, true", // an administrator ended it
        "57014, false", // a statement was cancelled
        "23514, false", // a constraint
        "53100, false", // no room
        ", false" // SQLite has none
    })
    void isToldByItsState(String state, boolean lost) {
        assertThat(Rows.isConnectionLost(new SQLException("words", state))).isEqualTo(lost);
    }
}
