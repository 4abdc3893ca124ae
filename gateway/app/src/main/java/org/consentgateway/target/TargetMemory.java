package org.consentgateway.target;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.consentgateway.call.far.Dialled;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. How calls to each target went of late: who could not be reached is left alone for a
 * while, twice as long each time, so that callers do not wait in front of a dead telephone one
 * after the other. Who rang in vain or was busy is there; who answers and sends nothing is not.
 */
public final class TargetMemory {
    static final Duration FIRST = Duration.ofSeconds(15);
    static final Duration LONGEST = Duration.ofMinutes(2);

    private static final int ANY_STATUS = 300;
    private static final int MOST_DOUBLINGS = 8;

    private final LongSupplier nanos;

    /** As many as there ever were targets in the configuration. */
    private final Map<String, Last> targets = new ConcurrentHashMap<>();

    /** Those of which nothing ever came, when that was the last time. */
    private final Map<String, Last> silent = new ConcurrentHashMap<>();

    /**
     * @param failures in a row; 0 where the last call found somebody
     * @param until when it is left alone
     */
    private record Last(int failures, long until) {}

    public TargetMemory(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void dialled(String target, Dialled<?> how) {
        switch (how) {
            case Dialled.NotReached<?>(Dialled.Why why, int status)
                    when why == Dialled.Why.UNREACHABLE -> {
                if (status >= ANY_STATUS) { // otherwise it was never sent
                    targets.merge(target, failed(0), (last, _) -> failed(last.failures()));
                }
            }
            case Dialled.NotReached<?>(Dialled.Why why, _) when why == Dialled.Why.NO_ANSWER -> {
                // It rang, or the caller has left: nothing is known.
            }
            case Dialled.NotReached<?> _, Dialled.Connected<?> _, Dialled.Transferred _ ->
                    targets.put(target, new Last(0, nanos.getAsLong()));
            case Dialled.HandedOver _, Dialled.EndedElsewhere _ -> {}
        }
    }

    /** It has answered, and nothing has ever come of it. */
    void unheard(String target) {
        Last again =
                silent.merge(
                        target,
                        failed(0),
                        (last, first) -> isSoonAfter(last) ? failed(last.failures()) : first);
        targets.put(target, again);
    }

    /** Of one that answers the call between: by that alone nobody knows whether it is heard. */
    private boolean isSoonAfter(Last last) {
        return nanos.getAsLong() - last.until() < LONGEST.toNanos();
    }

    private Last failed(int before) {
        long pause = FIRST.toNanos() << Math.min(before, MOST_DOUBLINGS);
        return new Last(before + 1, nanos.getAsLong() + Math.min(pause, LONGEST.toNanos()));
    }

    /** Whether it has just failed, and is left alone. */
    boolean down(String target) {
        @Nullable Last last = targets.get(target);
        return last != null && last.failures() > 0 && last.until() - nanos.getAsLong() > 0;
    }

    /** Whether the last call to it found somebody. */
    boolean answers(String target) {
        @Nullable Last last = targets.get(target);
        return last != null && last.failures() == 0;
    }
}
