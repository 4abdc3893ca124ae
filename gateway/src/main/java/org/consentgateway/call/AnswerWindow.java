package org.consentgateway.call;

import org.consentgateway.consent.SpokenWords;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's thread. The time in which one question, asked once, can be answered. Takes
 * what happens with its time and says what to do; owns no clock and no socket. After a {@link
 * Move#reply} everything further is ignored.
 *
 * <pre>
 * question starts   settle        prompt ends             first input over
 *      |--- nothing ---|--- barge-in ---|--- waiting for an answer ---|-> NoInput, NoMatch
 * </pre>
 */
public final class AnswerWindow {

    /**
     * What to do now.
     *
     * @param stopPrompt the caller answers: stop speaking (barge-in)
     * @param listenAgain the recogniser has reported its one utterance: start the next
     * @param reply the end of the question; null while it goes on
     */
    public record Move(boolean stopPrompt, boolean listenAgain, @Nullable Reply reply) {
        static final Move NOTHING = new Move(false, false, null);
    }

    /** Returned by {@link #nextTick} where no tick is needed. */
    public static final long NEVER = Long.MAX_VALUE;

    private final Expecting expecting;
    private final Line.Timing timing;

    public AnswerWindow(Expecting expecting, Line.Timing timing, long promptStartsNanos) {
        this.expecting = expecting;
        this.timing = timing;
    }

    public Move promptEnded(Said said, long nowNanos) {
        return Move.NOTHING;
    }

    /**
     * @param atNanos when the key went down: before the question it never counts
     */
    public Move keyDown(char digit, long atNanos, long nowNanos) {
        return Move.NOTHING;
    }

    public Move speechStarted(long nowNanos) {
        return Move.NOTHING;
    }

    public Move words(
            Meaning meaning,
            SpokenWords words,
            double confidence,
            int speechMillis,
            long nowNanos) {
        return Move.NOTHING;
    }

    /** The utterance meant nothing. */
    public Move nothing(long nowNanos) {
        return Move.NOTHING;
    }

    /** Only keys from here on. */
    public Move recogniserFailed(long nowNanos) {
        return Move.NOTHING;
    }

    /** Freezes or resumes the clock. */
    public Move held(boolean onHold, long nowNanos) {
        return Move.NOTHING;
    }

    /** Time has passed. */
    public Move tick(long nowNanos) {
        return Move.NOTHING;
    }

    /** When {@link #tick} is due next, or {@link #NEVER}. */
    public long nextTick() {
        return NEVER;
    }

    @Override
    public String toString() {
        return "AnswerWindow[" + expecting.keys().size() + " keys, " + timing.firstInput() + "]";
    }
}
