package org.consentgateway.consent.journal;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.consentgateway.consent.ConsentRecord;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. What waits for the store on this machine's disk. A disk may hang for minutes, and no
 * call waits for that: what is kept there is known here without asking it, and it is written on a
 * thread beside whoever keeps something, who waits as long as for the store.
 */
final class DiskRecords {
    private final LateJournal late;
    private final Duration patience;

    /**
     * In order, on one thread, which is there while there is something to do. It is none of those
     * that carry the calls: where the system does not come back from the disk, it is missing.
     */
    private final ExecutorService disk =
            new ThreadPoolExecutor(
                    0,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    Thread.ofPlatform().daemon().name("late records").factory());

    /** Guarded by itself, and by nothing that is held while the disk is written. */
    private final Map<UUID, ConsentRecord> kept = new LinkedHashMap<>();

    /** What somebody has waited for in vain. */
    private volatile @Nullable Future<Boolean> hanging;

    DiskRecords(LateJournal late, Duration patience) {
        this.late = late;
        this.patience = patience;
        add(late.kept());
    }

    /**
     * All of them, or none. What the disk takes after all, though nobody waits for that any more,
     * is kept from then on; written twice, it counts once.
     *
     * @return false as well where the disk does not say in time that it has them, and at once while
     *     it has kept somebody waiting who came before
     */
    boolean keep(List<ConsentRecord> together) {
        return isKept(together) || inTime(() -> late.keep(together) && add(together));
    }

    /**
     * The store has them now. Where the disk hangs they stay, and are offered to the store again.
     *
     * @param written may be none: what could not be taken off the disk before is tried again
     */
    void forget(Collection<ConsentRecord> written) {
        boolean _ =
                inTime(() -> {
                    late.forget(written);
                    return remove(written);
                });
    }

    /** The longest kept first. */
    List<ConsentRecord> kept() {
        synchronized (kept) {
            return List.copyOf(kept.values());
        }
    }

    private boolean isKept(List<ConsentRecord> records) {
        synchronized (kept) {
            return records.stream().allMatch(record -> kept.containsKey(record.id()));
        }
    }

    private boolean add(List<ConsentRecord> records) {
        synchronized (kept) {
            records.forEach(record -> kept.putIfAbsent(record.id(), record));
            return true;
        }
    }

    private boolean remove(Collection<ConsentRecord> records) {
        synchronized (kept) {
            records.forEach(record -> kept.remove(record.id()));
            return true;
        }
    }

    /** What is not done in time goes on to its end. */
    private boolean inTime(BooleanSupplier work) {
        Future<Boolean> before = hanging;
        if (before != null && !before.isDone()) {
            return false;
        }
        Future<Boolean> task = disk.submit(work::getAsBoolean);
        try {
            return task.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            hanging = task;
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("late records", e.getCause());
        }
    }
}
