package org.consentgateway.call.answer;

import java.time.Duration;
import org.consentgateway.consent.SpokenWords;

/**
 * Confined to the call's thread. A time in which what the caller presses and says counts. It takes
 * what happens, with its time, and says what to do; it owns no clock and no socket. After a {@link
 * AnswerWindow.Move#reply} everything further is ignored.
 */
public sealed interface ReplyWindow permits AnswerWindow, RestingYes, RestingKey {

    /**
     * In which a yes is not yet final.
     *
     * @param expecting what counts as an answer to the question that was answered with it
     * @param furtherQuestion whether what is spoken meanwhile is another question
     * @param fromNanos when it was understood
     * @param put from then until that question is put
     */
    static ReplyWindow resting(
            Reply.Meant yes,
            Expecting expecting,
            AnswerTiming timing,
            boolean furtherQuestion,
            long fromNanos,
            Duration put) {
        return switch (yes) {
            case Reply.Key key -> new RestingKey(key, expecting, fromNanos, put);
            case Reply.InWords words ->
                    new RestingYes(words, expecting, timing, furtherQuestion, fromNanos);
        };
    }

    /** What is spoken meanwhile is over. */
    AnswerWindow.Move promptEnded(Said said, long nowNanos);

    /**
     * @param atNanos when the key went down
     */
    AnswerWindow.Move keyDown(char digit, long atNanos, long nowNanos);

    AnswerWindow.Move speechStarted(long nowNanos);

    /** What is being said sounds like this so far; nothing is decided on it. */
    AnswerWindow.Move likely(Meaning meaning, long nowNanos);

    /**
     * The final result of one utterance.
     *
     * @param weak whether it may have been another word
     */
    AnswerWindow.Move words(
            Meaning meaning,
            SpokenWords words,
            double confidence,
            int speechMillis,
            boolean weak,
            long nowNanos);

    /** The utterance meant nothing. */
    AnswerWindow.Move nothing(long nowNanos);

    /** The caller has begun to type, or types on; nothing may be decided on it. */
    AnswerWindow.Move typing(long nowNanos);

    /** What was typed is a whole line. */
    AnswerWindow.Move typed(TypedLine line, long nowNanos);

    /** Only keys from here on; a word of this recogniser that is not yet decided does not count. */
    AnswerWindow.Move recogniserFailed(long nowNanos);

    /** Freezes or resumes the clock. What is heard meanwhile is music, not the caller. */
    AnswerWindow.Move held(boolean onHold, long nowNanos);

    /** Time has passed. */
    AnswerWindow.Move tick(long nowNanos);

    /** When {@link #tick} is due next, or {@link AnswerWindow#NEVER}. */
    long nextTick();
}
