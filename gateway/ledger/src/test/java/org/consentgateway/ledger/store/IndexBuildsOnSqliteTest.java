package org.consentgateway.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.sql.Connection;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Indexes that are built in no transaction, also where nobody else may write meanwhile. */
class IndexBuildsOnSqliteTest {
    @TempDir private Path directory;

    private LedgerSettings settings;
    private DataSource source;

    @BeforeEach
    void open() throws Exception {
        settings = Built.settings("jdbc:sqlite:" + directory.resolve("ledger.db"), directory);
        source = Vendor.SQLITE.open(settings, false);
    }

    @ParameterizedTest
    @MethodSource("org.consentgateway.ledger.store.Built#all")
    void aBuildOfWhichTheHistoryKnowsNothingIsDoneAnew(Built built) throws Exception {
        Built.migrate(settings, source, built.version() - 1);
        Built.run(source, "CREATE INDEX " + built.index() + " ON ledger_log (size)");
        Schema.migrate(settings, source);
        assertThat(
                        Built.ask(
                                source,
                                "SELECT sql FROM sqlite_master WHERE name = '"
                                        + built.index()
                                        + "'"))
                .singleElement()
                .asString()
                .contains(" WHERE ");
    }

    @ParameterizedTest
    @MethodSource("org.consentgateway.ledger.store.Built#all")
    void aBuildThatIsWrittenDownAsFailedIsDoneAnew(Built built) throws Exception {
        Built.migrate(settings, source, built.version() - 1);
        Built.writeDownAsFailed(source, built.version());
        Schema.migrate(settings, source);
        assertThat(
                        Built.ask(
                                source,
                                "SELECT version FROM ledger_schema WHERE success ORDER BY"
                                        + " CAST(version AS INTEGER) DESC"))
                .startsWith(Schema.NEWEST);
    }

    @Test
    void aNewerMigrationThatFailedKeepsNoNodeOut() throws Exception {
        Schema.migrate(settings, source);
        Built.writeDownAsFailed(source, Tables.NEWEST + 1);
        assertThatCode(() -> Schema.migrate(settings, source)).doesNotThrowAnyException();
        try (Connection connection = source.getConnection()) {
            assertThatCode(() -> Tables.requireKnown(connection)).doesNotThrowAnyException();
        }
    }
}
