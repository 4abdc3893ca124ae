package org.consentgateway.consent.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Grant;
import org.consentgateway.consent.NoticeRef;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Offers the store what waits for it here. A record that the store refuses, though it
 * takes others, waits on and keeps nothing else waiting but the end of what it grants.
 */
final class KeptWriter {
    private final KeptRecords kept;
    private final Writing store;

    /** Records that the store has refused for themselves, the longest ago first. */
    private final SequencedSet<UUID> refused = new LinkedHashSet<>();

    /** {@link ConsentJournal#write}. */
    interface Writing {
        LogPosition write(ConsentRecord... records) throws JournalUnavailable;
    }

    KeptWriter(KeptRecords kept, Writing store) {
        this.kept = kept;
        this.store = store;
    }

    /**
     * {@link ConsentJournal#writeKept}. Of what was refused before one is tried again, so that no
     * turn takes longer for all that is refused. What was written is forgotten once, at the end:
     * where this process ends before, it is handed in again, and counts once.
     */
    synchronized int write() {
        List<ConsentRecord> waiting = inOrder(kept.forTheStore());
        refused.retainAll(waiting.stream().map(ConsentRecord::id).collect(Collectors.toSet()));
        List<ConsentRecord> before =
                waiting.stream().filter(record -> refused.contains(record.id())).toList();
        List<ConsentRecord> written = new ArrayList<>();
        try {
            if (goesOn(waiting, written)) {
                tryAgain(before, written);
            }
        } finally {
            kept.forget(written);
        }
        return waiting.size() - written.size();
    }

    /** All grants before any end of one of them: the log never ends a grant that it lacks. */
    private static List<ConsentRecord> inOrder(List<ConsentRecord> waiting) {
        Set<UUID> grants =
                waiting.stream()
                        .filter(KeptWriter::isGrant)
                        .map(ConsentRecord::id)
                        .collect(Collectors.toSet());
        return waiting.stream()
                .sorted(
                        Comparator.comparing((ConsentRecord record) ->
                                        grants.contains(endedBy(record))
                                                ? LateKind.GRANT_TAKEN_BACK
                                                : LateKind.of(record))
                                .thenComparing(record -> !isGrant(record)))
                .toList();
    }

    /**
     * @param written what is written is added to it
     * @return whether the store takes others
     */
    private boolean goesOn(List<ConsentRecord> waiting, List<ConsentRecord> written) {
        int at = 0;
        while (at < waiting.size()) {
            if (hasToWait(waiting.get(at))) {
                at++;
                continue;
            }
            List<ConsentRecord> batch = batch(waiting, at, this::hasToWait);
            at += batch.size();
            Taken taken = taken(batch);
            written.addAll(taken.records());
            if (!taken.goesOn()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The one that was refused the longest ago; where it is taken now, the others with it until one
     * is refused again.
     */
    private void tryAgain(List<ConsentRecord> before, List<ConsentRecord> written) {
        Optional<ConsentRecord> first =
                refused.stream()
                        .flatMap(id -> before.stream().filter(one -> one.id().equals(id)))
                        .findFirst();
        if (first.isEmpty() || !takesAgain(List.of(first.get()), written)) {
            return;
        }
        List<ConsentRecord> others =
                before.stream().filter(record -> refused.contains(record.id())).toList();
        int at = 0;
        while (at < others.size()) {
            List<ConsentRecord> batch = batch(others, at, _ -> false);
            at += batch.size();
            if (takesAgain(batch, written)) {
                continue;
            }
            if (batch.size() == 1
                    || !batch.stream().allMatch(one -> takesAgain(List.of(one), written))) {
                return;
            }
        }
    }

    private boolean takesAgain(List<ConsentRecord> batch, List<ConsentRecord> written) {
        if (refusal(batch) != null) {
            return false;
        }
        batch.forEach(record -> refused.remove(record.id()));
        written.addAll(batch);
        return true;
    }

    /**
     * From there on, one at least. Grants are written by themselves: of the end of one the store
     * has to know that nobody finds it.
     *
     * @param ends before which it ends
     */
    private static List<ConsentRecord> batch(
            List<ConsentRecord> waiting, int at, Predicate<ConsentRecord> ends) {
        int most = Math.min(at + ConsentJournal.LATE_BATCH, waiting.size());
        boolean grants = isGrant(waiting.get(at));
        int to = at + 1;
        while (to < most && isGrant(waiting.get(to)) == grants && !ends.test(waiting.get(to))) {
            to++;
        }
        return waiting.subList(at, to);
    }

    private static boolean isGrant(ConsentRecord record) {
        return record instanceof ConsentRecord.Given || record instanceof ConsentRecord.Renewed;
    }

    private boolean hasToWait(ConsentRecord record) {
        UUID ended = endedBy(record);
        return refused.contains(record.id()) || (ended != null && refused.contains(ended));
    }

    private static @Nullable UUID endedBy(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Withdrawn withdrawn -> withdrawn.grant();
            case ConsentRecord.PurposeDecided decided -> decided.grant();
            default -> null;
        };
    }

    /**
     * @param goesOn whether the store takes others
     */
    private record Taken(List<ConsentRecord> records, boolean goesOn) {}

    /** Together, or one by one: the store refuses a batch of which it has or refuses a part. */
    private Taken taken(List<ConsentRecord> batch) {
        JournalUnavailable together = refusal(batch);
        if (together == null) {
            return new Taken(batch, true);
        }
        if (batch.size() == 1) {
            return new Taken(List.of(), together.refused());
        }
        List<ConsentRecord> taken = new ArrayList<>();
        for (ConsentRecord record : batch) {
            JournalUnavailable why = refusal(List.of(record));
            if (why == null) {
                taken.add(record);
            } else if (!why.refused()) {
                return new Taken(taken, false);
            }
        }
        return new Taken(taken, true);
    }

    /** Null where they are written; which record the store refuses for itself is kept in mind. */
    private @Nullable JournalUnavailable refusal(List<ConsentRecord> batch) {
        try {
            store.write(batch.stream().map(KeptWriter::late).toArray(ConsentRecord[]::new));
            return null;
        } catch (JournalUnavailable e) {
            if (batch.size() == 1 && e.refused()) {
                refused.addLast(batch.getFirst().id());
            }
            return e;
        }
    }

    /**
     * As it is written by now. A consent among these was taken back before anybody relied on it: if
     * the store does not have it already, nobody has to find it by its caller, who may have had all
     * data erased meanwhile. Nor does it come in place of another one: that one would be ended by
     * an entry which nobody finds by its caller, as where somebody has taken a withdrawal away.
     */
    private static ConsentRecord late(ConsentRecord record) {
        return switch (record) {
            case ConsentRecord.Given given ->
                    alone(given.id(), given.at(), given.call(), given.notice(), given.grant());
            case ConsentRecord.Renewed again ->
                    alone(again.id(), again.at(), again.call(), again.notice(), again.grant());
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

    private static ConsentRecord.Given alone(
            UUID id, Instant at, CallFacts call, NoticeRef notice, Grant grant) {
        return new ConsentRecord.Given(id, at, call.withoutSubject(), notice, grant, null);
    }
}
