package org.consentgateway.consent.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers who ask for what needs a call back, while the store hangs or beside others. */
@Timeout(60)
class RequestDeskTest {
    private static final Instant NOW = Instant.parse("2026-12-01T09:00:00Z");
    private static final RequestDesk.Times TIMES =
            new RequestDesk.Times(NOW, NOW.plus(Duration.ofDays(31)));
    private static final NoticeRef NOTICE =
            new NoticeRef("demo", "1", "de", "a", "00", "11", new Notice.Controller("M", "", "DE"));
    private static final long PATIENCE_SECONDS = 10;

    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final HangingStore store = new HangingStore();

    @AfterEach
    void end() {
        store.answers.countDown();
        calls.close();
    }

    private static CallFacts call(Subject subject) {
        return new CallFacts(
                UUID.randomUUID(), "h", "local", "demo", NOW, subject, true, false, true);
    }

    private Future<RequestDesk.Taken> asks(RequestDesk desk, String pseudonym) {
        Subject subject = new Subject(pseudonym);
        var asking =
                new RequestDesk.Requester(
                        call(subject), subject, NOTICE, new PhoneNumber("+491701234567"));
        return calls.submit(() -> desk.openToConfirm(SubjectRequest.Kind.ACCESS, asking, TIMES));
    }

    private RequestDesk desk(Duration deadline) {
        return new RequestDesk(store, deadline, UUID::randomUUID);
    }

    @Test
    void nobodyWaitsForTheStoreBehindAnotherNumber() throws Exception {
        RequestDesk desk = desk(Duration.ofMinutes(1));
        List<Future<RequestDesk.Taken>> taken = new ArrayList<>();
        for (String pseudonym : List.of("a", "b", "c", "d", "e")) {
            taken.add(asks(desk, pseudonym));
        }

        assertThat(store.asked.tryAcquire(taken.size(), PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("all wait for the store at once, and so for one deadline")
                .isTrue();
        store.answers.countDown();
        for (Future<RequestDesk.Taken> each : taken) {
            assertThat(each.get()).isInstanceOf(RequestDesk.Taken.ToConfirm.class);
        }
    }

    @Test
    void whoWaitsForAnotherCallOfTheNumberWaitsNoLongerThanForTheStore() throws Exception {
        RequestDesk desk = desk(Duration.ofMillis(50));
        Future<RequestDesk.Taken> first = asks(desk, "a");
        assertThat(store.asked.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        Future<RequestDesk.Taken> second = asks(desk, "a");

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> second.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .havingCause()
                .isInstanceOfSatisfying(
                        JournalUnavailable.class, why -> assertThat(why.maybeWritten()).isFalse());
        assertThat(store.asked.availablePermits()).as("one is the first to ask").isZero();
        store.answers.countDown();
        assertThat(first.get()).isInstanceOf(RequestDesk.Taken.ToConfirm.class);
    }

    /** Who asked on the line that calls back may have been a stranger. */
    @Test
    void whatNeedsNoCallBackIsNotBoundToWhatWaitsForOne() throws Exception {
        store.answers.countDown();
        RequestDesk desk = desk(Duration.ofMinutes(1));
        assertThat(asks(desk, "a").get()).isInstanceOf(RequestDesk.Taken.ToConfirm.class);
        SubjectRequest.Opened waiting = store.opened.getFirst();

        SubjectRequest.Opened ours = asksWithoutCallBack(desk, "a");
        assertThat(store.opened).containsExactly(waiting, ours);
        assertThat(ours.confirmation()).isEqualTo(SubjectRequest.Confirmation.NOT_NEEDED);
        assertThat(asksWithoutCallBack(desk, "a")).as("asked again").isEqualTo(ours);
        assertThat(store.opened).hasSize(2);
    }

    private static SubjectRequest.Opened asksWithoutCallBack(RequestDesk desk, String pseudonym)
            throws JournalUnavailable {
        Subject subject = new Subject(pseudonym);
        return desk.open(
                SubjectRequest.Kind.ACCESS, call(subject), subject, TIMES.now(), TIMES.due());
    }

    /** Says nothing until it is let. */
    private static final class HangingStore implements RequestStore {
        private final Semaphore asked = new Semaphore(0);
        private final CountDownLatch answers = new CountDownLatch(1);
        private final List<SubjectRequest.Opened> opened = new CopyOnWriteArrayList<>();

        @Override
        public void open(SubjectRequest.Opened request, Duration deadline) {
            opened.add(request);
        }

        @Override
        public void open(
                SubjectRequest.Opened request,
                SubjectRequest.CallBackDue callBack,
                Duration deadline) {
            opened.add(request);
        }

        @Override
        public int callBacksSince(Subject subject, Instant since, Duration deadline) {
            return 0;
        }

        @Override
        public List<SubjectRequest.Opened> unanswered(Subject subject, Duration deadline)
                throws JournalUnavailable {
            asked.release();
            try {
                answers.await();
            } catch (InterruptedException e) {
                throw new JournalUnavailable("interrupted", false);
            }
            return opened.stream().filter(one -> subject.finds(one.subject())).toList();
        }
    }
}
