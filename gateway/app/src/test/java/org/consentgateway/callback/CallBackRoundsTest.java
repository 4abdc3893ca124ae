package org.consentgateway.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.consentgateway.call.far.OpeningHours;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.CallBackStore;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.SubjectRequest.Asked;
import org.consentgateway.consent.request.SubjectRequest.CallBackDue;
import org.consentgateway.consent.request.SubjectRequest.CallBackPlaced;
import org.consentgateway.consent.request.SubjectRequest.Opened;
import org.consentgateway.sip.sdp.Srtp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is called back, when, and how often: over a store and a telephone of the test. */
class CallBackRoundsTest {
    private static final String NUMBER = "+491710000001";
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final NoticeRef NOTICE =
            new NoticeRef("demo", "1", "de", "a", "00", "11", new Notice.Controller("M", "", "DE"));

    private final Memory store = new Memory();
    private final List<String> called = new CopyOnWriteArrayList<>();
    private final List<CallFacts> underWay = new ArrayList<>();
    private final Map<CallBackResult, Integer> told = new ConcurrentHashMap<>();

    /** In the middle of a day in Berlin. */
    private Instant now = Instant.parse("2026-11-28T12:00:00Z");

    private long nanos;
    private boolean draining;
    private boolean fails;
    private CallBackTerms terms = terms("+49");
    private CallBackResult answer = CallBackResult.CONFIRMED;
    private CountDownLatch talk = new CountDownLatch(0);
    private CallBackRounds rounds = rounds();

    private static CallBackTerms terms(String prefix) {
        return terms(prefix, OpeningHours.of(List.of("mon-sun 08:00-20:00"), List.of()));
    }

    private static CallBackTerms terms(String prefix, OpeningHours hours) {
        return new CallBackTerms(
                Map.of(
                        "privacy",
                        new CallBackTerms.OfLine(
                                "+4930123458",
                                "demo",
                                List.of(prefix),
                                hours,
                                BERLIN,
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(6))),
                Map.of(
                        "carrier",
                        new CallBackTerms.ByTrunk("sbc.example.com:5060", false, Srtp.OFF)));
    }

