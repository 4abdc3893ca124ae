package org.consentgateway.consent.journal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Subject;

/**
 * Thread-safe. What waits for the store: on this machine's disk, or in memory where the disk does
 * not take it either.
 */
final class KeptRecords {
    private final DiskRecords disk;
    private final HeldRecords held = new HeldRecords();
    private final LongAdder lost = new LongAdder();

    /**
     * @param patience how long a call waits for the disk
     */
    KeptRecords(LateJournal late, Duration patience) {
        this.disk = new DiskRecords(late, patience);
    }

    /**
     * All of them, or none.
     *
     * @param together of one kind
     * @return KEPT or HELD; HELD as well where they are lost, which is counted
     */
    Durability keep(List<ConsentRecord> together) {
        if (disk.keep(together)) {
            return Durability.KEPT;
        }
        if (!held.hold(together)) {
            lost.add(together.size());
        }
        return Durability.HELD;
    }

    /**
     * Each by itself, and all at once where the disk has room.
     *
     * @return where all of them are at least
     */
    Durability keepEach(List<ConsentRecord> records) {
        if (records.size() > 1 && disk.keep(records)) {
            return Durability.KEPT;
        }
        Durability least = Durability.KEPT;
        for (ConsentRecord record : records) {
            if (keep(List.of(record)) == Durability.HELD) {
                least = Durability.HELD;
            }
        }
        return least;
    }

    /** All that waits, each kind oldest first. */
    List<ConsentRecord> forTheStore() {
        // What is in memory alone would be lost with the process: the disk may take it by now.
        held.handOn(disk::keep);
        return all();
    }

    /** What ends a consent, and grants that were taken back; the most urgent first. */
    List<ConsentRecord> endings() {
        return all().stream()
                .filter(record -> LateKind.of(record).endsAnything())
                .sorted(Comparator.comparing(LateKind::of))
                .toList();
    }

    private List<ConsentRecord> all() {
        // Memory is looked at first: what is handed on to the disk meanwhile is not missed.
        List<ConsentRecord> inMemory = held.all();
        var all = new ArrayList<>(disk.kept());
        all.addAll(inMemory);
        return all;
    }

    /** The store has them now. */
    void forget(Collection<ConsentRecord> written) {
        disk.forget(written);
        held.forget(written);
    }

    /** A withdrawal counts from when it is said, also that of one purpose, and so does a no. */
    KeptEndings endingsOf(Subject subject) {
        List<ConsentRecord> inMemory = held.all();
        return new KeptEndings(endingsOf(subject, disk.kept()), endingsOf(subject, inMemory));
    }

    private static List<ConsentRecord> endingsOf(Subject subject, List<ConsentRecord> records) {
        return records.stream()
                .filter(record ->
                        record instanceof ConsentRecord.Withdrawn
                                || (record instanceof ConsentRecord.PurposeDecided part
                                        && part.ends())
                                || record instanceof ConsentRecord.Refused)
                .filter(record -> subject.finds(record.subject()))
                .toList();
    }

    /** Which of them ends the same as this one; empty where none does. */
    Optional<ConsentRecord> endsAs(ConsentRecord end) {
        return all().stream().filter(waiting -> endTheSame(waiting, end)).findFirst();
    }

    private static boolean endTheSame(ConsentRecord one, ConsentRecord other) {
        // A grant that was taken back was withdrawn by nobody.
        return LateKind.of(one) == LateKind.of(other)
                && switch (other) {
                    case ConsentRecord.Withdrawn end ->
                            one instanceof ConsentRecord.Withdrawn before
                                    && before.grant().equals(end.grant());
                    case ConsentRecord.PurposeDecided end ->
                            one instanceof ConsentRecord.PurposeDecided before
                                    && before.grant().equals(end.grant())
                                    && before.purpose().equals(end.purpose());
                    default -> false;
                };
    }

    /** Records that neither the store nor this machine could keep, since the start. */
    long lost() {
        return lost.sum();
    }
}
