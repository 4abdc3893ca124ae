package org.consentgateway.media.opus;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where Opus is coded, beside the event loops: a frame takes some hundred times as long as to relay
 * a packet, and would hold up everybody else's. Thread-safe.
 */
public final class OpusThreads implements AutoCloseable {
    private final int most;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger next = new AtomicInteger();
    private final List<ExecutorService> threads = new ArrayList<>();

    /** One leg's right to be coded. Thread-safe. */
    public final class Place implements Executor {
        private final ExecutorService thread =
                threads.get(Math.floorMod(next.getAndIncrement(), threads.size()));
        private final AtomicBoolean given = new AtomicBoolean();

        private Place() {}

        /** To be done behind what was handed over before for this leg. */
        @Override
        public void execute(Runnable work) {
            try {
                thread.execute(work);
            } catch (RejectedExecutionException e) {
                // The process ends; what is never done counts as late.
            }
        }

        /** Leaves it to another; once is enough. */
        public void giveBack() {
            if (given.compareAndSet(false, true)) {
                taken.decrementAndGet();
            }
        }
    }

    /**
     * @param count of threads; none runs before it is needed
     * @param most legs at once
     */
    public OpusThreads(int count, int most) {
        this.most = most;
        for (int i = 0; i < count; i++) {
            String name = "opus-" + i;
            threads.add(
                    Executors.newSingleThreadExecutor(work -> {
                        Thread thread = new Thread(work, name);
                        thread.setDaemon(true);
                        return thread;
                    }));
        }
    }

    /** Null where as many are coded as may be. */
    public @Nullable Place take() {
        if (taken.incrementAndGet() > most) {
            taken.decrementAndGet();
            return null;
        }
        return new Place();
    }

    /** Legs that hold a place. */
    public int taken() {
        return Math.min(taken.get(), most);
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdownNow);
    }
}
