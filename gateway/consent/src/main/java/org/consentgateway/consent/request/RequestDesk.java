package org.consentgateway.consent.request;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.JournalUnavailable;

/** Thread-safe. Takes requests down for a person to answer. */
public final class RequestDesk {
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
     * there is: a caller cannot fill the company's desk.
     *
     * @param due as {@link AnswerDeadline#due} says
     */
    public SubjectRequest.Opened open(
            SubjectRequest.Kind kind, CallFacts call, Subject subject, Instant now, Instant due)
            throws JournalUnavailable {
        Optional<SubjectRequest.Opened> before =
                store.unanswered(subject, deadline).stream()
                        .filter(request -> request.kind() == kind)
                        .findFirst();
        if (before.isPresent()) {
            return before.get();
        }
        var opened =
                new SubjectRequest.Opened(
                        ids.get(),
                        now,
                        kind,
                        SubjectRequest.Channel.PRIVACY_LINE,
                        call,
                        "",
                        subject,
                        due);
        store.open(opened, deadline);
        return opened;
    }
}
