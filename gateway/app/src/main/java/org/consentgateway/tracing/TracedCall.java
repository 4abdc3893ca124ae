package org.consentgateway.tracing;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallOutcome;

/**
 * Immutable. A call that is over, as its trace is made of it. As little as in {@link CallEvent} is
 * a number or a word of the caller in it.
 *
 * @param moments in their order
 */
record TracedCall(List<Moment> moments, CallOutcome outcome, Instant ended) {

    /** Something that happened. */
    record Moment(Instant at, CallEvent event) {}

    TracedCall {
        moments = List.copyOf(moments);
    }

    UUID id() {
        return outcome.trail().facts().callId();
    }

    /**
     * When it came in: before all that was told of it, also where its end was told late and seems
     * later than it was.
     */
    Instant begun() {
        Instant counted = ended.minus(outcome.trail().took());
        return moments.isEmpty() || counted.isBefore(moments.getFirst().at())
                ? counted
                : moments.getFirst().at();
    }

    /** The first of its kind. */
    Optional<Moment> first(Predicate<CallEvent> kind) {
        return moments.stream().filter(moment -> kind.test(moment.event())).findFirst();
    }
}
