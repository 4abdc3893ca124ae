package org.consentgateway.speech.vosk;

import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. A queue of ears with work, and the one platform thread that does it. A thread that
 * does not come back from native code is left behind and another takes the queue; what the lost one
 * holds stays its own, so that no decoder is ever in two hands.
 *
 * <p>The queue is bounded by the admission limit: an ear is in it once at most.
 */
final class Lane implements Turns {
    private final String name;
    private final LongSupplier nanos;
    private final Counters counters;
    private final BlockingQueue<Ear> waiting = new LinkedBlockingQueue<>();
    private final Set<Ear> ears = ConcurrentHashMap.newKeySet();
    private volatile Thread thread;
    private volatile boolean closed;

    /** The ear at work and since when; null between turns. */
    private volatile @Nullable Turn turn;

    private record Turn(Ear ear, long since) {}

    Lane(String name, LongSupplier nanos, Counters counters) {
        this.name = name;
        this.nanos = nanos;
        this.counters = counters;
        this.thread = start();
    }

    private Thread start() {
        return Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    @Override
    public long nanos() {
        return nanos.getAsLong();
    }

    void enter(Ear ear) {
        ears.add(ear);
    }

    @Override
    public void left(Ear ear) {
        ears.remove(ear);
    }

    int listening() {
        return ears.size();
    }

    @Override
    public void add(Ear ear) {
        waiting.add(ear);
    }

    private void run() {
        while (!closed || !ears.isEmpty()) {
            try {
                Ear ear = waiting.take();
                turn = new Turn(ear, nanos.getAsLong());
                ear.work();
            } catch (InterruptedException e) {
                // Only close() interrupts; then the loop ends when all ears are released.
                continue;
            } finally {
                if (Thread.currentThread() == thread) {
                    turn = null;
                }
            }
            if (Thread.currentThread() != thread) {
                return;
            }
        }
    }

    /** Gives up callers that wait too long, and a thread that stays away ten times as long. */
    void watch(long now, long deadlineNanos) {
        for (Ear ear : ears) {
            if (ear.giveUpIfLate(now, deadlineNanos)) {
                counters.late.increment();
            }
        }
        Turn under = turn;
        if (under != null && now - under.since() > 10 * deadlineNanos) {
            turn = null;
            counters.workersReplaced.increment();
            thread = start();
        }
    }

    /** Closes every ear and waits for its thread to release them; not for a lost one. */
    void close(long patienceMillis) {
        closed = true;
        ears.forEach(Ear::close);
        Thread last = thread;
        last.interrupt();
        try {
            last.join(patienceMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether its thread has ended and released everything. */
    boolean isEmpty() {
        return ears.isEmpty() && !thread.isAlive();
    }
}
