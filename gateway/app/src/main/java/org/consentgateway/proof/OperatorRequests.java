package org.consentgateway.proof;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.AnswerDeadline;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.LedgerUnavailable;

/**
 * Thread-safe. Takes down that a customer wants access or erasure and has said so elsewhere. As on
 * the privacy line, a person answers it.
 */
public final class OperatorRequests {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LedgerRequests requests;
    private final Supplier<UUID> ids;
    private final Supplier<AnswerDeadline> deadline;

    /**
     * @param deadline by the laws that bind just then
     */
    public OperatorRequests(
            LedgerRequests requests, Supplier<UUID> ids, Supplier<AnswerDeadline> deadline) {
        this.requests = requests;
        this.ids = ids;
        this.deadline = deadline;
    }

    /** What was taken down, by {@link #open} or before. */
    public record Taken(UUID id, String reference, Instant due, boolean before) {}

    public static List<String> kinds() {
        return Stream.of(SubjectRequest.Kind.values()).map(Enum::name).toList();
    }

    /** By which a customer may have asked. */
    public static List<String> channels() {
        return Stream.of(SubjectRequest.Channel.values())
                .filter(SubjectRequest.Channel::isTakenDown)
                .map(Enum::name)
                .toList();
    }

    /** From when on the time to answer counts ({@link AnswerDeadline#received}). */
    public Optional<Instant> received(LocalDate day, Instant now) {
        return deadline.get().received(day, now);
    }

    /**
     * Durable when this returns. Where one of this kind waits that is due no later, nothing is
     * opened: an answer to that one is in time for this one as well.
     *
     * @param kind one of {@link #kinds}
     * @param channel one of {@link #channels}
     * @param by the person who took it down
     * @param received from when on the time to answer counts
     */
    public Taken open(
            String kind, String channel, String by, PseudonymousSubject of, Instant received)
            throws LedgerUnavailable {
        List<String> names = of.pseudonyms();
        var subject = new Subject(names.getFirst(), names.subList(1, names.size()));
        var wanted = SubjectRequest.Kind.valueOf(kind);
        try {
            for (SubjectRequest.Opened each : requests.unanswered(subject, PATIENCE)) {
                // A letter is not bound to a call that may have been a stranger's.
                if (each.kind() == wanted && !each.awaitsCallBack() && isInTime(each, received)) {
                    return taken(each, true);
                }
            }
            var opened =
                    new SubjectRequest.Opened(
                            ids.get(),
                            received,
                            wanted,
                            SubjectRequest.Channel.valueOf(channel),
                            null,
                            by,
                            subject,
                            deadline.get().due(received),
                            SubjectRequest.Confirmation.NOT_NEEDED);
            requests.open(opened, PATIENCE);
            return taken(opened, false);
        } catch (JournalUnavailable e) {
            throw new LedgerUnavailable(
                    LedgerUnavailable.Reason.STORE_DOWN, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Whether this one is due no later than what was received then. More time that was taken for it
     * changes nothing of that: the person was told so, and asks for the same again.
     */
    private boolean isInTime(SubjectRequest.Opened waiting, Instant received) {
        AnswerDeadline within = deadline.get();
        return !within.due(waiting.at()).isAfter(within.due(received));
    }

    private static Taken taken(SubjectRequest.Opened opened, boolean before) {
        return new Taken(opened.id(), opened.reference().digits(), opened.due(), before);
    }
}
