package org.consentgateway.consent.request;

import java.time.Duration;
import java.util.List;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.JournalUnavailable;

/**
 * Thread-safe. Where requests become durable. A call can open one and nothing else: it can neither
 * answer one nor erase.
 */
public interface RequestStore {

    /** Returns when it is durable. */
    void open(SubjectRequest.Opened request, Duration deadline) throws JournalUnavailable;

    /** Of this caller, those that nobody has answered yet, oldest first. */
    List<SubjectRequest.Opened> unanswered(Subject subject, Duration deadline)
            throws JournalUnavailable;
}
