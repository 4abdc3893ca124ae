package org.consentgateway.testkit.timing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long threads of this JVM were kept waiting for a processor, whatever the reason: other
 * programs, the collector, the machine below this one. Seen by threads that want to wake up every
 * other millisecond, for two minutes from when somebody last began to measure: two of each JVM that
 * tests would otherwise take a fortieth of a whole run. Thread-safe.
 */
public final class Stalls {
    /** With the threads that look. */
    static final Stalls WATCHED = watched();

    /** {@link System#nanoTime}; watched from then on, for two minutes. */
    public static long now() {
        WATCHED.watchOn();
        return System.nanoTime();
    }

    /** The longest of this machine since a moment of {@link #now}. */
    public static Duration sinceNanos(long nanos) {
        return WATCHED.longestSince(nanos);
    }

    /** Something that takes its time, such as a call. */
    public interface Measurement<T> {
        T measure() throws Exception;
    }

    /** Whether a result is as it should be. */
    public interface Right<T> {
        boolean is(T result) throws Exception;
    }

    /**
     * Measures again while the result is not the right one, or there is none, and the machine has
     * stalled for so long meanwhile that it may be the cause. What is wrong on a machine that did
     * not stall, or each time, is wrong.
     *
     * @return the last result
     * @throws Exception what the last measurement has thrown
     */
    public static <T> T measured(Duration tooLong, Measurement<T> measurement, Right<T> right)
            throws Exception {
        return WATCHED.measuredWhileStalled(tooLong, measurement, right);
    }

    <T> T measuredWhileStalled(Duration tooLong, Measurement<T> measurement, Right<T> right)
            throws Exception {
        for (int number = 1; ; number++) {
            watchOn();
            long begun = System.nanoTime();
            try {
                T result = measurement.measure();
                if (right.is(result) || counts(number, tooLong, begun)) {
                    return result;
                }
            } catch (AssertionError | RuntimeException none) {
                if (counts(number, tooLong, begun)) {
                    throw none;
                }
            }
            awaitQuiet(Measurements.QUIET, Measurements.MOST_WAITED);
        }
    }

    private boolean counts(int number, Duration tooLong, long begun) {
        return number == MOST || longestSince(begun).compareTo(tooLong) < 0;
    }

    /** One for each core of the smallest machine that the tests are for. */
    private static final int WATCHERS = 2;

    private static final long STEP_NANOS = 2_000_000;

    /** No test that measures takes longer. */
    private static final long WATCHED_NANOS = TimeUnit.MINUTES.toNanos(2);

    /** Below that it is the usual unrest. */
    private static final long NOTED_NANOS = 3_000_000;

    /** Whole calls last, so that fewer are made than of a {@link RealTimeTest}. */
    static final int MOST = 5;

    private static final int MOST_KEPT = 100_000;

    private record Stall(long endedNanos, long nanos) {}

    private final Deque<Stall> stalls = new ArrayDeque<>();
    private long watchedUntil = System.nanoTime();

    private static Stalls watched() {
        Stalls all = new Stalls();
        for (int i = 0; i < WATCHERS; i++) {
            Thread.ofPlatform().daemon().name("stalls " + i).start(all::watch);
        }
        return all;
    }

    private void watch() {
        try {
            while (true) {
                long last = awaitMeasurement();
                LockSupport.parkNanos(STEP_NANOS);
                long now = System.nanoTime();
                saw(now, now - last - STEP_NANOS);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized long awaitMeasurement() throws InterruptedException {
        while (System.nanoTime() - watchedUntil >= 0) {
            wait();
        }
        return System.nanoTime();
    }

    /** Somebody begins to measure. */
    synchronized void watchOn() {
        watchedUntil = System.nanoTime() + WATCHED_NANOS;
        notifyAll();
    }

    /**
     * @param late by how much somebody woke up later than it wanted to
     */
    synchronized void saw(long nowNanos, long late) {
        if (late < NOTED_NANOS) {
            return;
        }
        if (stalls.size() == MOST_KEPT) {
            stalls.removeFirst();
        }
        stalls.addLast(new Stall(nowNanos, late));
    }

    /** The longest that ended after this. */
    synchronized Duration longestSince(long nanos) {
        return Duration.ofNanos(
                stalls.stream()
                        .filter(stall -> stall.endedNanos() - nanos >= 0)
                        .mapToLong(Stall::nanos)
                        .max()
                        .orElse(0));
    }

    /** Waits until nothing has stalled for a while. */
    void awaitQuiet(Duration quiet, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < end
                && longestSince(System.nanoTime() - quiet.toNanos()).compareTo(Measurements.STALL)
                        >= 0) {
            LockSupport.parkNanos(STEP_NANOS * 10);
        }
    }
}
