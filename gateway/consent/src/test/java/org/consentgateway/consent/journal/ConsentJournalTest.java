package org.consentgateway.consent.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.PurposeDecided.Outcome;
import org.consentgateway.consent.ConsentRules;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.ConsentValidity;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Notices;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.ValidityPeriod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsentJournalTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Subject CALLER = new Subject("ab");
    private static final Subject OTHER = new Subject("cd");
    private static final Level BASIS =
            Level.of(
                    "basis",
                    List.of(Purpose.ASSISTANT),
                    ValidityPeriod.parse("P12M"),
                    Period.ofYears(3),
                    false);

    private final Store store = new Store();
    private final ConsentJournal journal =
            new ConsentJournal(store, new FullDisk(), Duration.ofSeconds(10), UUID::randomUUID);

    /** Remembers what it was given while it is up. */
    private static final class Store implements JournalStore, Expiries.Ended {
        private final List<ConsentRecord> log = new ArrayList<>();
        private boolean down;
        private boolean late;
        private boolean doubted;

        /** Of records that it does not take as they are. */
        private final Set<UUID> refuses = new HashSet<>();

        private int asked;

        /** So many more records, each append whole or not at all; and then it is down. */
        private int room = Integer.MAX_VALUE;

        @Override
        public void requireTrusted() throws JournalUnavailable {
            if (doubted) {
                throw new JournalUnavailable("doubted", false);
            }
        }

        @Override
        public LogPosition append(List<ConsentRecord> records, Duration deadline)
                throws JournalUnavailable {
            asked++;
            if (down) {
                throw new JournalUnavailable("down", false);
            }
            if (records.stream().anyMatch(record -> refuses.contains(record.id()))) {
                throw JournalUnavailable.refused("not these");
            }
            if (late) {
                throw new JournalUnavailable("late", true);
            }
            if (records.size() > room || !Collections.disjoint(log, Set.copyOf(records))) {
                if (records.size() == 1 && log.contains(records.getFirst())) {
                    return new LogPosition("test", log.indexOf(records.getFirst()));
                }
                throw new JournalUnavailable("together or not at all", false);
            }
            log.addAll(records);
            room -= records.size();
            down = room <= 0;
            return new LogPosition("test", log.size() - 1);
        }

        @Override
        public History history(Subject subject, String lineage, Duration deadline) {
            return history(subject, deadline);
        }

        @Override
        public History history(Subject subject, Duration deadline) {
            return History.of(log.stream().filter(r -> subject.finds(r.subject())).toList());
        }

        @Override
        public List<UUID> inForce(Subject subject, Duration deadline) {
            return history(subject, deadline).found().stream().map(ConsentRecord::id).toList();
        }

        @Override
        public History history(Subject subject, List<UUID> consents, Duration deadline) {
            return history(subject, deadline);
        }

        @Override
        public List<ConsentRecord> endedBy(Instant now, int limit) {
            return log.stream()
                    .filter(r -> r instanceof ConsentRecord.Given given && open(given))
                    .limit(limit)
                    .toList();
        }

        private boolean open(ConsentRecord.Given given) {
            return log.stream()
                    .noneMatch(r ->
                            r instanceof ConsentRecord.Expired expired
                                    && expired.grant().equals(given.id()));
        }
    }

    /** The worst case: nothing can be kept on the disk. */
    private static final class FullDisk implements LateJournal {
        private final List<ConsentRecord> kept = new ArrayList<>();
        private int room;

        @Override
        public boolean keep(List<ConsentRecord> together) {
            if (together.size() > room) {
                return false;
            }
            room -= together.size();
            return kept.addAll(together);
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

    private static CallFacts call(Subject subject) {
        return new CallFacts(UUID.randomUUID(), "", "t", "l", NOW, subject, true, false, true);
    }

    private static NoticeRef notice() {
        return new NoticeRef("demo", "1", "de", "a", "", "", new Notice.Controller("", "", ""));
    }

    private static ConsentRecord.Given given(Subject subject) {
        return given(subject, null);
    }

    private static ConsentRecord.Given given(Subject subject, @Nullable UUID supersedes) {
        Instant until = NOW.plus(Duration.ofDays(365));
        return new ConsentRecord.Given(
                UUID.randomUUID(),
                NOW,
                call(subject),
                notice(),
                new Grant(BASIS, NOW, until, until, List.of()),
                supersedes);
    }

    private static ConsentRecord.Withdrawn withdrawn(Subject subject) {
        return withdrawn(subject, UUID.randomUUID());
    }

    private static ConsentRecord.Withdrawn withdrawn(Subject subject, UUID grant) {
        return new ConsentRecord.Withdrawn(
                UUID.randomUUID(),
                NOW,
                null,
                subject,
                "demo",
                grant,
                ConsentRecord.Withdrawn.Reason.CALLER,
                Method.KEY,
                NOW,
                null);
    }

    private Standing standing(Subject subject) throws JournalUnavailable {
        return standing(subject, validity(BASIS));
    }

    private static ConsentValidity validity(Level... levels) {
        return new ConsentValidity(List.of(levels), NEVER_CHANGED);
    }

    private Standing standing(Subject subject, ConsentValidity validity) throws JournalUnavailable {
        return standing(subject, validity, NOW, NOW);
    }

    private Standing standing(
            Subject subject, ConsentValidity validity, Instant now, Instant latest)
            throws JournalUnavailable {
        var current =
                new Notice(
                        "demo",
                        "1",
                        "de",
                        "a",
                        1,
                        java.time.LocalDate.EPOCH,
                        false,
                        new Notice.Controller("", "", ""),
                        Period.ofMonths(1),
                        Map.of(),
                        java.util.Map.of(),
                        "",
                        "");
        return journal.standing(subject, validity, current, now, latest);
    }

    private static final Notices NEVER_CHANGED =
            new Notices() {
                @Override
                public List<Notice> inForce(
                        String lineage, String language, java.time.LocalDate day) {
                    return List.of();
                }

                @Override
                public boolean materiallyChanged(String lineage, String since, String until) {
                    return false;
                }
            };

    @Test
    void aGrantIsMintedOnlyAfterTheCommit() throws JournalUnavailable {
        ConsentRecord.Given given = given(CALLER);
        DurableGrant grant = journal.give(given);
        assertThat(grant.record()).isEqualTo(given.id());
        assertThat(grant.call()).isEqualTo(given.call().callId());
        assertThat(grant.purposes()).containsExactly(Purpose.ASSISTANT);

        store.down = true;
        assertThatExceptionOfType(JournalUnavailable.class)
                .isThrownBy(() -> journal.give(given(CALLER)));
    }

    @Test
    void anEarlierConsentIsUsedOnlyByItsOwnerAndOnlyWhileItHolds() throws JournalUnavailable {
        ConsentRecord.Given given = given(CALLER);
        store.log.add(given);
        Standing standing = standing(CALLER);
        UUID id = UUID.randomUUID();

        DurableGrant grant = journal.use(id, NOW, call(CALLER), notice(), standing);
        assertThat(grant.record()).isEqualTo(given.id());
        Instant until = Objects.requireNonNull(given.grant().until());
        assertThat(store.log.getLast())
                .isInstanceOfSatisfying(
                        ConsentRecord.Used.class,
                        used ->
                                assertThat(used.keptUntil())
                                        .as("as long as the proof of the consent itself")
                                        .isEqualTo(BASIS.keptUntil(NOW, until)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> journal.use(id, NOW, call(OTHER), notice(), standing));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> journal.use(id, until, call(CALLER), notice(), standing));
        Standing none = standing(OTHER);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> journal.use(id, NOW, call(OTHER), notice(), none));
    }

    @Test
    void anEarlierConsentIsReaffirmedWithNoMoreThanItHasAndWhatIsAskedInEveryCall()
            throws JournalUnavailable {
        ConsentRecord.Given given = given(CALLER);
        store.log.add(given);
        Standing standing = standing(CALLER);
        Level recorded = with(Purpose.RECORDING);

        DurableGrant grant = journal.reaffirm(again(given.id(), CALLER, recorded), standing);
        assertThat(grant.record()).isEqualTo(given.id());
        assertThat(grant.purposes()).containsExactly(Purpose.ASSISTANT, Purpose.RECORDING);
        assertThat(store.log.getLast()).isInstanceOf(ConsentRecord.Reaffirmed.class);

        for (ConsentRecord.Reaffirmed wrong :
                List.of(
                        again(given.id(), CALLER, with(Purpose.TRANSCRIPT)),
                        again(given.id(), OTHER, BASIS),
                        again(UUID.randomUUID(), CALLER, BASIS))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> journal.reaffirm(wrong, standing));
        }
    }

    /**
     * Neither a new consent nor an earlier one; what ends or refuses one is written all the same.
     */
    @Test
    void nothingIsGrantedOnAStoreThatIsNotToBeBelieved() throws JournalUnavailable {
        ConsentRecord.Given given = given(CALLER);
        store.log.add(given);
        Standing standing = standing(CALLER);
        store.doubted = true;
        List<ThrowingCallable> grants =
                List.of(
                        () -> journal.give(given(CALLER)),
                        () -> journal.reaffirm(again(given.id(), CALLER, BASIS), standing),
                        () ->
                                journal.use(
                                        UUID.randomUUID(), NOW, call(CALLER), notice(), standing));
        for (ThrowingCallable grant : grants) {
            assertThatExceptionOfType(JournalUnavailable.class).isThrownBy(grant);
        }
        assertThat(store.log).containsExactly(given);
        assertThat(journal.writeNowOrLater(withdrawn(CALLER))).isEqualTo(Durability.STORED);
    }

    @Test
    void whatStoresAnythingIsNeverUsedWithoutAQuestion() throws JournalUnavailable {
        ConsentValidity both = validity(BASIS, with(Purpose.TRANSCRIPT));
        ConsentRecord.Given given = given(CALLER);
        store.log.add(
                new ConsentRecord.Given(
                        given.id(),
                        given.at(),
                        given.call(),
                        given.notice(),
                        new ConsentRules(
                                        List.of(BASIS, with(Purpose.TRANSCRIPT)),
                                        Period.ZERO,
                                        ZoneOffset.UTC)
                                .grant(with(Purpose.TRANSCRIPT), NOW, true, List.of()),
                        null));
        Standing standing = standing(CALLER, both);

        assertThat(standing.holds(given.id())).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        journal.use(UUID.randomUUID(), NOW, call(CALLER), notice(), standing));
    }

    private static Level with(Purpose more) {
        return Level.of(
                "more",
                List.of(Purpose.ASSISTANT, more),
                BASIS.validity(),
                BASIS.retention(),
                false);
    }

    private static ConsentRecord.Reaffirmed again(UUID grant, Subject subject, Level level) {
        return new ConsentRecord.Reaffirmed(
                UUID.randomUUID(),
                NOW,
                call(subject),
                notice(),
                new Grant(level, NOW, NOW, null, List.of()),
                grant);
    }

    @Test
    void whatNeitherStoreNorDiskTakesIsHeldInMemoryUpToACapAndCountedBeyond() {
        store.down = true;
        for (int i = 0; i < ConsentJournal.MAX_IN_MEMORY + 3; i++) {
            assertThat(journal.writeNowOrLater(withdrawn(CALLER))).isEqualTo(Durability.HELD);
        }
        assertThat(journal.lost()).isEqualTo(3);
        assertThat(journal.writeKept()).isEqualTo(ConsentJournal.MAX_IN_MEMORY);

        store.down = false;
        assertThat(journal.writeKept()).isZero();
        assertThat(store.log).hasSize(ConsentJournal.MAX_IN_MEMORY);
    }

    @Test
    void whatIsKeptIsWrittenOldestFirstUntilTheStoreRefuses() {
        ConsentRecord.Withdrawn first = withdrawn(CALLER);
        ConsentRecord.Withdrawn second = withdrawn(OTHER);
        assertThat(journal.writeNowOrLater(withdrawn(CALLER))).isEqualTo(Durability.STORED);
        store.down = true;
        assertThat(journal.writeNowOrLater(first, second, withdrawn(CALLER)))
                .isEqualTo(Durability.HELD);
        store.down = false;
        store.room = 2;

        assertThat(journal.writeKept()).as("what still waits").isEqualTo(1);
        assertThat(store.log).hasSize(3).endsWith(first, second);
    }

    /** Its pseudonym is that of the key of then; the store finds under all of them. */
    @Test
    void whatIsKeptCountsWhenThePseudonymKeyHasChanged() throws JournalUnavailable {
        ConsentRecord.Given given = given(CALLER);
        store.log.add(given);
        store.down = true;
        Durability _ = journal.writeNowOrLater(withdrawn(CALLER, given.id()));
        var now = new Subject("ef", List.of(CALLER.pseudonym()));

        assertThat(standing(now).status()).isInstanceOf(ConsentStatus.Withdrawn.class);
        assertThat(journal.inForce(now, NOW))
                .as("in memory alone: it counts, and nobody is told that there is none")
                .isEqualTo(new ConsentInForce.Found(List.of(), false));
        assertThat(standing(new Subject("ef", List.of("gh"))).status())
                .isInstanceOf(ConsentStatus.None.class);
    }

    @Test
    void aPurposeThatEndedCountsBeforeTheStoreHasIt() throws JournalUnavailable {
        ConsentRecord.Given given = given(CALLER);
        store.log.add(given);
        store.down = true;
        assertThat(journal.announced(List.of(ended(given, Outcome.ENDED))))
                .isEqualTo(Durability.HELD);
        Durability _ = journal.writeNowOrLater(ended(given, Outcome.REFUSED));

        assertThat(standing(CALLER).status()).isInstanceOf(ConsentStatus.Withdrawn.class);
        store.down = false;
        assertThat(journal.writeKept()).isZero();
        assertThat(standing(CALLER).status()).isInstanceOf(ConsentStatus.Withdrawn.class);
    }

    @Test
    void aPurposeThatWasNotGrantedEndsNothing() throws JournalUnavailable {
        ConsentRecord.Given given = given(CALLER);
        store.log.add(given);
        store.down = true;
        Durability _ = journal.writeNowOrLater(ended(given, Outcome.REFUSED));

        assertThat(standing(CALLER).holds(given.id())).isTrue();
    }

    private static ConsentRecord.PurposeDecided ended(ConsentRecord.Given given, Outcome outcome) {
        return new ConsentRecord.PurposeDecided(
                UUID.randomUUID(),
                NOW,
                call(CALLER),
                given.id(),
                Purpose.ASSISTANT,
                outcome,
                Method.KEY,
                List.of());
    }

    /** A clock that may be wrong has less relied on, and never more. */
    @Test
    void aNumberStaysSharedWhereWhatANoWasSaidBesideMayHaveRunOut() throws Exception {
        ConsentRecord.Given given = given(CALLER);
        var refused =
                new ConsentRecord.Refused(
                        UUID.randomUUID(), NOW, given.call(), notice(), List.of(), given.id());
        Instant from = NOW.plus(Duration.ofDays(10));
        Instant until = from.plus(Duration.ofDays(365));
        var form =
                new ConsentRecord.Imported(
                        UUID.randomUUID(),
                        from,
                        CALLER,
                        notice(),
                        new Grant(BASIS, from, until, until, List.of()),
                        new ConsentRecord.Provenance(
                                ConsentRecord.Provenance.Source.WEB,
                                "form",
                                "A-1",
                                ConsentRecord.Provenance.Identified.CODE,
                                true,
                                "Ada"));
        LogPosition _ = journal.write(given, refused, form);
        Instant latest = NOW.plus(Duration.ofDays(370));

        Standing inDoubt = standing(CALLER, validity(BASIS), from, latest);
        assertThat(inDoubt.status()).isInstanceOf(ConsentStatus.Shared.class);
        assertThat(inDoubt.found()).isInstanceOf(ConsentStatus.Shared.class);
        assertThat(standing(CALLER, validity(BASIS), latest, latest).holds(form.id()))
                .as("it has run out")
                .isTrue();
        assertThat(standing(CALLER, validity(BASIS), from, until).status())
                .as("the form itself may have run out")
                .isInstanceOf(ConsentStatus.Expired.class);
    }

    @Test
    void whatIsInMemoryGoesToTheDiskAsSoonAsThatTakesItAndAWithdrawalFirst() {
        var disk = new FullDisk();
        var waiting = new ConsentJournal(store, disk, Duration.ofSeconds(10), UUID::randomUUID);
        store.down = true;
        ConsentRecord.Withdrawn end = withdrawn(CALLER);
        assertThat(waiting.writeNowOrLater(hungUp(), hungUp(), end)).isEqualTo(Durability.HELD);
        disk.room = 2;

        assertThat(waiting.writeKept()).isEqualTo(3);
        assertThat(disk.kept).hasSize(2).startsWith(end);
        assertThat(waiting.writeKept()).isEqualTo(3);
        store.down = false;
        assertThat(waiting.writeKept()).isZero();
        assertThat(disk.kept).isEmpty();
        assertThat(store.log).hasSize(3).startsWith(end);
    }

    @Test
    void whatEndsAConsentIsWrittenBeforeAllThatWaitsWithIt() {
        store.down = true;
        ConsentRecord.Withdrawn end = withdrawn(CALLER);
        Durability _ = journal.writeNowOrLater(hungUp(), hungUp(), end, hungUp());
        store.down = false;
        store.room = 1;

        assertThat(journal.writeKept()).isEqualTo(3);
        assertThat(store.log).containsExactly(end);
    }

    @Test
    void hangUpsNeverTakeThePlaceOfAWithdrawal() {
        store.down = true;
        for (int i = 0; i < ConsentJournal.MAX_IN_MEMORY + 1; i++) {
            Durability _ = journal.writeNowOrLater(hungUp());
        }
        assertThat(journal.lost()).isEqualTo(1);
        Durability _ = journal.writeNowOrLater(withdrawn(CALLER));
        assertThat(journal.lost()).as("it has a place of its own").isEqualTo(1);

        store.down = false;
        assertThat(journal.writeKept()).isZero();
        assertThat(store.log)
                .hasSize(ConsentJournal.MAX_IN_MEMORY + 1)
                .first()
                .isInstanceOf(ConsentRecord.Withdrawn.class);
    }

    @Test
    void aBatchOfWhichTheStoreHasAPartAlreadyIsWrittenOneByOne() {
        ConsentRecord.Withdrawn first = withdrawn(CALLER);
        ConsentRecord.Withdrawn there = withdrawn(OTHER);
        store.down = true;
        Durability _ = journal.writeNowOrLater(first, there, hungUp());
        store.down = false;
        store.log.add(there);

        assertThat(journal.writeKept()).isZero();
        assertThat(store.log).hasSize(3).containsOnlyOnce(first, there);
    }

    @Test
    void whatTheStoreRefusesForItselfKeepsNothingElseWaiting() {
        ConsentRecord.Withdrawn refused = withdrawn(OTHER);
        ConsentRecord.Unanswered too = hungUp();
        ConsentRecord.Withdrawn behind = withdrawn(CALLER);
        store.down = true;
        Durability _ = journal.writeNowOrLater(refused, behind, too, hungUp());
        store.down = false;
        store.refuses.addAll(Set.of(refused.id(), too.id()));

        assertThat(journal.writeKept()).isEqualTo(2);
        assertThat(store.log).hasSize(2).startsWith(behind);
        store.asked = 0;
        assertThat(journal.writeKept()).isEqualTo(2);
        assertThat(journal.writeKept()).isEqualTo(2);
        assertThat(store.asked).as("one of them at a time").isEqualTo(2);

        store.refuses.remove(too.id());
        assertThat(journal.writeKept() + journal.writeKept()).as("each in turn").isEqualTo(2 + 1);
        store.refuses.clear();
        assertThat(journal.writeKept()).isZero();
        assertThat(store.log).hasSize(4).contains(refused, too);
    }

    @Test
    void theEndOfAGrantThatIsRefusedWaitsWithIt() {
        ConsentRecord.Given given = given(CALLER);
        store.late = true;
        assertThatExceptionOfType(JournalUnavailable.class).isThrownBy(() -> journal.give(given));
        ConsentRecord.Withdrawn behind = withdrawn(OTHER);
        Durability _ = journal.writeNowOrLater(behind);
        store.late = false;
        store.refuses.add(given.id());

        assertThat(journal.writeKept()).isEqualTo(2);
        assertThat(journal.writeKept()).isEqualTo(2);
        assertThat(store.log).containsExactly(behind);
        store.refuses.clear();
        assertThat(journal.writeKept()).as("first the grant").isEqualTo(1);
        assertThat(journal.writeKept()).isZero();
        assertThat(store.log).extracting(ConsentRecord::id).element(1).isEqualTo(given.id());
        assertThat(store.log.getLast())
                .isInstanceOfSatisfying(
                        ConsentRecord.Withdrawn.class,
                        end -> assertThat(end.grant()).isEqualTo(given.id()));
    }

    private static ConsentRecord.Unanswered hungUp() {
        return new ConsentRecord.Unanswered(
                UUID.randomUUID(),
                NOW,
                call(CALLER),
                notice(),
                Unclear.HANGUP_DURING_QUESTION,
                List.of());
    }

    @Test
    void aGrantThatNeverReachedTheStoreIsWrittenBeforeItsEnd() throws JournalUnavailable {
        ConsentRecord.Given given = given(CALLER, UUID.randomUUID());
        store.late = true;
        assertThatExceptionOfType(JournalUnavailable.class).isThrownBy(() -> journal.give(given));
        store.late = false;
        assertThat(journal.writeKept()).isZero();

        assertThat(store.log)
                .hasSize(2)
                .first()
                .isInstanceOfSatisfying(
                        ConsentRecord.Given.class,
                        late -> {
                            assertThat(late.id()).isEqualTo(given.id());
                            assertThat(late.subject()).as("nobody has to find it").isNull();
                            assertThat(late.supersedes()).as("nor what it ends").isNull();
                        });
        assertThat(store.log.getLast())
                .isInstanceOfSatisfying(
                        ConsentRecord.Withdrawn.class,
                        end -> assertThat(end.grant()).isEqualTo(given.id()));
        assertThat(standing(CALLER).status()).isInstanceOf(ConsentStatus.None.class);
    }

    @Test
    void theOtherCallsUnderAConsentAreCutBeforeItsEndIsWritten() throws JournalUnavailable {
        var written = new ArrayList<Integer>();
        ConsentRecord.Given given = given(CALLER);
        DurableGrant grant = journal.give(given);
        Runnable cut = () -> written.add(store.log.size());
        try (var _ = journal.inUse().begin(grant, _ -> cut.run())) {
            journal.write(withdrawn(CALLER, given.id()));
            assertThat(written).as("the grant alone").containsExactly(1);
        }
    }

    @Test
    void whatAnotherNodeAnnouncesCutsTheCallsHereBeforeAnybodyTriesToWriteIt()
            throws JournalUnavailable {
        ConsentRecord.Given given = given(CALLER);
        DurableGrant grant = journal.give(given);
        var told = new ArrayList<EndOfConsent.How>();
        store.down = true;
        try (var _ = journal.inUse().begin(grant, told::add)) {
            assertThat(journal.announced(List.of(withdrawn(CALLER, given.id()))))
                    .isEqualTo(Durability.HELD);
            assertThat(told).hasSize(1);
        }
    }

    @Test
    void aConsentThatEndsDuringATalkIsWrittenAsEndedBehindIt() throws JournalUnavailable {
        ConsentRecord.Given given = given(CALLER);
        DurableGrant grant = journal.give(given);
        var expiries = new Expiries(store, journal, UUID::randomUUID);
        Instant later = NOW.plus(Duration.ofDays(366));
        var told = new ArrayList<EndOfConsent.How>();
        try (var _ = journal.inUse().begin(grant, told::add)) {
            assertThat(expiries.write(later)).as("it holds to the end of the call").isZero();
        }
        assertThat(told).isEmpty();
        assertThat(expiries.write(later)).isEqualTo(1);
    }

    @Test
    void whoWasNotToldOfAWithdrawalIsWrittenOnce() throws JournalUnavailable {
        ConsentRecord.Given given = given(CALLER);
        ConsentRecord.Withdrawn withdrawn = withdrawn(CALLER, given.id());
        var asked = new ArrayList<Instant>();
        var holders =
                new UntoldHolders(
                        new UntoldHolders.Untold() {
                            @Override
                            public Page untold(
                                    Instant after,
                                    Instant until,
                                    @Nullable UUID behind,
                                    int limit) {
                                asked.add(after);
                                asked.add(until);
                                return new Page(List.of(withdrawn), null);
                            }

                            @Override
                            public List<ConsentRecord.AssistantOpened> untoldUnder(UUID grant) {
                                return List.of(
                                        opened(given, "desk"),
                                        opened(given, "desk"),
                                        opened(given, "night"));
                            }
                        },
                        journal,
                        UUID::randomUUID);

        assertThat(holders.write(NOW)).as("desk and night").isEqualTo(2);
        assertThat(store.log)
                .allSatisfy(record ->
                        assertThat(record)
                                .isInstanceOfSatisfying(
                                        ConsentRecord.HolderNotified.class,
                                        told -> {
                                            assertThat(told.delivered()).isFalse();
                                            assertThat(told.end().grant()).isEqualTo(given.id());
                                        }));
        holders.write(NOW.plusSeconds(60));
        assertThat(asked.get(1)).as("a call has a minute to tell").isEqualTo(NOW.minusSeconds(60));
        assertThat(asked.get(2)).as("not the whole week again").isEqualTo(NOW.minusSeconds(120));
    }

    /** Of a consent with a million talks, say. */
    @Test
    void aConsentWhoseTalksCannotBeReadKeepsNoOtherHolderFromBeingTold() throws JournalUnavailable {
        ConsentRecord.Given crowded = given(CALLER);
        ConsentRecord.Given given = given(CALLER);
        var asked = new ArrayList<Instant>();
        var unreadable = new AtomicBoolean(true);
        var holders =
                new UntoldHolders(
                        new UntoldHolders.Untold() {
                            @Override
                            public Page untold(
                                    Instant after,
                                    Instant until,
                                    @Nullable UUID behind,
                                    int limit) {
                                asked.add(after);
                                return new Page(
                                        List.of(
                                                withdrawn(CALLER, crowded.id()),
                                                withdrawn(CALLER, given.id())),
                                        null);
                            }

                            @Override
                            public List<ConsentRecord.AssistantOpened> untoldUnder(UUID grant)
                                    throws JournalUnavailable {
                                if (grant.equals(crowded.id()) && unreadable.get()) {
                                    throw new JournalUnavailable("no answer", true);
                                }
                                return List.of(opened(given, "desk"));
                            }
                        },
                        journal,
                        UUID::randomUUID);

        assertThatExceptionOfType(JournalUnavailable.class).isThrownBy(() -> holders.write(NOW));
        assertThat(store.log)
                .singleElement()
                .isInstanceOfSatisfying(
                        ConsentRecord.HolderNotified.class,
                        told -> assertThat(told.end().grant()).isEqualTo(given.id()));
        unreadable.set(false);
        assertThat(holders.write(NOW.plusSeconds(60))).isEqualTo(2);
        assertThat(asked.get(1))
                .as("it is looked for as far back as before")
                .isEqualTo(asked.get(0).plusSeconds(60));
    }

    private static ConsentRecord.AssistantOpened opened(
            ConsentRecord.Given given, String assistant) {
        return new ConsentRecord.AssistantOpened(
                UUID.randomUUID(), NOW, given.call(), given.id(), assistant);
    }

    @Test
    void expiriesAreWrittenInBatches() throws JournalUnavailable {
        for (int i = 0; i < Expiries.BATCH + 1; i++) {
            store.log.add(given(CALLER));
        }
        var expiries = new Expiries(store, journal, UUID::randomUUID);
        Instant later = NOW.plus(Duration.ofDays(366));

        assertThat(expiries.write(later)).isEqualTo(Expiries.BATCH);
        assertThat(expiries.write(later)).isEqualTo(1);
        assertThat(expiries.write(later)).isZero();
    }
}
