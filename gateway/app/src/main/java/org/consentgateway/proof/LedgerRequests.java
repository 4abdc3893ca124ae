package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.CallBackStore;
import org.consentgateway.consent.request.RequestStore;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.SubjectRequest.Approved;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/** Thread-safe. Requests of callers as entries of the ledger. */
public final class LedgerRequests implements RequestStore {
    /** More that wait for an answer, of one caller or in all, nobody reads. */
    private static final int MAX = 10_000;

    private static final Set<EntryType> ANSWERS =
            Set.of(
                    EntryType.REQUEST_APPROVED,
                    EntryType.REQUEST_REFUSED,
                    EntryType.REQUEST_UNCONFIRMED);

    private static final Set<EntryType> BESIDE =
            Set.of(
                    EntryType.REQUEST_EXTENDED,
                    EntryType.REQUEST_CONFIRMED,
                    EntryType.REQUEST_UNCONFIRMED);

    /** Who answers a request that a call back did not confirm. */
    private static final String CALL_BACK = "call-back";

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

    @Override
    public void open(
            SubjectRequest.Opened request, SubjectRequest.CallBackDue callBack, Duration deadline)
            throws JournalUnavailable {
        List<NewEntry> both = List.of(entry(request), entry(callBack));
        LedgerStore.await(ledger.append(both).toCompletableFuture(), deadline);
    }

