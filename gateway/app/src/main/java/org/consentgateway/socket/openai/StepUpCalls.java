package org.consentgateway.socket.openai;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.consentgateway.consent.Purpose;
import org.consentgateway.socket.Wire;
import org.consentgateway.target.PurposeReport;

/**
 * Confined to its call. A model's calls of {@link StepUpFunction}: one question is put at a time,
 * and each call is answered once. It is put for what the operator allows this model, whatever the
 * line offers besides and whatever the model writes.
 */
final class StepUpCalls {
    private final Set<String> allowed;
    private final Wire wire;
    private final Replying replying;

    /** The one that waits for its answer; empty where none does. */
    private String waiting = "";

    /** For what that one asks. */
    private String wanted = "";

    /** Sends the answer, after which the model goes on. */
    interface Replying {
        void answer(String call, String words);
    }

    /**
     * @param allowed for what the model may have the caller asked
     */
    StepUpCalls(List<Purpose> allowed, Wire wire, Replying replying) {
        this.allowed = allowed.stream().map(Purpose::id).collect(Collectors.toUnmodifiableSet());
        this.wire = wire;
        this.replying = replying;
    }

    /** An item of the model's is complete. */
    void completed(ModelEvent event) {
        if (!event.function.equals(StepUpFunction.NAME)) {
            return;
        }
        String purpose = StepUpFunction.purpose(event.arguments);
        if (!allowed.contains(purpose)) {
            answer(event.functionCall, PurposeReport.notOffered(purpose));
        } else if (waiting.isEmpty()) {
            waiting = event.functionCall;
            wanted = purpose;
            wire.asks(purpose);
        } else {
            answer(event.functionCall, PurposeReport.pending(purpose));
        }
    }

    private void answer(String call, PurposeReport report) {
        replying.answer(call, ModelMessages.inWords(report));
    }

    /**
     * What the caller has said to another purpose, for which another system had them asked, answers
     * no call.
     *
     * @return whether this was the answer to a call; else the model has to be told by other means
     */
    boolean answers(PurposeReport report) {
        boolean answer = report.state().equals("granted") || report.state().equals("declined");
        if (!answer || waiting.isEmpty() || !report.purpose().equals(wanted)) {
            return false;
        }
        String call = waiting;
        waiting = "";
        answer(call, report);
        return true;
    }
}
