package org.consentgateway.bench.parts;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.bench.load.Samples;

/**
 * Thread-safe. How late this machine wakes a thread that does nothing but wait: what no tail of any
 * program on it can be shorter than, whoever else needs its processors.
 */
final class Lateness implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(5);

    private final Samples micros = new Samples();
    private final Thread thread = Thread.ofPlatform().daemon().name("lateness").start(this::watch);

    private void watch() {
        while (!Thread.currentThread().isInterrupted()) {
            long due = System.nanoTime() + EVERY.toNanos();
            LockSupport.parkNanos(EVERY.toNanos());
            micros.add(Math.max(0, System.nanoTime() - due) / 1e3);
        }
    }

    double quantile(double q) {
        return micros.quantile(q);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
