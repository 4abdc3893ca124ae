package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.Expiries;
import org.consentgateway.consent.journal.GrantsInUse;
import org.consentgateway.consent.journal.History;
import org.consentgateway.consent.journal.JournalStore;
import org.consentgateway.consent.journal.JournalUnavailable;
import org.consentgateway.consent.journal.LogPosition;
import org.consentgateway.consent.journal.RestoredHistory;
import org.consentgateway.consent.journal.UntoldHolders;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.nodes.LogEnd;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.statement.Gap;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.watch.CheckedHistory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. The one place where consent meets the ledger: its records become entries, its
 * questions become look-ups, and a failure of the store stays a failure.
 */
public final class LedgerStore
        implements JournalStore, Expiries.Ended, GrantsInUse.Endings, UntoldHolders.Untold {
    /** Of what is written in records and beside them. */
    public static final String SCHEMA = RecordJson.SCHEMA;

    private static final Duration PERIODIC = Duration.ofSeconds(30);

    /**
     * Each talk under a consent is opened, of which there may be a million: nobody waits for it.
     */
    private static final Duration ALL_TALKS = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(LedgerStore.class);

    /** More are not told. */
    private static final int TOLD = 100;

    private final Ledger ledger;
    private final CheckedHistory histories;
    private final NoticeArchiving archiving;
    private final Retention retention;
    private volatile Processing processing;

    /** Records of which it was told that no entry can be made of them. */
    private final Set<UUID> told = ConcurrentHashMap.newKeySet();

    public LedgerStore(
            Ledger ledger, NoticeArchiving archiving, Retention retention, Processing processing) {
        this(ledger, ledger.histories(), archiving, retention, processing);
    }

    /**
     * @param histories what decisions are made on
     */
    LedgerStore(
            Ledger ledger,
            CheckedHistory histories,
            NoticeArchiving archiving,
            Retention retention,
            Processing processing) {
        this.ledger = ledger;
        this.histories = histories;
        this.archiving = archiving;
        this.retention = retention;
        this.processing = processing;
    }

    /** Has records tell this from now on; of lines that are gone, what they told before. */
    public void tell(Processing next) {
        processing = next.withLinesOf(processing);
    }

    @Override
    public void requireTrusted() throws JournalUnavailable {
        try {
            ledger.requireNoConflict();
        } catch (LedgerUnavailable e) {
            throw unavailable(e);
        }
    }

    @Override
    public LogPosition append(List<ConsentRecord> records, Duration deadline)
            throws JournalUnavailable {
        for (ConsentRecord record : records) {
            NoticeRef notice = notice(record);
            if (notice != null && !archiving.isKept(notice) && !spoken(notice, deadline)) {
                throw JournalUnavailable.refused("a known notice was changed");
            }
        }
        CommittedEntry last = await(appending(records), deadline).getLast();
        return new LogPosition(last.log(), last.index());
    }

    private boolean spoken(NoticeRef notice, Duration deadline) throws JournalUnavailable {
        try {
            return within(deadline, () -> archiving.spoken(notice));
        } catch (JournalUnavailable e) {
            throw e.beforeHandingOver();
        }
    }

    /**
     * What no entry can be made of is refused for itself: nothing of it is handed on, and others
     * are taken.
     */
    private Future<List<CommittedEntry>> appending(List<ConsentRecord> records)
            throws JournalUnavailable {
        try {
            return ledger.append(records.stream().map(this::entry).toList()).toCompletableFuture();
        } catch (RuntimeException e) {
            if (records.size() == 1 && told.size() < TOLD && told.add(records.getFirst().id())) {
                // Its text may hold a record.
                LOG.error(
                        "no entry can be made of record {}, and it is not written: {}",
                        records.getFirst().id(),
                        e.getClass().getName());
            }
            throw JournalUnavailable.refused("no entry can be made of it");
        }
    }

    @Override
    public History history(Subject subject, String lineage, Duration deadline)
            throws JournalUnavailable {
        CheckedHistory.Found found =
                within(deadline, () -> histories.of(pseudonyms(subject), lineage));
        List<ConsentRecord> all = records(found.all()).reversed();
        if (found.all().isEmpty() && found.complete()) {
            return History.of(all); // as of most callers, while it rings
        }
        if (anyUnreadable(found.all())) {
            return new History(all, List.of(), false); // it may be a withdrawal
        }
        Gap gap = within(deadline, () -> ledger.reader().ask(Gap::of));
        Set<UUID> older = // of which withdrawals may be missing, too
                found.reliable().stream()
                        .filter(gap::follows)
                        .map(Entry::id)
                        .collect(Collectors.toSet());
        List<ConsentRecord> relied =
                new RestoredHistory(records(found.reliable()).reversed())
                        .relied(record ->
                                older.contains(record.id())
                                        || isGivenBefore(gap.completeSince(), record));
        return new History(all, relied, found.complete());
    }

    /** Elsewhere, whenever it was taken over: what was said in calls since may be missing. */
    private static boolean isGivenBefore(Instant time, ConsentRecord record) {
        return record instanceof ConsentRecord.Imported one && one.grant().from().isBefore(time);
    }

    /** From when on no withdrawal is missing; the beginning of time where no store was restored. */
    public Instant completeSince(Duration deadline) throws JournalUnavailable {
        return within(deadline, () -> ledger.reader().ask(Gap::of)).completeSince();
    }

    @Override
    public History history(Subject subject, Duration deadline) throws JournalUnavailable {
        CheckedHistory.Found found = within(deadline, () -> histories.ofAll(pseudonyms(subject)));
        List<ConsentRecord> all = records(found.all()).reversed();
        return anyUnreadable(found.all())
                ? new History(all, List.of(), false) // it may be a consent
                : new History(all, all, found.complete());
    }

    @Override
    public List<UUID> inForce(Subject subject, Duration deadline) throws JournalUnavailable {
        return within(deadline, () -> histories.idsInForce(pseudonyms(subject)));
    }

    @Override
    public History history(Subject subject, List<UUID> consents, Duration deadline)
            throws JournalUnavailable {
        List<Entry> found =
                within(deadline, () -> histories.ofThese(pseudonyms(subject), consents));
        List<ConsentRecord> all = records(found).reversed();
        return new History(all, List.of(), !anyUnreadable(found)); // nothing is relied on by it
    }

    /** What is stored under an id; empty where nothing ever was. */
    public Optional<Stored> stored(UUID id, Duration deadline) throws JournalUnavailable {
        return within(deadline, () -> ledger.reader().entry(id)).map(LedgerStore::stored);
    }

    /** What is stored under these ids, by their id. */
    public Map<UUID, Stored> stored(Collection<UUID> ids, Duration deadline)
            throws JournalUnavailable {
        return within(deadline, () -> ledger.reader().entries(ids)).stream()
                .collect(Collectors.toMap(Entry::id, LedgerStore::stored));
    }

    private static Stored stored(Entry entry) {
        return entry.payload() == null
                ? Stored.ERASED
                : new Stored(RecordJson.read(entry.payload()));
    }

    /**
     * What was found.
     *
     * @param record null where its content was erased
     */
    public record Stored(@Nullable ConsentRecord record) {
        static final Stored ERASED = new Stored(null);
    }

    /** Whether the store has the log of another node as far as that has confirmed it. */
    public boolean has(LogEnd end, Duration deadline) throws JournalUnavailable {
        return within(deadline, () -> ledger.has(end));
    }

    @Override
    public List<ConsentRecord> endedBy(Instant now, int limit) throws JournalUnavailable {
        return records(within(PERIODIC, () -> ledger.ended().by(now, limit)));
    }

    @Override
    public Page untold(Instant after, Instant until, @Nullable UUID behind, int limit)
            throws JournalUnavailable {
        List<Entry> entries =
                within(PERIODIC, () -> ledger.reader().untold(after, until, behind, limit));
        // One that does not open is in the count: more may stand behind it.
        UUID last = entries.size() < limit ? null : entries.getLast().id();
        return new Page(of(ConsentRecord.Withdrawn.class, entries), last);
    }

    @Override
    public List<ConsentRecord.AssistantOpened> untoldUnder(UUID grant) throws JournalUnavailable {
        Map<String, ConsentRecord.AssistantOpened> last = new LinkedHashMap<>();
        Set<String> told = new HashSet<>();
        return within(
                ALL_TALKS,
                () -> {
                    AboutEntries.ofHolders(
                            ledger.reader(),
                            grant,
                            entry -> {
                                if (entry.type() == EntryType.ASSISTANT_OPENED) {
                                    of(ConsentRecord.AssistantOpened.class, List.of(entry))
                                            .forEach(talk -> last.put(talk.assistant(), talk));
                                } else if (isOfACall(entry)) {
                                    of(ConsentRecord.HolderNotified.class, List.of(entry)).stream()
                                            .filter(LedgerStore::isOfAWithdrawal)
                                            .forEach(holder -> told.add(holder.holder()));
                                }
                            });
                    last.keySet().removeAll(told);
                    return List.copyOf(last.values());
                });
    }

    /** Who was told besides, by a webhook, is no record of a call. */
    private static boolean isOfACall(Entry entry) {
        ObjectNode payload = entry.payload();
        return payload != null && payload.has("call");
    }

    /** Or of an erasure: whoever was told that its time was over knows of no withdrawal. */
    private static boolean isOfAWithdrawal(ConsentRecord.HolderNotified holder) {
        return holder.end().how() != EndOfConsent.How.EXPIRED;
    }

    /** What was written about a call, oldest first. */
    public List<ConsentRecord> ofCall(UUID call) throws JournalUnavailable {
        return records(within(PERIODIC, () -> ledger.reader().ofCall(call.toString()))).reversed();
    }

    /** What was erased is not found: these are there and do not open. */
    private static boolean anyUnreadable(List<Entry> found) {
        return found.stream().anyMatch(entry -> entry.payload() == null);
    }

    private static <R extends ConsentRecord> List<R> of(Class<R> type, List<Entry> entries) {
        return records(entries).stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public Found endingsOf(Collection<UUID> grants) throws JournalUnavailable {
        List<Entry> entries = within(PERIODIC, () -> ledger.reader().endingsOf(grants));
        Set<UUID> unreadable = new HashSet<>();
        if (anyUnreadable(entries)) { // which does not tell of which
            for (UUID grant : grants) {
                if (anyUnreadable(
                        within(PERIODIC, () -> ledger.reader().endingsOf(List.of(grant))))) {
                    unreadable.add(grant);
                }
            }
        }
        return new Found(
                records(entries),
                within(PERIODIC, () -> ledger.reader().erased(grants)),
                unreadable);
    }

    /** A question to the store. */
    @FunctionalInterface
    interface Asked<T> {
        T answer() throws LedgerUnavailable;
    }

    /** A database that hangs must not keep a caller ringing. */
    static <T> T within(Duration deadline, Asked<T> asked) throws JournalUnavailable {
        var answer = new FutureTask<>(asked::answer);
        Thread.ofVirtual().name("store").start(answer);
        return await(answer, deadline);
    }

    static <T> T await(Future<T> answer, Duration deadline) throws JournalUnavailable {
        try {
            return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new JournalUnavailable("no answer within " + deadline, true);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case LedgerUnavailable unavailable -> unavailable(unavailable);
                case IllegalArgumentException wrong ->
                        JournalUnavailable.refused("refused: " + wrong);
                case null, default -> new JournalUnavailable("failed: " + e.getCause(), true);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JournalUnavailable("interrupted", true);
        }
    }

    /** What was erased, or cannot be read any more, is not there. */
    static List<ConsentRecord> records(List<Entry> entries) {
        return entries.stream()
                .filter(LedgerStore::isConsentRecord)
                .map(Entry::payload)
                .flatMap(payload -> Optional.ofNullable(payload).stream())
                .map(RecordJson::read)
                .toList();
    }

    private static boolean isConsentRecord(Entry entry) {
        return switch (entry.type()) {
            case SERVED,
                    GIVEN,
                    REFUSED,
                    UNANSWERED,
                    WITHDRAWN,
                    EXPIRED,
                    RENEWED,
                    REAFFIRMED,
                    ASSISTANT_OPENED,
                    ASSISTANT_CUT,
                    PURPOSE_DECIDED,
                    HOLDER_NOTIFIED,
                    IMPORTED,
                    USED ->
                    true;
            case ERASED,
                    CALL_LOST,
                    REQUEST_OPENED,
                    REQUEST_APPROVED,
                    REQUEST_REFUSED,
                    REQUEST_EXTENDED,
                    CALL_BACK_DUE,
                    CALL_BACK_PLACED,
                    REQUEST_CONFIRMED,
                    REQUEST_UNCONFIRMED,
                    TASK_OPENED,
                    TASK_CLOSED,
                    KEY_ISSUED,
                    KEY_REVOKED,
                    ACCESSED,
                    ACCESS_REFUSED,
                    SUBJECT_REFERENCED,
                    REPORT_DUE,
                    REPORT_SENT,
                    SIGNING_KEY_ROTATED,
                    SIGNING_KEY_REVOKED,
                    LOG_RESUMED,
                    LOG_ARCHIVED,
                    WITNESS_CONFLICT_RESOLVED,
                    HOLDER_TO_TELL,
                    HOLDER_TOLD ->
                    false;
        };
    }

    NewEntry entry(ConsentRecord record) {
        ObjectNode payload = RecordJson.write(record);
        payload.putObject("time").put("source", "system clock");
        processing.put(payload, record);
        retention.put(payload, record);
        return new NewEntry(
                record.id(),
                type(record),
                callId(record),
                payload.at("/subject/pseudonym").textValue(),
                payload);
    }

    private static @Nullable NoticeRef notice(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Served served -> served.notice();
            case ConsentRecord.Given given -> given.notice();
            case ConsentRecord.Renewed renewed -> renewed.notice();
            case ConsentRecord.Reaffirmed again -> again.notice();
            case ConsentRecord.Refused refused -> refused.notice();
            case ConsentRecord.Unanswered unanswered -> unanswered.notice();
            case ConsentRecord.Imported imported ->
                    imported.origin().sameWords() ? imported.notice() : null;
            case ConsentRecord.Used _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.PurposeDecided _,
                    ConsentRecord.HolderNotified _,
                    ConsentRecord.Withdrawn _,
                    ConsentRecord.Expired _ ->
                    null;
        };
    }

    private static EntryType type(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Served _ -> EntryType.SERVED;
            case ConsentRecord.Given _ -> EntryType.GIVEN;
            case ConsentRecord.Renewed _ -> EntryType.RENEWED;
            case ConsentRecord.Refused _ -> EntryType.REFUSED;
            case ConsentRecord.Unanswered _ -> EntryType.UNANSWERED;
            case ConsentRecord.Reaffirmed _ -> EntryType.REAFFIRMED;
            case ConsentRecord.Used _ -> EntryType.USED;
            case ConsentRecord.AssistantOpened _ -> EntryType.ASSISTANT_OPENED;
            case ConsentRecord.AssistantCut _ -> EntryType.ASSISTANT_CUT;
            case ConsentRecord.PurposeDecided _ -> EntryType.PURPOSE_DECIDED;
            case ConsentRecord.HolderNotified _ -> EntryType.HOLDER_NOTIFIED;
            case ConsentRecord.Withdrawn _ -> EntryType.WITHDRAWN;
            case ConsentRecord.Imported _ -> EntryType.IMPORTED;
            case ConsentRecord.Expired _ -> EntryType.EXPIRED;
        };
    }

    private static @Nullable String callId(ConsentRecord record) {
        CallFacts call =
                switch (record) {
                    case ConsentRecord.OfCall ofCall -> ofCall.call();
                    case ConsentRecord.Withdrawn withdrawn -> withdrawn.call();
                    case ConsentRecord.Imported _, ConsentRecord.Expired _ -> null;
                };
        return call == null ? null : call.callId().toString();
    }

    static PseudonymousSubject pseudonyms(Subject subject) {
        var all = new ArrayList<String>();
        all.add(subject.pseudonym());
        all.addAll(subject.earlier());
        return new PseudonymousSubject(all);
    }

    private static JournalUnavailable unavailable(LedgerUnavailable e) {
        return new JournalUnavailable(e.reason().name(), e.maybeWritten());
    }
}
