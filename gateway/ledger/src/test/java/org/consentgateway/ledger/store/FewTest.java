package org.consentgateway.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** What waits for a person is found among millions of entries without reading them all. */
class FewTest {
    @TempDir private Path directory;

    private final SQLiteDataSource source = new SQLiteDataSource();

    @BeforeEach
    void tables() throws Exception {
        source.setUrl("jdbc:sqlite:" + directory.resolve("ledger.db"));
        Schema.migrate(
                new LedgerSettings(
                        source.getUrl(),
                        directory,
                        "node-1",
                        "consent-gateway.local/log",
                        new LedgerSettings.Checkpoints(
                                1000, Duration.ofSeconds(60), directory, TrustPolicy.NONE),
                        LedgerSettings.Limits.USUAL),
                source);
    }

    @Test
    void eachOfTheFewTypesIsFoundByTheirIndex() throws Exception {
        for (EntryType type : LogReader.FEW) {
            assertThat(plan(source, LogReader.ofType(type)))
                    .as(type.text())
                    .anyMatch(step -> step.contains("INDEX ledger_entry_few (type=?)"));
        }
    }

    /** A call waits for it, however much else there is of that number. */
    @Test
    void whatANumberHasAskedForIsFoundByItsKind() throws Exception {
        String said = "INDEX ledger_lookup_said (subject=? AND type=?";
        assertThat(plan(source, LogReader.UNANSWERED_OF))
                .anyMatch(step -> step.contains(said))
                .noneMatch(step -> step.startsWith("SCAN"));
        assertThat(plan(source, LogReader.CALL_BACKS_OF))
                .anyMatch(step -> step.contains(said + " AND time_ms>?)"));
        assertThat(plan(source, LogReader.REFERENCES_OF))
                .anyMatch(step -> step.contains(said))
                .noneMatch(step -> step.startsWith("SCAN ledger"));
    }

    private static List<String> plan(DataSource source, String sql) throws Exception {
        List<String> steps = new ArrayList<>();
        try (Connection connection = source.getConnection();
                PreparedStatement asked =
                        connection.prepareStatement("EXPLAIN QUERY PLAN " + sql)) {
            for (int i = 0; i < asked.getParameterMetaData().getParameterCount(); i++) {
                asked.setString(i + 1, "7");
            }
            try (ResultSet rows = asked.executeQuery()) {
                while (rows.next()) {
                    steps.add(rows.getString("detail"));
                }
            }
        }
        return steps;
    }
}
