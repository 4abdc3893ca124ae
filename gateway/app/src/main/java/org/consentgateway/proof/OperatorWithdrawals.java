package org.consentgateway.proof;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.ConsentRecord.PurposeDecided.Outcome;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;

/**
 * Thread-safe. Ends a consent outside its call, on behalf of the caller: whoever goes on talking
 * under it here is cut off first, then it is recorded, and with the record others are told.
 */
public final class OperatorWithdrawals {
    private final LogReader reader;
    private final ConsentJournal journal;

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
     * Cuts first, whatever the store says.
     *
     * @param consent id of the record that gave it
     */
    public Result withdraw(UUID consent, Instant now) throws LedgerUnavailable {
        journal.inUse().withdrawn(consent);
        Optional<ConsentRecord> given =
                reader.entry(consent).map(Entry::payload).flatMap(OperatorWithdrawals::consent);
        if (given.isEmpty()) {
            return new Result.Unknown();
        }
        Optional<Result> before = endedBefore(reader.about(consent));
        if (before.isPresent()) {
            return before.get();
        }
        return switch (given.get()) {
            case ConsentRecord.Given one -> withdraw(one, one.notice(), now);
            case ConsentRecord.Renewed one -> withdraw(one, one.notice(), now);
            case ConsentRecord.Imported one -> withdraw(one, one.notice(), now);
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
        List<Entry> about = reader.about(consent);
        Optional<Result> before = endedBefore(about);
        if (before.isPresent()) {
            return before.get();
        }
        for (Entry later : about) {
            if (ends(later, purpose)) {
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
        return written(ended);
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

    private static boolean ends(Entry later, String purpose) {
        ObjectNode payload = later.payload();
        return payload != null
                && later.type() == EntryType.PURPOSE_DECIDED
                && payload.at("/decision/purpose").asText().equals(purpose)
                && payload.at("/decision/outcome").asText().equals(Outcome.ENDED.name());
    }

    private static Optional<ConsentRecord> consent(ObjectNode payload) {
        String state = payload.path("event_state").asText();
        return state.equals("Given") || state.equals("Renewed") || state.equals("Imported")
                ? Optional.of(RecordJson.read(payload))
                : Optional.empty();
    }

    private Result withdraw(ConsentRecord consent, NoticeRef notice, Instant now) {
        var withdrawn =
                new ConsentRecord.Withdrawn(
                        journal.newId(),
                        now,
                        null,
                        consent.subject(),
                        notice.id(),
                        consent.id(),
                        ConsentRecord.Withdrawn.Reason.OPERATOR,
                        Method.NONE,
                        now,
                        null);
        return written(withdrawn);
    }

    private Result written(ConsentRecord end) {
        return switch (journal.writeNowOrLater(end)) {
            case STORED -> new Result.Done(end.id(), true);
            case KEPT -> new Result.Done(end.id(), false);
            case HELD -> new Result.OnNoDisk();
        };
    }
}
