package org.consentgateway.consent.request;

import java.time.Duration;
import java.time.Instant;
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

    /** The same, with the call back that it waits for: both are durable, or none. */
    void open(SubjectRequest.Opened request, SubjectRequest.CallBackDue callBack, Duration deadline)
            throws JournalUnavailable;

    /** How many calls back to this caller were asked for since then, whatever came of them. */
    int callBacksSince(Subject subject, Instant since, Duration deadline) throws JournalUnavailable;

    /** Of this caller, those that nobody has answered yet, oldest first. */
    List<SubjectRequest.Opened> unanswered(Subject subject, Duration deadline)
            throws JournalUnavailable;
}
