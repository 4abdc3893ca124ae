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
            assertThat(plan(source, LogReader.ofType(type), type.text()))
                    .as(type.text())
                    .anyMatch(step -> step.contains("INDEX ledger_entry_few (type=?)"));
        }
    }

    private static List<String> plan(DataSource source, String sql, String type) throws Exception {
        List<String> steps = new ArrayList<>();
        try (Connection connection = source.getConnection();
                PreparedStatement asked =
                        connection.prepareStatement("EXPLAIN QUERY PLAN " + sql)) {
            asked.setString(1, type);
            asked.setInt(2, 100);
            try (ResultSet rows = asked.executeQuery()) {
                while (rows.next()) {
                    steps.add(rows.getString("detail"));
                }
            }
        }
        return steps;
    }
}
