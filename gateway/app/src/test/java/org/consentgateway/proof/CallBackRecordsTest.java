package org.consentgateway.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.CallBackStore;
import org.consentgateway.consent.request.RequestDesk;
import org.consentgateway.consent.request.RequestDesk.Taken;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.consent.request.SubjectRequest.Kind;
import org.consentgateway.consent.request.SubjectRequest.Opened;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that wait for a call back, in a real log. */
class CallBackRecordsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String NUMBER = "+491710000001";
    private static final Answer ANSWER = new Answer("A. Beispiel", "name and address fit");

    @TempDir private Path directory;

    private Instant now = Instant.parse("2026-11-28T12:00:00Z");
    private Ledger ledger;
    private LedgerRequests requests;
    private RequestDesk desk;
    private CallBackStore callBacks;
    private RequestAnswers answers;
    private Subject caller;

    @BeforeEach
    void open() throws Exception {
        ledger = Ledger.open(TestLedger.in(directory), () -> now);
        requests = new LedgerRequests(ledger, "DE");
        desk = new RequestDesk(requests, PATIENCE, () -> EntryIds.next(now));
        callBacks = requests.callBacks("node-1");
        answers = new RequestAnswers(ledger, () -> now, "DE");
        caller = new LedgerPseudonyms(ledger.pseudonyms()).subject(NUMBER);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private Taken takes(Kind kind) throws Exception {
        var call =
                new CallFacts(
                        UUID.randomUUID(),
                        "5a",
                        "carrier",
                        "privacy",
                        now,
                        caller,
                        true,
                        false,
                        true);
        return desk.openToConfirm(
                kind,
                new RequestDesk.Requester(
                        call,
                        caller,
                        TestLedger.heard(
                                TestLedger.spoken("1"), new Notice.Controller("M", "", "DE")),
                        new PhoneNumber(NUMBER)),
                new RequestDesk.Times(now, now.plus(Duration.ofDays(30))));
    }

    private Opened asks(Kind kind) throws Exception {
        return takes(kind) instanceof Taken.ToConfirm(Opened opened) ? opened : fails();
    }

    private static Opened fails() {
        throw new AssertionError("was not taken");
    }

    private Opened only() throws Exception {
        return requests.unanswered(caller, PATIENCE).getFirst();
    }

    private void settles(CallBackResult result) throws Exception {
        CallBackStore.Waiting waiting = callBacks.waiting(PATIENCE).getFirst();
        assertThat(callBacks.place(waiting.request(), UUID.randomUUID(), now, PATIENCE)).isTrue();
        assertThat(callBacks.settle(waiting.request(), result, now, PATIENCE)).isEqualTo(result);
    }

    private List<EntryType> log() throws Exception {
        return ledger.reader().latest(100).reversed().stream().map(Entry::type).toList();
    }

    @Test
    void nothingIsErasedOrGivenOutBeforeKeyOne() throws Exception {
        Opened request = asks(Kind.ERASURE);

        assertThatThrownBy(() -> answers.approveErasure(request, ANSWER, caller, null))
                .isInstanceOf(RequestAnswers.NotAnswerable.class)
                .hasMessageContaining("call back");
        // Nor by somebody who says that it needs none.
        Opened unneeded = request.confirmation(SubjectRequest.Confirmation.NOT_NEEDED);
        assertThatThrownBy(() -> answers.approveErasure(unneeded, ANSWER, caller, null))
                .isInstanceOf(RequestAnswers.NotAnswerable.class);
        assertThatThrownBy(() -> answers.approveAccess(unneeded, ANSWER))
                .isInstanceOf(RequestAnswers.NotAnswerable.class);
        assertThat(log()).containsExactly(EntryType.REQUEST_OPENED, EntryType.CALL_BACK_DUE);
        settles(CallBackResult.CONFIRMED);
        assertThat(only().awaitsCallBack()).isFalse();
        assertThat(answers.approveErasure(only(), ANSWER, caller, null).erased()).isEqualTo(2);
        assertThat(log()).contains(EntryType.REQUEST_APPROVED, EntryType.ERASED);
    }

    @Test
    void whatIsNotConfirmedIsClosedAndTheRecordSaysWhy() throws Exception {
        Opened request = asks(Kind.ERASURE);
        settles(CallBackResult.DISOWNED);

        assertThat(requests.unanswered(caller, PATIENCE)).isEmpty();
        assertThat(callBacks.waiting(PATIENCE)).isEmpty();
        Entry closed =
                ledger.reader().entry(SubjectRequest.Confirmed.idOf(request.id())).orElseThrow();
        assertThat(closed.type()).isEqualTo(EntryType.REQUEST_UNCONFIRMED);
        assertThat(String.valueOf(closed.payload()))
                .contains("DISOWNED")
                .doesNotContain(NUMBER)
                .doesNotContain(caller.pseudonym());
        assertThatThrownBy(() -> answers.approveErasure(request, ANSWER, caller, null))
                .hasMessageContaining("answered");
    }

    @Test
    void theNumberIsCalledAndSettledOnce() throws Exception {
        Opened request = asks(Kind.ACCESS);
        assertThat(callBacks.waiting(PATIENCE).getFirst().here()).isTrue();
        assertThat(requests.callBacks("another").waiting(PATIENCE).getFirst().here()).isFalse();

        UUID by = UUID.randomUUID();
        assertThat(callBacks.place(request, by, now, PATIENCE)).isTrue();
        assertThat(callBacks.place(request, UUID.randomUUID(), now, PATIENCE)).isFalse();
        assertThat(callBacks.place(request, by, now, PATIENCE)).as("asked again").isTrue();
        assertThat(callBacks.waiting(PATIENCE).getFirst().placed()).isNotNull();
        callBacks.settle(request, CallBackResult.NO_KEY, now, PATIENCE);
        assertThat(callBacks.settle(request, CallBackResult.CONFIRMED, now, PATIENCE))
                .isEqualTo(CallBackResult.NO_KEY);
        assertThat(requests.unanswered(caller, PATIENCE)).isEmpty();
    }

    /** Other systems are told of a request once it is confirmed, as of one that is open. */
    @Test
    void whatWasRefusedIsNeitherCalledBackNorConfirmed() throws Exception {
        Opened before = asks(Kind.ACCESS);
        answers.refuse(before, ANSWER);
        assertThat(callBacks.place(before, UUID.randomUUID(), now, PATIENCE)).isFalse();
        assertThat(log()).doesNotContain(EntryType.CALL_BACK_PLACED);

        Opened meanwhile = asks(Kind.ERASURE);
        assertThat(callBacks.place(meanwhile, UUID.randomUUID(), now, PATIENCE)).isTrue();
        answers.refuse(meanwhile, ANSWER);
        assertThat(callBacks.settle(meanwhile, CallBackResult.CONFIRMED, now, PATIENCE))
                .isEqualTo(CallBackResult.ANSWERED_BEFORE);
        assertThat(log()).doesNotContain(EntryType.REQUEST_CONFIRMED);
    }

    @Test
    void aNumberIsCalledBackTwiceADayWhateverCameOfIt() throws Exception {
        asks(Kind.ERASURE);
        assertThat(takes(Kind.ERASURE)).isInstanceOf(Taken.Pending.class);
        assertThat(takes(Kind.ACCESS)).isInstanceOf(Taken.Pending.class);
        settles(CallBackResult.NO_KEY);
        asks(Kind.ERASURE);
        settles(CallBackResult.HUNG_UP);

        assertThat(takes(Kind.ERASURE)).isInstanceOf(Taken.TooOften.class);
        now = now.plus(Duration.ofHours(25));
        asks(Kind.ERASURE);
    }

    /** A stranger's call must not swallow what its owner has written. */
    @Test
    void aLetterIsNotBoundToACallThatWaits() throws Exception {
        Opened called = asks(Kind.ERASURE);
        var taking =
                new OperatorRequests(
                        requests,
                        () -> EntryIds.next(now),
                        () ->
                                org.consentgateway.consent.request.AnswerDeadline.of(
                                        java.time.Period.ofMonths(1), java.time.ZoneId.of("UTC")));
        var subject = new PseudonymousSubject(List.of(caller.pseudonym()));
        OperatorRequests.Taken letter = taking.open("ERASURE", "LETTER", "A. B.", subject, now);

        assertThat(letter.before()).isFalse();
        assertThat(letter.id()).isNotEqualTo(called.id());
        settles(CallBackResult.DISOWNED);
        assertThat(only().id()).isEqualTo(letter.id());
        assertThat(answers.approveErasure(only(), ANSWER, caller, null).erased()).isPositive();
    }

    @Test
    void theNumberIsGoneAfterThreeDays() throws Exception {
        Opened request = asks(Kind.ERASURE);
        settles(CallBackResult.NO_ANSWER);
        now = now.plus(Duration.ofDays(3));
        var _ = ledger.eraseOutdated();

        assertThat(
                        ledger.reader()
                                .entry(SubjectRequest.CallBackDue.idOf(request.id()))
                                .orElseThrow()
                                .payload())
                .isNull();
        assertThat(LedgerRequests.opened(ledger.reader())).hasSize(1);
    }
}
