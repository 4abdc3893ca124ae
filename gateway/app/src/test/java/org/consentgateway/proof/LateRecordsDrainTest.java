package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.consentgateway.proof.LateRecordsTest.CLOCK;
import static org.consentgateway.proof.LateRecordsTest.PATIENCE;
import static org.consentgateway.proof.LateRecordsTest.given;
import static org.consentgateway.proof.LateRecordsTest.hungUp;
import static org.consentgateway.proof.LateRecordsTest.withdrawn;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.LogPosition;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.late.LateFile;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of late records of all kinds, and one withdrawal behind them. */
class LateRecordsDrainTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    /** Entries besides: the grant. */
    private static final int BEFORE = 1;

    @TempDir private Path directory;
    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("late-records.jsonl");
    }

    private static ConsentRecord.Refused refused() {
        return new ConsentRecord.Refused(
                LateRecordsTest.id(),
                LateRecordsTest.NOW,
                LateRecordsTest.call(),
                LateRecordsTest.NOTICE,
                List.of(),
                LateRecordsTest.id());
    }

    /** The caller has heard that nothing was stored. */
    private static List<ConsentRecord> takenBack() {
        ConsentRecord.Given given = given();
        return List.of(
                given,
                new ConsentRecord.Withdrawn(
                        LateRecordsTest.id(),
                        given.at(),
                        given.call(),
                        given.subject(),
                        given.notice().id(),
                        given.id(),
                        ConsentRecord.Withdrawn.Reason.GRANT_CAME_LATE,
                        Method.NONE,
                        given.at(),
                        null));
    }

    /**
     * As they came, a few of each kind at a time.
     *
     * @param takenBack grants, each with its end
     */
    private void keepsMixed(int hungUp, int refused, int takenBack) throws Exception {
        LateFile late = LateFile.open(file);
        int turns = 50;
        for (int turn = 0; turn < turns; turn++) {
            List<ConsentRecord> some = new ArrayList<>();
            for (int i = 0; i < hungUp / turns; i++) {
                some.add(hungUp());
            }
            for (int i = 0; i < refused / turns; i++) {
                some.add(refused());
            }
            for (int i = 0; i < takenBack / turns; i++) {
                some.addAll(takenBack());
            }
            assertThat(late.keep(some)).isTrue();
        }
    }

    @Test
    void aWithdrawalBehindHangUpsRefusalsAndYesIsOnTheDiskAndToldAndWrittenFirst()
            throws Exception {
        keepsMixed(LateFile.CAPACITY, LateFile.CAPACITY, LateFile.CAPACITY / 2);
        List<ConsentRecord> log = new ArrayList<>();
        List<Boolean> up = new ArrayList<>();
        KnowsNobody store =
                (records, _) -> {
                    if (up.isEmpty()) {
                        throw new JournalUnavailable("its fate is unknown", true);
                    }
                    log.addAll(records);
                    return new LogPosition("log", log.size() - 1);
                };
        var journal = new ConsentJournal(store, LateFile.open(file), PATIENCE, LateRecordsTest::id);
        for (int i = 0; i < LateFile.CAPACITY; i++) {
            assertThat(journal.writeNowOrLater(hungUp())).isEqualTo(Durability.HELD);
        }
        assertThatExceptionOfType(JournalUnavailable.class).isThrownBy(() -> journal.give(given()));

        ConsentRecord.Withdrawn said = withdrawn(LateRecordsTest.id());
        assertThat(journal.writeNowOrLater(said)).isEqualTo(Durability.KEPT);
        assertThat(journal.lost()).isZero();
        assertThat(LateFile.open(file).kept()).as("behind a crash").contains(said);
        assertThat(journal.endingsKept()).as("other nodes are told").startsWith(said);

        up.add(true);
        assertThat(journal.writeKept()).isZero();
        assertThat(log).hasSize(4 * LateFile.CAPACITY + 2 + 1).startsWith(said);
        assertThat(Files.readString(file)).isEmpty();
    }

    @RealTimeTest
    @EnabledIfSystemProperty(
            named = "nightly",
            matches = ".*",
            disabledReason =
                    "beside other tests half a processor is left, so that ten seconds are measured"
                            + " ten times over: -Dnightly")
    void tenThousandOfAllKindsAreWrittenWithinTenSeconds() throws Exception {
        assertThat(writesTenThousandAndTheWithdrawalFirst()).isLessThan(TEN_SECONDS);
    }

    @Test
    void tenThousandAreWrittenAndTheWithdrawalBehindThemFirst() throws Exception {
        assertThat(writesTenThousandAndTheWithdrawalFirst()).isPositive();
    }

    /** Two thousand a second and more; and the file is written anew once. */
    private Duration writesTenThousandAndTheWithdrawalFirst() throws Exception {
        LedgerSettings settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
        keepsMixed(5_000, 2_500, 1_250);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            var cut = new LateRecordsTest.Cut(LateRecordsTest.store(ledger));
            var journal =
                    new ConsentJournal(cut, LateFile.open(file), PATIENCE, LateRecordsTest::id);
            ConsentRecord.Given given = given();
            journal.give(given);
            cut.down = true;
            assertThat(journal.writeNowOrLater(withdrawn(given.id()))).isEqualTo(Durability.KEPT);
            cut.down = false;

            long began = System.nanoTime();
            assertThat(journal.writeKept()).isZero();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            System.out.printf("10,000 late records drained in %.1f s%n", took.toMillis() / 1000.0);

            List<EntryType> types =
                    ledger.reader().latest(2 * LateFile.CAPACITY).stream()
                            .map(Entry::type)
                            .toList();
            assertThat(types).hasSize(10_000 + BEFORE + 1);
            assertThat(types.get(types.size() - 1 - BEFORE))
                    .as("newest first: only what was there before it is older")
                    .isEqualTo(EntryType.WITHDRAWN);
            assertThat(Files.readString(file)).isEmpty();
            return took;
        }
    }
}
