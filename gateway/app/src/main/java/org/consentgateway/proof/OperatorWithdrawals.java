package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.PurposeDecided.Outcome;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.journal.ConsentInForce;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.Durability;
import org.consentgateway.consent.journal.EndedAll;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Ends a consent outside its call, on behalf of the caller: whoever goes on talking
 * under it here is cut off first, then it is recorded, and with the record others are told.
 */
public final class OperatorWithdrawals {
    /** Far more than are withdrawn in an outage. */
    private static final int MOST_UNRECORDED = 1000;

    private static final Set<EntryType> ENDS =
            Set.of(
                    EntryType.WITHDRAWN,
                    EntryType.EXPIRED,
                    EntryType.RENEWED,
                    EntryType.GIVEN,
                    EntryType.PURPOSE_DECIDED);

    private final LogReader reader;
    private final ConsentJournal journal;

    /** Ended here, and not known to be recorded; the newest last. */
    private final SequencedSet<UUID> unrecorded = new LinkedHashSet<>();

    public OperatorWithdrawals(LogReader reader, ConsentJournal journal) {
        this.reader = reader;
        this.journal = journal;
    }

    /** What became of it. */
    public sealed interface Result {
        /**
         * @param stored false where the store does not take it now: it is kept on this machine's
         *     disk until then, and counts already
         * @param readable false where there is something of this caller that cannot be read, and
         *     may be a consent that should have ended with it
         */
        record Done(UUID record, boolean stored, boolean readable) implements Result {}

        /**
         * It has ended, and others that end with it may not have: nothing is lost where the same is
         * asked for again.
         *
         * @param others that have ended with it now
         * @param left that were not come to, at most
         */
        record Unfinished(UUID record, int others, int left) implements Result {}

        /** It counts in this process, and would be forgotten with it. */
        record OnNoDisk() implements Result {}

        /**
         * @param readable as for {@link Done}
         */
        record WithdrawnBefore(UUID record, boolean readable) implements Result {}

        /**
         * @param how such as "expired"
         * @param record that says so
         */
        record Ended(String how, UUID record) implements Result {}

        record Unknown() implements Result {}
    }

    /**
     * Cuts first, whatever the store says. A person withdraws a consent and not a record of it:
     * what has replaced this one ends in its place, and with it ends what else this caller has
     * agreed to under the notice for one of its purposes, however much. Asked for a second time
     * what is left of that ends, and nothing that was agreed to since.
     *
     * @param consent id of the record that gave it
     */
    public Result withdraw(UUID consent, Instant now) throws LedgerUnavailable {
        journal.inUse().withdrawn(consent);
        begun(consent);
        Result result = record(consent, now);
        if (!(result instanceof Result.OnNoDisk || result instanceof Result.Unfinished)) {
            over(consent);
        }
        return result;
    }

    /**
     * Whether a withdrawal has ended this consent here, and is still to be recorded: by whoever
     * sends it again.
     */
    public boolean isUnrecorded(UUID consent) {
        synchronized (unrecorded) {
            return unrecorded.contains(consent);
        }
    }

    private void begun(UUID consent) {
        synchronized (unrecorded) {
            unrecorded.addLast(consent);
            if (unrecorded.size() > MOST_UNRECORDED) {
                unrecorded.removeFirst();
            }
        }
    }

    private void over(UUID consent) {
        synchronized (unrecorded) {
            unrecorded.remove(consent);
        }
    }

    private Result record(UUID consent, Instant now) throws LedgerUnavailable {
        Optional<ConsentRecord> given =
                reader.entry(consent).map(Entry::payload).flatMap(OperatorWithdrawals::consent);
        if (given.isEmpty()) {
            return new Result.Unknown();
        }
        List<Entry> about = whatEnded(consent);
        for (Entry later : about.reversed()) {
            if (replaces(later)) {
                return withdraw(later.id(), now);
            }
        }
        Agreed agreed = Agreed.of(given.get());
        Optional<Result> before = endedBefore(about);
        if (before.isPresent()) {
            return before.get() instanceof Result.WithdrawnBefore(UUID id, boolean _)
                    ? rest(agreed, about, id, now)
                    : before.get();
        }
        return withdraw(agreed, now);
    }

