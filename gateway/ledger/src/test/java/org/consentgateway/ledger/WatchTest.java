package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who has the database alone brings no consent back, and what they change is found. */
class WatchTest {
    private static final PseudonymousSubject ANNA = new PseudonymousSubject(List.of("anna"));

    private final Instant[] now = {Records.START};

    @TempDir private Path directory;

    private static final String OF_WITHDRAWAL = " WHERE type = 'Withdrawn'";
    private static final String OF_CONSENT = " WHERE type = 'Given'";

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aWithdrawalWhoseRowIsGoneOrChangedHasTheCallerAskedInFull(TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            NewEntry given = Records.given("call-1", "anna");
            Records.append(ledger, given);
            assertThat(found(ledger)).containsExactly("Given");
            Records.append(ledger, withdrawal(given.id()));
            assertThat(found(ledger)).containsExactly("Withdrawn", "Given");
            assertThat(ledger.alarm().found()).isZero();

            for (String tampering :
                    List.of(
                            "DELETE FROM ledger_lookup" + OF_WITHDRAWAL,
                            "UPDATE ledger_lookup SET subject = 'berta'" + OF_WITHDRAWAL,
                            "UPDATE ledger_lookup SET notice = 'other'" + OF_WITHDRAWAL,
                            "DELETE FROM ledger_lookup"
                                    + OF_WITHDRAWAL
                                    + "; UPDATE ledger_lookup SET endings = NULL"
                                    + OF_CONSENT,
                            "DELETE FROM ledger_lookup"
                                    + OF_WITHDRAWAL
                                    + "; UPDATE ledger_lookup SET endings ="
                                    + " REPLACE(endings, '1:', '0:')"
                                    + OF_CONSENT)) {
                tampered(
                        settings,
                        tampering,
                        () -> assertThat(found(ledger)).as(tampering).doesNotContain("Given"));
                assertThat(found(ledger)).as("put back").containsExactly("Withdrawn", "Given");
            }
            assertThat(ledger.alarm().found()).isOne();
            assertThat(ledger.alarm().newest().orElseThrow())
                    .contains(given.id().toString(), "is asked in full");
        }
        assertThat(Records.words(LedgerArchive.open(settings).verify(List.of(), _ -> {})))
                .isEmpty();
    }

    /** Neither another caller's consent counts, nor what is of another kind than was written. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatIsNotWhatWasWrittenOfThisCallerDoesNotCount(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            Records.append(ledger, Records.given("call-1", "berta"));
            NewEntry refused = Records.given("call-2", "anna");
            Records.append(
                    ledger,
                    NewEntry.of(
                            EntryType.REFUSED, "call-2", "anna", refused.payload(), Records.START));
            assertThat(found(ledger)).containsExactly("Refused");
            for (String tampering :
                    List.of(
                            "UPDATE ledger_lookup SET subject = 'anna'" + OF_CONSENT,
                            "UPDATE ledger_entry SET type = 'Given' WHERE type = 'Refused'")) {
                tampered(
                        settings,
                        tampering,
                        () ->
                                assertThat(found(ledger))
                                        .as("it may be a withdrawal: " + tampering)
                                        .contains("?")
                                        .doesNotContain("Given"));
                assertThat(found(ledger)).as("put back").containsExactly("Refused");
            }
            assertThat(ledger.alarm().found()).isEqualTo(2);
            assertThat(ledger.alarm().newest().orElseThrow()).contains("is asked in full");
        }
    }

    /** A row of before the withdrawal, kept by who planned this: found in the background. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aRowFromAnOldCopyIsFoundInTheBackground(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            NewEntry given = Records.given("call-1", "anna");
            Records.append(ledger, given);
            String before = endings(settings);
            Records.append(ledger, withdrawal(given.id()));
            round(ledger);
            assertThat(ledger.alarm().found()).isZero();
            String after = endings(settings);
            tampered(
                    settings,
                    "DELETE FROM ledger_lookup"
                            + OF_WITHDRAWAL
                            + "; UPDATE ledger_lookup SET endings = '"
                            + before
                            + "'"
                            + OF_CONSENT,
                    () -> {
                        round(ledger);
                        assertThat(ledger.alarm().newest().orElseThrow())
                                .contains("entry 1", "its lookup row does not match");
                    });
            assertThat(endings(settings)).isEqualTo(after);
            round(ledger);
            assertThat(ledger.alarm().newest()).as("everything is as it was").isEmpty();
        }
    }

    /** As before, by octets that read as the same text, and that no statement finds. */
    @Test
    void aWithdrawalThatIsHiddenByOctetsIsNotPassedOver() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        try (Ledger ledger = open(settings)) {
            NewEntry given = Records.given("call-1", "anna");
            Records.append(ledger, given);
            String before = endings(settings);
            Records.append(ledger, withdrawal(given.id()));
            LedgerArchive archive = LedgerArchive.open(settings);
            for (String column : List.of("subject", "notice", "refers")) {
                tampered(
                        settings,
                        "UPDATE ledger_lookup SET endings = '"
                                + before
                                + "'"
                                + OF_CONSENT
                                + "; UPDATE ledger_lookup SET %1$s = CAST(%1$s AS BLOB)"
                                        .formatted(column)
                                + OF_WITHDRAWAL,
                        () -> {
                            List<String> found = found(ledger);
                            assertThat(found.contains("Given") && !found.contains("Withdrawn"))
                                    .as(column + " " + found)
                                    .isFalse();
                            if (!column.equals("notice")) {
                                assertThatThrownBy(() -> archive.receipt(given.id()))
                                        .hasMessageContaining("may be hidden");
                            }
                            round(ledger);
                            assertThat(ledger.alarm().newest().orElseThrow())
                                    .contains("entry 1: ledger_lookup (log 1, idx 1): " + column)
                                    .contains(" holds blob, not text");
                        });
                round(ledger);
                assertThat(ledger.alarm().newest()).as("everything is as it was").isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void everythingIsLookedAtAgainAndAgainBesideWhoWritesAndErases(TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            LedgerTest.fill(ledger, 700);
            Records.append(ledger, Records.given("call-a", "anna"));
            ledger.checkpoint();
            assertThat(ledger.verification().progress().wholeAt()).isNull();
            ledger.verification().step();
            assertThat(ledger.verification().progress().done()).isEqualTo(100);
            ledger.erase(
                    NewEntry.of(
                            EntryType.ERASED,
                            null,
                            null,
                            Records.JSON.createObjectNode(),
                            Records.START),
                    ANNA,
                    Set.of());
            LedgerTest.fill(ledger, 30);
            Instant began = now[0];
            round(ledger);
            assertThat(ledger.verification().progress().wholeAt()).isEqualTo(began);
            assertThat(ledger.verification().progress().done()).isEqualTo(701);
            now[0] = began.plus(Duration.ofMinutes(1));
            round(ledger);
            assertThat(ledger.verification().progress().done()).isEqualTo(732);
            assertThat(ledger.alarm().newest()).isEmpty();

            for (String tampering :
                    List.of(
                            "UPDATE ledger_entry SET time_ms = time_ms + 1 WHERE idx = 600",
                            "UPDATE ledger_lookup SET until_ms = until_ms + 1 WHERE idx = 600",
                            "DELETE FROM ledger_payload WHERE idx = 600",
                            "UPDATE ledger_checkpoint SET note = REPLACE(note, '— ', '— x')")) {
                now[0] = now[0].plus(Duration.ofMinutes(1));
                tampered(
                        settings,
                        tampering,
                        () -> {
                            round(ledger);
                            assertThat(ledger.alarm().found()).as(tampering).isPositive();
                        });
                now[0] = now[0].plus(Duration.ofMinutes(1));
                round(ledger);
                assertThat(ledger.alarm().found()).as("healed: " + tampering).isZero();
            }
        }
    }

    private Ledger open(LedgerSettings settings) throws Exception {
        return Ledger.open(settings, () -> now[0]);
    }

    private static List<String> found(Ledger ledger) throws Exception {
        return ledger.histories().of(ANNA, "booking").reliable().stream()
                .map(entry -> entry.payload() == null ? "?" : entry.type().text())
                .toList();
    }

    /** A law keeps the consent, and what ended it but for one entry goes. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatIsErasedIsNotMissing(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            NewEntry given = Records.given("call-1", "anna");
            NewEntry end = withdrawal(given.id());
            Records.append(ledger, given);
            Records.append(ledger, List.of(withdrawal(given.id()), end, withdrawal(given.id())));
            NewEntry erased =
                    NewEntry.of(
                            EntryType.ERASED,
                            null,
                            null,
                            Records.JSON.createObjectNode(),
                            Records.START);
            ledger.erase(erased, ANNA, Set.of(given.id(), end.id()));
            assertThat(found(ledger)).containsExactly("Withdrawn", "Given");
            assertThat(ledger.alarm().found()).isZero();
        }
    }

    /** The second came in place of the first, was withdrawn, and that was taken away. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatADoubtfulConsentReplacedIsNotBroughtBackAndALaterOneCounts(TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            NewEntry first = Records.given("call-1", "anna");
            NewEntry second = Records.given("call-2", "anna");
            second.payload().put("refers_to", first.id().toString());
            Records.append(ledger, List.of(first, second));
            Records.append(ledger, withdrawal(second.id()));
            try (Connection connection =
                    Vendor.of(settings).open(settings, false).getConnection()) {
                Rows.change(connection, "DELETE FROM ledger_lookup" + OF_WITHDRAWAL);
            }
            assertThat(found(ledger)).isEmpty();
            Records.append(ledger, Records.given("call-3", "anna"));
            assertThat(found(ledger)).containsExactly("Given");
        }
    }

    @Test
    void aSmallStoreIsLookedAtOnceInFiveSeconds() throws Exception {
        try (Ledger ledger = open(TestStore.SQLITE.settings(directory))) {
            LedgerTest.fill(ledger, 700);
            for (int tenths = 0; tenths < 150; tenths++) {
                ledger.verification().step();
            }
            assertThat(ledger.verification().progress().done()).isEqualTo(300);
        }
    }

    @Test
    void aStoreOfAFewEntriesIsLookedThroughAtOnce() throws Exception {
        try (Ledger ledger = open(TestStore.SQLITE.settings(directory))) {
            LedgerTest.fill(ledger, 70);
            for (int tenths = 0; tenths < 5; tenths++) {
                ledger.verification().step();
            }
            assertThat(ledger.verification().progress().wholeAt()).isEqualTo(now[0]);
        }
    }

    /** To the end of a round, the next one where it is between two. */
    private void round(Ledger ledger) throws Exception {
        Instant before = ledger.verification().progress().wholeAt();
        if (before != null) {
            now[0] = now[0].plus(Duration.ofMinutes(1));
        }
        for (int steps = 0; steps < 1000; steps++) {
            ledger.verification().step();
            Instant at = ledger.verification().progress().wholeAt();
            if (at != null && !at.equals(before)) {
                return;
            }
        }
        throw new AssertionError("no end of it: " + ledger.verification().progress());
    }

    private static NewEntry withdrawal(UUID consent) {
        ObjectNode payload = Records.base("hotline", "booking");
        payload.put("refers_to", consent.toString());
        return NewEntry.of(EntryType.WITHDRAWN, "call-2", "anna", payload, Records.START);
    }

    private interface Look {
        void look() throws Exception;
    }

    /** Statements that are rolled back in effect: what they changed is put back afterwards. */
    private static void tampered(LedgerSettings settings, String statements, Look look)
            throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            List<String> tables =
                    List.of("ledger_entry", "ledger_lookup", "ledger_payload", "ledger_checkpoint");
            for (String table : tables) {
                Rows.change(
                        connection, "CREATE TABLE kept_" + table + " AS SELECT * FROM " + table);
            }
            for (String statement : statements.split("; ", -1)) {
                assertThat(Rows.change(connection, statement)).as(statement).isPositive();
            }
            look.look();
            for (String table : tables) {
                Rows.change(connection, "DELETE FROM " + table);
                Rows.change(connection, "INSERT INTO " + table + " SELECT * FROM kept_" + table);
                Rows.change(connection, "DROP TABLE kept_" + table);
            }
        }
    }

    private static String endings(LedgerSettings settings) throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            return Rows.first(
                            connection,
                            "SELECT endings FROM ledger_lookup" + OF_CONSENT,
                            row -> row.getString(1))
                    .orElseThrow();
        }
    }
}
