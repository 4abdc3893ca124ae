package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.UntoldHolders;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.late.LateFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who was given data and was not told of a withdrawal is written down for a person, once. */
class UntoldHoldersTest {
    private static final Instant START = Instant.parse("2026-11-27T09:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Subject CALLER = new Subject("5u8j3c7");
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("2026-11");

    @TempDir private Path directory;

    private Instant now = START;
    private LedgerSettings settings;

    @BeforeEach
    void makeStore() {
        settings = TestLedger.in(directory, 100_000, Duration.ofDays(1));
    }

    /** One run of the gateway on one node. */
    private final class Run implements AutoCloseable {
        private final Ledger ledger;
        private final LedgerStore store;
        private final UntoldHolders untold;

        Run(String node) throws Exception {
            ledger = Ledger.open(settings.withNode(node), () -> now);
            store =
                    new LedgerStore(
                            ledger,
                            new NoticeArchiving(ledger, () -> now, _ -> Optional.of(SPOKEN)),
                            Retention.USUAL,
                            Processing.ofStore("DE"));
            var late = LateFile.open(directory.resolve(node + ".jsonl"));
            var journal = new ConsentJournal(store, late, PATIENCE, () -> EntryIds.next(now));
            untold = new UntoldHolders(store, journal, () -> EntryIds.next(now));
        }

        /** Given, used by an assistant, and withdrawn when no call was under way. */
        void isWithdrawn() throws Exception {
            UUID grant = EntryIds.next(now);
            var call =
                    new CallFacts(
                            EntryIds.next(now),
                            "h",
                            "local",
                            "demo",
                            now,
                            CALLER,
                            true,
                            false,
                            true);
            var given =
                    new ConsentRecord.Given(
                            grant,
                            now,
                            call,
                            TestLedger.heard(SPOKEN),
                            TestLedger.grantedForAYear(now),
                            null);
            store.append(
                    List.of(
                            given,
                            new ConsentRecord.AssistantOpened(
                                    EntryIds.next(now), now, call, grant, "assistant"),
                            new ConsentRecord.Withdrawn(
                                    EntryIds.next(now),
                                    now,
                                    null,
                                    CALLER,
                                    "demo",
                                    grant,
                                    ConsentRecord.Withdrawn.Reason.OPERATOR,
                                    Method.NONE,
                                    now,
                                    null)),
                    PATIENCE);
        }

        /** Each minute, as the gateway does. */
        int writes(int minutes) throws Exception {
            int written = 0;
            for (int i = 0; i < minutes; i++) {
                now = now.plus(MINUTE);
                written += untold.write(now);
            }
            return written;
        }

        @Override
        public void close() {
            ledger.close();
        }
    }

    @Test
    void aMinuteAfterwardsItIsWrittenOnce() throws Exception {
        try (Run run = new Run("node-1")) {
            run.isWithdrawn();
            now = now.plusSeconds(10);
            assertThat(run.untold.write(now)).as("its call may tell it yet").isZero();
            assertThat(run.writes(10)).isEqualTo(1);
            assertThat(run.ledger.reader().ofType(EntryType.HOLDER_NOTIFIED, 10)).hasSize(1);
        }
    }

    /** Its log bears the time ahead until all clocks have caught up; a year, here. */
    @Test
    void alsoInALogWhoseClockWasAYearAheadAndByEachNode() throws Exception {
        now = START.plus(Duration.ofDays(366));
        try (Run ahead = new Run("node-1")) {
            ahead.isWithdrawn();
        }
        now = START;
        try (Run right = new Run("node-1")) {
            right.isWithdrawn();
            now = now.plusSeconds(10);
            assertThat(right.untold.write(now))
                    .as("that of before; the other's call may tell it yet")
                    .isEqualTo(1);
            assertThat(right.writes(10)).isEqualTo(1);
            right.isWithdrawn();
        }
        try (Run other = new Run("node-2")) {
            assertThat(other.writes(10)).as("and not each minute").isEqualTo(1);
        }
    }
}
