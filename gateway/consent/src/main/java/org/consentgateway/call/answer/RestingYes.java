package org.consentgateway.call.answer;

import java.time.Duration;
import org.consentgateway.consent.SpokenWords;

/**
 * Confined to the call's thread. A yes in words, spoken or typed, in the time after it, in which it
 * is not yet final: people think aloud, correct themselves and ask back ("Ja … nein", "Ja …
 * Moment"). What comes next is spoken meanwhile, so that nobody hears a wait.
 *
 * <pre>
 *  "ja"    understood               rest over
 * --####----|-- what comes next is spoken --|---->  the yes stands
 *                     "aber …"                       undone: stop, and ask again
 * </pre>
 *
 * <p>It stands where nothing is said, or a yes again. Whatever else is said undoes it, also what is
 * still being said when the rest is over, which is awaited. Where what comes next is a further
 * question, a no belongs to the one before for {@link #TAKEN_BACK}: nobody answers a question that
 * quickly, so that is what rests then.
 */
public final class RestingYes implements ReplyWindow {
    /**
     * How long a no that follows a yes takes that yes back, where another question was begun, or
     * where it has to be typed.
     */
    static final Duration TAKEN_BACK = Duration.ofMillis(1500);

    /** After a word, in which nothing else was said: then it is understood. */
    private static final long UNDERSTOOD_AFTER_NANOS = Duration.ofMillis(300).toNanos();

    /** Between two listenings: for so long nobody knows whether something was said. */
    private static final long UNHEARD_MOST_NANOS = Duration.ofMillis(20).toNanos();

    private final Reply.InWords yes;
    private final Expecting expecting;
    private final AnswerTiming timing;
    private final boolean furtherQuestion;
    private final long fromNanos;
    private final StoppableClock clock = new StoppableClock();

    /** In the time of {@link #clock}, like every time below. */
    private long deadline;

    private boolean speaking;
    private boolean typing;

    /** Of what is being said or typed. */
    private long speechDeadline;

    /** Speech that began while the caller was on hold: what becomes of it does not count. */
    private boolean deaf;

    private boolean saidAgain;
    private boolean over;

    /**
     * @param expecting what counts as an answer to the question that was answered with this yes
     * @param furtherQuestion whether what is spoken meanwhile is another question
     * @param fromNanos when it was understood
     */
    public RestingYes(
            Reply.InWords yes,
            Expecting expecting,
            AnswerTiming timing,
            boolean furtherQuestion,
            long fromNanos) {
        this.yes = yes;
        this.expecting = expecting;
        this.timing = timing;
        this.furtherQuestion = furtherQuestion;
        this.fromNanos = fromNanos;
        boolean longer = furtherQuestion || yes instanceof Reply.Written;
        this.deadline = fromNanos + (longer ? TAKEN_BACK : timing.rest()).toNanos();
    }

    /**
     * From when on a word rests that was followed by what comes next: a recogniser or a packet that
     * is late does not make the caller's yes later, as long as it was listened to meanwhile.
     *
     * @param wordEndNanos when the word ended
     * @param startNanos when what comes next was begun, and listened beside it
     */
    public static long restsFrom(long wordEndNanos, long startNanos) {
        return Math.clamp(
                wordEndNanos + UNDERSTOOD_AFTER_NANOS, startNanos - UNHEARD_MOST_NANOS, startNanos);
    }

