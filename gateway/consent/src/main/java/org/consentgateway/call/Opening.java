package org.consentgateway.call;

import org.consentgateway.consent.ConsentRecord;
import org.consentgateway.consent.Playing;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.journal.JournalUnavailable;

import java.time.Instant;
import java.util.List;

/**
 * Confined to the call's virtual thread. The protected part of a notice: the disclosure that an AI
 * speaks (Art. 50 (1) AI Act), on every call, and the record that it was played.
 */
final class Opening {
    /** What was not heard whole is played once more; then something is wrong with the line. */
    private static final int TIMES = 2;

    private static final Said NOTHING_SAID = new Said(0, 0, 0, false, Said.End.CALLER_GONE);

    private final Talk talk;

    Opening(Talk talk) {
        this.talk = talk;
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
        Instant started = talk.now();
        Said said;
        try {
            said = talk.say(parts);
        } catch (CallEnded | Draining e) {
            leftDuring(e, parts.getFirst(), started);
            throw e;
        }
        ConsentRecord served = served(parts.getFirst(), started, said);
        talk.durably(() -> {
            talk.journal().write(served);
            return served;
        });
        return said.heard();
    }

    private void leftDuring(RuntimeException left, String part, Instant started) {
        Said said = NOTHING_SAID;
        Unclear reason = Unclear.ERROR;
        if (left instanceof CallEnded ended) {
            said = ended.said() == null ? NOTHING_SAID : ended.said();
            reason = CallEnded.why(ended.how(), Unclear.HANGUP_DURING_OPENING);
            if (reason != Unclear.ERROR) {
                talk.tell(new CallEvent.Abandoned(talk.facts(), talk.noticeRef(), reason));
            }
        }
        talk.note(served(part, started, said), talk.unanswered(reason, List.of()));
        talk.decided();
    }

    private ConsentRecord.Served served(String part, Instant started, Said said) {
        talk.tell(new CallEvent.Served(talk.facts(), talk.noticeRef(), said.heard()));
        var playing =
                new Playing(
                        started,
                        said.samplesPlanned(),
                        said.samplesSent(),
                        said.heard(),
                        said.interruptedBy());
        return new ConsentRecord.Served(
                talk.newId(), talk.now(), talk.facts(), talk.noticeRef(), part, playing);
    }
}
