package org.consentgateway.call.answer;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.consentgateway.consent.SpokenWords;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's thread. The time in which one question, asked once, can be answered. Takes
 * what happens with its time and says what to do; owns no clock and no socket. After a {@link
 * Move#reply} everything further is ignored.
 *
 * <pre>
 * question starts   question put      prompt ends             first input over
 *      |---- a no counts ---|--- a yes, too ---|--- waiting for an answer ---|-> NoInput, NoMatch
 * </pre>
 *
 * <p>Agreeing that begins before the question was put is as if it had not been, and the prompt goes
 * on ({@link Expecting.Starts}). In what {@link #ofAnnouncement} plays nothing is put, so it never
 * counts there, and the end of the prompt is the end of the window. Refusing, asking and leaving
 * count from the first sample on, and refusing even where the key went down just before; where a
 * question follows on a refusal, a no to it waits like a yes.
 *
 * <p>What is typed counts as a whole line. A yes in it counts where it was begun when the question
 * could be read ({@link TypedLine#asked}), whatever is still being spoken; it has to rest like a
 * spoken one. While somebody types the time to answer is not over.
 *
 * <p>A key decides at once, unless somebody is speaking: then the words are awaited, and where they
 * say something else it is a conflict. Nothing is decided on a beginning of speech, and a spoken
 * yes is not final with this reply: it has to rest ({@link RestingYes}).
 *
 * <p>Whoever begins to speak into the prompt may be answering it, or may be a television:
 *
 * <pre>
 * somebody speaks      a word of this question?            understood     reply
 *      |--- prompt lowered ---|--- prompt stands still ---|--- nothing   prompt goes on where it was
 *                  no such word for a while: it goes on as loud as before
 * </pre>
 *
 * so that a prompt which nobody answered is heard whole before it counts as not answered.
 */
public final class AnswerWindow implements ReplyWindow {

    /** Speech in which there was no word of this question for so long is none of its answers. */
    private static final long LOWERED_NANOS = TimeUnit.MILLISECONDS.toNanos(1000);

    /** A word that began in an announcement and is not over with it is waited for so long. */
    private static final long WORD_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

    /** So long the first key of a withdrawal waits for the next. */
    private static final Duration WITHDRAWAL = Duration.ofSeconds(1);

    private final Expecting expecting;
    private final AnswerTiming timing;
    private final long startNanos;

    private final boolean announces;
    private final AgreeingFrom agreeing;
    private final StoppableClock clock = new StoppableClock();
    private final SpokenInto prompt = new SpokenInto();

    /** In the time of {@link #clock}, like every time below. */
    private long deadline = NEVER;

    private long promptEndedAt = NEVER;
    private boolean speaking;
    private long speechStartedAt;

    /** What was waited for when somebody began to speak behind the prompt. */
    private long waitedFor = NEVER;

    /** When what is being said really began; {@link #NEVER} where it was not told. */
    private long beganAt = NEVER;

    /** Speech that began before it could be an answer: what becomes of it does not count. */
    private boolean deaf;

    /** The recogniser is gone. */
    private boolean keysOnly;

    private boolean typing;
    private boolean unmatched;
    private @Nullable PressedKey pressed;

    /** Whether it may be the beginning of a withdrawal. */
    private boolean held;

    private boolean over;

    /**
     * @param put when the prompt has put its question
     */
    public AnswerWindow(
            Expecting expecting, AnswerTiming timing, long promptStartsNanos, QuestionPut put) {
        this.expecting = expecting;
        this.timing = timing;
        this.startNanos = promptStartsNanos;
        this.announces = false;
        long settled = promptStartsNanos + timing.settle().toNanos();
        this.agreeing =
                expecting.yesWaits()
                        ? new AgreeingFrom(put, promptStartsNanos, settled)
                        : AgreeingFrom.at(settled);
    }

    private AnswerWindow(Expecting expecting, AnswerTiming timing, long promptStartsNanos) {
        this.expecting = expecting;
        this.timing = timing;
        this.startNanos = promptStartsNanos;
        this.announces = true;
        this.agreeing = AgreeingFrom.never();
    }

    /** The time in which something is said that asks nothing. */
    public static AnswerWindow ofAnnouncement(
            Expecting expecting, AnswerTiming timing, long promptStartsNanos) {
        return new AnswerWindow(expecting, timing, promptStartsNanos);
    }

    /** An answer that waits for what is being said; the key is null where it was typed. */
    private record PressedKey(Meaning meaning, Reply.Meant reply) {
        static PressedKey of(char digit, Meaning meaning, Duration latency) {
            return new PressedKey(meaning, new Reply.Key(digit, meaning, false, latency));
        }

        /** The words that came with it said the same. */
        Reply.Meant spokenToo() {
            return reply instanceof Reply.Key key
                    ? new Reply.Key(key.digit(), meaning, true, key.latency())
                    : reply;
        }
    }

    @Override
    public Move promptEnded(Said said, long nowNanos) {
        if (over) {
            return Move.NOTHING;
        }
        if (!reached(said)) {
            return end(new Reply.PromptIncomplete(said, since(nowNanos)));
        }
        promptEndedAt = clock.at(nowNanos);
        if (announces) {
            return announced(nowNanos);
        }
        if (speaking) {
            deadline = Math.max(promptEndedAt, speechStartedAt + timing.speech().toNanos());
        } else if (pressed == null) {
            wait(unmatched ? timing.secondTry() : timing.firstInput(), nowNanos);
        }
        return Move.NOTHING;
    }

    /** What was begun is waited for: "Nein" may be on its way when the announcement ends. */
    private Move announced(long nowNanos) {
        if (pressed != null) {
            return Move.NOTHING;
        }
        if (speaking && promptEndedAt < speechStartedAt + WORD_NANOS) {
            deadline = speechStartedAt + WORD_NANOS;
            return Move.NOTHING;
        }
        return end(new Reply.NoInput(since(nowNanos)));
    }

    /** A hold is no harm to a question: it froze and went on, and the answer comes after it. */
    private static boolean reached(Said said) {
        return switch (said.end()) {
            case BARGED_IN -> true;
            case COMPLETED -> said.mediaAlive();
            case SEND_FAILED, CALLER_GONE -> false;
        };
    }

    /**
     * @param atNanos when the key went down: before the question it counts only as a no
     */
    @Override
    public Move keyDown(char digit, long atNanos, long nowNanos) {
        if (over) {
            return Move.NOTHING;
        }
        @Nullable Meaning meaning = expecting.keys().get(digit);
        if (clock.stopped() && (meaning == null || !meaning.declines())) {
            return Move.NOTHING;
        }
        if (meaning == null) {
            return atNanos < startNanos ? Move.NOTHING : strange(nowNanos);
        }
        if (tooEarly(meaning, atNanos)) {
            return Move.NOTHING;
        }
        var key = PressedKey.of(digit, meaning, since(atNanos));
        if (pressed != null && held && !meaning.agrees()) {
            pressed = null; // "*" was no beginning of a withdrawal, and what comes now counts
        }
        if (pressed != null) {
            return pressed.meaning() == meaning ? Move.NOTHING : conflict(nowNanos);
        }
        held = expecting.beginsWithdrawal(digit);
        if (held) {
            pressed = key;
            wait(WITHDRAWAL, nowNanos);
            return pause();
        }
        if (!speaking || announces) {
            return end(key.reply());
        }
        pressed = key;
        wait(timing.conflictWindow(), nowNanos);
        return pause();
    }

    /** A key that means nothing here: the prompt goes on, and what follows may still count. */
    private Move strange(long nowNanos) {
        unmatched = true;
        if (promptOver() && !speaking && pressed == null) {
            waitForSecondTry(nowNanos);
        }
        return Move.NOTHING;
    }

    @Override
    public void played(Duration played, long nowNanos) {
        agreeing.played(played, clock.at(nowNanos));
    }

    @Override
    public void began(long atNanos) {
        beganAt = Math.min(beganAt, clock.at(atNanos));
    }

    @Override
    public Move speechStarted(long nowNanos) {
        if (over || keysOnly || speaking || expecting.words().isEmpty()) {
            return Move.NOTHING;
        }
        if (clock.stopped()) {
            deaf = true;
            return Move.NOTHING;
        }
        speaking = true;
        speechStartedAt = clock.at(nowNanos);
        waitedFor = promptOver() ? deadline : NEVER;
        if (promptOver()) {
            wait(timing.speech(), nowNanos);
            return Move.NOTHING;
        }
        if (announces) {
            return Move.NOTHING;
        }
        deadline = speechStartedAt + LOWERED_NANOS;
        return prompt.lower();
    }

    /** As if nobody had spoken: what was waited for is waited for on. */
    @Override
    public Move ceased(long nowNanos) {
        if (over || keysOnly) {
            return Move.NOTHING;
        }
        beganAt = NEVER;
        deaf = false;
        if (!speaking) {
            return Move.NOTHING;
        }
        speaking = false;
        if (pressed != null) {
            return held ? Move.NOTHING : take(pressed);
        }
        if (!promptOver()) {
            deadline = NEVER;
            return goOn(false);
        }
        if (announces) {
            return end(new Reply.NoInput(since(nowNanos)));
        }
        Duration first = unmatched ? timing.secondTry() : timing.firstInput();
        deadline = waitedFor == NEVER ? promptEndedAt + first.toNanos() : waitedFor;
        if (typing) {
            long typed = clock.at(nowNanos) + timing.speech().toNanos();
            deadline = Math.max(deadline, Math.min(typed, lastInput()));
        }
        return Move.NOTHING;
    }

    @Override
    public void begunAnew(long atNanos, long nowNanos) {
        if (speaking && !unheard()) {
            beganAt = clock.at(atNanos);
            speechStartedAt = clock.at(nowNanos);
        }
    }

    /** The prompt stands still for what seems to be an answer; whether it is one is not decided. */
    @Override
    public Move likely(Meaning meaning, long nowNanos) {
        boolean tooEarly = isEarly(meaning, speechStartedAt);
        if (over || keysOnly || !speaking || unheard() || promptOver() || announces || tooEarly) {
            return Move.NOTHING;
        }
        if (!prompt.likely()) {
            return Move.NOTHING;
        }
        deadline = speechStartedAt + timing.speech().toNanos();
        return pause();
    }

    private Move pause() {
        return promptOver() ? Move.NOTHING : prompt.pause();
    }

    /** It was no answer. */
    private Move goOn(boolean listenAgain) {
        return prompt.goOn(listenAgain, promptOver());
    }

    @Override
    public Move words(
            Meaning meaning,
            SpokenWords words,
            double confidence,
            int speechMillis,
            boolean weak,
            long nowNanos) {
        if (over || keysOnly) {
            return Move.NOTHING;
        }
        if (unheard() || !expecting.words().contains(meaning)) {
            return nothing(nowNanos);
        }
        if (!speaking) {
            speechStartedAt = clock.at(nowNanos) - TimeUnit.MILLISECONDS.toNanos(speechMillis);
        }
        long began = Math.min(speechStartedAt, beganAt);
        beganAt = NEVER;
        if (meaning == Meaning.HEDGED && announces) {
            return nothing(nowNanos);
        }
        speaking = false;
        if (pressed != null && held && !meaning.agrees()) {
            pressed = null; // as with a key: a no after "*" is that no
        }
        if (pressed != null && !announces) {
            return decide(pressed, meaning, nowNanos);
        }
        if (pressed != null && meaning.agrees()) {
            return take(pressed);
        }
        if (meaning == Meaning.HEDGED) {
            return end(new Reply.NoMatch(since(nowNanos)));
        }
        if (isEarly(meaning, began)) {
            if (announces) {
                return nothing(nowNanos);
            }
            deadline = NEVER;
            if (promptOver()) {
                wait(timing.firstInput(), nowNanos);
            }
            return goOn(true);
        }
        return end(
                new Reply.Spoken(meaning, words, confidence, speechMillis, weak, since(nowNanos)));
    }

    @Override
    public Move nothing(long nowNanos) {
        if (over || keysOnly) {
            return Move.NOTHING;
        }
        beganAt = NEVER;
        if (unheard()) {
            deaf = false;
            return Move.LISTEN_AGAIN;
        }
        speaking = false;
        unmatched = true;
        if (pressed != null) {
            return take(pressed);
        }
        if (announces && promptOver()) {
            return end(new Reply.NoMatch(since(nowNanos)));
        }
        waitForSecondTry(nowNanos);
        return goOn(true);
    }

    @Override
    public Move typing(long nowNanos) {
        if (over || clock.stopped()) {
            return Move.NOTHING;
        }
        typing = true;
        if (promptOver() && !announces && pressed == null && !speaking) {
            wait(timing.speech(), nowNanos);
            deadline = Math.min(deadline, lastInput());
        }
        return Move.NOTHING;
    }

    @Override
    public Move typed(TypedLine line, long nowNanos) {
        if (over || clock.stopped()) {
            return Move.NOTHING;
        }
        typing = false;
        Meaning meaning = line.meaning();
        if (meaning == null || !counts(line, meaning)) {
            return strange(nowNanos);
        }
        if (meaning == Meaning.HEDGED) {
            return end(new Reply.NoMatch(since(nowNanos)));
        }
        if ((meaning.agrees() && announces) || isTypedEarly(line, meaning, nowNanos)) {
            if (promptOver() && pressed == null && !speaking) {
                wait(timing.firstInput(), nowNanos);
            }
            return Move.NOTHING;
        }
        if (pressed != null) {
            return pressed.meaning() == meaning ? take(pressed) : conflict(nowNanos);
        }
        var reply = new Reply.Written(meaning, line.key(), line.words(), since(nowNanos));
        if (!speaking || announces) {
            return end(reply);
        }
        pressed = new PressedKey(meaning, reply);
        wait(timing.conflictWindow(), nowNanos);
        return pause();
    }

    private boolean counts(TypedLine line, Meaning meaning) {
        if (meaning == Meaning.HEDGED) {
            return !announces;
        }
        return line.key() != null || expecting.words().contains(meaning);
    }

    @Override
    public Move recogniserFailed(long nowNanos) {
        if (over) {
            return Move.NOTHING;
        }
        boolean wasSpeaking = speaking;
        speaking = false;
        keysOnly = true;
        if (pressed != null) {
            return take(pressed);
        }
        if (announces && promptOver()) {
            return end(new Reply.NoMatch(since(nowNanos)));
        }
        if (wasSpeaking) {
            unmatched = true;
            waitForSecondTry(nowNanos);
        }
        return goOn(false);
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
        clock.stop(nowNanos);
        if (speaking) {
            speaking = false;
            deaf = true;
            unmatched = true;
            waitForSecondTry(nowNanos);
        }
        return goOn(false);
    }

    @Override
    public Move tick(long nowNanos) {
        if (over || clock.stopped() || clock.at(nowNanos) < deadline) {
            return Move.NOTHING;
        }
        if (pressed != null) {
            return take(pressed);
        }
        if (speaking && !promptOver() && !announces) {
            return noAnswerYet(nowNanos);
        }
        Duration latency = since(nowNanos);
        return end(
                speaking || typing || unmatched
                        ? new Reply.NoMatch(latency)
                        : new Reply.NoInput(latency));
    }

    /**
     * What is spoken into the prompt has no word of this question, or none that comes to an end.
     */
    private Move noAnswerYet(long nowNanos) {
        long given = speechStartedAt + timing.speech().toNanos();
        if (clock.at(nowNanos) < given) {
            deadline = given;
            return goOn(false);
        }
        speaking = false;
        unmatched = true;
        deadline = NEVER;
        return goOn(true);
    }

    @Override
    public long nextTick() {
        return over || clock.stopped() || deadline == NEVER ? NEVER : clock.realTime(deadline);
    }

    private Move decide(PressedKey key, Meaning words, long nowNanos) {
        if (key.meaning() != words) {
            return conflict(nowNanos);
        }
        return end(key.spokenToo());
    }

    private Move take(PressedKey key) {
        return end(key.reply());
    }

    private Move conflict(long nowNanos) {
        return end(new Reply.Conflict(since(nowNanos)));
    }

    private Move end(Reply reply) {
        over = true;
        return new Move(promptOver() ? Prompting.AS_IT_IS : Prompting.STOPPED, false, reply);
    }

    /** Nobody can have agreed to what was not yet asked, nor asked about what was not yet said. */
    private boolean tooEarly(Meaning meaning, long atNanos) {
        return switch (meaning) {
            case WITHDRAW, HUMAN -> false;
            case REPEAT, HELP, INFORMATION, OTHER_LANGUAGE, ERASE, COMPLAIN, KEEP_NOTHING, HEDGED ->
                    atNanos < startNanos;
            case REFUSE, ZERO, AGREE, ONE, TWO, THREE, FOUR, FIVE ->
                    isEarly(meaning, clock.at(atNanos));
        };
    }

    private boolean isEarly(Meaning meaning, long began) {
        return (meaning.agrees() || expecting.waits(meaning)) && agreeing.isBefore(meaning, began);
    }

    /** Who reads may be ahead of what is spoken with a yes; a no waits until that has put it. */
    private boolean isTypedEarly(TypedLine line, Meaning meaning, long nowNanos) {
        return expecting.waits(meaning)
                && (!line.asked() || (!meaning.agrees() && isEarly(meaning, clock.at(nowNanos))));
    }

    private boolean unheard() {
        return deaf || clock.stopped();
    }

    private boolean promptOver() {
        return promptEndedAt != NEVER;
    }

    private void wait(Duration time, long nowNanos) {
        deadline = clock.at(nowNanos) + time.toNanos();
    }

    /** Noise may earn another try, but not for ever. */
    private void waitForSecondTry(long nowNanos) {
        if (!promptOver()) {
            // The prompt goes on, and its end is what is waited for.
            deadline = NEVER;
            return;
        }
        wait(timing.secondTry(), nowNanos);
        deadline = Math.min(deadline, lastInput());
    }

    private long lastInput() {
        return promptEndedAt + timing.firstInput().plus(timing.speech()).toNanos();
    }

    private Duration since(long nowNanos) {
        return Duration.ofNanos(clock.at(nowNanos) - startNanos);
    }
}
