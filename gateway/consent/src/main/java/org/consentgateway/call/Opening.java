package org.consentgateway.call;

import java.time.Instant;
import java.util.List;
import org.consentgateway.call.answer.Said;
import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Playing;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.journal.JournalUnavailable;

/**
 * Confined to the call's virtual thread. The protected part of a notice: the disclosure that an AI
 * speaks (Art. 50 (1) AI Act), on every call, and the record that it was played.
 */
final class Opening {
    /** What was not heard whole is played once more; then something is wrong with the line. */
    private static final int TIMES = 2;

    private static final Said NOTHING_SAID = new Said(0, 0, 0, false, Said.End.CALLER_GONE);

    private final CallStage stage;
    private final CallInProgress call;

    Opening(CallStage stage) {
        this.stage = stage;
        this.call = stage.call();
    }

    /**
     * Speaks it and records that.
     *
     * @param parts the first one names it in the record
     * @return whether the caller heard it whole
     */
    boolean speak(List<String> parts) throws JournalUnavailable {
        for (int time = 1; time <= TIMES; time++) {
            if (speakOnce(parts)) {
                return true;
            }
        }
        return false;
    }

    private boolean speakOnce(List<String> parts) throws JournalUnavailable {
        Instant started = call.now();
        Said said;
        try {
            said = stage.say(parts);
        } catch (CallerGone | Draining e) {
            leftDuring(e, parts.getFirst(), started);
            throw e;
        }
        ConsentRecord served = served(parts.getFirst(), started, said);
        call.durably(() -> {
            call.journal().write(served);
            return served;
        });
        return said.heard();
    }

    private void leftDuring(RuntimeException left, String part, Instant started) {
        Said said = NOTHING_SAID;
        Unclear reason = Unclear.ERROR;
        if (left instanceof CallerGone gone) {
            said = gone.said() == null ? NOTHING_SAID : gone.said();
            reason = CallEnded.why(gone.how(), Unclear.HANGUP_DURING_OPENING);
            if (reason != Unclear.ERROR) {
                call.tell(new CallEvent.Abandoned(call.facts(), call.noticeRef(), reason));
            }
        }
        call.note(served(part, started, said), call.unanswered(reason, List.of()));
        call.decided();
    }

    private ConsentRecord.Served served(String part, Instant started, Said said) {
        call.tell(new CallEvent.Served(call.facts(), call.noticeRef(), said.heard()));
        var playing =
                new Playing(
                        started,
                        said.samplesPlanned(),
                        said.samplesSent(),
                        said.heard(),
                        said.interruptedBy());
        return new ConsentRecord.Served(
                call.newId(), call.now(), call.facts(), call.noticeRef(), part, playing);
    }
}
