package org.consentgateway.sip.dialog;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of one leg, and the lock under which alone it changes. Thread-safe. What is to be sent
 * and told is put into two mailboxes meanwhile and goes out, in order, after the lock is released:
 * so no listener and no socket is ever waited for with the lock held.
 */
final class LegState {
    private enum Phase {
        EARLY,
        ANSWERED,
        OVER
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Mailbox events = new Mailbox();
    private final Mailbox sends = new Mailbox();
    private final Executor threads;

    /** Whether sending cannot wait for anything: UDP to a literal address. */
    private volatile boolean sendsAtOnce;

    // Guarded by the lock.
    private Phase phase = Phase.EARLY;
    private @Nullable Dialog dialog;

    /**
     * @param threads where sending may wait
     */
    LegState(Executor threads) {
        this.threads = threads;
    }

    // ------------------------------------------------------------------ the lock

    /** Does the work under the lock, and after it what the work wants sent and told. */
    void act(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
        try {
            sends.empty(sendsAtOnce ? Runnable::run : threads);
        } catch (RejectedExecutionException closed) {
            // The endpoint is closing: nothing goes out any more.
        }
        events.empty(Runnable::run);
    }

    /** What the question finds under the lock. */
    boolean holds(BooleanSupplier question) {
        lock.lock();
        try {
            return question.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    /** Tells a listener once the lock is released. */
    void tell(Runnable event) {
        events.put(event);
    }

    /** Sends once the lock is released. */
    void send(Runnable sending) {
        sends.put(sending);
    }

    void sendAtOnce(boolean whether) {
        sendsAtOnce = whether;
    }

    // ------------------------------------------------------------------ the state

    /** Whether the INVITE has no final answer yet. */
    boolean isEarly() {
        return phase == Phase.EARLY;
    }

    boolean isAnswered() {
        return phase == Phase.ANSWERED;
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /** Null while a call of ours is not answered. */
    @Nullable Dialog dialog() {
        return dialog;
    }

    /** Both sides have told their tags. */
    void opened(Dialog opened) {
        dialog = opened;
    }

    /** The INVITE has its 2xx. */
    void answered() {
        phase = Phase.ANSWERED;
    }

    void over() {
        phase = Phase.OVER;
    }
}