    /**
     * A consent that a person has given.
     *
     * @param known its caller; null where nobody can say who that was
     */
    private record Agreed(
            ConsentRecord record, @Nullable Subject known, NoticeRef notice, Grant grant) {
        static Agreed of(ConsentRecord consent) {
            return switch (consent) {
                case ConsentRecord.Given one ->
                        new Agreed(one, one.call().knownSubject(), one.notice(), one.grant());
                case ConsentRecord.Renewed one ->
                        new Agreed(one, one.call().knownSubject(), one.notice(), one.grant());
                case ConsentRecord.Imported one ->
                        new Agreed(one, one.subject(), one.notice(), one.grant());
                default -> throw new IllegalArgumentException("no consent: " + consent.id());
            };
        }

        /** Whether another one is withdrawn with it. */
        boolean concerns(ConsentInForce other) {
            return !other.grant().equals(record.id())
                    && other.lineage().equals(notice.id())
                    && !Collections.disjoint(other.purposes(), grant.level().purposes());
        }
    }

    /**
     * Ends one purpose of a consent that holds for later calls; the rest goes on. Recorded once,
     * and of a consent that goes on: what has ended before has no second end. One that was given
     * elsewhere is withdrawn as a whole: an end of a part of it is recorded of a call, and it has
     * none.
     *
     * @return unknown where there is no such consent
     */
    public Result end(UUID consent, String purpose, Instant now) throws LedgerUnavailable {
        Optional<ConsentRecord> agreed =
                reader.entry(consent).map(Entry::payload).flatMap(OperatorWithdrawals::consent);
        if (agreed.isEmpty()) {
            return new Result.Unknown();
        }
        List<Entry> about = whatEnded(consent);
        Optional<Result> before = endedBefore(about);
        if (before.isPresent()) {
            return before.get();
        }
        for (Entry later : about) {
            if (later.endedPurpose().filter(purpose::equals).isPresent()) {
                return new Result.Ended("ended for this purpose", later.id());
            }
        }
        ConsentRecord ended =
                journal.onceOnly(
                        agreed.get() instanceof ConsentRecord.OfCall of
                                ? ended(consent, of.call(), purpose, now)
                                : withdrawn(Agreed.of(agreed.get()), consent, now));
        return written(ended.id(), List.of(ended));
    }

    private ConsentRecord ended(UUID consent, CallFacts call, String purpose, Instant now) {
        return new ConsentRecord.PurposeDecided(
                journal.newId(),
                now,
                call,
                consent,
                new Purpose(purpose),
                Outcome.ENDED,
                Method.NONE,
                List.of());
    }

    /**
     * Or replaced it, or ended a purpose of it: however many talks there were under it. What came
     * too late and was taken back has replaced nothing: calls go on under this one.
     */
    private List<Entry> whatEnded(UUID consent) throws LedgerUnavailable {
        List<Entry> about = about(List.of(consent)).getOrDefault(consent, List.of());
        List<UUID> later =
                about.stream().filter(OperatorWithdrawals::replaces).map(Entry::id).toList();
        Map<UUID, List<Entry>> aboutLater = later.isEmpty() ? Map.of() : about(later);
        return about.stream()
                .filter(entry ->
                        aboutLater.getOrDefault(entry.id(), List.of()).stream()
                                .noneMatch(OperatorWithdrawals::takesBack))
                .toList();
    }

    private Map<UUID, List<Entry>> about(List<UUID> consents) throws LedgerUnavailable {
        return AboutEntries.ends(reader, consents, ENDS);
    }

    private static boolean replaces(Entry later) {
        return later.type() == EntryType.RENEWED || later.type() == EntryType.GIVEN;
    }

    private static boolean takesBack(Entry end) {
        return end.type() == EntryType.WITHDRAWN
                && end.payload() != null
                && RecordJson.read(end.payload()) instanceof ConsentRecord.Withdrawn withdrawn
                && withdrawn.reason() == ConsentRecord.Withdrawn.Reason.GRANT_CAME_LATE;
    }