    private CallBackRounds rounds() {
        return new CallBackRounds(
                store,
                (due, way, writing) -> {
                    called.add(way.target());
                    try {
                        talk.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    if (fails) {
                        throw new IllegalStateException("a mistake of ours");
                    }
                    CallBackResult _ = writing.write(answer);
                },
                new CallBackRounds.Here(() -> terms, () -> underWay, () -> !draining),
                result -> told.merge(result, 1, Integer::sum),
                () -> now,
                () -> nanos);
    }

    private void passes(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
    }

    private void turn() throws Exception {
        rounds.turn();
    }

    /** Far enough behind the call for a call back. */
    private void turnsLater() throws Exception {
        turn();
        passes(Duration.ofSeconds(21));
        turn();
    }

    private void isCalled(int times) {
        await().atMost(Duration.ofSeconds(5)).until(() -> called.size() == times);
    }

    private void isSettled(Opened request, CallBackResult result) {
        await().atMost(Duration.ofSeconds(5))
                .until(() -> store.settled.get(request.id()) == result);
    }

    private CallFacts call() {
        return new CallFacts(
                UUID.randomUUID(), "5a", "carrier", "privacy", now, null, true, false, true);
    }

    private Opened asks(CallFacts call, String number) {
        return store.ask(call, number, now);
    }

    @Test
    void theNumberIsCalledOnceSomeTimeAfterItsCall() throws Exception {
        CallFacts call = call();
        underWay.add(call);
        Opened request = asks(call, NUMBER);
        turnsLater();
        assertThat(called).as("while it talks to us").isEmpty();
        underWay.clear();
        turn();
        passes(Duration.ofSeconds(19));
        turn();
        assertThat(called).as("hardly hung up").isEmpty();
        passes(Duration.ofSeconds(2));
        turn();

        isSettled(request, CallBackResult.CONFIRMED);
        assertThat(called).containsExactly("sip:" + NUMBER + "@sbc.example.com:5060");
        turnsLater();
        turnsLater();
        assertThat(called).hasSize(1);
        assertThat(told).containsExactly(Map.entry(CallBackResult.CONFIRMED, 1));
    }

    @Test
    void noServiceIsCalledWhoeverNamesItsNumber() throws Exception {
        Opened dear = asks(call(), "+499001234567");
        turnsLater();

        isSettled(dear, CallBackResult.NOT_DIALLED);
        assertThat(called).isEmpty();
    }

    @Test
    void nobodyIsCalledAtNight() throws Exception {
        now = Instant.parse("2026-11-28T19:30:00Z"); // half past eight
        Opened request = asks(call(), NUMBER);
        turnsLater();
        passes(Duration.ofHours(11)); // half past seven
        turn();
        assertThat(called).isEmpty();
        passes(Duration.ofMinutes(31));
        turn();

        isSettled(request, CallBackResult.CONFIRMED);
    }

    /** Found in the product before: who asked on a Friday evening was called at no time. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mon-sun 08:00-20:00",
                "mon-fri 09:00-17:00",
                "mon-fri 10:00-15:00",
                "tue 00:00-24:00,fri-sun 07:00-08:00"
            })
    void whoeverAsksIsCalledWheneverThatIs(String spans) throws Exception {
        OpeningHours hours = OpeningHours.of(List.of(spans.split(",", -1)), List.of());
        assertThat(hours.longestClosed()).isLessThanOrEqualTo(CallBackRounds.LONGEST_CLOSED);
        terms = terms("+49", hours);
        ZonedDateTime week = LocalDate.of(2026, 10, 19).atStartOfDay(BERLIN); // clocks go back
        for (int hour = 0; hour < 7 * 24; hour++) {
            now = week.plusHours(hour).minusSeconds(10).toInstant();
            rounds = rounds();
            Opened request = asks(call(), NUMBER);
            turnsLater();
            while (!hours.open(now.atZone(BERLIN))) {
                passes(Duration.ofMinutes(15));
                turn();
            }
            await(request.at().toString())
                    .atMost(Duration.ofSeconds(5))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> store.settled.containsKey(request.id()));
            assertThat(store.settled.get(request.id()))
                    .as(request.at().atZone(BERLIN).toString())
                    .isEqualTo(CallBackResult.CONFIRMED);
        }
    }

    @Test
    void aRestartNeitherLosesACallBackNorCallsTwice() throws Exception {
        Opened waits = asks(call(), NUMBER);
        Opened wasCalled = asks(call(), "+491710000002");
        store.placed.put(wasCalled.id(), now);
        rounds = rounds();
        turnsLater();

        isSettled(waits, CallBackResult.CONFIRMED);
        assertThat(called).hasSize(1);
        assertThat(store.settled).doesNotContainKey(wasCalled.id());
        passes(CallBackRounds.ABANDONED);
        turn();
        isSettled(wasCalled, CallBackResult.INTERRUPTED);
        assertThat(called).hasSize(1);
    }

    @Test
    void aCallThatFailsIsNotMadeAgainAndConfirmsNothing() throws Exception {
        fails = true;
        Opened request = asks(call(), NUMBER);
        turnsLater();
        isCalled(1);
        fails = false;
        passes(CallBackRounds.ABANDONED.plusSeconds(1));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> {
                    turn();
                    return store.settled.get(request.id()) == CallBackResult.INTERRUPTED;
                });
        assertThat(called).hasSize(1);
    }

    /** Found in the product before: closed as not confirmed, ten minutes later. */
    @Test
    void whatWasPressedIsWrittenWhenTheStoreIsThereAgain() throws Exception {
        Opened request = asks(call(), NUMBER);
        store.settlesNot = 3;
        turnsLater();
        isCalled(1);
        await().atMost(Duration.ofSeconds(5)).until(() -> store.settlesNot < 3);
        passes(CallBackRounds.ABANDONED.plusSeconds(1));
        await().atMost(Duration.ofSeconds(5))
                .ignoreExceptionsInstanceOf(JournalUnavailable.class)
                .until(() -> {
                    turn();
                    return store.settled.containsKey(request.id());
                });

        assertThat(store.settled).containsEntry(request.id(), CallBackResult.CONFIRMED);
        assertThat(called).hasSize(1);
        assertThat(told).containsExactly(Map.entry(CallBackResult.CONFIRMED, 1));
    }

    /** Found in the product before: never called, and closed as interrupted ten minutes later. */
    @Test
    void whoIsToBeCalledIsCalledOnceWhereTheStoreTookItAndDidNotTell() throws Exception {
        Opened request = asks(call(), NUMBER);
        store.tellsNot = 1;
        turnsLater();
        turnsUntilSettled(request);

        assertThat(store.settled).containsEntry(request.id(), CallBackResult.CONFIRMED);
        assertThat(called).hasSize(1);
    }

    /** Found in the product before: nobody was called for an hour. */
    @Test
    void whomTheStoreDoesNotTakeUsesUpNothing() throws Exception {
        Opened request = asks(call(), NUMBER);
        store.takesNot = CallBackRounds.AN_HOUR + 1;
        turnsLater();
        turnsUntilSettled(request);

        assertThat(store.settled).containsEntry(request.id(), CallBackResult.CONFIRMED);
        assertThat(Duration.ofNanos(nanos)).isLessThan(Duration.ofHours(1));
        assertThat(called).hasSize(1);
    }

    /** While the store is away it is not asked twice a second. */
    @Test
    void theStoreIsGivenTimeToComeBack() throws Exception {
        asks(call(), NUMBER);
        store.takesNot = 1000;
        turnsLater();
        await().atMost(Duration.ofSeconds(5)).until(() -> store.takesNot == 999);
        await().during(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(5))
                .until(() -> {
                    turn();
                    return store.takesNot == 999;
                });
    }

    /** A second in each turn, so that the calls beside them have their time. */
    private void turnsUntilSettled(Opened request) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    passes(Duration.ofSeconds(1));
                    turn();
                    return store.settled.containsKey(request.id());
                });
    }

    @Test
    void ofTwoNodesOneCalls() throws Exception {
        Opened request = asks(call(), NUMBER);
        var other = rounds();
        other.turn();
        turn();
        passes(Duration.ofSeconds(21));
        other.turn();
        turn();

        isSettled(request, CallBackResult.CONFIRMED);
        await().during(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(5))
                .until(() -> called.size() == 1);
    }

    @Test
    void whoAskedOnAnotherNodeIsGivenTimeToHangUp() throws Exception {
        store.here = false;
        Opened request = asks(call(), NUMBER);
        turnsLater();
        assertThat(called).isEmpty();
        passes(CallBackRounds.ABANDONED);
        turn();

        isSettled(request, CallBackResult.CONFIRMED);
    }

    @Test
    void onlySoManyAreCalledAtOnceAndInAnHour() throws Exception {
        talk = new CountDownLatch(1);
        for (int i = 0; i < CallBackRounds.AN_HOUR + 10; i++) {
            asks(call(), "+4917100000%02d".formatted(i));
        }
        turnsLater();
        isCalled(CallBackRounds.AT_ONCE);
        turnsLater();
        assertThat(called).hasSize(CallBackRounds.AT_ONCE);
        talk.countDown();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> {
                    turn();
                    return store.settled.size() == CallBackRounds.AN_HOUR;
                });
        passes(Duration.ofMinutes(30));
        turn();
        assertThat(called).hasSize(CallBackRounds.AN_HOUR);
        passes(Duration.ofMinutes(31));
        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> {
                    turn();
                    return store.settled.size() == CallBackRounds.AN_HOUR + 10;
                });
    }

    @Test
    void whatCannotBeCalledBackIsClosedAndNobodyIsCalled() throws Exception {
        Opened abroad = asks(call(), "+3585551234");
        Opened otherTrunk =
                store.ask(
                        new CallFacts(
                                UUID.randomUUID(),
                                "",
                                "gone",
                                "privacy",
                                now,
                                null,
                                true,
                                false,
                                true),
                        NUMBER,
                        now);
        Opened late = store.ask(call(), NUMBER, now.minus(Duration.ofHours(71)));
        Opened erased = asks(call(), NUMBER);
        store.due.remove(erased.id());
        turnsLater();

        isSettled(abroad, CallBackResult.NOT_DIALLED);
        isSettled(otherTrunk, CallBackResult.NOT_DIALLED);
        isSettled(late, CallBackResult.TOO_LATE);
        isSettled(erased, CallBackResult.TOO_LATE);
        assertThat(called).isEmpty();
    }

    @Test
    void whileTheProcessEndsNobodyIsCalled() throws Exception {
        asks(call(), NUMBER);
        draining = true;
        turnsLater();
        draining = false;
        rounds.close();
        turnsLater();

        assertThat(called).isEmpty();
        assertThat(store.placed).isEmpty();
    }

    @Test
    void whoAskedOnTwoNodesAtOneMomentIsCalledOnce() throws Exception {
        Opened first = asks(call(), NUMBER);
        Opened second = asks(call(), NUMBER);
        Opened another = asks(call(), "+491710000002");
        CallBackRounds otherNode = rounds();
        turnsLater();
        otherNode.turn();
        passes(Duration.ofSeconds(21));
        otherNode.turn();

        isCalled(2);
        isSettled(first, CallBackResult.CONFIRMED);
        isSettled(another, CallBackResult.CONFIRMED);
        isSettled(second, CallBackResult.ASKED_TWICE);
        assertThat(store.placed).doesNotContainKey(second.id());
    }

    @Test
    void whomAnotherNodeHasCalledAlreadyIsNotCalledForAnOlderRequest() throws Exception {
        Opened older = asks(call(), NUMBER);
        Opened called = asks(call(), NUMBER);
        store.placed.put(called.id(), now);
        turnsLater();

        isSettled(older, CallBackResult.ASKED_TWICE);
        assertThat(this.called).isEmpty();
        assertThat(store.settled).doesNotContainKey(called.id());
    }

    @Test
    void mostTurnsAskTheStoreNothing() throws Exception {
        for (int i = 0; i < 15; i++) {
            turn();
            passes(Duration.ofMillis(500));
        }

        assertThat(store.looks).isEqualTo(1);
    }

    /** What is written is written once, as in the ledger. */
    private static final class Memory implements CallBackStore {
        private final Map<UUID, Opened> opened = new ConcurrentHashMap<>();
        private final List<Opened> order = new CopyOnWriteArrayList<>();
        private final Map<UUID, CallBackDue> due = new ConcurrentHashMap<>();
        private final Map<UUID, Instant> placed = new ConcurrentHashMap<>();
        private final Map<UUID, UUID> placedBy = new ConcurrentHashMap<>();
        private final Map<UUID, CallBackResult> settled = new ConcurrentHashMap<>();
        private boolean here = true;
        private int looks;
        private volatile int settlesNot;
        private volatile int takesNot;
        private volatile int tellsNot;

        Opened ask(CallFacts call, String number, Instant at) {
            UUID id = UUID.randomUUID();
            var subject = new Subject("ab" + number.substring(1));
            var request =
                    new Opened(
                            id,
                            at,
                            SubjectRequest.Kind.ERASURE,
                            SubjectRequest.Channel.PRIVACY_LINE,
                            call,
                            "",
                            subject,
                            at.plus(Duration.ofDays(30)),
                            SubjectRequest.Confirmation.AWAITED);
            opened.put(id, request);
            order.add(request);
            due.put(
                    id,
                    new CallBackDue(
                            CallBackDue.idOf(id),
                            at,
                            Asked.of(request),
                            call,
                            NOTICE,
                            new PhoneNumber(number),
                            subject));
            return request;
        }

        @Override
        public List<Waiting> waiting(Duration deadline) {
            looks++;
            return order.stream()
                    .filter(one -> !settled.containsKey(one.id()))
                    .map(one -> new Waiting(one, due.get(one.id()), placed(one), here))
                    .toList();
        }

        private @Nullable CallBackPlaced placed(Opened request) {
            Instant at = placed.get(request.id());
            return at == null
                    ? null
                    : new CallBackPlaced(
                            CallBackPlaced.idOf(request.id()),
                            at,
                            Asked.of(request),
                            placedBy.getOrDefault(request.id(), request.id()));
        }

        @Override
        public boolean place(Opened request, UUID by, Instant at, Duration deadline)
                throws JournalUnavailable {
            if (takesNot > 0) {
                takesNot--;
                throw new JournalUnavailable("away", true);
            }
            if (placed.putIfAbsent(request.id(), at) == null) {
                placedBy.put(request.id(), by);
            }
            if (tellsNot > 0) {
                tellsNot--;
                throw new JournalUnavailable("taken, and nobody told so", true);
            }
            return by.equals(placedBy.get(request.id()));
        }

        @Override
        public CallBackResult settle(
                Opened request, CallBackResult result, Instant at, Duration deadline)
                throws JournalUnavailable {
            if (settlesNot > 0) {
                settlesNot--;
                throw new JournalUnavailable("away", true);
            }
            CallBackResult before = settled.putIfAbsent(request.id(), result);
            return before == null ? result : before;
        }
    }
}
