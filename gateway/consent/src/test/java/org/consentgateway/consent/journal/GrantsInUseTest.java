package org.consentgateway.consent.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.PurposeDecided.Outcome;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.ValidityPeriod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which records, written where, end a call that goes on. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GrantsInUseTest {
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
    private static final Subject CALLER = new Subject("ab12");
    private static final Level BASIS = level("basis", Purpose.ASSISTANT);
    private static final Level KOMFORT = level("komfort", Purpose.ASSISTANT, Purpose.TRANSCRIPT);

    private final GrantsInUse inUse = new GrantsInUse();
    private final AtomicInteger told = new AtomicInteger();
    private EndOfConsent.@Nullable How ended;
    private final DurableGrant grant =
            new DurableGrant(
                    UUID.randomUUID(),
                    KOMFORT,
                    null,
                    UUID.randomUUID(),
                    notice(),
                    new LogPosition("test", 0));

    private static Level level(String id, Purpose... purposes) {
        return Level.of(
                id, List.of(purposes), ValidityPeriod.parse("P12M"), Period.ofYears(3), false);
    }

    private GrantsInUse.Use use() {
        return use(inUse);
    }

    private GrantsInUse.Use use(GrantsInUse in) {
        return in.begin(
                grant,
                how -> {
                    ended = how;
                    told.incrementAndGet();
                });
    }

    private static CallFacts call(UUID id) {
        return new CallFacts(id, "", "t", "l", NOW, CALLER, true, false, true);
    }

    private static NoticeRef notice() {
        return new NoticeRef("demo", "1", "de", "a", "", "", new Notice.Controller("", "", ""));
    }

    private static ConsentRecord.Withdrawn withdrawn(UUID grant, @Nullable CallFacts call) {
        return withdrawn(grant, call, NOW);
    }

    private static ConsentRecord.Withdrawn withdrawn(
            UUID grant, @Nullable CallFacts call, Instant at) {
        return new ConsentRecord.Withdrawn(
                UUID.randomUUID(),
                NOW,
                call,
                CALLER,
                "demo",
                grant,
                ConsentRecord.Withdrawn.Reason.CALLER,
                Method.KEY,
                at,
                null);
    }

    private static ConsentRecord.Given given(Level level, @Nullable UUID supersedes) {
        return new ConsentRecord.Given(
                UUID.randomUUID(),
                NOW,
                call(UUID.randomUUID()),
                notice(),
                new Grant(level, NOW, null, null, List.of()),
                supersedes);
    }

    /** A call goes on under the consent, and this happens. */
    private int toldOf(ConsentRecord record) {
        var other = new GrantsInUse();
        told.set(0);
        try (var _ = use(other)) {
            other.end(record);
            return told.get();
        }
    }

    @Test
    void whoIsWithdrawnOutsideIsToldBeforeThereIsARecordAndAlsoWhereTheCallBeginsLater() {
        try (var _ = use()) {
            inUse.withdrawn(UUID.randomUUID());
            assertThat(told).hasValue(0);
            inUse.withdrawn(grant.record());
            assertThat(ended).isEqualTo(EndOfConsent.How.WITHDRAWN);
        }
        try (var _ = use()) {
            assertThat(told).hasValue(2);
        }
    }

    /** Whoever watches calls knows nothing of them any more once they have ended. */
    @Test
    void aCallThatIsOverIsToldNothingThoughItWasFoundBefore() {
        var open = new ArrayList<GrantsInUse.Use>();
        for (int i = 0; i < 2; i++) {
            open.add(
                    inUse.begin(
                            grant,
                            _ -> {
                                told.incrementAndGet();
                                open.forEach(GrantsInUse.Use::close);
                            }));
        }
        inUse.withdrawn(grant.record());
        assertThat(told).hasValue(1);
    }

    @Test
    void aCallIsNotOverWhileItIsBeingTold() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        GrantsInUse.Use use =
                inUse.begin(
                        grant,
                        _ -> {
                            begun.countDown();
                            await(goOn);
                            told.incrementAndGet();
                        });
        Thread telling = Thread.ofVirtual().start(() -> inUse.withdrawn(grant.record()));
        begun.await();
        Thread closing =
                Thread.ofVirtual()
                        .start(() -> {
                            use.close();
                            ended = told.get() == 1 ? EndOfConsent.How.WITHDRAWN : null;
                        });
        assertThat(closing.join(Duration.ofMillis(100))).isFalse();
        goOn.countDown();
        closing.join();
        assertThat(ended).isEqualTo(EndOfConsent.How.WITHDRAWN);
        telling.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aWithdrawalInAnotherCallOrInNoneIsTold() {
        assertThat(toldOf(withdrawn(grant.record(), call(UUID.randomUUID())))).isEqualTo(1);
        assertThat(toldOf(withdrawn(grant.record(), null))).isEqualTo(1);
        assertThat(ended).isEqualTo(EndOfConsent.How.WITHDRAWN);
        assertThat(toldOf(withdrawn(UUID.randomUUID(), null))).as("another's").isZero();
    }

    @Test
    void whoBeginsUnderAConsentThatWasWithdrawnMeanwhileIsToldAtOnce() {
        inUse.end(withdrawn(UUID.randomUUID(), null));
        try (GrantsInUse.Use _ = use()) {
            assertThat(told).as("another's").hasValue(0);
        }
        inUse.end(withdrawn(grant.record(), call(UUID.randomUUID())));
        try (GrantsInUse.Use _ = use()) {
            assertThat(told).hasValue(1);
            assertThat(ended).isEqualTo(EndOfConsent.How.WITHDRAWN);
        }
    }

    @Test
    void whatTheCallItselfRecordedIsNotToldToIt() {
        assertThat(toldOf(withdrawn(grant.record(), call(grant.call())))).isZero();
    }

    @Test
    void aCallThatIsOverIsNotTold() {
        use().close();
        inUse.end(withdrawn(grant.record(), null));
        assertThat(told).hasValue(0);
    }

    @Test
    void whoChoosesLessIsToldAndWhoChoosesMoreOrRefusesIsNot() {
        assertThat(toldOf(given(BASIS, grant.record()))).isEqualTo(1);
        assertThat(toldOf(given(KOMFORT, grant.record()))).isZero();
        assertThat(toldOf(given(BASIS, null))).as("replaces nothing").isZero();
        assertThat(
                        toldOf(
                                new ConsentRecord.Refused(
                                        UUID.randomUUID(),
                                        NOW,
                                        call(UUID.randomUUID()),
                                        notice(),
                                        List.of(),
                                        grant.record())))
                .as("whoever says no need not be the one who agreed")
                .isZero();
    }

    @Test
    void whoEndsAPurposeIsToldInEveryOtherCallThatHasIt() {
        UUID here = grant.call();
        UUID elsewhere = UUID.randomUUID();
        ConsentRecord.PurposeDecided ends =
                decided(Purpose.TRANSCRIPT, Outcome.ENDED, Method.KEY, elsewhere);
        assertThat(toldOf(ends)).isEqualTo(1);
        assertThat(ended).isEqualTo(EndOfConsent.How.WITHDRAWN);
        assertThat(toldOf(decided(Purpose.TRANSCRIPT, Outcome.ENDED, Method.KEY, here)))
                .as("it goes on with the rest")
                .isZero();
        assertThat(toldOf(decided(Purpose.TRANSCRIPT, Outcome.ENDED, Method.NONE, here)))
                .as("by the API")
                .isEqualTo(1);
        assertThat(toldOf(decided(Purpose.RECORDING, Outcome.ENDED, Method.KEY, elsewhere)))
                .as("nobody has that here")
                .isZero();
        assertThat(toldOf(decided(Purpose.TRANSCRIPT, Outcome.REFUSED, Method.KEY, elsewhere)))
                .isZero();
        told.set(0);
        inUse.end(ends);
        try (GrantsInUse.Use _ = use()) {
            assertThat(told).as("who begins under it now as well").hasValue(1);
        }
    }

    /** In another call the consent was given again while one goes on under the old one. */
    private ConsentRecord.Renewed renewed(UUID renews) {
        return new ConsentRecord.Renewed(
                UUID.randomUUID(),
                NOW,
                call(UUID.randomUUID()),
                notice(),
                new Grant(KOMFORT, NOW, null, null, List.of()),
                renews);
    }

    @Test
    void whoWithdrawsWhatWasRenewedMeanwhileEndsTheCallUnderTheOldConsentToo() {
        ConsentRecord.Renewed once = renewed(grant.record());
        ConsentRecord.Renewed twice = renewed(once.id());
        for (UUID withdrawn : List.of(once.id(), twice.id())) {
            var other = new GrantsInUse();
            told.set(0);
            try (GrantsInUse.Use _ = use(other)) {
                other.end(once);
                other.end(twice);
                assertThat(told).as("to renew ends nothing").hasValue(0);
                other.end(withdrawn(withdrawn, call(UUID.randomUUID())));
                assertThat(told).hasValue(1);
            }
            told.set(0);
            try (GrantsInUse.Use _ = use(other)) {
                assertThat(told).as("who begins under it just then as well").hasValue(1);
            }
        }
        told.set(0);
        try (GrantsInUse.Use _ = use()) {
            inUse.end(once);
            inUse.withdrawn(once.id());
            assertThat(told).as("by the API, before there is a record").hasValue(1);
        }
    }

    @Test
    void whoWithdrawsTheOldConsentEndsTheCallUnderTheRenewedOneToo() {
        UUID old = UUID.randomUUID();
        var renewed =
                new ConsentRecord.Renewed(
                        grant.record(),
                        NOW,
                        call(grant.call()),
                        notice(),
                        new Grant(KOMFORT, NOW, null, null, List.of()),
                        old);
        inUse.end(renewed);
        try (GrantsInUse.Use _ = use()) {
            inUse.end(withdrawn(old, call(UUID.randomUUID()), NOW.minusSeconds(1)));
            assertThat(told).as("withdrawn before it was given again").hasValue(0);
            inUse.end(withdrawn(old, call(UUID.randomUUID())));
            assertThat(told).hasValue(1);
        }
    }

    @Test
    void aRenewalThatCameTooLateEndsNoCallUnderTheOldConsent() {
        ConsentRecord.Renewed renewed = renewed(grant.record());
        try (GrantsInUse.Use _ = use()) {
            inUse.end(renewed);
            inUse.end(
                    new ConsentRecord.Withdrawn(
                            UUID.randomUUID(),
                            NOW,
                            renewed.call(),
                            CALLER,
                            "demo",
                            renewed.id(),
                            ConsentRecord.Withdrawn.Reason.GRANT_CAME_LATE,
                            Method.NONE,
                            NOW,
                            null));
            assertThat(told).hasValue(0);
        }
    }

    @Test
    void whatHasReplacedAConsentOnAnotherNodeIsLookedForFromThenOn() throws JournalUnavailable {
        ConsentRecord.Renewed renewed = renewed(grant.record());
        try (GrantsInUse.Use _ = use()) {
            inUse.look(_ -> found(List.of(renewed), Set.of(), Set.of()));
            assertThat(told).hasValue(0);
            inUse.look(grants -> {
                assertThat(grants).containsExactlyInAnyOrder(grant.record(), renewed.id());
                return found(List.of(withdrawn(renewed.id(), null)), Set.of(), Set.of());
            });
            assertThat(told).hasValue(1);
        }
        told.set(0);
        var other = new GrantsInUse();
        try (GrantsInUse.Use _ = use(other)) {
            other.end(renewed);
            other.look(_ -> found(List.of(), Set.of(), Set.of(renewed.id())));
            assertThat(told).as("its end cannot be read").hasValue(1);
        }
    }

    @Test
    void theEndIsToldOnceHoweverOftenItIsFound() throws JournalUnavailable {
        try (GrantsInUse.Use _ = use()) {
            for (int second = 0; second < 3; second++) {
                inUse.look(_ ->
                        found(
                                List.of(withdrawn(grant.record(), null)),
                                Set.of(grant.record()),
                                Set.of(grant.record())));
            }
            inUse.withdrawn(grant.record());
            assertThat(told).hasValue(1);
        }
    }

    @Test
    void whatCouldNotBeToldIsToldAgain() {
        var failing = new AtomicInteger();
        try (GrantsInUse.Use _ =
                inUse.begin(
                        grant,
                        _ -> {
                            if (failing.getAndIncrement() == 0) {
                                throw new IllegalStateException("not now");
                            }
                            told.incrementAndGet();
                        })) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> inUse.end(withdrawn(grant.record(), null)));
            inUse.end(withdrawn(grant.record(), null));
            inUse.end(withdrawn(grant.record(), null));
            assertThat(told).hasValue(1);
        }
    }

    private ConsentRecord.PurposeDecided decided(
            Purpose purpose, Outcome outcome, Method method, UUID call) {
        return new ConsentRecord.PurposeDecided(
                UUID.randomUUID(),
                NOW,
                call(call),
                grant.record(),
                purpose,
                outcome,
                method,
                List.of());
    }

    @Test
    void whatOtherNodesWroteIsFoundInTheStore() throws JournalUnavailable {
        inUse.look(_ -> {
            throw new AssertionError("nothing is in use: the store is left alone");
        });
        try (GrantsInUse.Use _ = use()) {
            inUse.look(_ -> found(List.of(), Set.of(), Set.of()));
            assertThat(told).hasValue(0);
            inUse.look(grants ->
                    found(List.of(withdrawn(grants.iterator().next(), null)), Set.of(), Set.of()));
            assertThat(told).hasValue(1);
        }
    }

    @Test
    void anErasureEndsTheCallsUnderTheErasedConsent() throws JournalUnavailable {
        try (GrantsInUse.Use _ = use()) {
            inUse.look(_ -> found(List.of(), Set.of(UUID.randomUUID()), Set.of()));
            assertThat(told).as("another's").hasValue(0);
            inUse.look(grants -> found(List.of(), Set.copyOf(grants), Set.of()));
            assertThat(told).hasValue(1);
            assertThat(ended).isEqualTo(EndOfConsent.How.ERASED);
        }
    }

    @Test
    void anEndingThatCannotBeReadIsTakenForAWithdrawal() throws JournalUnavailable {
        try (GrantsInUse.Use _ = use()) {
            inUse.look(_ -> found(List.of(), Set.of(), Set.of(UUID.randomUUID())));
            assertThat(told).as("of another consent").hasValue(0);
            inUse.look(grants -> found(List.of(), Set.of(), Set.copyOf(grants)));
            assertThat(told).hasValue(1);
            assertThat(ended).isEqualTo(EndOfConsent.How.WITHDRAWN);
        }
    }

    private static GrantsInUse.Endings.Found found(
            List<ConsentRecord> records, Set<UUID> erased, Set<UUID> unreadable) {
        return new GrantsInUse.Endings.Found(records, erased, unreadable);
    }
}
