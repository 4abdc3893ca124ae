package org.consentgateway.target;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.FarEnd;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. One target that is dialled at several places, one after the other, until one of them
 * takes the call, as RFC 3263 §4.3 has it for the servers of one domain: the next is tried where a
 * place is not reached (which it says itself where all of its servers are silent), is busy or does
 * not want the call; not where it rang and nobody answered, nor where it speaks for all (6xx).
 *
 * @param <E> who answers
 */
final class Failover<E extends FarEnd> implements Dialling<E> {
    private static final Logger LOG = LoggerFactory.getLogger(Failover.class);

    private static final int GLOBAL_FAILURE = 600;

    /** Dialling may wait for a port, and the place before is told of on a SIP thread. */
    private static final Executor MAY_WAIT =
            task -> Thread.ofVirtual().name("next place").start(task);

    private final CompletableFuture<Dialled<E>> result = new CompletableFuture<>();

    // Guarded by this.
    private final Deque<Supplier<Attempt<E>>> left;
    private @Nullable Dialling<E> current;
    private @Nullable Ending cancelled;

    /** One place that is dialled. */
    interface Attempt<E extends FarEnd> extends Dialling<E> {

        /** Whether it is ringing there, or has rung. */
        boolean rang();
    }

    private Failover(List<Supplier<Attempt<E>>> places) {
        this.left = new ArrayDeque<>(places);
    }

    /**
     * @param places dial the target at one place each; one at least
     */
    static <E extends FarEnd> Dialling<E> start(List<Supplier<Attempt<E>>> places) {
        var dialling = new Failover<>(places);
        dialling.next();
        return dialling;
    }

    private void next() {
        Attempt<E> attempt;
        Ending why;
        synchronized (this) {
            attempt = dialled(left.remove());
            current = attempt;
            why = cancelled;
        }
        if (why != null) {
            attempt.cancel(why);
        }
        var _ = attempt.result().thenAcceptAsync(how -> ended(attempt, how), MAY_WAIT);
    }

    /**
     * A place that cannot be dialled for a fault in here is one that is not reached: nobody would
     * hear of what is thrown on the thread of the next place, and the caller would wait for good.
     */
    private static <E extends FarEnd> Attempt<E> dialled(Supplier<Attempt<E>> place) {
        try {
            return place.get();
        } catch (RuntimeException e) {
            // Its text may hold an address.
            LOG.error("a place of a target could not be dialled: {}", e.getClass().getName());
            return SipDialling.failed(Dialled.Why.UNREACHABLE);
        }
    }

    private void ended(Attempt<E> attempt, Dialled<E> how) {
        boolean isLast;
        synchronized (this) {
            isLast = left.isEmpty() || cancelled != null;
        }
        if (isLast || !(how instanceof Dialled.NotReached<E> not) || isFinal(attempt, not)) {
            result.complete(how);
        } else {
            next();
        }
    }

    private boolean isFinal(Attempt<E> attempt, Dialled.NotReached<E> how) {
        return how.status() >= GLOBAL_FAILURE
                || (how.why() == Dialled.Why.NO_ANSWER && attempt.rang());
    }

    @Override
    public CompletionStage<Dialled<E>> result() {
        return result;
    }

    @Override
    public void cancel(Ending why) {
        Dialling<E> dialling;
        synchronized (this) {
            cancelled = why;
            dialling = current;
        }
        if (dialling != null) {
            dialling.cancel(why);
        }
    }
}
