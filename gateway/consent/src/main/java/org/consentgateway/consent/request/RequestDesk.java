package org.consentgateway.consent.request;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.SubjectRequest.Confirmation;

/** Thread-safe. Takes requests down for a person to answer. */
public final class RequestDesk {
    /** How often one number may be called back in a day: nobody can have a stranger rung up. */
    static final int CALL_BACKS_A_DAY = 2;

    private static final Duration DAY = Duration.ofDays(1);

    /** Far more than call at the same time to ask for it: hardly one waits for another number. */
    private static final int LOCKS = 256;

    /** Two calls of one number must not both be the first to ask; others do not wait for them. */
    private final List<ReentrantLock> confirming =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

    private final RequestStore store;
    private final Duration deadline;
    private final Supplier<UUID> ids;

    /**
     * @param deadline how long a call waits for the store
     * @param ids mints UUIDv7
     */
    public RequestDesk(RequestStore store, Duration deadline, Supplier<UUID> ids) {
        this.store = store;
        this.deadline = deadline;
        this.ids = ids;
    }

    /**
     * Opens a request, durable on return. Who asks again before it is answered is told of the one
     * there is: a caller cannot fill the company's desk. One that waits for a call back may be a
     * stranger's, and is closed where nobody confirms it: no other is bound to it.
     *
     * @param due as {@link AnswerDeadline#due} says
     */
    public SubjectRequest.Opened open(
            SubjectRequest.Kind kind, CallFacts call, Subject subject, Instant now, Instant due)
            throws JournalUnavailable {
        Optional<SubjectRequest.Opened> before =
                store.unanswered(subject, deadline).stream()
                        .filter(request -> request.kind() == kind && !request.awaitsCallBack())
                        .findFirst();
        if (before.isPresent()) {
            return before.get();
        }
        SubjectRequest.Opened opened =
                opened(kind, call, subject, new Times(now, due), Confirmation.NOT_NEEDED);
        store.open(opened, deadline);
        return opened;
    }

    /**
     * When it is asked for.
     *
     * @param due as {@link AnswerDeadline#due} says
     */
    public record Times(Instant now, Instant due) {}

    /**
     * Where it is asked for, and who is to be called back.
     *
     * @param notice in which words the call is spoken to
     */
    public record Requester(
            CallFacts call, Subject subject, NoticeRef notice, PhoneNumber number) {}

    /** What a caller is told who asks for what needs a call back. */
    public sealed interface Taken {
        /** Noted; the number is called back, and nothing comes of it before. */
        record ToConfirm(SubjectRequest.Opened request) implements Taken {}

        /** It was asked for before, and needs no call back, or had it. */
        record Before(SubjectRequest.Opened request) implements Taken {}

        /** The number is to be called back already; it is not called a second time. */
        record Pending() implements Taken {}

        /** The number was called back often enough for a day; nothing is noted. */
        record TooOften() implements Taken {}
    }

    /**
     * Opens a request that counts only once whoever takes a call back has confirmed it; durable on
     * return, with that call back.
     */
    public Taken openToConfirm(SubjectRequest.Kind kind, Requester asking, Times times)
            throws JournalUnavailable {
        ReentrantLock ofNumber = locked(asking.subject());
        try {
            List<SubjectRequest.Opened> unanswered = store.unanswered(asking.subject(), deadline);
            if (unanswered.stream().anyMatch(SubjectRequest.Opened::awaitsCallBack)) {
                return new Taken.Pending();
            }
            Optional<SubjectRequest.Opened> before =
                    unanswered.stream().filter(request -> request.kind() == kind).findFirst();
            if (before.isPresent()) {
                return new Taken.Before(before.get());
            }
            Instant since = times.now().minus(DAY);
            if (store.callBacksSince(asking.subject(), since, deadline) >= CALL_BACKS_A_DAY) {
                return new Taken.TooOften();
            }
            SubjectRequest.Opened opened =
                    opened(kind, asking.call(), asking.subject(), times, Confirmation.AWAITED);
            store.open(
                    opened,
                    new SubjectRequest.CallBackDue(
                            SubjectRequest.CallBackDue.idOf(opened.id()),
                            times.now(),
                            SubjectRequest.Asked.of(opened),
                            asking.call().withoutSubject(),
                            asking.notice(),
                            asking.number(),
                            asking.subject()),
                    deadline);
            return new Taken.ToConfirm(opened);
        } finally {
            ofNumber.unlock();
        }
    }

    /** Waits no longer for another call of the number than for the store. */
    private ReentrantLock locked(Subject subject) throws JournalUnavailable {
        ReentrantLock lock = confirming.get(Math.floorMod(subject.hashCode(), LOCKS));
        try {
            if (lock.tryLock(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
                return lock;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new JournalUnavailable("another call of this number waits for the store", false);
    }

    private SubjectRequest.Opened opened(
            SubjectRequest.Kind kind,
            CallFacts call,
            Subject subject,
            Times times,
            Confirmation confirmation) {
        return new SubjectRequest.Opened(
                ids.get(),
                times.now(),
                kind,
                SubjectRequest.Channel.PRIVACY_LINE,
                call,
                "",
                subject,
                times.due(),
                confirmation);
    }
}
