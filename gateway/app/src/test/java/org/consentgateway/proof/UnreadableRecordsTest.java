package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.History;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.Resuming;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.store.LedgerSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record that is there and does not open may be a withdrawal, and counts as one. */
class UnreadableRecordsTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Subject CALLER = new Subject("5u8j3c7");
    private static final Subject OTHER = new Subject("9k2m4x1");
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("2026-11");
    private static final NoticeRef NOTICE = TestLedger.heard(SPOKEN);

    @TempDir private Path directory;

    @Test
    void whoseWithdrawalDoesNotOpenIsRememberedNoMoreAndHeardNoMore() throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        ConsentRecord.Given given = given(CALLER);
        ConsentRecord.Given other = given(OTHER);
        ConsentRecord.Withdrawn withdrawn = withdrawn(given);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerStore store = store(ledger);
            store.append(List.of(given, other), PATIENCE);
            assertThat(store.history(CALLER, "demo", PATIENCE).reliable()).containsExactly(given);
            store.append(List.of(withdrawn), PATIENCE);
            Set<UUID> grants = Set.of(given.id(), other.id());
            assertThat(store.endingsOf(grants).unreadable()).isEmpty();
            assertThat(store.endingsOf(grants).records()).hasSize(1);

            TestLedger.spoil(settings, withdrawn.id());

            History left = store.history(CALLER, "demo", PATIENCE);
            assertThat(left.reliable())
                    .as("nothing of it counts: the caller is asked in full")
                    .isEmpty();
            assertThat(left.found()).as("to be withdrawn").containsExactly(given);
            assertThat(left.complete()).isFalse();
            assertThat(store.history(CALLER, PATIENCE))
                    .as("to whatever notice: it may have ended what is found, or be one more")
                    .isEqualTo(new History(List.of(given), List.of(), false));
            assertThat(store.endingsOf(grants).records()).isEmpty();
            assertThat(store.endingsOf(grants).unreadable())
                    .as("an assistant that listens is cut off, and no other one")
                    .containsExactly(given.id());
            assertThat(store.history(OTHER, "demo", PATIENCE).reliable()).containsExactly(other);
        }
    }

    /** On whichever node the caller ended it. */
    @Test
    void aPurposeThatEndedIsFoundAmongTheEndings() throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        ConsentRecord.Given given = given(CALLER);
        var ended =
                new ConsentRecord.PurposeDecided(
                        id(),
                        NOW,
                        given.call(),
                        given.id(),
                        Purpose.ASSISTANT,
                        ConsentRecord.PurposeDecided.Outcome.ENDED,
                        Method.KEY,
                        List.of());
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerStore store = store(ledger);
            store.append(List.of(given, ended), PATIENCE);

            assertThat(store.endingsOf(Set.of(given.id())).records()).containsExactly(ended);
        }
    }

    /** So that its end is looked for as well. */
    @Test
    void whatHasRenewedAConsentIsFoundAmongTheEndings() throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        ConsentRecord.Given given = given(CALLER);
        var renewed =
                new ConsentRecord.Renewed(
                        id(), NOW, given.call(), NOTICE, given.grant(), given.id());
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            LedgerStore store = store(ledger);
            store.append(List.of(given, renewed), PATIENCE);

            assertThat(store.endingsOf(Set.of(given.id())).records()).containsExactly(renewed);
        }
    }

    @Test
    void whatIsOlderThanAGapIsNotReliedOn() throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        ConsentRecord.Given given = given(CALLER);
        ConsentRecord.Given again = given(CALLER);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            store(ledger).append(List.of(given), PATIENCE);
        }
        withdrawnAndRestored(settings, given);
        InstantSource later = InstantSource.fixed(NOW.plusSeconds(1));
        assertThat(Resuming.run(settings, Resuming.Why.RESTORED, List.of(), later)).hasSize(1);

        try (Ledger ledger = Ledger.open(settings, later)) {
            LedgerStore store = store(ledger);
            assertThat(store.history(CALLER, "demo", PATIENCE))
                    .as("its withdrawal is in the gap")
                    .isEqualTo(new History(List.of(given), List.of(), true));
            store.append(List.of(again), PATIENCE);
            assertThat(store.history(CALLER, "demo", PATIENCE).reliable()).containsExactly(again);
        }
    }

    /** Each of its entries bears the time ahead, which the restore does not reach for a year. */
    @Test
    void whatALogHeldWhoseClockHadBeenAheadIsNotReliedOnEither() throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        ConsentRecord.Given given = given(CALLER);
        ConsentRecord.Given again = given(CALLER);
        try (Ledger ledger = Ledger.open(settings, () -> NOW.plus(Duration.ofDays(366)))) {
            store(ledger).append(List.of(given(OTHER)), PATIENCE);
        }
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            store(ledger).append(List.of(given), PATIENCE);
        }
        withdrawnAndRestored(settings, given);
        InstantSource later = InstantSource.fixed(NOW.plus(Duration.ofDays(1)));
        assertThat(Resuming.run(settings, Resuming.Why.RESTORED, List.of(), later)).hasSize(1);

        try (Ledger ledger = Ledger.open(settings, later)) {
            LedgerStore store = store(ledger);
            assertThat(store.history(CALLER, "demo", PATIENCE))
                    .isEqualTo(new History(List.of(given), List.of(), true));
            store.append(List.of(again), PATIENCE);
            assertThat(store.history(CALLER, "demo", PATIENCE).reliable()).containsExactly(again);
        }
    }

    /** A withdrawal in the gap ends it, for it came after the form, and the file comes again. */
    @Test
    void aConsentFromElsewhereThatIsOlderThanAGapIsNotReliedOnThoughItIsTakenOverAgain()
            throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        ConsentRecord.Given given = given(CALLER);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            store(ledger).append(List.of(given(OTHER)), PATIENCE);
        }
        withdrawnAndRestored(settings, given);
        InstantSource later = InstantSource.fixed(NOW.plusSeconds(1));
        assertThat(Resuming.run(settings, Resuming.Why.RESTORED, List.of(), later)).hasSize(1);

        try (Ledger ledger = Ledger.open(settings, later)) {
            LedgerStore store = store(ledger);
            ConsentRecord.Imported before = imported(NOW, NOW.plusSeconds(2));
            store.append(List.of(before), PATIENCE);
            assertThat(store.history(CALLER, "demo", PATIENCE))
                    .isEqualTo(new History(List.of(before), List.of(), true));
            ConsentRecord.Imported after = imported(NOW.plusSeconds(1), NOW.plusSeconds(2));
            store.append(List.of(after), PATIENCE);
            assertThat(store.history(CALLER, "demo", PATIENCE).reliable()).containsExactly(after);
        }
    }

    /** The store whole, as of before that, with how many entries end the consent: none so far. */
    private void withdrawnAndRestored(LedgerSettings settings, ConsentRecord.Given given)
            throws Exception {
        Path file = directory.resolve("ledger.db");
        Path backup = directory.resolve("backup.db");
        Files.copy(file, backup);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            store(ledger).append(List.of(withdrawn(given)), PATIENCE);
        }
        for (String beside : List.of("-wal", "-shm")) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + beside));
        }
        Files.copy(backup, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static ConsentRecord.Imported imported(Instant given, Instant takenOver) {
        return new ConsentRecord.Imported(
                EntryIds.next(takenOver),
                takenOver,
                CALLER,
                NOTICE,
                TestLedger.grantedForAYear(given),
                TestLedger.FROM_A_FORM);
    }

    private static LedgerStore store(Ledger ledger) {
        return new LedgerStore(
                ledger,
                new NoticeArchiving(ledger, CLOCK, _ -> Optional.of(SPOKEN)),
                Retention.USUAL,
                Processing.ofStore("DE"));
    }

    /** As if it were sealed under a key that is not here. */
    private static UUID id() {
        return EntryIds.next(NOW);
    }

    private static ConsentRecord.Given given(Subject subject) {
        return TestLedger.given(subject, NOTICE, NOW, null);
    }

    private static ConsentRecord.Withdrawn withdrawn(ConsentRecord.Given given) {
        return TestLedger.withdrawn(CALLER, given);
    }
}
