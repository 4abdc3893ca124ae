package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.call.spoken.FirstQuestion;
import org.consentgateway.consent.Purpose;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A prompt stands still for what seems to be an answer. Its question is put when it has been
 * spoken, and not when it would have been.
 */
@Timeout(60)
class PausedQuestionTest {
    private static final int FRAME_MILLIS = 20;
    private static final int STARTS_MILLIS = 200;
    private static final int SEEMS_MILLIS = 300;
    private static final int NOTHING_MILLIS = 4800;
    private static final int LISTENINGS = 2;

    /** Heard in the opening, and once in the question: somebody seems to ask something back. */
    private static ToldRecogniser television() {
        var television = new ToldRecogniser(true);
        var millis = new AtomicInteger();
        var until = new AtomicLong(-1);
        television.opening = () -> millis.set(television.opened > LISTENINGS ? NOTHING_MILLIS : 0);
        television.hearing =
                frame -> {
                    if (until.getAndAccumulate(frame.mediaMillis(), Math::max)
                            >= frame.mediaMillis()) {
                        return; // handed over once more, by the listening before
                    }
                    switch (millis.addAndGet(FRAME_MILLIS)) {
                        case STARTS_MILLIS ->
                                television.heard(new Heard.SpeechStarted(frame.mediaMillis()));
                        case SEEMS_MILLIS ->
                                television.heard(new Heard.Likely(SpokenMeaning.REPEAT));
                        case NOTHING_MILLIS ->
                                television.heard(new Heard.Nothing(Heard.Why.GARBAGE));
                        default -> {
                            // it talks on
                        }
                    }
                };
        return television;
    }

    private static VirtualCalls.Outcome pressingOne(VirtualCalls calls, int afterMillis) {
        return calls.heardBy(television())
                .call(
                        VirtualCalls.ladder("de", Purpose.ASSISTANT),
                        CallersLine.Trouble.NONE,
                        VirtualCaller.Cue.presses("question.assistant", afterMillis, '1'));
    }

    @Test
    void aKeyAgreesOnlyOnceTheQuestionWasSpoken() throws Exception {
        try (VirtualCalls calls = VirtualCalls.shipped()) {
            double share = FirstQuestion.share(calls.text("de", "question.assistant"));
            int question = calls.millis("de", "question.assistant");
            int put = (int) Math.round(share * question);
            assertThat(put).as("it stands still before").isGreaterThan(SEEMS_MILLIS + 500);
            int stood = NOTHING_MILLIS - SEEMS_MILLIS;

            assertThat(pressingOne(calls, put + 100).consent()).isFalse();
            assertThat(pressingOne(calls, put + stood - 300).consent()).isFalse();
            assertThat(pressingOne(calls, put + stood + 300).consent()).isTrue();
        }
    }
}
