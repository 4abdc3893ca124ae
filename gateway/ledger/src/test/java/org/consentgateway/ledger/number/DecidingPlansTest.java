package org.consentgateway.ledger.number;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.ledger.store.Schema;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/**
 * A call waits for what decides on its number, and whoever forges the number can make as many
 * entries as they like: each kind is found by an index of it.
 */
class DecidingPlansTest {
    private static final String LASTING = "INDEX ledger_lookup_lasting (subject=?";
    private static final String ENDINGS = "INDEX ledger_lookup_endings (refers=? AND type=?)";

    private static final Map<String, List<String>> INDEXES =
            Map.of(
                    DecidingEntries.NEWEST_CONSENTS,
                    List.of(LASTING + " AND notice=?)"),
                    DecidingEntries.IN_FORCE,
                    List.of(LASTING + ")", ENDINGS),
                    DecidingEntries.IN_FORCE_OF_NOTICE,
                    List.of(LASTING + " AND notice=?)", ENDINGS),
                    DecidingEntries.TALKS,
                    List.of(
                            "INDEX ledger_lookup_subject (subject=? AND time_ms>?)",
                            "INDEX ledger_lookup_call (call_id=?)"),
                    DecidingEntries.endings(3, "'Withdrawn', 'Given'"),
                    List.of(ENDINGS),
                    DecidingEntries.saidOf("Withdrawn"),
                    List.of("INDEX ledger_lookup_said (subject=? AND type=? AND time_ms>?)"));

    /** What people and chores ask of a number, or of a consent, that has very much. */
    private static final String ENDS =
            LogReader.by(
                    AboutEntries.REFERS,
                    AboutEntries.at(
                            AboutEntries.endings(Set.of(EntryType.WITHDRAWN, EntryType.EXPIRED)),
                            3));

    private static final String OF_SUBJECT = "INDEX ledger_lookup_subject (subject=?";

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
    void whatIsAskedInACallIsFoundByAnIndexOfItsKind() throws Exception {
        for (Map.Entry<String, List<String>> each : INDEXES.entrySet()) {
            List<String> plan = plan(each.getKey());
            for (String index : each.getValue()) {
                assertThat(plan).as(each.getKey()).anyMatch(step -> step.contains(index));
            }
            assertThat(plan).as(each.getKey()).noneMatch(step -> step.startsWith("SCAN ledger"));
        }
    }

    @Test
    void whatEndsAConsentIsFoundByAnIndexOfItsKind() throws Exception {
        assertThat(plan(ENDS))
                .anyMatch(step -> step.contains(ENDINGS))
                .noneMatch(step -> step.startsWith("SCAN ledger"));
    }

    @Test
    void theConsentsOfANumberAreFoundAmongItsRows() throws Exception {
        assertThat(plan(FoundEntries.CONSENTS_OF))
                .anyMatch(step -> step.contains(OF_SUBJECT + ")"))
                .noneMatch(step -> step.startsWith("SCAN ledger"));
    }

    /** Of very many rows so many are sorted as bear one and the same time. */
    @Test
    void aPartOfANumberIsReadFromItsIndexAndNotSortedOutOfAll() throws Exception {
        assertThat(plan(SubjectRows.next()))
                .anyMatch(step -> step.contains(OF_SUBJECT + " AND time_ms<?)"))
                .noneMatch(step -> step.equals("USE TEMP B-TREE FOR ORDER BY"))
                .noneMatch(step -> step.startsWith("SCAN ledger"));
    }

    private List<String> plan(String sql) throws Exception {
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
