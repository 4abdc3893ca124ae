package org.consentgateway.proof;

import java.time.Instant;
import java.util.List;
import org.consentgateway.consent.request.Task;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/** Thread-safe. How much that callers left waits for a person, as last looked at. */
public final class WaitingTasks {
    private final LogReader reader;
    private volatile List<Waiting> waiting = List.of();

    /** Of one task no more is kept here. */
    private record Waiting(Task.Kind kind, boolean overdue) {}

    public WaitingTasks(LogReader reader) {
        this.reader = reader;
    }

    /** Asks the store; to be called from time to time. */
    public void look(Instant now) throws LedgerUnavailable {
        waiting =
                LedgerTasks.open(reader).stream()
                        .map(task -> new Waiting(task.kind(), task.overdue(now)))
                        .toList();
    }

    public long count(Task.Kind kind, boolean overdue) {
        return waiting.stream().filter(new Waiting(kind, overdue)::equals).count();
    }
}
