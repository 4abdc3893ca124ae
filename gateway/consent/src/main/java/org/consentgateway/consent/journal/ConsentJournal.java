package org.consentgateway.consent.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
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
    /** Records of one kind held in memory while neither the store nor the local disk takes them. */
    static final int MAX_IN_MEMORY = 10_000;

    /** Kept records that are written together. */
    static final int LATE_BATCH = 500;

    private final JournalStore store;
    private final KeptRecords kept;
    private final KeptWriter keptWriter;
    private final Duration deadline;
    private final Supplier<UUID> ids;
    private final EndingAll endingAll;
    private final GrantsInUse inUse = new GrantsInUse();

    /**
     * @param deadline how long a call waits for a commit before it goes on without consent, and as
     *     long again for the disk that keeps what was not committed
     * @param ids mints UUIDv7
     */
    public ConsentJournal(
            JournalStore store, LateJournal late, Duration deadline, Supplier<UUID> ids) {
        this.store = store;
        this.kept = new KeptRecords(late, deadline);
        this.keptWriter = new KeptWriter(kept, this::write);
        this.deadline = deadline;
        this.ids = ids;
        this.endingAll = new EndingAll(store, kept, this::writeNowOrLater);
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
     * log never ends a grant that it does not have; written twice, it counts once. Of one that was
     * certainly not handed to the store nothing is kept: callers may give many while it is away.
     */
    private LogPosition writeOrTakeBack(ConsentRecord.OfCall record, NoticeRef notice, UUID grant)
            throws JournalUnavailable {
        try {
            return write(record);
        } catch (JournalUnavailable e) {
            if (e.maybeWritten()) {
                var end =
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
                                null);
                kept.keep(List.of(record, end));
            }
            throw e;
        }
    }

    /**
     * Where the consents of this caller stand, by what is on disk.
     *
     * @param now what has not ended by then can be withdrawn, and marks a number as shared
     * @param latest what has ended by then is not used: not before {@code now}
     */
    public Standing standing(
            Subject subject, ConsentValidity validity, Notice current, Instant now, Instant latest)
            throws JournalUnavailable {
        // Before the store: what it takes meanwhile is found twice, and not missed.
        KeptEndings ends = kept.endingsOf(subject);
        History history = store.history(subject, current.id(), deadline).and(ends.all());
        return new Standing(
                validity.statusAt(now, latest, history.reliable(), current),
                validity.statusAt(now, latest, history.found(), current),
                ConsentInForce.lasting(history.found(), now),
                history.complete(),
                subject);
    }

    /**
     * All consents of this number that have not ended, by what is on disk and kept here. Not
     * complete where one has ended in memory alone: it may be in force again yet.
     */
    public ConsentInForce.Found inForce(Subject subject, Instant now) throws JournalUnavailable {
        KeptEndings ends = kept.endingsOf(subject);
        boolean durable = ends.only(ConsentRecord.Withdrawn.class::isInstance).where().durable();
        History history = store.history(subject, deadline).and(ends.all());
        return new ConsentInForce.Found(
                ConsentInForce.of(history.found(), now), history.complete() && durable);
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
     * @return where all of them are at least
     */
    public Durability writeNowOrLater(ConsentRecord... records) {
        try {
            write(records);
            return Durability.STORED;
        } catch (JournalUnavailable e) {
            return kept.keepEach(List.of(records));
        }
    }

    /**
     * Keeps the record on this machine until the store takes it, without waiting for it now: it has
     * just not answered.
     *
     * @return where it is
     */
    public Durability writeLater(ConsentRecord record) {
        inUse.end(record);
        return kept.keep(List.of(record));
    }

    /**
     * What ends a consent outside a call is asked for again as long as it is not stored, and takes
     * one place here however often that is.
     *
     * @return what waits here for the store and ends the same; this one where nothing does
     */
    public ConsentRecord onceOnly(ConsentRecord end) {
        return kept.endsAs(end).orElse(end);
    }

    /**
     * Ends all consents of a number that the store has, however many, and says how far it came.
     *
     * @param until of what was agreed to until then
     * @param first written before all others, and in any case
     */
    public EndedAll endAll(
            Subject subject,
            Instant now,
            Instant until,
            List<ConsentRecord> first,
            EndedAll.Ends ends) {
        return endingAll.end(subject, now, until, first, ends);
    }

    /**
     * The same beside a call that waits for it: as long as for any record. What takes longer goes
     * on to its end without the call.
     *
     * @param waited how long the call has waited already
     * @param failed told of a mistake of ours on the thread that made it: some may be left
     * @return empty where it is not done by then, or cannot be
     */
    public Optional<EndedAll> endAllBeside(
            Subject subject,
            Instant now,
            Duration waited,
            EndedAll.Ends ends,
            Consumer<Throwable> failed) {
        return new EndingBeside(deadline.minus(waited))
                .end(() -> endingAll.end(subject, now, Instant.MAX, List.of(), ends), failed);
    }

    /**
     * Takes what ended consents on another node, whose store is away: it counts here at once, for
     * calls under way and those to come, and waits here for the store as well.
     *
     * @return where all of it is at least
     * @throws IllegalArgumentException where a record of another kind is among it
     */
    public Durability announced(List<ConsentRecord> endings) {
        if (!endings.stream().allMatch(LateKind::mayBeTold)) {
            throw new IllegalArgumentException("ends nothing");
        }
        endings.forEach(inUse::end);
        return kept.keepEach(endings);
    }

    /**
     * What waits here for the store and ends a consent, on which other nodes may still rely; the
     * most urgent first.
     */
    public List<ConsentRecord> endingsKept() {
        return kept.endings();
    }

    /**
     * Offers the store what is kept on this machine until it takes nothing: the most urgent first,
     * each kind oldest first. To be called every few seconds.
     *
     * @return how many records still wait
     */
    public int writeKept() {
        return keptWriter.write();
    }

    /** Records that neither the store nor this machine could keep, since the start. */
    public long lost() {
        return kept.lost();
    }
}
