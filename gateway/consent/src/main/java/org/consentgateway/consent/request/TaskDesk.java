package org.consentgateway.consent.request;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.jspecify.annotations.Nullable;

/** Thread-safe. Takes down what callers leave for a person to do. */
public final class TaskDesk {
    /** More that wait are no work list: then nothing more is taken down. */
    public static final int MOST_OPEN = 1_000;

    private final TaskStore store;
    private final Function<PhoneNumber, @Nullable Subject> subjects;
    private final Duration deadline;
    private final Supplier<UUID> ids;

    /**
     * @param subjects pseudonym of a number; null where it is not complete
     * @param deadline how long a call waits for the store
     * @param ids mints UUIDv7
     */
    public TaskDesk(
            TaskStore store,
            Function<PhoneNumber, @Nullable Subject> subjects,
            Duration deadline,
            Supplier<UUID> ids) {
        this.store = store;
        this.subjects = subjects;
        this.deadline = deadline;
        this.ids = ids;
    }

    /**
     * Opens a task, durable on return. Who asks again before it is done is told of the one there
     * is: a caller cannot fill the company's desk.
     *
     * @param number null where the caller wants no call
     */
    public Task.Opened open(
            Task.Kind kind,
            CallFacts call,
            NoticeRef notice,
            @Nullable PhoneNumber number,
            Instant now)
            throws JournalUnavailable {
        @Nullable Subject subject = number == null ? call.knownSubject() : subjects.apply(number);
        List<Task.Opened> open = store.open(kind, MOST_OPEN, deadline);
        List<Task.Opened> same = open.stream().filter(one -> of(one, number, subject)).toList();
        if (same.size() >= kind.most()) {
            return same.getFirst();
        }
        if (open.size() >= MOST_OPEN) {
            throw new JournalUnavailable("too many tasks are open", false);
        }
        var task =
                new Task.Opened(
                        ids.get(), now, kind, call.withoutSubject(), notice, number, subject);
        store.open(task, deadline);
        return task;
    }

    private static boolean of(
            Task.Opened task, @Nullable PhoneNumber number, @Nullable Subject subject) {
        return (number != null && number.equals(task.number()))
                || (subject != null && subject.finds(task.subject()));
    }
}
