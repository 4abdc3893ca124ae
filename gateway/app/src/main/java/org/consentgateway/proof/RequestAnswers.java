package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.ConsentInForce;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.request.SubjectRequest;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.consent.request.SubjectRequest.Approved;
import org.consentgateway.consent.request.SubjectRequest.Asked;
import org.consentgateway.consent.request.SubjectRequest.Kept;
import org.consentgateway.consent.request.SubjectRequest.Opened;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.proof.access.AccessEntry;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What a person at the company answers to requests: first written, then done. An
 * answer is written once; an erasure that did not come to its end is taken up again.
 */
public final class RequestAnswers {
    /** A person waits, not a caller. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** So that no call waits for the store while a commit of thousands goes on. */
    private static final int ENDED_AT_ONCE = 500;

    /** Other requests of the caller stay open though this one is for erasure. */
    private static final String REQUEST_LAW = "Art. 12 DSGVO";

    private final Ledger ledger;
    private final InstantSource clock;
    private final LedgerStore consents;
    private final LedgerRequests requests;

    /**
     * @param ledger to whose log the answers are written
     * @param location country the store stands in, ISO 3166-1 alpha-2
     */
    public RequestAnswers(Ledger ledger, InstantSource clock, String location) {
        this.ledger = ledger;
        this.clock = clock;
        this.consents =
                new LedgerStore(
                        ledger,
                        new NoticeArchiving(ledger, clock, _ -> Optional.empty()),
                        Retention.USUAL,
                        Processing.ofStore(location));
        this.requests = new LedgerRequests(ledger, location);
    }

    /**
     * @param erased entries whose payloads are gone
     * @param toTell holders of that data, of whom each is a task now
     */
    public record Erasure(Approved approved, int erased, int toTell) {}

    /** The request is not, or no longer, open for this answer: nothing was written. */
    public static final class NotAnswerable extends IOException {
        private static final long serialVersionUID = 1L;

        NotAnswerable(String message) {
            super(message);
        }
    }

    /** Takes a request down that did not come by the privacy line. */
    public void open(Opened request) throws JournalUnavailable {
        requests.open(request, PATIENCE);
    }

    public void refuse(Opened request, Answer answer) throws JournalUnavailable, NotAnswerable {
        Opened _ = unanswered(request);
        write(
                new SubjectRequest.Refused(
                        EntryIds.next(clock.instant()),
                        clock.instant(),
                        Asked.of(request),
                        answer));
    }

    /**
     * Writes that all of one caller is shown: before it is, and without saying whose it is.
     *
     * @param by the person who asks for it
     * @param request that it answers; null where there is none
     * @param found how many entries there are
     */
    void shown(String by, @Nullable Asked request, int found) throws JournalUnavailable {
        ObjectNode access = AccessEntry.access("command line", "subject export");
        access.put("person", by).put("found", found);
        if (request != null) {
            access.put("case", request.reference().digits());
        }
        NewEntry entry = AccessEntry.of(EntryType.ACCESSED, access, clock.instant());
        LedgerStore.await(ledger.append(entry).toCompletableFuture(), PATIENCE);
    }

    /**
     * Takes more time, once.
     *
     * @param due as {@link org.consentgateway.consent.request.AnswerDeadline#extended} says
     */
    public void extend(Opened request, Answer answer, Instant due)
            throws JournalUnavailable, NotAnswerable {
        Opened _ = unanswered(request);
        boolean before =
                LedgerStore.within(
                        PATIENCE, () -> LedgerRequests.isExtended(ledger.reader(), request.id()));
        if (before) {
            throw new NotAnswerable("request " + request.reference() + " was extended meanwhile");
        }
        write(
                new SubjectRequest.Extended(
                        EntryIds.next(clock.instant()),
                        clock.instant(),
                        Asked.of(request),
                        answer,
                        due));
    }

