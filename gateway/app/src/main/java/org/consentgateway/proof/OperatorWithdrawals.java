package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
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
import org.consentgateway.consent.journal.JournalUnavailable;
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
         */
        record Done(UUID record, boolean stored) implements Result {}

        /** It counts in this process, and would be forgotten with it. */
        record OnNoDisk() implements Result {}

        record WithdrawnBefore(UUID record) implements Result {}

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
     * agreed to under the notice for one of its purposes.
     *
     * @param consent id of the record that gave it
     */
    public Result withdraw(UUID consent, Instant now) throws LedgerUnavailable {
        journal.inUse().withdrawn(consent);
        begun(consent);
        Result result = record(consent, now);
        if (!(result instanceof Result.OnNoDisk)) {
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
            if (later.type() == EntryType.RENEWED || later.type() == EntryType.GIVEN) {
                return withdraw(later.id(), now);
            }
        }
        Optional<Result> before = endedBefore(about);
        if (before.isPresent()) {
            return before.get();
        }
        return switch (given.get()) {
            case ConsentRecord.Given one ->
                    withdraw(one, one.call().knownSubject(), one.notice(), one.grant(), now);
            case ConsentRecord.Renewed one ->
                    withdraw(one, one.call().knownSubject(), one.notice(), one.grant(), now);
            case ConsentRecord.Imported one ->
                    withdraw(one, one.subject(), one.notice(), one.grant(), now);
            default -> new Result.Unknown();
        };
    }

    /**
     * Ends one purpose of a consent that holds for later calls; the rest goes on. Recorded once,
     * and of a consent that goes on: what has ended before has no second end.
     *
     * @return unknown where there is no such consent of a call
     */
    public Result end(UUID consent, String purpose, Instant now) throws LedgerUnavailable {
        Optional<CallFacts> call =
                reader.entry(consent)
                        .map(Entry::payload)
                        .flatMap(OperatorWithdrawals::consent)
                        .filter(ConsentRecord.OfCall.class::isInstance)
                        .map(given -> ((ConsentRecord.OfCall) given).call());
        if (call.isEmpty()) {
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
        var ended =
                new ConsentRecord.PurposeDecided(
                        journal.newId(),
                        now,
                        call.get(),
                        consent,
                        new Purpose(purpose),
                        Outcome.ENDED,
                        Method.NONE,
                        List.of());
        return written(ended.id(), List.of(ended));
    }

    /** Or replaced it, or ended a purpose of it: however many talks there were under it. */
    private List<Entry> whatEnded(UUID consent) throws LedgerUnavailable {
        return AboutEntries.ends(reader, List.of(consent), ENDS).getOrDefault(consent, List.of());
    }

    private static Optional<Result> endedBefore(List<Entry> about) {
        for (Entry later : about) {
            switch (later.type()) {
                case WITHDRAWN -> {
                    return Optional.of(new Result.WithdrawnBefore(later.id()));
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

    private Result withdraw(
            ConsentRecord consent,
            @Nullable Subject known,
            NoticeRef notice,
            Grant grant,
            Instant now) {
        ConsentRecord.Withdrawn first = withdrawn(consent, notice, consent.id(), now);
        var all = new ArrayList<ConsentRecord>(List.of(first));
        if (known != null) {
            for (ConsentInForce other : inForce(known, now)) {
                if (!other.grant().equals(consent.id())
                        && other.lineage().equals(notice.id())
                        && !Collections.disjoint(other.purposes(), grant.level().purposes())) {
                    all.add(withdrawn(consent, notice, other.grant(), now));
                }
            }
        }
        return written(first.id(), all);
    }

    /** Where the store cannot say, what was agreed to before counts no more all the same. */
    private List<ConsentInForce> inForce(Subject subject, Instant now) {
        try {
            return journal.inForce(subject, now).consents();
        } catch (JournalUnavailable e) {
            return List.of();
        }
    }

    private ConsentRecord.Withdrawn withdrawn(
            ConsentRecord consent, NoticeRef notice, UUID grant, Instant now) {
        return new ConsentRecord.Withdrawn(
                journal.newId(),
                now,
                null,
                consent.subject(),
                notice.id(),
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
            case STORED -> new Result.Done(id, true);
            case KEPT -> new Result.Done(id, false);
            case HELD -> new Result.OnNoDisk();
        };
    }
}