    @Override
    public int callBacksSince(Subject subject, Instant since, Duration deadline)
            throws JournalUnavailable {
        return LedgerStore.within(
                deadline,
                () -> ledger.reader().callBacksDue(LedgerStore.pseudonyms(subject), since));
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
            case Approved approved ->
                    new NewEntry(approved.id(), EntryType.REQUEST_APPROVED, null, null, payload);
            case SubjectRequest.Refused refused ->
                    new NewEntry(refused.id(), EntryType.REQUEST_REFUSED, null, null, payload);
            case SubjectRequest.Extended extended ->
                    new NewEntry(extended.id(), EntryType.REQUEST_EXTENDED, null, null, payload);
            case SubjectRequest.CallBackDue due ->
                    new NewEntry(
                            due.id(),
                            EntryType.CALL_BACK_DUE,
                            due.call().callId().toString(),
                            due.subject().pseudonym(),
                            payload);
            case SubjectRequest.CallBackPlaced placed ->
                    new NewEntry(placed.id(), EntryType.CALL_BACK_PLACED, null, null, payload);
            case SubjectRequest.Confirmed confirmed ->
                    new NewEntry(confirmed.id(), EntryType.REQUEST_CONFIRMED, null, null, payload);
            case SubjectRequest.Unconfirmed not ->
                    new NewEntry(not.id(), EntryType.REQUEST_UNCONFIRMED, null, null, payload);
        };
    }

    @Override
    public List<SubjectRequest.Opened> unanswered(Subject subject, Duration deadline)
            throws JournalUnavailable {
        return LedgerStore.within(
                deadline,
                () -> {
                    LogReader reader = ledger.reader();
                    return asTheyAre(
                            asOpened(
                                    reader.unansweredRequests(
                                            LedgerStore.pseudonyms(subject), MAX)),
                            reader);
                });
    }

    /** Of all callers, oldest first. */
    public static List<SubjectRequest.Opened> unanswered(LogReader reader)
            throws LedgerUnavailable {
        return asTheyAre(asOpened(reader.unansweredRequests(MAX)), reader);
    }

    /** One of them; empty where it was answered, or erased. */
    static Optional<SubjectRequest.Opened> unanswered(LogReader reader, UUID request)
            throws LedgerUnavailable {
        if (!AboutEntries.of(reader, List.of(request), ANSWERS).isEmpty()) {
            return Optional.empty();
        }
        return asTheyAre(asOpened(reader.entry(request).stream().toList()), reader).stream()
                .findFirst();
    }

    /** Whether more time was taken to answer it. */
    static boolean isExtended(LogReader reader, UUID request) throws LedgerUnavailable {
        return !AboutEntries.of(reader, List.of(request), Set.of(EntryType.REQUEST_EXTENDED))
                .isEmpty();
    }

    /** Of all callers, newest first, also those that were answered; erased ones are not there. */
    public static List<SubjectRequest.Opened> opened(LogReader reader) throws LedgerUnavailable {
        return asTheyAre(asOpened(reader.ofType(EntryType.REQUEST_OPENED, MAX)), reader);
    }

    /** All answers, newest first. */
    public static List<SubjectRequest.Answered> answered(LogReader reader)
            throws LedgerUnavailable {
        Map<UUID, StoredApprovals> approvals = new LinkedHashMap<>();
        AboutEntries.each(
                reader,
                EntryType.REQUEST_APPROVED,
                entry -> {
                    ObjectNode payload = entry.payload();
                    if (payload != null) {
                        approvals
                                .computeIfAbsent(
                                        RequestJson.read(payload) instanceof Approved one
                                                ? one.asked().id()
                                                : entry.id(),
                                        _ -> new StoredApprovals())
                                .add(payload);
                    }
                });
        Map<UUID, SubjectRequest.Answered> all = new LinkedHashMap<>();
        for (StoredApprovals each : List.copyOf(approvals.values()).reversed()) {
            Approved approved = each.whole();
            all.put(approved.asked().id(), approved);
        }
        read(reader.ofType(EntryType.REQUEST_REFUSED, MAX)).stream()
                .filter(SubjectRequest.Answered.class::isInstance)
                .map(SubjectRequest.Answered.class::cast)
                .forEach(each -> all.putIfAbsent(each.asked().id(), each));
        return List.copyOf(all.values());
    }

    /**
     * The approval of a request, all of it: what a law keeps may be listed in many entries.
     *
     * @return empty where some of it is not there, or cannot be read
     */
    static Optional<Approved> approval(LogReader reader, UUID request) throws LedgerUnavailable {
        var parts = new StoredApprovals();
        AboutEntries.each(
                reader,
                request,
                Set.of(EntryType.REQUEST_APPROVED),
                entry -> {
                    ObjectNode payload = entry.payload();
                    if (payload == null) {
                        parts.addUnreadable();
                    } else {
                        parts.add(payload);
                    }
                });
        return parts.complete() ? Optional.of(parts.whole()) : Optional.empty();
    }

    /** An approval as it is written, in one commit. */
    List<NewEntry> entries(Approved approved) {
        List<Approved> parts = StoredApprovals.parts(approved);
        List<NewEntry> all = new ArrayList<>();
        for (Approved part : parts) {
            NewEntry entry = entry(part);
            if (parts.size() > 1) {
                StoredApprovals.number(entry.payload(), approved, all.size() + 1, parts.size());
            }
            all.add(entry);
        }
        return all;
    }

    /** Every time that was taken, the newest first. */
    public static List<SubjectRequest.Extended> extended(LogReader reader)
            throws LedgerUnavailable {
        return read(reader.ofType(EntryType.REQUEST_EXTENDED, MAX)).stream()
                .filter(SubjectRequest.Extended.class::isInstance)
                .map(SubjectRequest.Extended.class::cast)
                .toList();
    }

    /** What was written about requests and answers none of them, by the ids of these. */
    private static Map<UUID, List<SubjectRequest>> about(
            List<SubjectRequest.Opened> requests, LogReader reader) throws LedgerUnavailable {
        Map<UUID, List<SubjectRequest>> all = new HashMap<>();
        AboutEntries.of(reader, requests.stream().map(SubjectRequest.Opened::id).toList(), BESIDE)
                .forEach((id, entries) -> all.put(id, read(entries)));
        return all;
    }

    /** As they are since more time was taken, or somebody has taken the call back. */
    private static List<SubjectRequest.Opened> asTheyAre(
            List<SubjectRequest.Opened> requests, LogReader reader) throws LedgerUnavailable {
        Map<UUID, List<SubjectRequest>> about = about(requests, reader);
        return requests.stream()
                .map(one -> {
                    SubjectRequest.Opened now = one;
                    for (SubjectRequest each : about.getOrDefault(one.id(), List.of())) {
                        now =
                                switch (each) {
                                    case SubjectRequest.Extended more -> now.due(more.due());
                                    case SubjectRequest.Confirmed _ ->
                                            now.confirmation(SubjectRequest.Confirmation.GIVEN);
                                    default -> now;
                                };
                    }
                    return now;
                })
                .toList();
    }

    /** Of these requests those that a call back did not confirm. */
    static List<SubjectRequest.Unconfirmed> unconfirmed(
            List<SubjectRequest.Opened> requests, LogReader reader) throws LedgerUnavailable {
        return about(requests, reader).values().stream()
                .flatMap(List::stream)
                .filter(SubjectRequest.Unconfirmed.class::isInstance)
                .map(SubjectRequest.Unconfirmed.class::cast)
                .toList();
    }

    /** When it was confirmed; none where it was not. */
    static Map<UUID, Instant> confirmedAt(List<SubjectRequest.Opened> requests, LogReader reader)
            throws LedgerUnavailable {
        return about(requests, reader).values().stream()
                .flatMap(List::stream)
                .filter(SubjectRequest.Confirmed.class::isInstance)
                .map(SubjectRequest.Confirmed.class::cast)
                .collect(Collectors.toMap(one -> one.asked().id(), SubjectRequest.Confirmed::at));
    }

    /**
     * What is to be called back.
     *
     * @param node this one
     */
    public CallBackStore callBacks(String node) {
        return new CallBacks(node);
    }

    private final class CallBacks implements CallBackStore {
        private final String node;

        CallBacks(String node) {
            this.node = node;
        }

        @Override
        public List<Waiting> waiting(Duration deadline) throws JournalUnavailable {
            return LedgerStore.within(
                    deadline,
                    () -> {
                        LogReader reader = ledger.reader();
                        List<SubjectRequest.Opened> open =
                                unanswered(reader).stream()
                                        .filter(SubjectRequest.Opened::awaitsCallBack)
                                        .toList();
                        var all = new ArrayList<Waiting>();
                        for (SubjectRequest.Opened each : open) {
                            all.add(waiting(each, reader));
                        }
                        return all;
                    });
        }

        private Waiting waiting(SubjectRequest.Opened request, LogReader reader)
                throws LedgerUnavailable {
            Entry due = reader.entry(SubjectRequest.CallBackDue.idOf(request.id())).orElse(null);
            Entry placed =
                    reader.entry(SubjectRequest.CallBackPlaced.idOf(request.id())).orElse(null);
            ObjectNode number = due == null ? null : due.payload();
            ObjectNode called = placed == null ? null : placed.payload();
            return new Waiting(
                    request,
                    number == null ? null : (SubjectRequest.CallBackDue) RequestJson.read(number),
                    called == null
                            ? null
                            : (SubjectRequest.CallBackPlaced) RequestJson.read(called),
                    number != null && number.at("/issuer/node").asText().equals(node));
        }

        @Override
        public boolean place(SubjectRequest.Opened request, UUID by, Instant now, Duration deadline)
                throws JournalUnavailable {
            if (isClosed(request, deadline)) {
                return false;
            }
            SubjectRequest there =
                    written(
                            new SubjectRequest.CallBackPlaced(
                                    SubjectRequest.CallBackPlaced.idOf(request.id()),
                                    now,
                                    SubjectRequest.Asked.of(request),
                                    by),
                            deadline);
            return there instanceof SubjectRequest.CallBackPlaced placed && placed.by().equals(by);
        }

        @Override
        public CallBackResult settle(
                SubjectRequest.Opened request,
                CallBackResult result,
                Instant now,
                Duration deadline)
                throws JournalUnavailable {
            UUID id = SubjectRequest.Confirmed.idOf(request.id());
            SubjectRequest.Asked asked = SubjectRequest.Asked.of(request);
            CallBackResult came =
                    result == CallBackResult.CONFIRMED && isClosed(request, deadline)
                            ? CallBackResult.ANSWERED_BEFORE
                            : result;
            var answer = new SubjectRequest.Answer(CALL_BACK, came.words());
            SubjectRequest there =
                    written(
                            came == CallBackResult.CONFIRMED
                                    ? new SubjectRequest.Confirmed(id, now, asked)
                                    : new SubjectRequest.Unconfirmed(id, now, asked, answer, came),
                            deadline);
            return there instanceof SubjectRequest.Unconfirmed not
                    ? not.why()
                    : CallBackResult.CONFIRMED;
        }

        /** Whoever is told of a confirmed request takes it for an open one. */
        private boolean isClosed(SubjectRequest.Opened request, Duration deadline)
                throws JournalUnavailable {
            return LedgerStore.within(deadline, () -> unanswered(ledger.reader(), request.id()))
                    .isEmpty();
        }

        /** An id that is there already names the entry of whoever was first. */
        private SubjectRequest written(SubjectRequest record, Duration deadline)
                throws JournalUnavailable {
            LedgerStore.await(ledger.append(entry(record)).toCompletableFuture(), deadline);
            Entry there =
                    LedgerStore.within(deadline, () -> ledger.reader().entry(record.id()))
                            .orElseThrow(() ->
                                    new JournalUnavailable("what was written is gone", false));
            ObjectNode payload = there.payload();
            if (payload == null) {
                throw new JournalUnavailable("what was written was erased", false);
            }
            return RequestJson.read(payload);
        }
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
        List<ApprovedAccess> all = new ArrayList<>();
        AboutEntries.eachFirst(
                reader,
                EntryType.REQUEST_APPROVED,
                entry ->
                        read(List.of(entry)).stream()
                                .filter(Approved.class::isInstance)
                                .map(Approved.class::cast)
                                .filter(one -> one.asked().kind() == SubjectRequest.Kind.ACCESS)
                                .map(one ->
                                        new ApprovedAccess(
                                                one.id(),
                                                one.asked().reference().digits(),
                                                one.asked().id(),
                                                one.at()))
                                .forEach(all::add));
        return all.reversed();
    }

    /** Who made this request; empty where it was erased with all else of the caller. */
    public static Optional<PseudonymousSubject> caller(LogReader reader, UUID request)
            throws LedgerUnavailable {
        return asOpened(reader.entry(request).stream().toList()).stream()
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
