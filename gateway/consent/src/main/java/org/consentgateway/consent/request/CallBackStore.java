package org.consentgateway.consent.request;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.jspecify.annotations.Nullable;

/** Thread-safe. Which requests wait for their caller to be called back, and what came of it. */
public interface CallBackStore {

    /**
     * A request that neither was confirmed nor answered.
     *
     * @param due null where it was erased meanwhile
     * @param placed null where the number was not called yet
     * @param here whether it was asked for on this node
     */
    record Waiting(
            SubjectRequest.Opened request,
            SubjectRequest.@Nullable CallBackDue due,
            SubjectRequest.@Nullable CallBackPlaced placed,
            boolean here) {}

    /** Oldest first. */
    List<Waiting> waiting(Duration deadline) throws JournalUnavailable;

    /**
     * Writes that the number is called now; durable on return. Where it could not be told whether
     * that was written, the same may be asked again.
     *
     * @param by who calls: one id for all attempts at one call
     * @return whether it is the first who says so that calls, of a request that is open: false, and
     *     nobody may call
     */
    boolean place(SubjectRequest.Opened request, UUID by, Instant now, Duration deadline)
            throws JournalUnavailable;

    /**
     * Writes what came of it; durable on return. What was answered meanwhile is confirmed no more.
     *
     * @return what was written, now or before by somebody else
     */
    CallBackResult settle(
            SubjectRequest.Opened request, CallBackResult result, Instant now, Duration deadline)
            throws JournalUnavailable;
}
