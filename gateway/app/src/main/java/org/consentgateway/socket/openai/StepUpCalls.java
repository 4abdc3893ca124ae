package org.consentgateway.socket.openai;

import org.consentgateway.socket.Wire;
import org.consentgateway.target.PurposeReport;

/**
 * Confined to its call. A model's calls of {@link StepUpFunction}: one question is put at a time,
 * and each call is answered once.
 */
final class StepUpCalls {
    private final Wire wire;
    private final Replying replying;

    /** The one that waits for its answer; empty where none does. */
    private String waiting = "";

    /** Sends the answer, after which the model goes on. */
    interface Replying {
        void answer(String call, String words);
    }

    StepUpCalls(Wire wire, Replying replying) {
        this.wire = wire;
        this.replying = replying;
    }

    /** An item of the model's is complete. */
    void completed(ModelEvent event) {
        if (!event.function.equals(StepUpFunction.NAME)) {
            return;
        }
        String purpose = StepUpFunction.purpose(event.arguments);
        if (waiting.isEmpty()) {
            waiting = event.functionCall;
            wire.asks(purpose);
        } else {
            replying.answer(
                    event.functionCall, ModelMessages.inWords(PurposeReport.pending(purpose)));
        }
    }

    /**
     * @return whether this was the answer to a call; else the model has to be told by other means
     */
    boolean answers(PurposeReport report) {
        boolean answer = report.state().equals("granted") || report.state().equals("declined");
        if (!answer || waiting.isEmpty()) {
            return false;
        }
        String call = waiting;
        waiting = "";
        replying.answer(call, ModelMessages.inWords(report));
        return true;
    }
}
