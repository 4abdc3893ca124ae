package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.RequestStore;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/** Thread-safe. Requests of callers as entries of the ledger. */
public final class LedgerRequests implements RequestStore {
    /** More of one caller, or in all that wait for an answer, nobody reads. */
    private static final int MAX = 10_000;

    private final Ledger ledger;
    private final String location;

    /**
     * @param location country the store stands in, ISO 3166-1 alpha-2
     */
    public LedgerRequests(Ledger ledger, String location) {
        this.ledger = ledger;
        this.location = location;
    }

    @Override
    public void open(SubjectRequest.Opened request, Duration deadline) throws JournalUnavailable {
        LedgerStore.await(ledger.append(entry(request)).toCompletableFuture(), deadline);
    }

    /** As it is written. */
    NewEntry entry(SubjectRequest request) {
        ObjectNode payload = RequestJson.write(request);
        payload.putObject("time").put("source", "system clock");
        payload.putObject("storage").put("location", location);
        return switch (request) {
            case SubjectRequest.Opened opened -> {
                CallFacts call = opened.call();
                yield new NewEntry(
                        opened.id(),
                        EntryType.REQUEST_OPENED,
                        call == null ? null : call.callId().toString(),
                        opened.subject().pseudonym(),
                        payload);
            }
            case SubjectRequest.Approved approved ->
                    new NewEntry(approved.id(), EntryType.REQUEST_APPROVED, null, null, payload);
            case SubjectRequest.Refused refused ->
                    new NewEntry(refused.id(), EntryType.REQUEST_REFUSED, null, null, payload);
            case SubjectRequest.Extended extended ->
                    new NewEntry(extended.id(), EntryType.REQUEST_EXTENDED, null, null, payload);
        };
    }

    @Override
    public List<SubjectRequest.Opened> unanswered(Subject subject, Duration deadline)
            throws JournalUnavailable {
        List<Entry> entries =
                LedgerStore.within(
                        deadline,
                        () -> ledger.reader().ofSubject(LedgerStore.pseudonyms(subject), MAX));
        List<SubjectRequest.Opened> opened = asOpened(entries.reversed());
        if (opened.isEmpty()) {
            return opened;
        }
        Map<UUID, SubjectRequest.Opened> open =
                LedgerStore.within(deadline, () -> unanswered(ledger.reader())).stream()
                        .collect(Collectors.toMap(SubjectRequest.Opened::id, one -> one));
        return opened.stream()
                .flatMap(request -> Optional.ofNullable(open.get(request.id())).stream())
                .toList();
    }

    /** Of all callers, oldest first. */
    public static List<SubjectRequest.Opened> unanswered(LogReader reader)
            throws LedgerUnavailable {
        return due(asOpened(reader.unansweredRequests(MAX)), reader);
    }

    /** Of all callers, newest first, also those that were answered; erased ones are not there. */
    public static List<SubjectRequest.Opened> opened(LogReader reader) throws LedgerUnavailable {
        return due(asOpened(reader.ofType(EntryType.REQUEST_OPENED, MAX)), reader);
    }

    /** All answers, newest first. */
    public static List<SubjectRequest.Answered> answered(LogReader reader)
            throws LedgerUnavailable {
        var entries = new ArrayList<>(reader.ofType(EntryType.REQUEST_APPROVED, MAX));
        entries.addAll(reader.ofType(EntryType.REQUEST_REFUSED, MAX));
        return read(entries).stream()
                .filter(SubjectRequest.Answered.class::isInstance)
                .map(SubjectRequest.Answered.class::cast)
                .toList();
    }

    /** Every time that was taken, the newest first. */
    public static List<SubjectRequest.Extended> extended(LogReader reader)
            throws LedgerUnavailable {
        return read(reader.ofType(EntryType.REQUEST_EXTENDED, MAX)).stream()
                .filter(SubjectRequest.Extended.class::isInstance)
                .map(SubjectRequest.Extended.class::cast)
                .toList();
    }

    /** Due when they are since more time was taken. */
    private static List<SubjectRequest.Opened> due(
            List<SubjectRequest.Opened> requests, LogReader reader) throws LedgerUnavailable {
        if (requests.isEmpty()) {
            return requests;
        }
        Map<UUID, Instant> due =
                extended(reader).stream()
                        .collect(
                                Collectors.toMap(
                                        one -> one.asked().id(),
                                        SubjectRequest.Extended::due,
                                        (newer, _) -> newer));
        return requests.stream()
                .map(one -> due.containsKey(one.id()) ? one.due(due.get(one.id())) : one)
                .toList();
    }

    /**
     * A request for access that a person has approved.
     *
     * @param id of the approval
     * @param number by which the caller names the request
     */
    public record ApprovedAccess(UUID id, String number, UUID request, Instant at) {}

    /** All of them, newest first. */
    public static List<ApprovedAccess> approvedAccess(LogReader reader) throws LedgerUnavailable {
        return answered(reader).stream()
                .filter(SubjectRequest.Approved.class::isInstance)
                .filter(one -> one.asked().kind() == SubjectRequest.Kind.ACCESS)
                .map(one ->
                        new ApprovedAccess(
                                one.id(),
                                one.asked().reference().digits(),
                                one.asked().id(),
                                one.at()))
                .toList();
    }

    /** Who made this request; empty where it was erased with all else of the caller. */
    public static Optional<PseudonymousSubject> caller(LogReader reader, UUID request)
            throws LedgerUnavailable {
        return opened(reader).stream()
                .filter(one -> one.id().equals(request))
                .map(one -> LedgerStore.pseudonyms(one.subject()))
                .findFirst();
    }

    private static List<SubjectRequest.Opened> asOpened(List<Entry> entries) {
        return read(
                        entries.stream()
                                .filter(entry -> entry.type() == EntryType.REQUEST_OPENED)
                                .toList())
                .stream()
                .filter(SubjectRequest.Opened.class::isInstance)
                .map(SubjectRequest.Opened.class::cast)
                .toList();
    }

    /** What was erased, or cannot be read any more, is not there. */
    private static List<SubjectRequest> read(List<Entry> entries) {
        return entries.stream()
                .map(Entry::payload)
                .flatMap(payload -> Optional.ofNullable(payload).stream())
                .map(RequestJson::read)
                .toList();
    }
}
