package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.statement.Gap;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is older than a restore is found also where a clock was wrong, then or before. */
class RestoredClocksTest {
    private static final Instant AHEAD = Records.START.plus(Duration.ofDays(366));
    private static final Instant LATER = Records.START.plus(Duration.ofDays(1));

    @TempDir private Path directory;

    /** From when the clock was put right on each entry bears the time ahead. */
    @ParameterizedTest
    @EnumSource
    void allThatALogHeldWhoseClockHadBeenAhead(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        UUID first = given(settings, AHEAD);
        UUID old = given(settings, Records.START);
        cut(settings);
        resume(settings, Resuming.Why.RESTORED, LATER);

        UUID anew = given(settings, LATER);
        assertThat(isOlder(settings, first)).isTrue();
        assertThat(isOlder(settings, old)).isTrue();
        assertThat(isOlder(settings, anew)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void allThatALogHeldWhereTheClockOfTheRestoreIsBehind(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        UUID old = given(settings, LATER);
        cut(settings);
        resume(settings, Resuming.Why.RESTORED, Records.START);

        UUID anew = given(settings, Records.START);
        assertThat(isOlder(settings, old)).isTrue();
        assertThat(isOlder(settings, anew)).isFalse();
    }

    /** Which other nodes write: their withdrawals may stand in the log that was cut. */
    @ParameterizedTest
    @EnumSource
    void allThatOtherLogsHeldWhoseClockWasAheadOfTheRestore(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        LedgerSettings other = settings.withNode("node-2");
        UUID old = given(other, AHEAD);
        given(settings, Records.START);
        cut(settings);
        resume(settings, Resuming.Why.RESTORED, LATER);

        assertThat(isOlder(settings, old)).isTrue();
        assertThat(isOlder(settings, given(settings, LATER)))
                .as("in the log that goes on, by its place")
                .isFalse();
        UUID anew = given(other, AHEAD.plusSeconds(1));
        assertThat(isOlder(settings, anew)).isFalse();
        assertThat(isOlder(settings, given(other, AHEAD.plusSeconds(1), Records.START)))
                .as("made before, and written by the other node since")
                .isTrue();
    }

    /** A log that was renamed holds nothing younger than that, whatever the times in it. */
    @ParameterizedTest
    @EnumSource
    void allThatLogsHeldWhichWereRenamedBefore(TestStore store) throws Exception {
        LedgerSettings before = store.settings(directory);
        LedgerSettings settings = TestSettings.withOrigin(before, "firma-beispiel.example/log");
        UUID own = given(before, AHEAD);
        UUID others = given(before.withNode("node-2"), AHEAD);
        resume(settings, Resuming.Why.RENAMED, Records.START);
        resume(settings.withNode("node-2"), Resuming.Why.RENAMED, Records.START);
        given(settings, Records.START);
        cut(settings);
        resume(settings, Resuming.Why.RESTORED, LATER);

        assertThat(isOlder(settings, own)).isTrue();
        assertThat(isOlder(settings, others)).isTrue();
        assertThat(isOlder(settings, given(settings.withNode("node-2"), LATER))).isFalse();

        LedgerSettings again = TestSettings.withOrigin(before, "beispiel.example/log");
        resume(again, Resuming.Why.RENAMED, Records.START);
        assertThat(isOlder(again, given(again, Records.START)))
                .as("by a clock that was put back")
                .isFalse();
    }

    private static UUID given(LedgerSettings settings, Instant now) throws Exception {
        return given(settings, now, now);
    }

    private static UUID given(LedgerSettings settings, Instant now, Instant made) throws Exception {
        try (Ledger ledger = Ledger.open(settings, () -> now)) {
            NewEntry given = Records.given("call", "anna");
            return Records.append(
                            ledger,
                            NewEntry.of(given.type(), "call", "anna", given.payload(), made))
                    .entryId();
        }
    }

    private static boolean isOlder(LedgerSettings settings, UUID id) throws Exception {
        try (Ledger ledger = Ledger.open(settings, () -> LATER)) {
            Gap gap = ledger.reader().ask(Gap::of);
            return gap.follows(ledger.reader().entry(id).orElseThrow());
        }
    }

    private static void resume(LedgerSettings settings, Resuming.Why why, Instant now)
            throws Exception {
        assertThat(Resuming.run(settings, why, List.of(), () -> now)).hasSize(1);
    }

    /** The newest log of the node, as a backup has it that was made before one more entry. */
    private static void cut(LedgerSettings settings) throws Exception {
        LedgerSettings newest = settings.newestLog();
        Instant now = Records.START;
        long size;
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            size = size(connection, newest);
        }
        UUID _ = given(settings, now);
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            String log = "(SELECT id FROM ledger_log WHERE node = '" + newest.node() + "')";
            for (String table : List.of("entry", "payload", "lookup")) {
                int _ =
                        Rows.change(
                                connection,
                                "DELETE FROM ledger_"
                                        + table
                                        + " WHERE log = "
                                        + log
                                        + " AND idx >= ?",
                                size);
            }
            int _ =
                    Rows.change(
                            connection,
                            "DELETE FROM ledger_checkpoint WHERE log = " + log + " AND size > ?",
                            size);
            int _ =
                    Rows.change(
                            connection,
                            "UPDATE ledger_log SET size = ?, last_leaf = (SELECT leaf FROM"
                                    + " ledger_entry WHERE log = ledger_log.id AND idx = ?)"
                                    + " WHERE node = ?",
                            size,
                            size - 1,
                            newest.node());
        }
    }

    private static long size(Connection connection, LedgerSettings newest) throws Exception {
        return Rows.first(
                        connection,
                        "SELECT size FROM ledger_log WHERE node = ?",
                        row -> row.getLong(1),
                        newest.node())
                .orElseThrow();
    }
}