    /** What is spoken may be shorter than the rest. */
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
        Duration latency = yes.latency().plusNanos(Math.max(0, atNanos - fromNanos));
        if (expecting.beginsWithdrawal(digit)) {
            return undo(new Reply.NoMatch(latency));
        }
        if (meaning == null) {
            return Move.NOTHING;
        }
        if (meaning == yes.meaning() && yes instanceof Reply.Written) {
            return stand();
        }
        if (meaning == yes.meaning()) {
            over = true;
            return new Move(
                    Prompting.AS_IT_IS, false, new Reply.Key(digit, meaning, true, latency));
        }
        return undo(
                meaning.competes()
                        ? new Reply.Conflict(latency)
                        : new Reply.Key(digit, meaning, false, latency));
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
        speechDeadline = clock.at(nowNanos) + timing.speech().toNanos();
        return Move.NOTHING;
    }

    /**
     * A knock, or a word that no model knows: it is not awaited any longer, and what was said
     * beside a yes leaves none.
     */
    @Override
    public Move ceased(long nowNanos) {
        return speaking || deaf ? nothing(nowNanos) : Move.NOTHING;
    }

    /** What may have been said would have undone it. */
    @Override
    public Move missed(long nowNanos) {
        return over || unheard() ? Move.NOTHING : undo(new Reply.NoMatch(since(nowNanos)));
    }

    /** Where it is begun within the rest, its end is awaited. */
    @Override
    public Move typing(long nowNanos) {
        if (over || clock.stopped()) {
            return Move.NOTHING;
        }
        typing = true;
        speechDeadline = clock.at(nowNanos) + timing.speech().toNanos();
        return Move.NOTHING;
    }

    @Override
    public Move typed(TypedLine line, long nowNanos) {
        if (over || clock.stopped()) {
            return Move.NOTHING;
        }
        typing = false;
        Meaning meaning = line.meaning();
        if (meaning == yes.meaning()) {
            return Move.NOTHING;
        }
        if (meaning == null || meaning == Meaning.HEDGED) {
            return undo(new Reply.NoMatch(since(nowNanos)));
        }
        if (meaning.agrees() || (furtherQuestion && meaning == Meaning.REFUSE)) {
            return undo(new Reply.Conflict(since(nowNanos)));
        }
        return undo(new Reply.Written(meaning, line.key(), line.words(), since(nowNanos)));
    }

    /** What is spoken goes on until the yes is undone. */
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
        if (over || unheard()) {
            return nothing(nowNanos);
        }
        if (meaning == yes.meaning()) {
            return again(nowNanos);
        }
        if (meaning == Meaning.HEDGED || !expecting.words().contains(meaning)) {
            return undo(new Reply.NoMatch(since(nowNanos)));
        }
        if (meaning.agrees() || (furtherQuestion && meaning == Meaning.REFUSE)) {
            return undo(new Reply.Conflict(since(nowNanos)));
        }
        return undo(
                new Reply.Spoken(meaning, words, confidence, speechMillis, weak, since(nowNanos)));
    }

    /** "Ja, ja": the rest begins anew, once. */
    private Move again(long nowNanos) {
        speaking = false;
        long now = clock.at(nowNanos);
        if (!saidAgain && !furtherQuestion) {
            saidAgain = true;
            deadline = now + timing.rest().toNanos();
        }
        return now >= deadline ? stand() : Move.LISTEN_AGAIN;
    }

    @Override
    public Move nothing(long nowNanos) {
        if (over) {
            return Move.NOTHING;
        }
        if (unheard()) {
            deaf = false;
            return Move.LISTEN_AGAIN;
        }
        return undo(new Reply.NoMatch(since(nowNanos)));
    }

    /** What is said now would not be heard. */
    @Override
    public Move recogniserFailed(long nowNanos) {
        return over ? Move.NOTHING : undo(new Reply.NoMatch(since(nowNanos)));
    }

    @Override
    public Move held(boolean onHold, long nowNanos) {
        if (over || onHold == clock.stopped()) {
            return Move.NOTHING;
        }
        if (!onHold) {
            clock.go(nowNanos);
            return Move.NOTHING;
        }
        if (speaking) {
            return undo(new Reply.NoMatch(since(nowNanos)));
        }
        clock.stop(nowNanos);
        return Move.NOTHING;
    }

    @Override
    public Move tick(long nowNanos) {
        if (over || clock.stopped() || clock.at(nowNanos) < due()) {
            return Move.NOTHING;
        }
        return speaking || typing ? undo(new Reply.NoMatch(since(nowNanos))) : stand();
    }

    @Override
    public long nextTick() {
        return over || clock.stopped() ? NEVER : clock.realTime(due());
    }

    private long due() {
        return speaking || typing ? speechDeadline : deadline;
    }

    private boolean unheard() {
        return deaf || clock.stopped();
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
