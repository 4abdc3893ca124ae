package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.Rows;
import org.consentgateway.ledger.store.Vendor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An erasure covers what it destroys with a mark and a count of its own: who has the database alone
 * has it destroy nothing that what was written does not say.
 */
class TamperedErasureTest {
    private static final PseudonymousSubject ANNA = new PseudonymousSubject(List.of("anna"));
    private static final PseudonymousSubject BERTA = new PseudonymousSubject(List.of("berta"));
    private static final String OF_WITHDRAWAL = " WHERE type = 'Withdrawn'";

    /** With its own time over, as where events are kept for no time at all. */
    private static final String OVER = "2026-11-24T09:00:00Z";

    private static final String LATER = "2031-11-24T09:00:00Z";

    @TempDir private Path directory;

    private final Instant[] now = {Records.START.plus(Duration.ofDays(1))};

    /** Statements after which the withdrawal seems to be over, by its own time or not. */
    record Lie(String withdrawalOver, String... statements) {
        @Override
        public String toString() {
            return String.join("; ", statements);
        }
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                        new Lie(
                                LATER,
                                "UPDATE ledger_lookup SET type = 'Refused', delete_ms = 0"
                                        + OF_WITHDRAWAL,
                                "UPDATE ledger_lookup SET until_ms = 0 WHERE idx = 0"),
                        new Lie(
                                LATER,
                                "UPDATE ledger_lookup SET delete_ms = 0, refers = NULL"
                                        + OF_WITHDRAWAL),
                        new Lie(OVER, "UPDATE ledger_lookup SET refers = NULL" + OF_WITHDRAWAL),
                        new Lie(OVER, "DELETE FROM ledger_lookup WHERE idx = 0"),
                        new Lie(
                                OVER,
                                "UPDATE ledger_lookup SET type = 'Refused'" + OF_WITHDRAWAL,
                                "UPDATE ledger_entry SET type = 'Refused'" + OF_WITHDRAWAL,
                                "UPDATE ledger_lookup SET until_ms = 0 WHERE idx = 0"))
                .flatMap(lie ->
                        Stream.of(TestStore.values()).map(store -> Arguments.of(lie, store)));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void retentionErasesNoWithdrawalThatALookUpRowSaysIsOver(Lie lie, TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            NewEntry given = Records.given("call-1", "anna");
            NewEntry withdrawn =
                    about(EntryType.WITHDRAWN, "call-2", given.id(), lie.withdrawalOver);
            NewEntry over = withDeletion(Records.given("call-3", "berta"), OVER);
            Records.append(ledger, List.of(given, withdrawn, over));

            tampered(
                    settings,
                    () -> assertThat(ledger.eraseOutdated().orElseThrow().entries()).isOne(),
                    lie.statements);

            assertThat(ledger.reader().entry(over.id()).orElseThrow().payload())
                    .as("the rest goes on")
                    .isNull();
            assertThat(found(ledger)).containsExactly("Withdrawn", "Given");
            assertThat(ledger.alarm().newest().orElseThrow()).contains("entry 1: ", "not erased");
        }
        assertThat(findings(settings)).isEmpty();
    }

    /** A no to a consent in force tells that the number is shared. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aForgedWithdrawalHasNoRefusalErased(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            NewEntry given = Records.given("call-1", "anna");
            NewEntry no = about(EntryType.REFUSED, "call-2", given.id(), OVER);
            Records.append(ledger, List.of(given, no));
            tampered(
                    settings,
                    () -> assertThat(ledger.eraseOutdated()).isEmpty(),
                    "INSERT INTO ledger_lookup (log, idx, type, time_ms, refers)"
                            + " SELECT log, 4711, 'Withdrawn', time_ms, refers FROM ledger_lookup"
                            + " WHERE type = 'Refused'");
            assertThat(found(ledger)).containsExactly("Refused", "Given");
            assertThat(ledger.alarm().found()).isPositive();

            Records.append(ledger, about(EntryType.WITHDRAWN, "call-3", given.id(), LATER));
            assertThat(ledger.eraseOutdated().orElseThrow().entries()).isOne();
            assertThat(found(ledger)).containsExactly("Withdrawn", "Given");
        }
        assertThat(findings(settings)).isEmpty();
    }

    /** Else one row would keep all payloads for good: each erasure would fail on it. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aMarkThatSomebodyHasPutThereBeforeKeepsNothingFromBeingErased(TestStore store)
            throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            NewEntry given = withDeletion(Records.given("call-1", "anna"), OVER);
            NewEntry withdrawn = about(EntryType.WITHDRAWN, "call-2", given.id(), OVER);
            NewEntry other = withDeletion(Records.given("call-3", "berta"), OVER);
            NewEntry asked = Records.given("call-4", "berta");
            Records.append(ledger, List.of(given, withdrawn, other, asked));
            changed(
                    settings,
                    "INSERT INTO ledger_erased SELECT log, idx, key_id, sealed FROM ledger_payload"
                            + " WHERE idx = 0",
                    "INSERT INTO ledger_erased SELECT log, idx, 'x', sealed FROM ledger_payload"
                            + " WHERE idx = 3");

            assertThat(ledger.eraseOutdated().orElseThrow().entries())
                    .as("the consent, then what ended it, and what has nothing to do with it")
                    .isEqualTo(3);
            assertThat(ledger.erase(erased(), BERTA, Set.of()).entries()).isOne();

            for (NewEntry each : List.of(given, withdrawn, other, asked)) {
                assertThat(ledger.reader().entry(each.id()).orElseThrow().payload()).isNull();
            }
            assertThat(ledger.eraseOutdated()).isEmpty();
            assertThat(ledger.alarm().found()).isEqualTo(2);
            assertThat(ledger.alarm().newest().orElseThrow()).contains("entry 3: ", "none of ours");
        }
        assertThat(findings(settings))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("entry 0: ", "none of ours");
        changed(settings, "DELETE FROM ledger_erased WHERE idx IN (0, 3)");
        assertThat(findings(settings)).as("when it is gone").isEmpty();
    }

    /** As where an erased payload is put back that has no key of its own. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void aMarkOfOursBesideAPayloadIsNoSecondErasure(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            for (int i = 0; i <= Tampering.AT; i++) {
                Records.append(ledger, Records.given("call-" + i, i == 0 ? "berta" : "anna"));
            }
            try (Connection connection =
                    Vendor.of(settings).open(settings, false).getConnection()) {
                Tampering.mark(connection, settings);
            }
            assertThat(ledger.erase(erased(), ANNA, Set.of()).entries()).isEqualTo(17);
        }
        assertThat(findings(settings))
                .singleElement(InstanceOfAssertFactories.STRING)
                .as("the mark that only who has the keys can make")
                .contains("1 payloads were destroyed that no Erased entry speaks of");
    }

    private static void changed(LedgerSettings settings, String... statements) throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            for (String statement : statements) {
                assertThat(Rows.change(connection, statement)).as(statement).isPositive();
            }
        }
    }

    /** Whoever calls may ask that all of a caller is erased: what is of another one stays. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whoIsErasedTakesNothingOfAnotherCallerAlong(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            NewEntry given = Records.given("call-1", "anna");
            Records.append(ledger, given);
            Records.append(ledger, about(EntryType.WITHDRAWN, "call-2", given.id(), LATER));
            Records.append(ledger, Records.given("call-3", "berta"));
            Records.append(ledger, Records.given("call-3", null));
            for (String lie :
                    List.of(
                            "UPDATE ledger_lookup SET subject = 'berta'" + OF_WITHDRAWAL,
                            "UPDATE ledger_lookup SET call_id = 'call-3'" + OF_WITHDRAWAL)) {
                int erased = lie.contains("subject") ? 2 : 0;
                tampered(
                        settings,
                        () ->
                                assertThat(ledger.erase(erased(), BERTA, Set.of()).entries())
                                        .as(lie)
                                        .isEqualTo(erased),
                        lie);
                assertThat(found(ledger)).as(lie).containsExactly("Withdrawn", "Given");
            }
            assertThat(ledger.alarm().newest().orElseThrow()).contains("entry 1: ", "not erased");
        }
        assertThat(findings(settings)).isEmpty();
    }

    /** Whose row says that it ends the consent of another caller. */
    @ParameterizedTest
    @EnumSource(TestStore.class)
    void theCountOfAConsentIsLoweredByWhatPayloadsSayAlone(TestStore store) throws Exception {
        LedgerSettings settings = store.settings(directory);
        try (Ledger ledger = open(settings)) {
            NewEntry given = Records.given("call-1", "anna");
            Records.append(ledger, given);
            Records.append(ledger, about(EntryType.WITHDRAWN, "call-2", given.id(), LATER));
            Records.append(ledger, Records.given("call-3", "berta"));
            try (Connection connection =
                    Vendor.of(settings).open(settings, false).getConnection()) {
                Rows.change(
                        connection,
                        "UPDATE ledger_lookup SET type = 'Withdrawn', refers = ? WHERE idx = 2",
                        given.id().toString());
            }
            assertThat(ledger.erase(erased(), BERTA, Set.of()).entries()).isOne();
            tampered(
                    settings,
                    () -> assertThat(found(ledger)).isEmpty(),
                    "DELETE FROM ledger_lookup" + OF_WITHDRAWAL);
            assertThat(found(ledger)).containsExactly("Withdrawn", "Given");
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

    private static List<String> findings(LedgerSettings settings) throws Exception {
        return Records.words(LedgerArchive.open(settings).verify(List.of(), _ -> {}));
    }

    private static NewEntry about(EntryType type, String call, UUID consent, String deleteAt) {
        ObjectNode payload = Records.base("hotline", "booking");
        payload.put("refers_to", consent.toString());
        return withDeletion(NewEntry.of(type, call, "anna", payload, Records.START), deleteAt);
    }

    private static NewEntry withDeletion(NewEntry entry, String at) {
        entry.payload().putObject("retention").put("delete_at", at);
        return entry;
    }

    private static NewEntry erased() {
        return NewEntry.of(
                EntryType.ERASED, null, null, Records.JSON.createObjectNode(), Records.START);
    }

    private interface Chore {
        void run() throws Exception;
    }

    /** Somebody changes rows, waits, and has them as they were, but for what was erased. */
    private static void tampered(LedgerSettings settings, Chore chore, String... statements)
            throws Exception {
        try (Connection connection = Vendor.of(settings).open(settings, false).getConnection()) {
            Rows.change(connection, "CREATE TABLE kept AS SELECT * FROM ledger_lookup");
            Rows.change(connection, "CREATE TABLE types AS SELECT * FROM ledger_entry");
            for (String statement : statements) {
                assertThat(Rows.change(connection, statement)).as(statement).isPositive();
            }
            chore.run();
            Rows.change(connection, "DELETE FROM ledger_lookup WHERE type <> 'Erased'");
            Rows.change(
                    connection,
                    "INSERT INTO ledger_lookup SELECT k.* FROM kept k JOIN ledger_payload p"
                            + " ON p.log = k.log AND p.idx = k.idx WHERE k.type <> 'Erased'");
            Rows.change(
                    connection,
                    "UPDATE ledger_entry SET type = (SELECT k.type FROM types k WHERE k.log ="
                            + " ledger_entry.log AND k.idx = ledger_entry.idx) WHERE EXISTS"
                            + " (SELECT 1 FROM types k WHERE k.log = ledger_entry.log AND k.idx ="
                            + " ledger_entry.idx)");
            Rows.change(connection, "DROP TABLE kept");
            Rows.change(connection, "DROP TABLE types");
        }
    }
}
