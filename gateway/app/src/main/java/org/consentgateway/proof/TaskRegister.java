package org.consentgateway.proof;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.Task;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.jspecify.annotations.Nullable;

/** Thread-safe. What callers left to be done, for systems in which people do it. */
public final class TaskRegister {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LogReader reader;
    private final LedgerTasks tasks;
    private final Supplier<UUID> ids;

    public TaskRegister(LogReader reader, LedgerTasks tasks, Supplier<UUID> ids) {
        this.reader = reader;
        this.tasks = tasks;
        this.ids = ids;
    }

    /**
     * One that nobody has done yet.
     *
     * @param reference by which caller and company name it
     * @param number where the caller wants to be called; null where nowhere
     */
    public record Waiting(
            UUID id,
            String reference,
            OfCall of,
            Instant since,
            Instant due,
            @Nullable String number) {
        @Override
        public String toString() {
            return "Waiting[" + reference + "]";
        }
    }

    /** In which call it was left. */
    public record OfCall(UUID call, String line, String language) {}

    /** Oldest first. */
    public List<Waiting> callBacks() throws LedgerUnavailable {
        return waiting(Task.Kind.CALL_BACK);
    }

    /** Oldest first. */
    public List<Waiting> complaints() throws LedgerUnavailable {
        return waiting(Task.Kind.COMPLAINT);
    }

    private List<Waiting> waiting(Task.Kind kind) throws LedgerUnavailable {
        return LedgerTasks.open(reader).stream()
                .filter(task -> task.kind() == kind)
                .map(TaskRegister::waiting)
                .toList();
    }

    private static Waiting waiting(Task.Opened task) {
        PhoneNumber number = task.number();
        return new Waiting(
                task.id(),
                task.reference().digits(),
                new OfCall(task.call().callId(), task.call().line(), task.notice().language()),
                task.at(),
                task.at().plus(task.kind().within()),
                number == null ? null : number.text());
    }

    /**
     * What became of one.
     *
     * @param by the person who did it
     * @param result in their words; may be empty
     */
    public record Closing(UUID task, Instant at, String by, String result) {}

    /**
     * Writes that the caller was called back.
     *
     * @return whether such a call-back waits
     */
    public boolean closeCallBack(Closing closing) throws LedgerUnavailable {
        return close(Task.Kind.CALL_BACK, closing);
    }

    /**
     * Writes that the complaint was answered.
     *
     * @return whether such a complaint waits
     */
    public boolean closeComplaint(Closing closing) throws LedgerUnavailable {
        return close(Task.Kind.COMPLAINT, closing);
    }

    private boolean close(Task.Kind kind, Closing closing) throws LedgerUnavailable {
        if (waiting(kind).stream().noneMatch(task -> task.id().equals(closing.task()))) {
            return false;
        }
        try {
            tasks.append(
                    new Task.Closed(
                            ids.get(),
                            closing.at(),
                            kind,
                            closing.task(),
                            closing.by(),
                            closing.result()),
                    PATIENCE);
            return true;
        } catch (JournalUnavailable e) {
            throw new LedgerUnavailable(
                    LedgerUnavailable.Reason.STORE_DOWN, String.valueOf(e.getMessage()), e);
        }
    }
}
