package org.consentgateway.proof;

import java.time.Instant;
import java.util.List;
import org.consentgateway.consent.request.SubjectRequest.Kind;
import org.consentgateway.consent.request.SubjectRequest.Opened;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/** Thread-safe. How many requests of callers wait for a person, as last looked at. */
public final class WaitingRequests {
    private final LogReader reader;
    private volatile List<Waiting> waiting = List.of();

    /** Of one request no more is kept here. */
    private record Waiting(Kind kind, boolean overdue) {}

    public WaitingRequests(LogReader reader) {
        this.reader = reader;
    }

    /** Asks the store; to be called from time to time. */
    public void look(Instant now) throws LedgerUnavailable {
        List<Opened> unanswered = LedgerRequests.unanswered(reader);
        waiting =
                unanswered.stream()
                        .map(request -> new Waiting(request.kind(), request.overdue(now)))
                        .toList();
    }

    public long count(Kind kind, boolean overdue) {
        return waiting.stream().filter(new Waiting(kind, overdue)::equals).count();
    }
}
