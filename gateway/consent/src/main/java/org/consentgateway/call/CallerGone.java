package org.consentgateway.call;

import java.util.function.Supplier;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.signal.CallEnded;
import org.jspecify.annotations.Nullable;

/**
 * The caller left during a verb of a {@link CallStage}, which says what that means for the call.
 */
final class CallerGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient CallEnded ended;
    private final transient Supplier<CallOutcome> meaning;

    CallerGone(CallEnded ended, Supplier<CallOutcome> meaning) {
        super(ended.how().name(), null, false, false);
        this.ended = ended;
        this.meaning = meaning;
    }

    CallEnded.How how() {
        return ended.how();
    }

    /** As {@link CallEnded#said}. */
    @Nullable Said said() {
        return ended.said();
    }

    /** How the call went, then. */
    CallOutcome outcome() {
        return meaning.get();
    }
}
