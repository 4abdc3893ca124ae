package org.consentgateway.call.answer;

import java.time.Duration;
import org.consentgateway.consent.SpokenWords;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's thread. A time in which what the caller presses and says counts. It takes
 * what happens, with its time, and says what to do; it owns no clock and no socket. After a {@link
 * Move#reply} everything further is ignored.
 */
public sealed interface ReplyWindow permits AnswerWindow, RestingYes, RestingKey {
    /**
     * What to do now.
     *
     * @param prompt what becomes of what is being spoken
     * @param listenAgain the recogniser has reported its one utterance: start the next
     * @param reply the end of the question; null while it goes on
     */
    record Move(Prompting prompt, boolean listenAgain, @Nullable Reply reply) {
        public static final Move NOTHING = new Move(Prompting.AS_IT_IS, false, null);
        static final Move LOWER = new Move(Prompting.LOWERED, false, null);
        static final Move PAUSE = new Move(Prompting.PAUSED, false, null);
        static final Move GO_ON = new Move(Prompting.GOES_ON, false, null);
        static final Move LISTEN_AGAIN = new Move(Prompting.AS_IT_IS, true, null);
        static final Move GO_ON_AND_LISTEN_AGAIN = new Move(Prompting.GOES_ON, true, null);
    }

    /** What becomes of what is being spoken. */
    enum Prompting {
        AS_IT_IS,
        /** Somebody speaks. */
        LOWERED,
        /** Somebody seems to answer: it stands still where it is. */
        PAUSED,
        /** As loud as at first, where it was. */
        GOES_ON,
        STOPPED
    }

    /** Returned by {@link #nextTick} where no tick is needed. */
    long NEVER = Long.MAX_VALUE;

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
            case Reply.Key key ->
                    new RestingKey(
                            key,
                            expecting,
                            fromNanos,
                            furtherQuestion ? put : RestingYes.TAKEN_BACK);
            case Reply.InWords words ->
                    new RestingYes(words, expecting, timing, furtherQuestion, fromNanos);
        };
    }

    /** What is spoken meanwhile is over. */
    Move promptEnded(Said said, long nowNanos);

    /**
     * @param atNanos when the key went down
     */
    Move keyDown(char digit, long atNanos, long nowNanos);

    /**
     * How far what is spoken has come; told before anything that the caller does. Where it stood
     * still it is behind the time since its beginning.
     */
    default void played(Duration played, long nowNanos) {}

    /**
     * When what is being said began; told before {@link #speechStarted}, or before {@link #words}
     * where that came alone. A recogniser that lags tells both late.
     */
    default void began(long atNanos) {}

    Move speechStarted(long nowNanos);

    /** What was told as a beginning of speech was none: as if it had not been. */
    Move ceased(long nowNanos);

    /**
     * Somebody else speaks over what was told as a beginning: what is being said has begun only
     * then.
     */
    default void begunAnew(long atNanos, long nowNanos) {}

    /** Something may have been said that nobody heard. */
    default Move missed(long nowNanos) {
        return Move.NOTHING;
    }

    /** What is being said sounds like this so far; nothing is decided on it. */
    Move likely(Meaning meaning, long nowNanos);

    /**
     * The final result of one utterance.
     *
     * @param weak whether it may have been another word
     */
    Move words(
            Meaning meaning,
            SpokenWords words,
            double confidence,
            int speechMillis,
            boolean weak,
            long nowNanos);

    /** The utterance meant nothing. */
    Move nothing(long nowNanos);

    /** The caller has begun to type, or types on; nothing may be decided on it. */
    Move typing(long nowNanos);

    /** What was typed is a whole line. */
    Move typed(TypedLine line, long nowNanos);

    /** Only keys from here on; a word of this recogniser that is not yet decided does not count. */
    Move recogniserFailed(long nowNanos);

    /** Freezes or resumes the clock. What is heard meanwhile is music, not the caller. */
    Move held(boolean onHold, long nowNanos);

    /** Time has passed. */
    Move tick(long nowNanos);

    /** When {@link #tick} is due next, or {@link #NEVER}. */
    long nextTick();
}
