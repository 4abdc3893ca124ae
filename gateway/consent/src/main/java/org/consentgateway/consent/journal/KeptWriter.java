package org.consentgateway.consent.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.UUID;
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
     * turn takes longer for all that is refused.
     */
    synchronized int write() {
        List<ConsentRecord> waiting = kept.inWritingOrder();
        refused.retainAll(waiting.stream().map(ConsentRecord::id).collect(Collectors.toSet()));
        Map<UUID, ConsentRecord> before = new HashMap<>();
        waiting.stream()
                .filter(record -> refused.contains(record.id()))
                .forEach(record -> before.put(record.id(), record));
        int written = 0;
        int at = 0;
        while (at < waiting.size()) {
            List<ConsentRecord> batch = batch(waiting, at);
            at += Math.max(1, batch.size());
            Taken taken = taken(batch);
            kept.forget(taken.records());
            written += taken.records().size();
            if (!taken.goesOn()) {
                return waiting.size() - written;
            }
        }
        return waiting.size() - written - writtenAgain(before);
    }

    /** The one that was refused the longest ago; where it is taken now, the others with it. */
    private int writtenAgain(Map<UUID, ConsentRecord> before) {
        int written = 0;
        for (UUID id : List.copyOf(refused)) {
            ConsentRecord record = before.get(id);
            if (record == null) {
                continue; // refused in this turn
            }
            Taken taken = taken(List.of(record));
            if (taken.records().isEmpty()) {
                return written;
            }
            kept.forget(taken.records());
            refused.remove(id);
            written++;
        }
        return written;
    }

    /**
     * From there on. A grant is written alone: of its end the store has to know that nobody finds
     * it.
     *
     * @return empty where the first of them has to wait
     */
    private List<ConsentRecord> batch(List<ConsentRecord> waiting, int at) {
        int most = Math.min(at + ConsentJournal.LATE_BATCH, waiting.size());
        int to = at;
        while (to < most && !isGrant(waiting.get(to)) && !hasToWait(waiting.get(to))) {
            to++;
        }
        boolean aGrant = to == at && isGrant(waiting.get(at)) && !hasToWait(waiting.get(at));
        return waiting.subList(at, aGrant ? at + 1 : to);
    }

    private static boolean isGrant(ConsentRecord record) {
        return record instanceof ConsentRecord.Given || record instanceof ConsentRecord.Renewed;
    }

    /** The log never ends a grant that it does not have. */
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
        if (batch.isEmpty()) {
            return new Taken(batch, true);
        }
        try {
            store.write(batch.stream().map(KeptWriter::late).toArray(ConsentRecord[]::new));
            return new Taken(batch, true);
        } catch (JournalUnavailable e) {
            if (batch.size() == 1) {
                return new Taken(List.of(), isForItself(batch.getFirst(), e));
            }
        }
        List<ConsentRecord> taken = new ArrayList<>();
        for (ConsentRecord record : batch) {
            try {
                store.write(late(record));
                taken.add(record);
            } catch (JournalUnavailable e) {
                if (!isForItself(record, e)) {
                    return new Taken(taken, false);
                }
            }
        }
        return new Taken(taken, true);
    }

    private boolean isForItself(ConsentRecord record, JournalUnavailable why) {
        if (why.refused()) {
            refused.addLast(record.id());
        }
        return why.refused();
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
