package org.consentgateway.consent.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentStatus;
import org.consentgateway.consent.ConsentValidity;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;

/**
 * Thread-safe. Writes what callers decided, and is the only one to turn a committed consent into a
 * {@link DurableGrant}.
 */
public final class ConsentJournal {
    /** Records held in memory while neither the store nor the local disk takes them. */
    static final int MAX_IN_MEMORY = 10_000;

    private final JournalStore store;
    private final LateJournal late;
    private final Duration deadline;
    private final Supplier<UUID> ids;
    private final List<ConsentRecord> inMemory = new ArrayList<>();
    private final LongAdder lost = new LongAdder();
    private final GrantsInUse inUse = new GrantsInUse();

    /**
     * @param deadline how long a call waits for a commit before it goes on without consent
     * @param ids mints UUIDv7
     */
    public ConsentJournal(
            JournalStore store, LateJournal late, Duration deadline, Supplier<UUID> ids) {
        this.store = store;
        this.late = late;
        this.deadline = deadline;
        this.ids = ids;
    }

    /** For a record still to be written. */
    public UUID newId() {
        return ids.get();
    }

    /** The consents that calls go on now; what is written here ends them there first. */
    public GrantsInUse inUse() {
        return inUse;
    }

    /**
     * @return where the last of them stands
     */
    public LogPosition write(ConsentRecord... records) throws JournalUnavailable {
        for (ConsentRecord record : records) {
            inUse.end(record);
        }
        return store.append(List.of(records), deadline);
    }

    /**
     * To be asked before a caller is asked for anything.
     *
     * @throws JournalUnavailable where no consent can be built on what is stored
     */
    public void requireTrusted() throws JournalUnavailable {
        store.requireTrusted();
    }

    /** Records a consent that was given in this call; returns after the commit. */
    public DurableGrant give(ConsentRecord.Given given) throws JournalUnavailable {
        requireTrusted();
        LogPosition position = writeOrTakeBack(given, given.notice(), given.id());
        return durable(given.id(), given.grant(), given, given.notice(), position);
    }

    /** Records that a consent was given again; returns after the commit. */
    public DurableGrant renew(ConsentRecord.Renewed renewed) throws JournalUnavailable {
        requireTrusted();
        LogPosition position = writeOrTakeBack(renewed, renewed.notice(), renewed.id());
        return durable(renewed.id(), renewed.grant(), renewed, renewed.notice(), position);
    }

    /**
     * What is left of a grant when a purpose has ended.
     *
     * @throws IllegalArgumentException where it is more than was agreed to
     */
    public DurableGrant less(DurableGrant grant, Level left) {
        if (!grant.purposes().containsAll(left.purposes())) {
            throw new IllegalArgumentException("more than was agreed to: " + left.purposes());
        }
        return new DurableGrant(
                grant.record(),
                left,
                grant.until(),
                grant.call(),
                grant.notice(),
                grant.position());
    }

    private static DurableGrant durable(
            UUID record,
            Grant grant,
            ConsentRecord.OfCall of,
            NoticeRef notice,
            LogPosition position) {
        return new DurableGrant(
                record, grant.level(), grant.until(), of.call().callId(), notice, position);
    }

    /**
     * A grant that may still reach the disk after the call went on without it must not count later:
     * the caller has heard that nothing was stored. It is kept as well, before its end, so that the
     * log never ends a grant that it does not have; written twice, it counts once.
     */
    private LogPosition writeOrTakeBack(ConsentRecord.OfCall record, NoticeRef notice, UUID grant)
            throws JournalUnavailable {
        try {
            return write(record);
        } catch (JournalUnavailable e) {
            if (e.maybeWritten()) {
                keep(record);
                keep(
                        new ConsentRecord.Withdrawn(
                                ids.get(),
                                record.at(),
                                record.call(),
                                record.subject(),
                                notice.id(),
                                grant,
                                ConsentRecord.Withdrawn.Reason.GRANT_CAME_LATE,
                                Method.NONE,
                                record.at(),
                                null));
            }
            throw e;
        }
    }

    /** Where the consents of this caller stand, by what is on disk. */
    public Standing standing(Subject subject, ConsentValidity validity, Notice current, Instant now)
            throws JournalUnavailable {
        List<ConsentRecord> history =
                new ArrayList<>(store.history(subject, current.id(), deadline));
        history.addAll(keptHere(subject));
        return new Standing(
                validity.statusAt(now, history, current),
                ConsentInForce.lasting(history, now),
                subject);
    }

    /** All consents of this number that have not ended, by what is on disk and kept here. */
    public List<ConsentInForce> inForce(Subject subject, Instant now) throws JournalUnavailable {
        List<ConsentRecord> history = new ArrayList<>(store.history(subject, deadline));
        history.addAll(keptHere(subject));
        return ConsentInForce.of(history, now);
    }

    /**
     * Records that whoever speaks now has agreed again to an earlier consent, valid when it was
     * looked up; returns after the commit.
     *
     * @throws IllegalArgumentException where there is none that this caller may use now, or where
     *     more than it would be remembered
     */
    public DurableGrant reaffirm(ConsentRecord.Reaffirmed again, Standing standing)
            throws JournalUnavailable {
        InForce consent = usable(again.at(), again.call(), standing);
        Level level = again.grant().level();
        if (!consent.grant().equals(again.reaffirms())
                || !level.purposes().stream()
                        .allMatch(p -> p.everyCall() || consent.level().purposes().contains(p))) {
            throw new IllegalArgumentException("not what was agreed to: " + standing);
        }
        requireTrusted();
        LogPosition position = write(again);
        return new DurableGrant(
                consent.grant(),
                level,
                consent.until(),
                again.call().callId(),
                again.notice(),
                position);
    }

