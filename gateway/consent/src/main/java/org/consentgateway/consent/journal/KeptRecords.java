package org.consentgateway.consent.journal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Subject;

/**
 * Thread-safe. What waits for the store: on this machine's disk, or in memory where the disk does
 * not take it either.
 */
final class KeptRecords {
    private final LateJournal late;

    /** In memory, by whether they go first. */
    private final Map<Boolean, List<ConsentRecord>> held =
            Map.of(true, new ArrayList<>(), false, new ArrayList<>());

    private final LongAdder lost = new LongAdder();

    KeptRecords(LateJournal late) {
        this.late = late;
    }

    /**
     * @return KEPT or HELD; HELD as well where it is lost, which is counted
     */
    Durability keep(ConsentRecord record) {
        if (late.keep(record)) {
            return Durability.KEPT;
        }
        synchronized (held) {
            List<ConsentRecord> alike = heldWith(record);
            if (alike.size() < ConsentJournal.MAX_IN_MEMORY) {
                alike.add(record);
            } else {
                lost.increment();
            }
        }
        return Durability.HELD;
    }

    private List<ConsentRecord> heldWith(ConsentRecord record) {
        return Objects.requireNonNull(held.get(LateJournal.goesFirst(record)));
    }

    /** What ends a consent first, then the rest; each oldest first. */
    List<ConsentRecord> inWritingOrder() {
        putOnDisk();
        List<ConsentRecord> all = all();
        return Stream.concat(
                        all.stream().filter(LateJournal::goesFirst),
                        all.stream().filter(record -> !LateJournal.goesFirst(record)))
                .toList();
    }

    /** What is in memory alone would be lost with the process: the disk may take it by now. */
    private void putOnDisk() {
        synchronized (held) {
            for (boolean goesFirst : new boolean[] {true, false}) {
                List<ConsentRecord> some = Objects.requireNonNull(held.get(goesFirst));
                int taken = 0;
                while (taken < some.size() && late.keep(some.get(taken))) {
                    taken++;
                }
                some.subList(0, taken).clear();
            }
        }
    }

    /** What ends a consent, and grants that were taken back; oldest first. */
    List<ConsentRecord> endings() {
        return all().stream().filter(LateJournal::goesFirst).toList();
    }

    private List<ConsentRecord> all() {
        var all = new ArrayList<>(late.kept());
        synchronized (held) {
            held.values().forEach(all::addAll);
        }
        return all;
    }

    /** The store has them now. */
    void forget(Collection<ConsentRecord> written) {
        late.forget(written);
        var gone = new HashSet<>(written);
        synchronized (held) {
            held.values().forEach(some -> some.removeIf(gone::contains));
        }
    }

    /** A withdrawal counts from when it is said, also that of one purpose, and so does a no. */
    List<ConsentRecord> endingsOf(Subject subject) {
        return all().stream()
                .filter(record ->
                        record instanceof ConsentRecord.Withdrawn
                                || (record instanceof ConsentRecord.PurposeDecided part
                                        && part.ends())
                                || record instanceof ConsentRecord.Refused)
                .filter(record -> subject.finds(record.subject()))
                .toList();
    }

    /** Records that neither the store nor this machine could keep, since the start. */
    long lost() {
        return lost.sum();
    }
}
