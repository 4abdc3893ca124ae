package org.consentgateway.consent.request;

import java.time.Duration;
import java.util.List;
import org.consentgateway.consent.journal.JournalUnavailable;

/** Thread-safe. Where tasks become durable. A call can open one and nothing else. */
public interface TaskStore {

    /** Returns when it is durable. */
    void open(Task.Opened task, Duration deadline) throws JournalUnavailable;

    /** Those of a kind that nobody has closed yet, oldest first, at most so many. */
    List<Task.Opened> open(Task.Kind kind, int limit, Duration deadline) throws JournalUnavailable;
}
