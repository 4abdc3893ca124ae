package org.consentgateway.sip.timer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Goes by {@link System#nanoTime}, whatever time of day somebody sets. What is due within 10 ms of
 * each other is done in one wake-up, which costs ten times what is done in it: the timers of RFC
 * 3261 begin at 500 ms, and are estimates. Thread-safe.
 */
final class MonotonicAlarm implements Alarm {
    private static final long TOGETHER_NANOS = 20_000_000;

    private final ScheduledThreadPoolExecutor thread;

    /**
     * @param name of its thread
     */
    MonotonicAlarm(String name) {
        thread =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name(name).factory());
        // Most are called off long before; until they are due they would keep what they are for.
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Future<?> after(long millis, Runnable work) {
        try {
            return thread.schedule(work, together(now(), millis), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(null);
        }
    }

    /**
     * Again and again, until it is cancelled. Where the process stood still, what was missed is
     * left out: it would all be done at once, and nobody could have answered in between.
     *
     * @param work as of {@link #after}; what it throws ends it
     */
    Future<?> every(long firstMillis, long millis, Runnable work) {
        long now = now();
        long first = together(now, firstMillis);
        var turn = new Turn(now + first, TimeUnit.MILLISECONDS.toNanos(millis), work);
        try {
            return thread.scheduleAtFixedRate(turn, first, turn.period, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private static long now() {
        return System.nanoTime();
    }

    /** How long until the time nearest to it that is everybody's; of what is near, until itself. */
    static long together(long now, long millis) {
        long delay = TimeUnit.MILLISECONDS.toNanos(millis);
        return delay < 2 * TOGETHER_NANOS
                ? delay
                : delay
                        + TOGETHER_NANOS / 2
                        - Math.floorMod(now + delay + TOGETHER_NANOS / 2, TOGETHER_NANOS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Confined to the thread. */
    private static final class Turn implements Runnable {
        private final long period;
        private final Runnable work;
        private long due;

        Turn(long due, long period, Runnable work) {
            this.due = due;
            this.period = period;
            this.work = work;
        }

        @Override
        public void run() {
            boolean missed = now() - due > period;
            due += period;
            if (!missed) {
                work.run();
            }
        }
    }
}
