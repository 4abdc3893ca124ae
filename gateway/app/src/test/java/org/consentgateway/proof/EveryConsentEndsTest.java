package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.EndedAll;
import org.consentgateway.consent.journal.LateJournal;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.archive.ArchivedNotice;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.proof.OperatorWithdrawals.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A company's switchboard of whose people many have agreed, on paper and in calls: who withdraws
 * has withdrawn all of it, with a record of each, by which whoever is told of ends is told.
 */
class EveryConsentEndsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ArchivedNotice SPOKEN = TestLedger.spoken("2026-11");
    private static final NoticeRef NOTICE = TestLedger.heard(SPOKEN);
    private static final Subject SWITCHBOARD = new Subject("switchboard");

    /** More than are ended at once, and more than are read while a call waits. */
    private static final int CONSENTS = 700;

    /** Enough with the others that the number is crowded. */
    private static final int OTHERS = 1_500;

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-27T09:00:00Z");
    private Ledger ledger;
    private LateRecordsTest.Cut store;
    private ConsentJournal journal;
    private OperatorWithdrawals withdrawals;
    private final List<UUID> consents = new ArrayList<>();
    private ConsentRecord.Imported otherPurpose;

    @BeforeEach
    void aSwitchboard() throws Exception {
        ledger = Ledger.open(TestLedger.in(directory, 1_000_000, Duration.ofDays(1)), () -> now);
        store =
                new LateRecordsTest.Cut(
                        new LedgerStore(
                                ledger,
                                new NoticeArchiving(ledger, () -> now, _ -> Optional.of(SPOKEN)),
                                Retention.USUAL,
                                Processing.ofStore("DE")));
        journal = new ConsentJournal(store, new NoDisk(), PATIENCE, this::id);
        withdrawals = new OperatorWithdrawals(ledger.reader(), journal);
        var records = new ArrayList<ConsentRecord>();
        for (int i = 0; i < CONSENTS; i++) {
            ConsentRecord.Imported one = imported(Purpose.ASSISTANT);
            records.add(one);
            consents.add(one.id());
        }
        otherPurpose = imported(Purpose.MARKETING);
        records.add(otherPurpose);
        for (int i = 0; i < OTHERS; i++) {
            records.add(new ConsentRecord.Refused(id(), now, call(), NOTICE, List.of(), id()));
        }
        store.append(records, PATIENCE);
        now = now.plus(Duration.ofDays(1));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void whatTheDeskWithdrawsEndsAllOfACrowdedNumber() throws Exception {
        assertThat(journal.inForce(SWITCHBOARD, now).complete())
                .as("what is read while a call waits is not all")
                .isFalse();

        assertThat(withdrawals.withdraw(consents.getFirst(), now)).isInstanceOf(Result.Done.class);

        assertThatEachHasEndedOnce();
    }

    /** As the call does that withdraws: of which more are left than it has read. */
    @Test
    void whatEndsBesideACallIsAllOfACrowdedNumber() throws Exception {
        Optional<EndedAll> ended =
                journal.endAllBeside(
                        SWITCHBOARD,
                        now,
                        Duration.ZERO,
                        one ->
                                consents.contains(one.grant())
                                        ? Optional.of(LateRecordsTest.withdrawn(one.grant()))
                                        : Optional.empty(),
                        mistake -> {
                            throw new AssertionError(mistake);
                        });

        assertThat(ended).hasValueSatisfying(all -> assertThat(all.all()).isTrue());
        assertThatEachHasEndedOnce();
    }

    @Test
    void whatTheStoreDoesNotTakeIsSaidAndEndsWhenItIsAskedForAgain() throws Exception {
        UUID withdrawn = consents.get(7);
        store.appends = 1;

        assertThat(withdrawals.withdraw(withdrawn, now)).isInstanceOf(Result.OnNoDisk.class);
        assertThat(withdrawals.isUnrecorded(withdrawn)).isTrue();

        store.appends = Integer.MAX_VALUE;
        assertThat(journal.writeKept()).isZero();
        int before = ends().size();
        assertThat(before).isBetween(501, CONSENTS);
        now = now.plus(Duration.ofHours(1));
        ConsentRecord.Imported later = imported(Purpose.ASSISTANT);
        store.append(List.of(later), PATIENCE);

        assertThat(withdrawals.withdraw(withdrawn, now)).isInstanceOf(Result.WithdrawnBefore.class);
        assertThat(withdrawals.isUnrecorded(withdrawn)).isFalse();

        assertThatEachHasEndedOnce();
        assertThat(ends()).as("what was agreed to since goes on").doesNotContainKey(later.id());
    }

    /** Whoever asks until it is stored takes the places of nobody else's withdrawal. */
    @Test
    void whatIsAskedForAgainWhileTheStoreTakesNothingIsWrittenOnce() throws Exception {
        UUID withdrawn = consents.get(7);
        store.appends = 0;
        assertThat(withdrawals.withdraw(withdrawn, now)).isInstanceOf(Result.OnNoDisk.class);
        List<ConsentRecord> waiting = journal.endingsKept();

        assertThat(withdrawals.withdraw(withdrawn, now)).isInstanceOf(Result.OnNoDisk.class);
        assertThat(journal.endingsKept()).isEqualTo(waiting);

        store.appends = Integer.MAX_VALUE;
        assertThat(journal.writeKept()).isZero();
        assertThat(withdrawals.withdraw(withdrawn, now)).isInstanceOf(Result.WithdrawnBefore.class);
        assertThatEachHasEndedOnce();
    }

    @Test
    void whatTheStoreDoesNotSayIsSaidAndEndsWhenItIsAskedForAgain() throws Exception {
        UUID withdrawn = consents.get(7);
        store.looks = 1;

        assertThat(withdrawals.withdraw(withdrawn, now))
                .isInstanceOfSatisfying(
                        Result.Unfinished.class,
                        some -> {
                            assertThat(some.others()).isBetween(499, 500);
                            assertThat(some.left()).isEqualTo(CONSENTS + 1 - 500);
                        });
        assertThat(ends().get(withdrawn)).isOne();
        assertThat(withdrawals.isUnrecorded(withdrawn)).isTrue();
        store.looks = Integer.MAX_VALUE;

        assertThat(withdrawals.withdraw(withdrawn, now.plusSeconds(60)))
                .isInstanceOf(Result.WithdrawnBefore.class);
        assertThatEachHasEndedOnce();
    }

    @Test
    void aTalkThatGoesOnUnderAConsentForItsCallEndsAsWell() throws Exception {
        CallFacts call = call();
        ConsentRecord.Given talk =
                new ConsentRecord.Given(
                        id(), now, call, NOTICE, grant(Purpose.ASSISTANT, false), null);
        CallFacts past = call();
        ConsentRecord.Given over =
                new ConsentRecord.Given(
                        id(), now, past, NOTICE, grant(Purpose.ASSISTANT, false), null);
        store.append(
                List.of(
                        talk,
                        new ConsentRecord.AssistantOpened(id(), now, call, talk.id(), "a"),
                        over,
                        new ConsentRecord.AssistantOpened(id(), now, past, over.id(), "a"),
                        new ConsentRecord.AssistantCut(
                                id(), now, past, over.id(), ConsentRecord.Cut.CALLER_HUNG_UP)),
                PATIENCE);

        assertThat(withdrawals.withdraw(consents.getFirst(), now)).isInstanceOf(Result.Done.class);

        assertThat(ends()).containsKey(talk.id()).doesNotContainKey(over.id());
    }

    /**
     * Its caller has heard that nothing was stored, and calls go on under what was there before.
     */
    @Test
    void whatCameTooLateAndWasTakenBackHasReplacedNothing() throws Exception {
        Grant grant = grant(Purpose.TRANSCRIPT, true);
        var first = new ConsentRecord.Given(id(), now, call(), NOTICE, grant, null);
        var late = new ConsentRecord.Given(id(), now, call(), NOTICE, grant, first.id());
        var takenBack =
                new ConsentRecord.Withdrawn(
                        id(),
                        now,
                        late.call(),
                        SWITCHBOARD,
                        NOTICE.id(),
                        late.id(),
                        ConsentRecord.Withdrawn.Reason.GRANT_CAME_LATE,
                        Method.NONE,
                        now,
                        null);
        store.append(List.of(first, late, takenBack), PATIENCE);

        assertThat(withdrawals.end(first.id(), Purpose.TRANSCRIPT.id(), now))
                .isInstanceOf(Result.Done.class);
        assertThat(withdrawals.withdraw(first.id(), now)).isInstanceOf(Result.Done.class);
        assertThat(ends().get(first.id())).isOne();
        assertThat(withdrawals.withdraw(first.id(), now))
                .isInstanceOf(Result.WithdrawnBefore.class);
        assertThat(ends().get(first.id())).isOne();
    }

    private void assertThatEachHasEndedOnce() throws Exception {
        Map<UUID, Integer> ends = ends();
        assertThat(consents).allSatisfy(one -> assertThat(ends.get(one)).isOne());
        assertThat(ends).as("another purpose").doesNotContainKey(otherPurpose.id());
        EndedAll left =
                journal.endAll(
                        SWITCHBOARD,
                        now,
                        Instant.MAX,
                        List.of(),
                        one -> {
                            assertThat(consents).doesNotContain(one.grant());
                            return Optional.empty();
                        });
        assertThat(left.all()).isTrue();
    }

    /** How often each consent was withdrawn. */
    private Map<UUID, Integer> ends() throws Exception {
        Map<UUID, Integer> ends = new HashMap<>();
        for (Entry entry : ledger.reader().ofType(EntryType.WITHDRAWN, 100_000)) {
            ends.merge(
                    UUID.fromString(
                            Objects.requireNonNull(entry.payload()).path("refers_to").asText()),
                    1,
                    Integer::sum);
        }
        return ends;
    }

    private UUID id() {
        return EntryIds.next(now);
    }

    private CallFacts call() {
        return new CallFacts(id(), "h", "local", "demo", now, SWITCHBOARD, true, false, true);
    }

    private Grant grant(Purpose purpose, boolean lasts) {
        Level level =
                Level.of(
                        purpose.id(),
                        List.of(purpose),
                        ValidityPeriod.parse("P12M"),
                        Period.ofYears(3),
                        true);
        Instant until = lasts ? now.plus(Duration.ofDays(365)) : null;
        return new Grant(level, now, until, until, List.of());
    }

    private ConsentRecord.Imported imported(Purpose purpose) {
        return new ConsentRecord.Imported(
                id(),
                now,
                SWITCHBOARD,
                NOTICE,
                grant(purpose, true),
                new ConsentRecord.Provenance(
                        ConsentRecord.Provenance.Source.PAPER,
                        "form",
                        "7",
                        ConsentRecord.Provenance.Identified.CONTRACT,
                        true,
                        "Ada"));
    }

    /** Then what the store does not take is in this process alone. */
    private static final class NoDisk implements LateJournal {
        @Override
        public boolean keep(List<ConsentRecord> together) {
            return false;
        }

        @Override
        public List<ConsentRecord> kept() {
            return List.of();
        }

        @Override
        public void forget(Collection<ConsentRecord> written) {}
    }
}
