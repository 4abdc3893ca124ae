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
    private final AnswerDeadline deadline;

    public OperatorRequests(LedgerRequests requests, Supplier<UUID> ids, AnswerDeadline deadline) {
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
        return deadline.received(day, now);
    }

    /**
     * Durable when this returns.
     *
     * @param kind one of {@link #kinds}
     * @param channel one of {@link #channels}
     * @param by the person who took it down
     */
    public Taken open(String kind, String channel, String by, PseudonymousSubject of, Instant now)
            throws LedgerUnavailable {
        List<String> names = of.pseudonyms();
        var subject = new Subject(names.getFirst(), names.subList(1, names.size()));
        var wanted = SubjectRequest.Kind.valueOf(kind);
        try {
            for (SubjectRequest.Opened each : requests.unanswered(subject, PATIENCE)) {
                // A letter is not bound to a call that may have been a stranger's.
                if (each.kind() == wanted && !each.awaitsCallBack()) {
                    return taken(each, true);
                }
            }
            var opened =
                    new SubjectRequest.Opened(
                            ids.get(),
                            now,
                            wanted,
                            SubjectRequest.Channel.valueOf(channel),
                            null,
                            by,
                            subject,
                            deadline.due(now),
                            SubjectRequest.Confirmation.NOT_NEEDED);
            requests.open(opened, PATIENCE);
            return taken(opened, false);
        } catch (JournalUnavailable e) {
            throw new LedgerUnavailable(
                    LedgerUnavailable.Reason.STORE_DOWN, String.valueOf(e.getMessage()), e);
        }
    }

    private static Taken taken(SubjectRequest.Opened opened, boolean before) {
        return new Taken(opened.id(), opened.reference().digits(), opened.due(), before);
    }
}
