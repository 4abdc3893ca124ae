package org.consentgateway.ledger.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.Prepared;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the writer, in the order in which it came. Any thread may hand in and {@link
 * #takeQueued}; all else is confined to the writer thread.
 */
final class PendingWork {

    /** What the writer does for others. */
    sealed interface Work {
        CompletableFuture<?> answer();
    }

    /** Entries that are written together or not at all. */
    record Append(List<Prepared> entries, CompletableFuture<List<CommittedEntry>> answer)
            implements Work {

        /**
         * After a commit that failed: answers by what is in the store all the same.
         *
         * @return false where nothing of it is there, so that it has no answer yet
         */
        boolean answeredBy(Map<UUID, CommittedEntry> there) {
            List<CommittedEntry> found =
                    entries.stream()
                            .map(entry -> there.get(entry.id()))
                            .filter(Objects::nonNull)
                            .toList();
            if (found.size() == entries.size()) {
                answer.complete(found);
            } else if (found.isEmpty()) {
                return false;
            } else {
                answer.completeExceptionally(
                        new IllegalArgumentException("some of these entries exist already"));
            }
            return true;
        }
    }

    /** Anything else that only the writer may do. */
    record AnsweredJob<T>(CommitQueue.Job<T> job, CompletableFuture<T> answer) implements Work {}

    private final int maxBatch;
    private final BlockingQueue<Work> queue;

    /** Taken from the queue, and not for the batch it was taken for. */
    private final Deque<Work> leftOver = new ArrayDeque<>();

    /**
     * @param maxBatch entries that are committed together at most; an append of more is a batch of
     *     its own
     */
    PendingWork(int capacity, int maxBatch) {
        this.maxBatch = maxBatch;
        this.queue = new ArrayBlockingQueue<>(capacity);
    }

    /**
     * @return false if it is full
     */
    boolean offer(Work work) {
        return queue.offer(work);
    }

    int size() {
        return queue.size();
    }

    boolean isEmpty() {
        return queue.isEmpty() && leftOver.isEmpty();
    }

    /** Waits for it that long. */
    @Nullable Work next(Duration patience) throws InterruptedException {
        return leftOver.isEmpty()
                ? queue.poll(patience.toMillis(), TimeUnit.MILLISECONDS)
                : leftOver.removeFirst();
    }

    /**
     * What waits now, up to the limit and up to the next thing that is no append; no entry twice.
     *
     * @param first has been taken already
     */
    List<Append> batch(Append first) {
        List<Append> batch = new ArrayList<>();
        Set<UUID> ids = new LinkedHashSet<>();
        int entries = 0;
        Work work = first;
        while (work != null) {
            if (!(work instanceof Append append)
                    || (entries > 0 && entries + append.entries.size() > maxBatch)
                    || append.entries.stream().anyMatch(entry -> ids.contains(entry.id()))) {
                leftOver.addFirst(work);
                break;
            }
            if (!append.answer.isDone()) {
                append.entries.forEach(entry -> ids.add(entry.id()));
                entries += append.entries.size();
                batch.add(append);
            }
            work = leftOver.isEmpty() ? queue.poll() : leftOver.removeFirst();
        }
        return batch;
    }

    List<Work> takeQueued() {
        List<Work> taken = new ArrayList<>();
        queue.drainTo(taken);
        return taken;
    }

    List<Work> takeAll() {
        List<Work> taken = new ArrayList<>(leftOver);
        leftOver.clear();
        taken.addAll(takeQueued());
        return taken;
    }
}