    private static Optional<Result> endedBefore(List<Entry> about) {
        for (Entry later : about) {
            switch (later.type()) {
                case WITHDRAWN -> {
                    return Optional.of(new Result.WithdrawnBefore(later.id(), true));
                }
                case EXPIRED -> {
                    return Optional.of(new Result.Ended("expired", later.id()));
                }
                case RENEWED, GIVEN -> {
                    return Optional.of(new Result.Ended("been replaced", later.id()));
                }
                default -> {
                    // it holds on
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<ConsentRecord> consent(ObjectNode payload) {
        String state = payload.path("event_state").asText();
        return state.equals("Given") || state.equals("Renewed") || state.equals("Imported")
                ? Optional.of(RecordJson.read(payload))
                : Optional.empty();
    }

    private Result withdraw(Agreed agreed, Instant now) {
        ConsentRecord first = journal.onceOnly(withdrawn(agreed, agreed.record().id(), now));
        Subject known = agreed.known();
        if (known == null) {
            return written(first.id(), List.of(first));
        }
        EndedAll all = journal.endAll(known, now, Instant.MAX, List.of(first), ends(agreed, now));
        return result(first.id(), all);
    }

    /** What was withdrawn with it and is not recorded: of what was agreed to until then. */
    private Result rest(Agreed agreed, List<Entry> about, UUID before, Instant now) {
        Optional<ConsentRecord.Withdrawn> withdrawn =
                about.stream()
                        .filter(entry -> entry.id().equals(before))
                        .flatMap(entry -> Stream.ofNullable(entry.payload()))
                        .map(payload -> (ConsentRecord.Withdrawn) RecordJson.read(payload))
                        .filter(OperatorWithdrawals::isOfThePerson)
                        .findFirst();
        Subject known = agreed.known();
        if (known == null || withdrawn.isEmpty()) {
            return new Result.WithdrawnBefore(before, true);
        }
        Instant then = withdrawn.get().withdrawnAt();
        EndedAll all = journal.endAll(known, now, then, List.of(), ends(agreed, now));
        Result result = result(before, all);
        return result instanceof Result.Done(UUID _, boolean stored, boolean readable) && stored
                ? new Result.WithdrawnBefore(before, readable)
                : result;
    }

    /**
     * Not where a consent was taken back that nobody relied on, nor by who only claims a number.
     */
    private static boolean isOfThePerson(ConsentRecord.Withdrawn end) {
        CallFacts call = end.call();
        return end.reason() != ConsentRecord.Withdrawn.Reason.GRANT_CAME_LATE
                && (call == null || call.knownSubject() != null);
    }

    private EndedAll.Ends ends(Agreed agreed, Instant now) {
        return other ->
                agreed.concerns(other)
                        ? Optional.of(withdrawn(agreed, other.grant(), now))
                        : Optional.empty();
    }

    private static Result result(UUID record, EndedAll all) {
        if (!all.where().durable()) {
            return new Result.OnNoDisk();
        }
        return all.asked() && all.left() == 0
                ? new Result.Done(record, all.where() == Durability.STORED, !all.unreadable())
                : new Result.Unfinished(record, all.ended().size(), all.left());
    }

    private ConsentRecord.Withdrawn withdrawn(Agreed agreed, UUID grant, Instant now) {
        return new ConsentRecord.Withdrawn(
                journal.newId(),
                now,
                null,
                agreed.record().subject(),
                agreed.notice().id(),
                grant,
                ConsentRecord.Withdrawn.Reason.OPERATOR,
                Method.NONE,
                now,
                null);
    }

    /**
     * @param id of the record that was asked for
     */
    private Result written(UUID id, List<ConsentRecord> ends) {
        return switch (journal.writeNowOrLater(ends.toArray(ConsentRecord[]::new))) {
            case STORED -> new Result.Done(id, true, true);
            case KEPT -> new Result.Done(id, false, true);
            case HELD -> new Result.OnNoDisk();
        };
    }
}
