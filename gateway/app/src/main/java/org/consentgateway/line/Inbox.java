package org.consentgateway.line;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.sip.dialog.IncomingCall;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Where the network's threads leave what happened and the call's thread finds it, in
 * order. Bounded: a flood of keys cannot grow it, and the end of the call is never dropped.
 */
final class Inbox {
    /** Far more than a person can press in the time the call's thread takes to look. */
    static final int CAPACITY = 256;

    /** Of these kept for what is neither key nor text: whoever floods us can still withdraw. */
    static final int NOT_FOR_KEYS = 64;

    private final BlockingQueue<Happening> queue = new ArrayBlockingQueue<>(CAPACITY);
    private volatile Happening.@Nullable Ended end;

    void put(Happening happening) {
        if (happening instanceof Happening.Ended ended) {
            end = ended;
        }
        if (isTheCallers(happening) && queue.remainingCapacity() <= NOT_FOR_KEYS) {
            return;
        }
        boolean _ = queue.offer(happening);
    }

    private static boolean isTheCallers(Happening happening) {
        return switch (happening) {
            case Happening.KeyDown _, Happening.BeganToType _, Happening.LineTyped _ -> true;
            default -> false;
        };
    }

    /**
     * Whether the caller has left, withdrawn or passed the call on, or we shut down, and nobody has
     * looked yet.
     */
    boolean holdsAnEnd() {
        return end != null
                || queue.stream()
                        .anyMatch(happening ->
                                happening instanceof Happening.Withdrew
                                        || happening instanceof Happening.PassedOn
                                        || happening instanceof Happening.Drain);
    }

    /**
     * Takes the next, waiting at most so long; null where nothing came. What happened before the
     * end of the call comes before it: a withdrawal is never lost to a quick hang-up.
     */
    @Nullable Happening take(long nanos) {
        Happening next = poll(end == null ? nanos : 0);
        return next == null ? end : next;
    }

    /** The same, behind the end of the call as well: what was said before it may be told later. */
    @Nullable Happening takeBehindTheEnd(long nanos) {
        return poll(nanos);
    }

    private @Nullable Happening poll(long nanos) {
        Happening next = queue.poll();
        if (next == null && nanos > 0) {
            try {
                next = queue.poll(nanos, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                // Nobody interrupts a call thread; if somebody did, the call must still end in
                // order.
                Thread.currentThread().interrupt();
                return new Happening.Ended(IncomingCall.How.BY_US);
            }
        }
        return next;
    }
}
