package org.consentgateway.sip.transport;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Wakes when a time is up. Thread-safe. */
public interface Alarm extends AutoCloseable {
    /**
     * @param work must not wait; not done where it was cancelled before, or the alarm is closed
     */
    Future<?> after(long millis, Runnable work);

    /** Nothing is done any more. */
    @Override
    void close();

    /** In real time, on a thread of its own. */
    static Alarm real() {
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("sip-timer").factory());
        return new Alarm() {
            @Override
            public Future<?> after(long millis, Runnable work) {
                try {
                    return timer.schedule(work, millis, TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException closed) {
                    return CompletableFuture.completedFuture(null);
                }
            }

            @Override
            public void close() {
                timer.shutdownNow();
            }
        };
    }
}