    /** What is handed over is made by the caller of this, before. */
    public Approved approveAccess(Opened request, Answer answer)
            throws JournalUnavailable, NotAnswerable {
        confirmed(request);
        Approved approved = approved(Asked.of(request), answer, List.of(), Map.of());
        write(approved);
        return approved;
    }

    /**
     * Looked at once more by the only one who may write answers now: two people may have had the
     * same request before them.
     */
    private Opened unanswered(Opened request) throws JournalUnavailable, NotAnswerable {
        return LedgerStore.within(
                        PATIENCE, () -> LedgerRequests.unanswered(ledger.reader(), request.id()))
                .orElseThrow(() ->
                        new NotAnswerable(
                                "request " + request.reference() + " was answered meanwhile"));
    }

    /** Nothing is given out or destroyed before whoever holds the number has pressed the key. */
    private void confirmed(Opened request) throws JournalUnavailable, NotAnswerable {
        if (unanswered(request).awaitsCallBack()) {
            throw new NotAnswerable(
                    "request " + request.reference() + " waits for the call back that confirms it");
        }
    }

    private void write(SubjectRequest request) throws JournalUnavailable {
        LedgerStore.await(ledger.append(requests.entry(request)).toCompletableFuture(), PATIENCE);
    }

    private Approved approved(
            Asked request, Answer answer, List<Kept> kept, Map<String, Long> until) {
        Instant now = clock.instant();
        return new Approved(EntryIds.next(now), now, request, answer, kept, until);
    }

    /**
     * Ends the consents whose proof is kept, says what is kept under which law and whom else to
     * tell, and erases the rest.
     *
     * @param subject under all its pseudonyms
     * @param proofLaw why the proof of other consents than to advertising is kept as well; null
     *     where it is not
     */
    public Erasure approveErasure(
            Opened request, Answer answer, Subject subject, @Nullable String proofLaw)
            throws JournalUnavailable, NotAnswerable {
        confirmed(request);
        return approveErasure(Asked.of(request), answer, subject, proofLaw);
    }

    /**
     * The same where nobody has taken a request down.
     *
     * @param request whose id is that of no entry
     */
    public Erasure approveErasure(
            Asked request, Answer answer, Subject subject, @Nullable String proofLaw)
            throws JournalUnavailable {
        return approveErasure(request, answer, subject, proofLaw, seen(subject));
    }

    /**
     * What there is of a caller: all of it, and of each entry what is decided by.
     *
     * @param until as {@link org.consentgateway.ledger.store.LogReader#sizes} had it before
     */
    record Seen(Map<String, Long> until, List<SeenEntry> entries) {}

    /** Where the logs end is asked first: what is written meanwhile is not in it. */
    Seen seen(Subject subject) throws JournalUnavailable {
        return LedgerStore.within(
                PATIENCE,
                () -> {
                    Map<String, Long> until = ledger.reader().sizes();
                    List<SeenEntry> entries = new ArrayList<>();
                    FoundEntries.of(ledger.reader(), LedgerStore.pseudonyms(subject))
                            .within(until)
                            .each(page ->
                                    page.forEach(
                                            entry -> SeenEntry.of(entry).ifPresent(entries::add)));
                    return new Seen(until, entries);
                });
    }

    /**
     * The same, by one look at what there is.
     *
     * @param seen all of the caller; what is written since stays, since nobody is told of it
     */
    Erasure approveErasure(
            Asked request, Answer answer, Subject subject, @Nullable String proofLaw, Seen seen)
            throws JournalUnavailable {
        List<SeenEntry> entries = seen.entries();
        List<Kept> kept = new ArrayList<>(ended(entries, proofLaw, subject));
        otherRequests(request, subject).ifPresent(kept::add);
        Approved approved = approved(request, answer, kept, seen.until());
        List<NewEntry> records = new ArrayList<>(requests.entries(approved));
        List<NewEntry> toTell =
                HolderTasks.of(
                        entries,
                        ids(kept),
                        approved.id(),
                        clock.instant(),
                        ledger.announcing().holders());
        records.addAll(toTell);
        LedgerStore.await(ledger.append(records).toCompletableFuture(), PATIENCE);
        return new Erasure(approved, erase(approved, subject).erased(), toTell.size());
    }

