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
 * question starts   settle        prompt ends             first input over
 *      |--- nothing ---|--- barge-in ---|--- waiting for an answer ---|-> NoInput, NoMatch
 * </pre>
 *
 * <p>Where {@link Expecting#yesWaits}, agreeing that begins before the question was put is as if it
 * had not been, and the prompt goes on. In what {@link #ofAnnouncement} plays nothing is put, so it
 * never counts there, and the end of the prompt is the end of the window. Refusing, asking and
 * leaving count from the first sample on, and refusing even where the key went down just before.
 *
 * <p>A key decides at once, unless somebody is speaking: then the words are awaited, and where they
 * say something else it is a conflict. Spoken agreement is decided only when the conflict window
 * since its beginning has passed without a key. Nothing is decided on a beginning of speech.
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
        public static final Move NOTHING = new Move(false, false, null);
        static final Move STOP_PROMPT = new Move(true, false, null);
        static final Move LISTEN_AGAIN = new Move(false, true, null);
    }

    /** Returned by {@link #nextTick} where no tick is needed. */
    public static final long NEVER = Long.MAX_VALUE;

    /** A word that began in an announcement and is not over with it is waited for so long. */
    private static final long WORD_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

    /** So long the first key of a withdrawal waits for the next. */
    private static final Duration WITHDRAWAL = Duration.ofSeconds(1);

    private final Expecting expecting;
    private final AnswerTiming timing;
    private final long startNanos;

    /** From here on agreeing counts; {@link #NEVER} in an announcement. */
    private final long yesFrom;

    private final StoppableClock clock = new StoppableClock();

    /** In the time of {@link #clock}, like every time below. */
    private long deadline = NEVER;

    private long promptEndedAt = NEVER;
    private boolean bargedIn;
    private boolean speaking;
    private long speechStartedAt;

    /** Speech that began before it could be an answer: what becomes of it does not count. */
    private boolean deaf;

    /** The recogniser is gone. */
    private boolean keysOnly;

    private boolean unmatched;
    private @Nullable PressedKey pressed;

    /** Whether it may be the beginning of a withdrawal. */
    private boolean held;

    private Reply.@Nullable Spoken spoken;
    private boolean over;

    /**
     * @param put from the start of the prompt until it has put its question
     */
    public AnswerWindow(
            Expecting expecting, AnswerTiming timing, long promptStartsNanos, Duration put) {
        this(
                expecting,
                timing,
                promptStartsNanos,
                promptStartsNanos
                        + Math.max(
                                timing.settle().toNanos(),
                                expecting.yesWaits() ? put.toNanos() : 0));
    }

    private AnswerWindow(
            Expecting expecting, AnswerTiming timing, long promptStartsNanos, long yesFrom) {
        this.expecting = expecting;
        this.timing = timing;
        this.startNanos = promptStartsNanos;
        this.yesFrom = yesFrom;
    }

    /** The time in which something is said that asks nothing. */
    public static AnswerWindow ofAnnouncement(
            Expecting expecting, AnswerTiming timing, long promptStartsNanos) {
        return new AnswerWindow(expecting, timing, promptStartsNanos, NEVER);
    }

    private boolean announces() {
        return yesFrom == NEVER;
    }

    private record PressedKey(char digit, Meaning meaning, Duration latency) {}

    public Move promptEnded(Said said, long nowNanos) {
        if (over) {
            return Move.NOTHING;
        }
        if (!reached(said)) {
            return end(new Reply.PromptIncomplete(said, since(nowNanos)));
        }
        promptEndedAt = clock.at(nowNanos);
        if (announces()) {
            return announced(nowNanos);
        }
        if (!speaking && pressed == null && spoken == null) {
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
    public Move keyDown(char digit, long atNanos, long nowNanos) {
        if (over || clock.stopped()) {
            return Move.NOTHING;
        }
        @Nullable Meaning meaning = expecting.keys().get(digit);
        if (meaning == null) {
            return atNanos < startNanos ? Move.NOTHING : strange(nowNanos);
        }
        if (tooEarly(meaning, atNanos)) {
            return Move.NOTHING;
        }
        var key = new PressedKey(digit, meaning, since(atNanos));
        if (spoken != null) {
            return decide(key, spoken.meaning(), nowNanos);
        }
        if (pressed != null && held && !grants(meaning)) {
            pressed = null; // "*" was no beginning of a withdrawal, and what comes now counts
        }
        if (pressed != null) {
            return pressed.meaning() == meaning ? Move.NOTHING : conflict(nowNanos);
        }
        held = beginsWithdrawal(digit);
        if (held) {
            pressed = key;
            wait(WITHDRAWAL, nowNanos);
            return Move.STOP_PROMPT;
        }
        if (!speaking || announces()) {
            return end(new Reply.Key(digit, meaning, false, key.latency()));
        }
        pressed = key;
        wait(timing.conflictWindow(), nowNanos);
        return Move.STOP_PROMPT;
    }

    /** "*" changes the language only when it is not the beginning of "*9". */
    private boolean beginsWithdrawal(char digit) {
        return !expecting.withdrawal().isEmpty() && expecting.withdrawal().charAt(0) == digit;
    }

    /** A key that means nothing here: the prompt goes on, and what follows may still count. */
    private Move strange(long nowNanos) {
        unmatched = true;
        if (promptOver() && !speaking && pressed == null && spoken == null) {
            waitForSecondTry(nowNanos);
        }
        return Move.NOTHING;
    }

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
        if (promptOver() || !announces()) {
            wait(timing.speech(), nowNanos);
        }
        if (promptOver() || beforeAsked(speechStartedAt)) {
            return Move.NOTHING;
        }
        bargedIn = true;
        return Move.STOP_PROMPT;
    }

    /**
     * The final result of one utterance.
     *
     * @param weak whether it may have been another word
     */
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
        if (meaning == Meaning.HEDGED && announces()) {
            return nothing(nowNanos);
        }
        speaking = false;
        if (pressed != null && !announces()) {
            return decide(pressed, meaning, nowNanos);
        }
        if (pressed != null && grants(meaning)) {
            return take(pressed);
        }
        if (spoken != null && spoken.meaning() != meaning) {
            return conflict(nowNanos);
        }
        if (meaning == Meaning.HEDGED) {
            return end(new Reply.NoMatch(since(nowNanos)));
        }
        if (grants(meaning) && beforeAsked(speechStartedAt)) {
            if (announces()) {
                return nothing(nowNanos);
            }
            deadline = NEVER;
            if (promptOver()) {
                wait(timing.firstInput(), nowNanos);
            }
            return Move.LISTEN_AGAIN;
        }
        var said =
                new Reply.Spoken(meaning, words, confidence, speechMillis, weak, since(nowNanos));
        long settled = speechStartedAt + timing.conflictWindow().toNanos();
        if (spoken != null || !grants(meaning) || clock.at(nowNanos) >= settled) {
            return end(said);
        }
        spoken = said;
        deadline = settled;
        return new Move(!promptOver(), true, null);
    }

    /** The utterance meant nothing. */
    public Move nothing(long nowNanos) {
        if (over || keysOnly) {
            return Move.NOTHING;
        }
        if (unheard()) {
            deaf = false;
            return Move.LISTEN_AGAIN;
        }
        if (spoken != null && !speaking) {
            return Move.LISTEN_AGAIN;
        }
        speaking = false;
        unmatched = true;
        if (pressed != null) {
            return take(pressed);
        }
        if (spoken != null || bargedIn || (announces() && promptOver())) {
            return end(new Reply.NoMatch(since(nowNanos)));
        }
        waitForSecondTry(nowNanos);
        return Move.LISTEN_AGAIN;
    }

    /** Only keys from here on; a word of this recogniser that is not yet decided does not count. */
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
        if (spoken != null || bargedIn || (announces() && promptOver())) {
            return end(new Reply.NoMatch(since(nowNanos)));
        }
        if (wasSpeaking) {
            unmatched = true;
            waitForSecondTry(nowNanos);
        }
        return Move.NOTHING;
    }

    /** Freezes or resumes the clock. What is heard meanwhile is music, not the caller. */
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
        return Move.NOTHING;
    }

    /** Time has passed. */
    public Move tick(long nowNanos) {
        if (over || clock.stopped() || clock.at(nowNanos) < deadline) {
            return Move.NOTHING;
        }
        if (pressed != null) {
            return take(pressed);
        }
        if (spoken != null && !speaking) {
            return end(spoken);
        }
        Duration latency = since(nowNanos);
        return end(speaking || unmatched ? new Reply.NoMatch(latency) : new Reply.NoInput(latency));
    }

    /** When {@link #tick} is due next, or {@link #NEVER}. */
    public long nextTick() {
        return over || clock.stopped() || deadline == NEVER ? NEVER : clock.realTime(deadline);
    }

    private Move decide(PressedKey key, Meaning words, long nowNanos) {
        if (key.meaning() != words) {
            return conflict(nowNanos);
        }
        return end(new Reply.Key(key.digit(), key.meaning(), true, key.latency()));
    }

    private Move take(PressedKey key) {
        return end(new Reply.Key(key.digit(), key.meaning(), false, key.latency()));
    }

    private Move conflict(long nowNanos) {
        return end(new Reply.Conflict(since(nowNanos)));
    }

    private Move end(Reply reply) {
        boolean stopPrompt = !promptOver();
        over = true;
        return new Move(stopPrompt, false, reply);
    }

    /** Nobody can have agreed to what was not yet asked, nor asked about what was not yet said. */
    private boolean tooEarly(Meaning meaning, long atNanos) {
        return switch (meaning) {
            case REFUSE, WITHDRAW, HUMAN, ZERO -> false;
            case REPEAT, HELP, INFORMATION, OTHER_LANGUAGE, ERASE, HEDGED -> atNanos < startNanos;
            case AGREE, ONE, TWO, THREE, FOUR, FIVE -> beforeAsked(clock.at(atNanos));
        };
    }

    private boolean beforeAsked(long clockNanos) {
        return clockNanos < yesFrom;
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
        if (!promptOver() && !bargedIn) {
            // The prompt goes on, and its end is what is waited for.
            deadline = NEVER;
            return;
        }
        wait(timing.secondTry(), nowNanos);
        if (promptOver()) {
            long last = promptEndedAt + timing.firstInput().plus(timing.speech()).toNanos();
            deadline = Math.min(deadline, last);
        }
    }

    private Duration since(long nowNanos) {
        return Duration.ofNanos(clock.at(nowNanos) - startNanos);
    }

    /** Refusing and asking may be understood more readily than agreeing. */
    private static boolean grants(Meaning meaning) {
        return switch (meaning) {
            case AGREE, ONE, TWO, THREE, FOUR, FIVE -> true;
            case REFUSE,
                    WITHDRAW,
                    REPEAT,
                    HELP,
                    INFORMATION,
                    OTHER_LANGUAGE,
                    HUMAN,
                    HEDGED,
                    ERASE,
                    ZERO ->
                    false;
        };
    }
}
