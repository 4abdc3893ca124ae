package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.Task;
import org.consentgateway.consent.request.TaskStore;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/** Thread-safe. What callers left to be done as entries of the ledger, sealed like all others. */
public final class LedgerTasks implements TaskStore {
    /** More that were ever opened, and not yet deleted, nobody reads. */
    private static final int MAX = 10_000;

    private final Ledger ledger;
    private final String location;
    private final Map<Task.Kind, Period> kept;

    /**
     * @param location country the store stands in, ISO 3166-1 alpha-2
     * @param kept how long, from when it was opened
     */
    public LedgerTasks(Ledger ledger, String location, Map<Task.Kind, Period> kept) {
        this.ledger = ledger;
        this.location = location;
        this.kept = Map.copyOf(kept);
    }

    @Override
    public void open(Task.Opened task, Duration deadline) throws JournalUnavailable {
        append(task, deadline);
    }

    void append(Task task, Duration deadline) throws JournalUnavailable {
        LedgerStore.await(ledger.append(entry(task)).toCompletableFuture(), deadline);
    }

    private NewEntry entry(Task task) {
        ObjectNode payload = TaskJson.write(task, kept.getOrDefault(task.kind(), Period.ZERO));
        payload.putObject("time").put("source", "system clock");
        payload.putObject("storage").put("location", location);
        return switch (task) {
            case Task.Opened opened -> {
                Subject subject = opened.subject();
                yield new NewEntry(
                        opened.id(),
                        EntryType.TASK_OPENED,
                        opened.call().callId().toString(),
                        subject == null ? null : subject.pseudonym(),
                        payload);
            }
            case Task.Closed closed ->
                    new NewEntry(closed.id(), EntryType.TASK_CLOSED, null, null, payload);
        };
    }

    @Override
    public List<Task.Opened> open(Task.Kind kind, int limit, Duration deadline)
            throws JournalUnavailable {
        return LedgerStore.within(deadline, () -> open(ledger.reader())).stream()
                .filter(task -> task.kind() == kind)
                .limit(limit)
                .toList();
    }

    /** Of all callers, oldest first. */
    public static List<Task.Opened> open(LogReader reader) throws LedgerUnavailable {
        return read(reader.openTasks(MAX), Task.Opened.class);
    }

    /** All that were opened and not yet deleted, newest first. */
    static List<Task.Opened> opened(LogReader reader) throws LedgerUnavailable {
        return read(reader.ofType(EntryType.TASK_OPENED, MAX), Task.Opened.class);
    }

    static List<Task.Closed> closed(LogReader reader) throws LedgerUnavailable {
        return read(reader.ofType(EntryType.TASK_CLOSED, MAX), Task.Closed.class);
    }

    /** What was erased, or cannot be read any more, is not there. */
    private static <T extends Task> List<T> read(List<Entry> entries, Class<T> type) {
        return entries.stream()
                .map(Entry::payload)
                .flatMap(payload -> Optional.ofNullable(payload).stream())
                .map(TaskJson::read)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
