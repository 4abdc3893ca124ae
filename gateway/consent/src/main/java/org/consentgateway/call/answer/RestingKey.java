package org.consentgateway.call.answer;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.consentgateway.consent.SpokenWords;

/**
 * Confined to the call's thread. A yes by key in the time after it, where a further question is
 * begun, or where the key was one of several to choose from: "1" and then quickly "2" corrects the
 * answer, since nobody answers a new question that quickly.
 *
 * <pre>
 *   "1"                                       1.5 s, or that question is put
 * ---|-- the next question is begun -----------|---->  the yes stands
 *              "2", "nein", "Moment"                   undone: stop, and ask again
 * </pre>
 *
 * <p>Unlike a spoken yes ({@link RestingYes}) it is no guess of a recogniser, so noise and words
 * that are not understood leave it as it is.
 */
public final class RestingKey implements ReplyWindow {
    /** A word that is being said when the time is over is waited for so long. */
    private static final long WORD_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

    private final Reply.Key yes;
    private final Expecting expecting;
    private final long fromNanos;
    private final StoppableClock clock = new StoppableClock();

    /** In the time of {@link #clock}, like every time below. */
    private final long deadline;

    private boolean speaking;
    private boolean typing;
    private long speechStartedAt;

    /** Speech that began while the caller was on hold: what becomes of it does not count. */
    private boolean deaf;

    private boolean over;

    /**
     * @param expecting what counts as an answer to the question that was answered with this yes
     * @param fromNanos when it was pressed
     * @param put from then until the further question is put, and keys answer that; longer than any
     *     correction takes where there is none
     */
    public RestingKey(Reply.Key yes, Expecting expecting, long fromNanos, Duration put) {
        this.yes = yes;
        this.expecting = expecting;
        this.fromNanos = fromNanos;
        this.deadline = fromNanos + Math.min(put.toNanos(), RestingYes.TAKEN_BACK.toNanos());
    }

    @Override
    public Move promptEnded(Said said, long nowNanos) {
        return Move.NOTHING;
    }

    @Override
    public Move keyDown(char digit, long atNanos, long nowNanos) {
        Meaning meaning = expecting.keys().get(digit);
        if (over || (clock.stopped() && (meaning == null || !meaning.declines()))) {
            return Move.NOTHING;
        }
        if (expecting.beginsWithdrawal(digit)) {
            return undo(new Reply.Conflict(since(nowNanos)));
        }
        if (meaning == null || meaning == yes.meaning()) {
            return Move.NOTHING;
        }
        return undo(
                meaning.competes()
                        ? new Reply.Conflict(since(nowNanos))
                        : new Reply.Key(digit, meaning, false, since(nowNanos)));
    }

    @Override
    public Move speechStarted(long nowNanos) {
        if (over || speaking) {
            return Move.NOTHING;
        }
        if (clock.stopped()) {
            deaf = true;
            return Move.NOTHING;
        }
        speaking = true;
        speechStartedAt = clock.at(nowNanos);
        return Move.NOTHING;
    }

    @Override
    public Move ceased(long nowNanos) {
        deaf = false;
        speaking = typing;
        return Move.NOTHING;
    }

    /** What is typed is waited for like a word that is being said. */
    @Override
    public Move typing(long nowNanos) {
        Move move = speechStarted(nowNanos);
        typing = speaking;
        return move;
    }

    @Override
    public Move typed(TypedLine line, long nowNanos) {
        Meaning meaning = line.meaning();
        if (over || clock.stopped() || meaning == null || meaning == yes.meaning()) {
            return nothing(nowNanos);
        }
        if (meaning == Meaning.HEDGED) {
            return undo(new Reply.NoMatch(since(nowNanos)));
        }
        return undo(
                meaning.competes()
                        ? new Reply.Conflict(since(nowNanos))
                        : new Reply.Written(meaning, line.key(), line.words(), since(nowNanos)));
    }

    @Override
    public Move likely(Meaning meaning, long nowNanos) {
        return Move.NOTHING;
    }

    @Override
    public Move words(
            Meaning meaning,
            SpokenWords words,
            double confidence,
            int speechMillis,
            boolean weak,
            long nowNanos) {
        boolean unheard = deaf || clock.stopped();
        if (over || unheard || meaning == yes.meaning() || !expecting.words().contains(meaning)) {
            return nothing(nowNanos);
        }
        if (meaning == Meaning.HEDGED) {
            return undo(new Reply.NoMatch(since(nowNanos)));
        }
        return undo(
                meaning.competes()
                        ? new Reply.Conflict(since(nowNanos))
                        : new Reply.Spoken(
                                meaning, words, confidence, speechMillis, weak, since(nowNanos)));
    }

    @Override
    public Move nothing(long nowNanos) {
        if (over) {
            return Move.NOTHING;
        }
        deaf = false;
        speaking = false;
        typing = false;
        return clock.stopped() || clock.at(nowNanos) < deadline ? Move.LISTEN_AGAIN : stand();
    }

    @Override
    public Move recogniserFailed(long nowNanos) {
        speaking = false;
        return tick(nowNanos);
    }

    @Override
    public Move held(boolean onHold, long nowNanos) {
        if (over || onHold == clock.stopped()) {
            return Move.NOTHING;
        }
        if (onHold) {
            deaf = speaking;
            speaking = false;
            clock.stop(nowNanos);
        } else {
            clock.go(nowNanos);
        }
        return Move.NOTHING;
    }

    @Override
    public Move tick(long nowNanos) {
        return over || clock.stopped() || clock.at(nowNanos) < due() ? Move.NOTHING : stand();
    }

    @Override
    public long nextTick() {
        return over || clock.stopped() ? NEVER : clock.realTime(due());
    }

    private long due() {
        return speaking ? Math.max(deadline, speechStartedAt + WORD_NANOS) : deadline;
    }

    private Move stand() {
        over = true;
        return new Move(Prompting.AS_IT_IS, false, yes);
    }

    private Move undo(Reply instead) {
        over = true;
        return new Move(Prompting.STOPPED, false, instead);
    }

    private Duration since(long nowNanos) {
        return yes.latency().plusNanos(clock.at(nowNanos) - fromNanos);
    }
}
