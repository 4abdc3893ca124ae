package org.consentgateway;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be done from time to time, one thing after the other on one thread. Thread-safe. */
final class PeriodicTasks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTasks.class);

    private final ScheduledExecutorService thread;

    PeriodicTasks(String name) {
        thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("periodic-" + name).daemon().factory());
    }

    /** Something to be done; a failure is logged and it is tried again the next time. */
    @FunctionalInterface
    interface Job {
        void run() throws Exception;
    }

    void every(Duration pause, String name, Job task) {
        every(pause, pause, name, task);
    }

    /**
     * @param first how long until it is done for the first time
     */
    void every(Duration first, Duration pause, String name, Job task) {
        var _ =
                thread.scheduleWithFixedDelay(
                        logged(name, task),
                        first.toMillis(),
                        pause.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** Once, before this returns. */
    void now(String name, Job task) {
        try {
            thread.submit(logged(name, task)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a failure is logged", e);
        }
    }

    private static Runnable logged(String name, Job task) {
        var failing = new AtomicBoolean();
        var broken = new AtomicBoolean();
        return () -> {
            try {
                task.run();
                failing.set(false);
                broken.set(false);
            } catch (Exception e) {
                // Once until it works again: readiness says the same all the time.
                if (!failing.getAndSet(true)) {
                    LOG.warn("{} could not be done: {}", name, e.getMessage());
                }
            } catch (Throwable e) {
                // Thrown from here it would be the last turn, and nobody would be told.
                if (!broken.getAndSet(true)) {
                    LOG.error(
                            "{} could not be done, and is tried again: {}",
                            name,
                            e.getClass().getName());
                }
            }
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
