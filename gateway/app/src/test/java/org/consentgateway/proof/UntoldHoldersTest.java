package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.EndOfConsent;
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
        private final ConsentJournal journal;
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
            journal = new ConsentJournal(store, late, PATIENCE, () -> EntryIds.next(now));
            untold = new UntoldHolders(store, journal, () -> EntryIds.next(now));
        }

        /** Given, used by an assistant, and withdrawn when no call was under way. */
        void isWithdrawn() throws Exception {
            isWithdrawnFrom(List.of("assistant"), List.of());
        }

        /**
         * Given, used in a talk after the other, and withdrawn.
         *
         * @param talks whom each was with
         * @param told who was told in its last talk
         */
        void isWithdrawnFrom(List<String> talks, List<String> told) throws Exception {
            UUID grant = EntryIds.next(now);
            Map<String, CallFacts> last = new HashMap<>();
            List<ConsentRecord> records = used(grant, talks, last);
            records.add(withdrawal(grant));
            var end = new EndOfConsent(grant, EndOfConsent.How.WITHDRAWN, now);
            for (String assistant : told) {
                records.add(
                        new ConsentRecord.HolderNotified(
                                EntryIds.next(now),
                                now,
                                Objects.requireNonNull(last.get(assistant)),
                                assistant,
                                end,
                                true,
                                "INFO"));
            }
            store.append(records, PATIENCE);
        }

        /**
         * Given, and used in these talks.
         *
         * @param last gets the last call with each
         */
        List<ConsentRecord> used(UUID grant, List<String> talks, Map<String, CallFacts> last) {
            var records = new ArrayList<ConsentRecord>();
            records.add(
                    new ConsentRecord.Given(
                            grant,
                            now,
                            call(),
                            TestLedger.heard(SPOKEN),
                            TestLedger.grantedForAYear(now),
                            null));
            for (String assistant : talks) {
                CallFacts call = call();
                last.put(assistant, call);
                records.add(
                        new ConsentRecord.AssistantOpened(
                                EntryIds.next(now), now, call, grant, assistant));
            }
            return records;
        }

        ConsentRecord.Withdrawn withdrawal(UUID grant) {
            return new ConsentRecord.Withdrawn(
                    EntryIds.next(now),
                    now,
                    null,
                    CALLER,
                    "demo",
                    grant,
                    ConsentRecord.Withdrawn.Reason.OPERATOR,
                    Method.NONE,
                    now,
                    null);
        }

        private CallFacts call() {
            return new CallFacts(
                    EntryIds.next(now), "h", "local", "demo", now, CALLER, true, false, true);
        }

        /** Who stands there as not told. */
        List<String> untold() throws Exception {
            return ledger.reader().ofType(EntryType.HOLDER_NOTIFIED, 1_000).stream()
                    .map(entry -> Objects.requireNonNull(entry.payload()))
                    .filter(payload -> !payload.at("/holder/delivered").asBoolean())
                    .map(payload -> payload.at("/holder/name").asText())
                    .toList();
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

    /** It was used with one assistant before, and withdrawn in a talk with another. */
    @Test
    void whoWasToldKeepsNoOtherHolderOfTheSameConsentFromBeingWritten() throws Exception {
        try (Run run = new Run("node-1")) {
            run.isWithdrawnFrom(List.of("y", "x", "x"), List.of("x"));
            assertThat(run.writes(10)).isEqualTo(1);
            assertThat(run.untold()).containsExactly("y");
        }
    }

    /** In its last talk; in those before nobody was. */
    @Test
    void whoWasToldInOneOfItsTalksIsNotWritten() throws Exception {
        try (Run run = new Run("node-1")) {
            run.isWithdrawnFrom(List.of("x", "x", "x"), List.of("x"));
            assertThat(run.writes(10)).isZero();
        }
    }

    /** More than a page of those of whom all were told stand before. */
    @Test
    void whoseHoldersWereAllToldKeepsNoOtherWithdrawalFromBeingFound() throws Exception {
        try (Run run = new Run("node-1")) {
            for (int i = 0; i < 201; i++) {
                run.isWithdrawnFrom(List.of("x", "x"), List.of("x"));
                now = now.plusMillis(1);
            }
            run.isWithdrawnFrom(List.of("y"), List.of());
            now = now.plus(MINUTE).plusSeconds(1);
            assertThat(run.untold.write(now)).isEqualTo(1);
            assertThat(run.untold()).containsExactly("y");
        }
    }

    /** It is one of a page, of which no more than the others can be read. */
    @Test
    void aWithdrawalThatDoesNotOpenKeepsNoneBehindItFromBeingFound() throws Exception {
        try (Run run = new Run("node-1")) {
            for (int i = 0; i < 201; i++) {
                run.isWithdrawnFrom(List.of("y"), List.of());
                now = now.plusMillis(1);
            }
            int changed = changeOldest("Withdrawn");
            assertThat(changed).isOne();
            now = now.plus(Duration.ofMinutes(10));
            assertThat(run.untold.write(now)).isEqualTo(200);
        }
    }

    private int changeOldest(String type) throws Exception {
        String file = "jdbc:sqlite:" + directory.resolve("ledger.db");
        try (Connection connection = DriverManager.getConnection(file);
                PreparedStatement change =
                        connection.prepareStatement(
                                "UPDATE ledger_payload SET sealed = x'00' WHERE idx ="
                                        + " (SELECT MIN(idx) FROM ledger_entry WHERE type = ?)")) {
            change.setString(1, type);
            return change.executeUpdate();
        }
    }

    /** The store took nothing for a while, and said all the same what it has. */
    @Test
    void aWithdrawalThatWaitedForTheStoreIsFoundOnceItIsThere() throws Exception {
        try (Run run = new Run("node-1")) {
            UUID grant = EntryIds.next(now);
            run.store.append(run.used(grant, List.of("y"), new HashMap<>()), PATIENCE);
            assertThat(run.journal.writeLater(run.withdrawal(grant)).durable()).isTrue();
            assertThat(run.writes(10)).isZero();
            assertThat(run.journal.writeKept()).isZero();

            assertThat(run.writes(10)).isEqualTo(1);
            assertThat(run.untold()).containsExactly("y");
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