    /**
     * Records that an earlier consent, valid when it was looked up, is honoured in this call
     * without a question; returns after the commit.
     *
     * @param notice in whose words this caller was told
     * @throws IllegalArgumentException where there is none that this caller may use now, or one
     *     that stores anything
     */
    public DurableGrant use(
            UUID id, Instant now, CallFacts call, NoticeRef notice, Standing standing)
            throws JournalUnavailable {
        InForce consent = usable(now, call, standing);
        Level level = consent.level();
        if (!level.purposes().stream().allMatch(Purpose::storesNothing)) {
            throw new IllegalArgumentException("has to be asked for: " + standing);
        }
        Instant until = consent.until();
        requireTrusted();
        LogPosition position =
                write(
                        new ConsentRecord.Used(
                                id, now, call, consent.grant(), level.keptUntil(now, until)));
        return new DurableGrant(consent.grant(), level, until, call.callId(), notice, position);
    }

    private static InForce usable(Instant now, CallFacts call, Standing standing) {
        InForce consent = inForce(standing);
        if (!standing.subject().equals(call.knownSubject())) {
            throw new IllegalArgumentException("not the consent of this caller: " + standing);
        }
        if (!now.isBefore(consent.until())) {
            throw new IllegalArgumentException("no longer valid: " + standing);
        }
        return consent;
    }

    private record InForce(UUID grant, Level level, Instant until) {}

    private static InForce inForce(Standing standing) {
        return switch (standing.status()) {
            case ConsentStatus.Valid(UUID grant, Level level, Instant until) ->
                    new InForce(grant, level, until);
            case ConsentStatus.RenewalDue(UUID grant, Level level, Instant until) ->
                    new InForce(grant, level, until);
            case ConsentStatus.None(),
                    ConsentStatus.Expired(_, _, _),
                    ConsentStatus.TextChanged(_, _),
                    ConsentStatus.PurposeAdded(_, _, _),
                    ConsentStatus.Shared(_, _, _),
                    ConsentStatus.Withdrawn(_, _) ->
                    throw new IllegalArgumentException("no valid consent: " + standing);
        };
    }

    /**
     * Writes the records now, or keeps them on this machine until the store takes them. For what
     * has already happened and must be known: a withdrawal, a refusal, the end of a conversation.
     *
     * @return whether the store has them already
     */
    public boolean writeNowOrLater(ConsentRecord... records) {
        try {
            write(records);
            return true;
        } catch (JournalUnavailable e) {
            for (ConsentRecord record : records) {
                keep(record);
            }
            return false;
        }
    }

    private void keep(ConsentRecord record) {
        if (late.keep(record)) {
            return;
        }
        synchronized (inMemory) {
            if (inMemory.size() < MAX_IN_MEMORY) {
                inMemory.add(record);
            } else {
                lost.increment();
            }
        }
    }

    /** What waits for the store, oldest first. */
    private List<ConsentRecord> kept() {
        var kept = new ArrayList<>(late.kept());
        synchronized (inMemory) {
            kept.addAll(inMemory);
        }
        return kept;
    }

    private void forget(ConsentRecord record) {
        late.forget(record);
        synchronized (inMemory) {
            inMemory.remove(record);
        }
    }

    /**
     * Offers the store what is kept on this machine, oldest first, until it refuses. To be called
     * every few seconds.
     *
     * @return how many records still wait
     */
    public int writeKept() {
        List<ConsentRecord> kept = kept();
        int written = 0;
        try {
            for (ConsentRecord record : kept) {
                write(late(record));
                forget(record);
                written++;
            }
        } catch (JournalUnavailable e) {
            return kept.size() - written;
        }
        return 0;
    }

    /**
     * As it is written by now. A consent among these was taken back before anybody relied on it: if
     * the store does not have it already, nobody has to find it by its caller, who may have had all
     * data erased meanwhile.
     */
    private static ConsentRecord late(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Given(
                            UUID id,
                            Instant at,
                            CallFacts call,
                            NoticeRef notice,
                            Grant grant,
                            var supersedes) ->
                    new ConsentRecord.Given(
                            id, at, call.withoutSubject(), notice, grant, supersedes);
            case ConsentRecord.Renewed(
                            UUID id,
                            Instant at,
                            CallFacts call,
                            NoticeRef notice,
                            Grant grant,
                            UUID renews) ->
                    new ConsentRecord.Renewed(id, at, call.withoutSubject(), notice, grant, renews);
            case ConsentRecord.Imported _,
                    ConsentRecord.Served _,
                    ConsentRecord.Reaffirmed _,
                    ConsentRecord.Refused _,
                    ConsentRecord.Unanswered _,
                    ConsentRecord.Used _,
                    ConsentRecord.AssistantOpened _,
                    ConsentRecord.AssistantCut _,
                    ConsentRecord.PurposeDecided _,
                    ConsentRecord.HolderNotified _,
                    ConsentRecord.Withdrawn _,
                    ConsentRecord.Expired _ ->
                    record;
        };
    }

    /** Records that neither the store nor this machine could keep, since the start. */
    public long lost() {
        return lost.sum();
    }

    /** Not yet in the store: a withdrawal counts from when it is said, and so does a no. */
    private List<ConsentRecord> keptHere(Subject subject) {
        return kept().stream()
                .filter(record ->
                        record instanceof ConsentRecord.Withdrawn
                                || record instanceof ConsentRecord.Refused)
                .filter(record -> subject.equals(record.subject()))
                .toList();
    }
}
