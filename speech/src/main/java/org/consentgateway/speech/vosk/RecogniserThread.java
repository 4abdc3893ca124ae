package org.consentgateway.speech.vosk;

import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import org.consentgateway.media.ThreadPriority;
import org.jspecify.annotations.Nullable;

/**
 * A queue of listening sessions with work, and the one platform thread that does it. Thread-safe. A
 * thread that does not come back from native code is left behind and another takes the queue; what
 * the lost one holds stays its own, so that no decoder is ever in two hands.
 *
 * <p>The queue is bounded by the places: each has two sessions at most, and a session is in it
 * once.
 */
final class RecogniserThread implements SessionScheduler {
    /** A word that is decided 20 ms later is no harm, a packet that is sent later is. */
    private static final int BEHIND_AUDIO = 10;

    private final String name;
    private final LongSupplier nanos;
    private final Counters counters;
    private final BlockingQueue<ListeningSession> waiting = new LinkedBlockingQueue<>();
    private final Set<ListeningSession> sessions = ConcurrentHashMap.newKeySet();
    private volatile Thread thread;
    private volatile boolean closed;

    /** The session at work and since when; null between two. */
    private volatile @Nullable Work work;

    private record Work(ListeningSession session, long since) {}

    RecogniserThread(String name, LongSupplier nanos, Counters counters) {
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

    void enter(ListeningSession session) {
        sessions.add(session);
    }

    @Override
    public void released(ListeningSession session) {
        sessions.remove(session);
    }

    int listening() {
        return sessions.size();
    }

    @Override
    public void schedule(ListeningSession session) {
        waiting.add(session);
    }

    private void run() {
        ThreadPriority.lowerBy(BEHIND_AUDIO);
        while (!closed || !sessions.isEmpty()) {
            try {
                ListeningSession session = waiting.take();
                work = new Work(session, nanos.getAsLong());
                session.work();
            } catch (InterruptedException e) {
                // Only close() interrupts; then the loop ends when all sessions are released.
                continue;
            } finally {
                if (Thread.currentThread() == thread) {
                    work = null;
                }
            }
            if (Thread.currentThread() != thread) {
                return;
            }
        }
    }

    /** Gives up callers that wait too long, and a thread that stays away ten times as long. */
    void watch(long now, long deadlineNanos) {
        for (ListeningSession session : sessions) {
            if (session.giveUpIfLate(now, deadlineNanos)) {
                counters.late.increment();
            }
        }
        Work under = work;
        if (under != null && now - under.since() > 10 * deadlineNanos) {
            work = null;
            counters.workersReplaced.increment();
            thread = start();
        }
    }

    /** Closes every session and waits for its thread to release them; not for a lost one. */
    void close(long patienceMillis) {
        closed = true;
        sessions.forEach(ListeningSession::close);
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
        return sessions.isEmpty() && !thread.isAlive();
    }
}