    /**
     * Ends the consents whose proof is kept, some hundred in each commit, before the approval that
     * lists their ends. Where it fails in the middle, what has ended stays so: whoever approves it
     * again finds those ends among what is kept, and goes on with the rest.
     *
     * @return what is kept under which law, with the ends
     */
    private List<Kept> ended(List<SeenEntry> entries, @Nullable String proofLaw, Subject subject)
            throws JournalUnavailable {
        List<Kept> kept = Restriction.of(entries, proofLaw);
        Map<UUID, UUID> ends = new HashMap<>();
        List<NewEntry> records = new ArrayList<>();
        for (ConsentInForce consent : inForce(entries, ids(kept))) {
            ConsentRecord.Withdrawn end = withdrawal(consent, subject);
            ends.put(consent.grant(), end.id());
            records.add(consents.entry(end));
        }
        for (int from = 0; from < records.size(); from += ENDED_AT_ONCE) {
            int to = Math.min(records.size(), from + ENDED_AT_ONCE);
            List<NewEntry> some = records.subList(from, to);
            LedgerStore.await(ledger.append(some).toCompletableFuture(), PATIENCE);
        }
        return kept.stream()
                .map(law ->
                        law.and(
                                law.records().stream()
                                        .flatMap(id -> Stream.ofNullable(ends.get(id)))
                                        .toList()))
                .toList();
    }

    private static Set<UUID> ids(List<Kept> kept) {
        return kept.stream().flatMap(law -> law.records().stream()).collect(Collectors.toSet());
    }

    /** Consents that nothing ends which is kept: what else ends them is erased with the rest. */
    private List<ConsentInForce> inForce(List<SeenEntry> entries, Set<UUID> kept)
            throws JournalUnavailable {
        Instant now = clock.instant();
        List<SeenEntry> left = entries.stream().filter(one -> kept.contains(one.id())).toList();
        Set<UUID> lasting = mayHold(left, now);
        Set<UUID> talks = mayTalk(left);
        List<UUID> deciding =
                left.stream()
                        .filter(one -> decides(one, lasting, talks))
                        .map(SeenEntry::id)
                        .toList();
        List<Entry> read = LedgerStore.within(PATIENCE, () -> ledger.reader().entries(deciding));
        return ConsentInForce.of(LedgerStore.records(read), now);
    }

    /** Of those the contents are read again. */
    private static boolean decides(SeenEntry entry, Set<UUID> lasting, Set<UUID> talks) {
        return switch (entry.type()) {
            case GIVEN, RENEWED, IMPORTED ->
                    lasting.contains(entry.id())
                            || talks.contains(entry.id())
                            || entry.refersTo(lasting)
                            || entry.refersTo(talks);
            case ASSISTANT_OPENED -> entry.refersTo(talks);
            default -> false;
        };
    }

    /** Consents for later calls that have not ended by their time, and that nobody withdrew. */
    private static Set<UUID> mayHold(List<SeenEntry> entries, Instant now) {
        Set<UUID> ended = about(entries, EntryType.WITHDRAWN, EntryType.EXPIRED, EntryType.RENEWED);
        return entries.stream()
                .filter(one -> {
                    Instant until = one.until();
                    return until != null && now.isBefore(until) && !ended.contains(one.id());
                })
                .map(SeenEntry::id)
                .collect(Collectors.toSet());
    }

