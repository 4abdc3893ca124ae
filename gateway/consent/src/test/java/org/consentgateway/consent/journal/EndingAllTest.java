package org.consentgateway.consent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.ValidityPeriod;
import org.junit.jupiter.api.Test;

/** A switchboard may have more consents than are read at once: a withdrawal ends all of them. */
class EndingAllTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static final Subject SWITCHBOARD = new Subject("switchboard");

    /** Two times as many as are ended at once, and some more. */
    private static final int MANY = 2 * ConsentJournal.LATE_BATCH + 200;

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Level LEVEL =
            Level.of(
                    "basis",
                    List.of(Purpose.ASSISTANT),
                    ValidityPeriod.parse("P12M"),
                    Period.ofYears(3),
                    false);

    private final Store store = new Store();
    private final Disk disk = new Disk();
    private final BlockingQueue<Throwable> failed = new LinkedBlockingQueue<>();
    private final ConsentJournal journal =
            new ConsentJournal(store, disk, PATIENCE, UUID::randomUUID);

    @Test
    void everyConsentEndsOnceHoweverMany() {
        given(MANY, NOW);

        EndedAll ended = endAll(NOW);

        assertThat(ended.all()).isTrue();
        assertThat(ended.where()).isEqualTo(Durability.STORED);
        assertThat(ended.ended()).hasSize(MANY);
        assertThatEachHasEndedOnce(MANY);
        assertThat(store.longest)
                .as("other commits are not kept waiting by one number")
                .isLessThanOrEqualTo(ConsentJournal.LATE_BATCH + 1);
        assertThat(endAll(NOW).ended()).as("nothing is left").isEmpty();
    }

    @Test
    void whatFailsInTheMiddleIsSaidAndGoneOnWith() {
        given(MANY, NOW);
        store.looks = 1;

        EndedAll some = endAll(NOW);

        assertThat(some.all()).isFalse();
        assertThat(some.ended()).hasSize(ConsentJournal.LATE_BATCH);
        assertThat(some.left()).isEqualTo(MANY - ConsentJournal.LATE_BATCH);
        assertThatEachHasEndedOnce(ConsentJournal.LATE_BATCH);

        store.looks = Integer.MAX_VALUE;
        EndedAll rest = endAll(NOW);

        assertThat(rest.all()).isTrue();
        assertThat(rest.ended()).hasSize(MANY - ConsentJournal.LATE_BATCH);
        assertThatEachHasEndedOnce(MANY);
    }

    /** Its places on this machine are for the withdrawals of all numbers. */
    @Test
    void whereTheStoreTakesNoMoreOnlySoManyWaitHereAndTheRestIsSaid() {
        given(MANY, NOW);
        store.appends = 1;

        for (int time = 0; time < 2; time++) {
            EndedAll some = endAll(NOW);
            assertThat(some.where()).isEqualTo(Durability.KEPT);
            assertThat(some.left()).isEqualTo(MANY - 2 * ConsentJournal.LATE_BATCH);
            assertThat(disk.kept).as("asked again as well").hasSize(ConsentJournal.LATE_BATCH);
        }

        store.appends = Integer.MAX_VALUE;
        assertThat(journal.writeKept()).isZero();
        assertThat(endAll(NOW).all()).isTrue();
        assertThatEachHasEndedOnce(MANY);
    }

    /** It counts, and would be forgotten with this process. */
    @Test
    void whatWaitsInMemoryAloneIsNotSaidToBeOnADisk() {
        given(3, NOW);
        store.appends = 0;
        disk.full = true;

        for (int time = 0; time < 2; time++) {
            assertThat(endAll(NOW).where()).isEqualTo(Durability.HELD);
        }
        disk.full = false;
        assertThat(journal.writeKept()).isEqualTo(3);
        assertThat(endAll(NOW).where()).as("as soon as it is on one").isEqualTo(Durability.KEPT);
    }

    /** Who is told that it is on no disk sends it again, each time with a record of its own. */
    @Test
    void whatIsAskedForAgainTakesOnePlaceHoweverOften() {
        given(1, NOW);
        store.appends = 0;
        disk.full = true;
        UUID grant = store.log.getFirst().id();
        ConsentRecord first = again(withdrawn(grant));
        ConsentRecord part = ended(grant, Purpose.REPORT);
        assertThat(journal.writeNowOrLater(part)).isEqualTo(Durability.HELD);
        for (int time = 0; time < ConsentJournal.MAX_IN_MEMORY; time++) {
            assertThat(again(withdrawn(grant))).isEqualTo(first);
            ConsentRecord same = journal.onceOnly(ended(grant, Purpose.REPORT));
            assertThat(journal.writeNowOrLater(same)).isEqualTo(Durability.HELD);
            assertThat(same).isEqualTo(part);
        }
        ConsentRecord other = withdrawn(UUID.randomUUID());
        assertThat(journal.writeNowOrLater(other)).isEqualTo(Durability.HELD);

        assertThat(journal.endingsKept()).contains(other).hasSize(3);
        assertThat(journal.lost()).isZero();
        store.appends = Integer.MAX_VALUE;
        assertThat(journal.writeKept()).isZero();
        assertThat(again(withdrawn(grant))).as("nothing waits any more").isNotEqualTo(first);
    }

    @Test
    void anotherEndIsNoRepetition() {
        store.appends = 0;
        UUID grant = UUID.randomUUID();
        Durability _ =
                journal.writeNowOrLater(
                        ended(grant, Purpose.REPORT),
                        withdrawn(grant, ConsentRecord.Withdrawn.Reason.GRANT_CAME_LATE),
                        withdrawn(UUID.randomUUID()));

        for (ConsentRecord end : List.of(withdrawn(grant), ended(grant, Purpose.ASSISTANT))) {
            assertThat(journal.onceOnly(end)).isSameAs(end);
        }
    }

    private ConsentRecord again(ConsentRecord.Withdrawn end) {
        ConsentRecord first = journal.onceOnly(end);
        EndedAll all = journal.endAll(SWITCHBOARD, NOW, NOW, List.of(first), _ -> Optional.empty());
        assertThat(all.where()).isEqualTo(store.appends > 0 ? Durability.STORED : Durability.HELD);
        return first;
    }

    @Test
    void whatIsAskedForIsWrittenThoughTheStoreDoesNotSayWhatElseThereIs() {
        given(3, NOW);
        store.says = false;
        ConsentRecord.Withdrawn first = withdrawn(UUID.randomUUID());

        EndedAll some = endAll(NOW, first);

        assertThat(store.log).contains(first);
        assertThat(some.asked()).isFalse();
        assertThat(some.all()).isFalse();
    }

    @Test
    void whatWasAgreedToSinceGoesOn() {
        given(2, NOW);
        given(3, NOW.plusSeconds(1));

        assertThat(endAll(NOW).ended()).hasSize(2);
        assertThatEachHasEndedOnce(2);
    }

    @Test
    void whatCannotBeReadIsSaid() {
        given(2, NOW);
        store.readable = false;

        EndedAll ended = endAll(NOW);

        assertThat(ended.ended()).hasSize(2);
        assertThat(ended.unreadable()).isTrue();
        assertThat(ended.all()).isFalse();
    }

    /** Whoever withdraws in a call must not listen to silence, nor leave some in force. */
    @Test
    void aCallDoesNotWaitForVeryManyAndAllOfThemEnd() throws Exception {
        given(MANY, NOW);
        store.hold = new CountDownLatch(1);

        assertThat(endAllBeside(PATIENCE)).as("not done when the call goes on").isEmpty();
        assertThat(store.log).noneMatch(ConsentRecord.Withdrawn.class::isInstance);

        store.hold.countDown();
        assertThat(store.ended.tryAcquire(MANY, 20, TimeUnit.SECONDS)).isTrue();
        assertThatEachHasEndedOnce(MANY);
    }

    @Test
    void aCallIsToldOfWhatEndedInItsTime() {
        given(MANY, NOW);

        assertThat(endAllBeside(Duration.ofSeconds(-59)))
                .hasValueSatisfying(ended -> {
                    assertThat(ended.all()).isTrue();
                    assertThat(ended.ended()).hasSize(MANY);
                });
        assertThatEachHasEndedOnce(MANY);
    }

    /** Whether the call still waits for it or not: else it would fail in silence. */
    @Test
    void aMistakeBesideACallIsToldAlsoWhenTheCallHasGoneOn() throws Exception {
        given(1, NOW);
        for (Duration waited : List.of(Duration.ofSeconds(-59), PATIENCE)) {
            store.hold = new CountDownLatch(waited.isNegative() ? 0 : 1);
            assertThat(
                            endAllBeside(
                                    waited,
                                    consent -> {
                                        throw new IllegalStateException(consent.level());
                                    }))
                    .isEmpty();
            store.hold.countDown();

            assertThat(failed.poll(20, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
            assertThat(failed).isEmpty();
        }
    }

    private Optional<EndedAll> endAllBeside(Duration waited) {
        return endAllBeside(waited, consent -> Optional.of(withdrawn(consent.grant())));
    }

    private Optional<EndedAll> endAllBeside(Duration waited, EndedAll.Ends ends) {
        return journal.endAllBeside(SWITCHBOARD, NOW.plusSeconds(2), waited, ends, failed::add);
    }

    private EndedAll endAll(Instant until, ConsentRecord... first) {
        return journal.endAll(
                SWITCHBOARD,
                NOW.plusSeconds(2),
                until,
                List.of(first),
                consent -> Optional.of(withdrawn(consent.grant())));
    }

    private void assertThatEachHasEndedOnce(int consents) {
        List<UUID> ended =
                store.log.stream()
                        .filter(ConsentRecord.Withdrawn.class::isInstance)
                        .map(record -> ((ConsentRecord.Withdrawn) record).grant())
                        .toList();
        assertThat(ended).hasSize(consents).doesNotHaveDuplicates();
    }

    private void given(int consents, Instant from) {
        for (int i = 0; i < consents; i++) {
            store.log.add(
                    new ConsentRecord.Given(
                            UUID.randomUUID(),
                            from,
                            call(from),
                            new NoticeRef(
                                    "demo",
                                    "1",
                                    "de",
                                    "a",
                                    "",
                                    "",
                                    new Notice.Controller("", "", "")),
                            new Grant(
                                    LEVEL,
                                    from,
                                    from.plus(Duration.ofDays(365)),
                                    from.plus(Duration.ofDays(365)),
                                    List.of()),
                            null));
        }
    }

    private static ConsentRecord.PurposeDecided ended(UUID grant, Purpose purpose) {
        return new ConsentRecord.PurposeDecided(
                UUID.randomUUID(),
                NOW,
                call(NOW),
                grant,
                purpose,
                ConsentRecord.PurposeDecided.Outcome.ENDED,
                Method.NONE,
                List.of());
    }

    private static CallFacts call(Instant from) {
        return new CallFacts(UUID.randomUUID(), "", "t", "l", from, SWITCHBOARD, true, false, true);
    }

    private static ConsentRecord.Withdrawn withdrawn(UUID grant) {
        return withdrawn(grant, ConsentRecord.Withdrawn.Reason.OPERATOR);
    }

    private static ConsentRecord.Withdrawn withdrawn(
            UUID grant, ConsentRecord.Withdrawn.Reason reason) {
        return new ConsentRecord.Withdrawn(
                UUID.randomUUID(),
                NOW,
                null,
                SWITCHBOARD,
                "demo",
                grant,
                reason,
                Method.NONE,
                NOW,
                null);
    }

    /** Tells what is asked for and nothing besides, as long as it may. */
    private static final class Store implements JournalStore {
        private final List<ConsentRecord> log = new ArrayList<>();
        private boolean says = true;
        private boolean readable = true;
        private int looks = Integer.MAX_VALUE;
        private int appends = Integer.MAX_VALUE;
        private int longest;

        /** One for each end in it. */
        private final Semaphore ended = new Semaphore(0);

        /** Until then it says nothing. */
        private CountDownLatch hold = new CountDownLatch(0);

        @Override
        public void requireTrusted() {}

        @Override
        public LogPosition append(List<ConsentRecord> records, Duration deadline)
                throws JournalUnavailable {
            if (appends-- <= 0) {
                throw new JournalUnavailable("full", false);
            }
            longest = Math.max(longest, records.size());
            log.addAll(records);
            ended.release(records.size());
            return new LogPosition("test", log.size() - 1);
        }

        @Override
        public History history(Subject subject, String lineage, Duration deadline) {
            throw new IllegalStateException("not asked for here");
        }

        @Override
        public History history(Subject subject, Duration deadline) {
            throw new IllegalStateException("not asked for here");
        }

        @Override
        public List<UUID> inForce(Subject subject, Duration deadline) throws JournalUnavailable {
            if (!says || !isHeldNoLonger()) {
                throw new JournalUnavailable("says nothing", false);
            }
            Set<UUID> ended = new HashSet<>();
            for (ConsentRecord record : log) {
                if (record instanceof ConsentRecord.Withdrawn end) {
                    ended.add(end.grant());
                }
            }
            return log.stream()
                    .filter(ConsentRecord.Given.class::isInstance)
                    .map(ConsentRecord::id)
                    .filter(id -> !ended.contains(id))
                    .toList();
        }

        private boolean isHeldNoLonger() {
            try {
                boolean _ = hold.await(5, TimeUnit.SECONDS);
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public History history(Subject subject, List<UUID> consents, Duration deadline)
                throws JournalUnavailable {
            if (looks-- <= 0) {
                throw new JournalUnavailable("no longer", false);
            }
            Set<UUID> wanted = Set.copyOf(consents);
            List<ConsentRecord> found =
                    log.stream()
                            .filter(record ->
                                    wanted.contains(record.id())
                                            || (record instanceof ConsentRecord.Withdrawn end
                                                    && wanted.contains(end.grant())))
                            .toList();
            return new History(found, List.of(), readable);
        }
    }

    private static final class Disk implements LateJournal {
        private final List<ConsentRecord> kept = new ArrayList<>();
        private boolean full;

        @Override
        public boolean keep(List<ConsentRecord> together) {
            return !full && kept.addAll(together);
        }

        @Override
        public List<ConsentRecord> kept() {
            return List.copyOf(kept);
        }

        @Override
        public void forget(Collection<ConsentRecord> written) {
            kept.removeAll(Set.copyOf(written));
        }
    }
}