    /** Consents for one call of which the talk is not known to be over. */
    private static Set<UUID> mayTalk(List<SeenEntry> entries) {
        Set<UUID> over =
                about(
                        entries,
                        EntryType.WITHDRAWN,
                        EntryType.EXPIRED,
                        EntryType.RENEWED,
                        EntryType.ASSISTANT_CUT);
        Set<UUID> talks = about(entries, EntryType.ASSISTANT_OPENED);
        return entries.stream()
                .filter(one -> one.type().isConsent() && one.until() == null)
                .map(SeenEntry::id)
                .filter(id -> talks.contains(id) && !over.contains(id))
                .collect(Collectors.toSet());
    }

    private static Set<UUID> about(List<SeenEntry> entries, EntryType... types) {
        Set<EntryType> wanted = Set.of(types);
        return entries.stream()
                .filter(one -> wanted.contains(one.type()))
                .flatMap(one -> Stream.ofNullable(one.refersTo()))
                .collect(Collectors.toSet());
    }

    private ConsentRecord.Withdrawn withdrawal(ConsentInForce consent, Subject subject) {
        Instant now = clock.instant();
        return new ConsentRecord.Withdrawn(
                EntryIds.next(now),
                now,
                null,
                subject,
                consent.lineage(),
                consent.grant(),
                ConsentRecord.Withdrawn.Reason.OPERATOR,
                Method.NONE,
                now,
                null);
    }

    private Optional<Kept> otherRequests(Asked request, Subject subject) throws JournalUnavailable {
        List<UUID> others =
                requests.unanswered(subject, PATIENCE).stream()
                        .map(Opened::id)
                        .filter(id -> !id.equals(request.id()))
                        .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(new Kept(REQUEST_LAW, others));
    }

    /**
     * Takes up again an erasure that was approved and did not come to its end. Where its approval
     * is not all there, nothing is erased: what is missing may keep the rest.
     */
    public Erasure finish(Asked request, Subject subject) throws JournalUnavailable {
        Approved approved =
                LedgerStore.within(
                                PATIENCE,
                                () -> LedgerRequests.approval(ledger.reader(), request.id()))
                        .orElseThrow(() ->
                                new JournalUnavailable(
                                        "request "
                                                + request.reference()
                                                + ": of the entries that say what a law keeps not"
                                                + " all are there or can be read, so nothing is"
                                                + " erased: see ledger verify",
                                        false));
        return erase(approved, subject);
    }

    /**
     * Erases what was approved to be erased, once more where it did not come to its end. What came
     * since stays: it may be a consent that was given anew.
     */
    Erasure erase(Approved approved, Subject subject) throws JournalUnavailable {
        Set<UUID> kept = ids(approved.kept());
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("reason", "subject request")
                .put("channel", approved.asked().channel().name())
                .put("operator", approved.answer().by())
                .put("case", approved.asked().reference().digits())
                .put("refers_to", approved.id().toString());
        NewEntry entry = NewEntry.of(EntryType.ERASED, null, null, payload, clock.instant());
        Ledger.Erasure done =
                LedgerStore.within(
                        PATIENCE,
                        () ->
                                ledger.erase(
                                        entry,
                                        LedgerStore.pseudonyms(subject),
                                        kept,
                                        until(approved)));
        return new Erasure(approved, done.entries(), 0);
    }

    private Map<String, Long> until(Approved approved) throws LedgerUnavailable {
        return approved.until().isEmpty()
                ? ledger.reader().sizesAt(approved.at())
                : approved.until();
    }

    /** Writes that a person has told a holder; a task that names erased consents goes with it. */
    void told(HolderTasks.HolderTask task, Answer answer) throws JournalUnavailable {
        NewEntry told = HolderTasks.told(task, answer, clock.instant());
        LedgerStore.await(ledger.append(told).toCompletableFuture(), PATIENCE);
        if (HolderTasks.goes(task)) {
            ObjectNode payload = JsonNodeFactory.instance.objectNode();
            payload.put("reason", "the holder was told").put("operator", answer.by());
            NewEntry gone = NewEntry.of(EntryType.ERASED, null, null, payload, clock.instant());
            LedgerStore.within(PATIENCE, () -> ledger.eraseOne(gone, task.id()));
        }
    }
}
