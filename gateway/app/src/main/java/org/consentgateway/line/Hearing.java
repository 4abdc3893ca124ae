package org.consentgateway.line;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.consentgateway.call.CallTime;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.CallerLevels;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.ListeningPlace;
import org.consentgateway.speech.RecentSound;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. At most one listening of a call at a time. Frames come on the event loop, results on
 * recogniser threads; results of a listening that was stopped go nowhere.
 *
 * <p>What comes behind an utterance that was understood, or not, is heard by the next listening,
 * however late a recogniser or a thread is: "nein" may be on its way while the "ja" is told. So is
 * what is being said when a listening is stopped: somebody who withdraws need not know that one
 * verb ends and another begins ({@link HandedOn}). For that it is kept for {@link #KEPT_NANOS};
 * else nothing of the caller's voice is decoded while none is open.
 *
 * <p>Whoever is told that words are heard, now or in a talk, has a place for it from then on: that
 * of the questions until they are over, that of the talk until the call is.
 */
final class Hearing implements AutoCloseable {
    private static final int FRAME_MILLIS = 1000 * PcmFrame.SAMPLES / PcmFrame.SAMPLE_RATE;

    /** Half a second: between two listenings it takes a thread some milliseconds. */
    static final long KEPT_NANOS = MILLISECONDS.toNanos(500);

    /** A word that refuses or withdraws is over and understood so soon after its beginning. */
    private static final long WORD_NANOS = MILLISECONDS.toNanos(2000);

    /** No moment waits longer for what was begun to be said before it. */
    private static final long WAIT_NANOS = MILLISECONDS.toNanos(1200);

    /** But for the last one of a call: the words that withdraw take two seconds. */
    private static final long SENTENCE_NANOS = MILLISECONDS.toNanos(3000);

    /**
     * Frames in which nobody can have begun to speak are looked at together: who is no further
     * behind than they are has heard everybody.
     */
    private static final long TOGETHER_NANOS = MILLISECONDS.toNanos(60);

    /** While a recogniser lags it is looked after so often. */
    static final long LAG_LOOK_NANOS = MILLISECONDS.toNanos(5);

    /** Of our own voice, there and back. */
    private static final int ECHO_MILLIS = 500;

    private static final int NONE = -1;

    /** Each of them says the same to whatever is asked. */
    private static final Set<SpokenMeaning> ENDS_OR_REFUSES =
            EnumSet.of(
                    SpokenMeaning.REFUSE,
                    SpokenMeaning.ZERO,
                    SpokenMeaning.HUMAN,
                    SpokenMeaning.WITHDRAW,
                    SpokenMeaning.KEEP_NOTHING);

    /** Between a failure and the next listening; twice as long each time, up to the last. */
    static final long FIRST_PAUSE_NANOS = SECONDS.toNanos(1);

    private static final long LAST_PAUSE_NANOS = SECONDS.toNanos(10);

    /** Where there is no place: then it is tried again, as after any other failure. */
    private static final Listening BY_NOBODY =
            new Listening() {
                @Override
                public void hear(PcmFrame frame) {}

                @Override
                public void close() {}
            };

    /** What begins anew, unless anything else was begun since. */
    private record Anew(int failed, long atNanos, Runnable begins) {}

    private final Recogniser recogniser;
    private final MediaLeg leg;
    private final CallTime time;
    private final Consumer<Heard> observer;
    private final CallerLevels levels = new CallerLevels();

    /** When the first packet of the leg would have been heard, by the last frame. */
    private volatile long mediaBeganNanos;

    private @Nullable ListeningPlace questions;
    private @Nullable ListeningPlace talk;

    /** A place that is taken behind the call would never be given back. */
    private boolean closed;

    private volatile @Nullable Listening open;
    private int count;
    private volatile boolean speaking;

    /** Whether something is being said of which it was not told yet what it is. */
    private volatile boolean saying;

    /** When that was begun. */
    private long begunNanos;

    /** The listening that has told what became of its utterance. */
    private volatile int told = NONE;

    /** What is listened for by what is open, and in which language. */
    private Set<SpokenMeaning> accepted = Set.of();

    private String language = "";

    private final RecentSound recent = new RecentSound();

    /** Of what was stopped: what the next one has to hear first. */
    private List<Listening.HandedOver> left = List.of();

    /** Whether that was stopped in the middle of an utterance. */
    private boolean leftInTheMiddle;

    /** What came since it was stopped. */
    private final Queue<Listening.HandedOver> kept = new ConcurrentLinkedQueue<>();

    private volatile @Nullable Anew anew;
    private volatile long pauseNanos = FIRST_PAUSE_NANOS;
    private volatile boolean keeps;
    private volatile long stoppedNanos;
    private boolean gap;

    /**
     * @param observer told of every result as well, on recogniser threads, and of a question for
     *     which there is no place
     */
    Hearing(Recogniser recogniser, MediaLeg leg, CallTime time, Consumer<Heard> observer) {
        this.observer = observer;
        this.recogniser = recogniser;
        this.leg = leg;
        this.time = time;
        leg.frames(false);
    }

    /** Whether there is a model that hears this language. */
    boolean knows(String language) {
        return recogniser.hears(language);
    }

    /**
     * Whether what is said to a question in this language is understood. Where so, it stays so
     * until the questions are over: a place is kept for the caller.
     */
    synchronized boolean hears(String language) {
        if (closed || !recogniser.hears(language)) {
            return false;
        }
        if (questions == null) {
            questions = recogniser.place(ListeningPlace.Use.QUESTIONS);
        }
        if (questions == null) {
            observer.accept(new Heard.Failed(Heard.Reason.OVER_ADMISSION_LIMIT));
        }
        return questions != null;
    }

    /**
     * Whether the words that withdraw are understood in a talk in this language. Where so, it stays
     * so until the call is over, or there is nothing to withdraw.
     */
    synchronized boolean hearsInTalk(String language) {
        return !closed && recogniser.hears(language) && placeOfTalk() != null;
    }

    private @Nullable ListeningPlace placeOfTalk() {
        if (talk == null) {
            talk = recogniser.place(ListeningPlace.Use.TALK);
        }
        return talk;
    }

    /** For now nothing is asked of the caller any more: what is listened for ends with it. */
    synchronized void questionsOver() {
        stop();
        if (questions != null) {
            questions.close();
            questions = null;
        }
    }

    /** There is nothing to withdraw. To be told while nothing is listened for. */
    synchronized void nothingToWithdraw() {
        if (talk != null) {
            talk.close();
            talk = null;
        }
    }

    /** SHA-256 of the model that hears this language, or the empty string. */
    String model(String language) {
        return recogniser.model(language);
    }

    /** Takes the results of the listening of this number. */
    interface Results {
        void heard(int listening, Heard heard);
    }

    /**
     * Starts to listen for one utterance, by whatever place the caller has; who has none is given
     * one for a talk, or fails. Behind the call nothing is started.
     *
     * @return its number
     */
    synchronized int start(String language, Set<SpokenMeaning> accepted, Results to) {
        stop();
        int number = count;
        if (closed) {
            return number;
        }
        if (leftInTheMiddle && !language.equals(this.language)) {
            keepNothing(); // by another model it would be something else
        }
        @Nullable HandedOn handedOn = handedOn();
        this.accepted = accepted;
        this.language = language;
        Consumer<Heard> results =
                what -> {
                    Heard heard = handedOn == null ? what : handedOn.counted(number, what);
                    if (tells(number, heard)) {
                        observer.accept(heard);
                        to.heard(number, heard);
                        hasTold(number, heard);
                    }
                };
        ListeningPlace place = questions != null ? questions : placeOfTalk();
        Listening listening = place == null ? BY_NOBODY : place.listen(language, accepted, results);
        listening.levels(levels);
        hearFirst(listening);
        listening.prompt(speaking);
        open = listening;
        leg.frames(true);
        if (place == null) {
            results.accept(new Heard.Failed(Heard.Reason.OVER_ADMISSION_LIMIT));
        }
        return number;
    }

    /**
     * Before anybody is told.
     *
     * @return whether anybody is
     */
    private synchronized boolean tells(int number, Heard heard) {
        if (number != count) {
            return false;
        }
        switch (heard) {
            case Heard.SpeechStarted(long mediaMillis) -> begins(mediaMillis);
            case Heard.BegunAnew(long mediaMillis) -> begins(mediaMillis);
            case Heard.Words _, Heard.Nothing _ -> {
                told = number;
                pauseNanos = FIRST_PAUSE_NANOS;
                recent.known(behindMillis());
            }
            case Heard.Ceased _ -> recent.known(behindMillis());
            case Heard.Failed _, Heard.Missed _, Heard.Likely _ -> {}
        }
        return true;
    }

    private void begins(long mediaMillis) {
        saying = true;
        begunNanos = nanosOf(mediaMillis);
    }

    /** Only then: whoever finds that nothing is being said finds what it was as well. */
    private synchronized void hasTold(int number, Heard heard) {
        boolean goesOn =
                switch (heard) {
                    case Heard.SpeechStarted _, Heard.BegunAnew _, Heard.Missed _, Heard.Likely _ ->
                            true;
                    case Heard.Words _, Heard.Nothing _, Heard.Ceased _, Heard.Failed _ -> false;
                };
        if (!goesOn && number == count) {
            saying = false;
        }
    }

    /** What came behind the utterance before, unless that was too long ago. */
    private void hearFirst(Listening listening) {
        boolean late = time.nanos() - stoppedNanos > KEPT_NANOS;
        gap = keeps && !leftInTheMiddle && late;
        if (keeps && !late) {
            left.forEach(each -> hear(listening, each));
            for (var each = kept.poll(); each != null; each = kept.poll()) {
                hear(listening, each);
            }
        }
        keepNothing();
    }

    private void hear(Listening listening, Listening.HandedOver each) {
        listening.prompt(each.prompting());
        give(listening, each);
    }

    private void give(Listening listening, Listening.HandedOver each) {
        recent.add(each, saying, listening.behindMillis());
        listening.hear(each.frame());
    }

    private void keepNothing() {
        keeps = false;
        left = List.of();
        kept.clear();
    }

    /** Nobody listens on: nothing of what was said stays. */
    private synchronized void keptTooLong() {
        if (open == null) {
            left = List.of();
            kept.clear();
            leg.frames(false);
        }
    }

    /**
     * Whether nobody has heard what was said between this listening and the one before, which had
     * told of its utterance: this one was begun too late.
     */
    synchronized boolean hasGap() {
        return gap;
    }

    /**
     * Listens on for the next utterance and the same words, from within the result of the listening
     * of this number. Nothing where that was stopped meanwhile.
     *
     * @return false where another has to be started for it
     */
    synchronized boolean again(int number) {
        Listening listening = open;
        if (!current(number)) {
            return true;
        }
        boolean goesOn = listening != null && listening.again();
        if (goesOn) {
            told = NONE;
        }
        return goesOn;
    }

    /**
     * Begins anew, a while after the listening of this number has failed: what has to be heard in a
     * talk of half an hour must not end with one second in which the machine stood still. Where
     * there is no model it stays as it is.
     *
     * @param begins run on the event loop, unless anything else was begun or stopped meanwhile
     */
    synchronized void failed(int number, Heard.Failed how, Runnable begins) {
        if (current(number) && how.reason() != Heard.Reason.NO_MODEL) {
            anew = new Anew(number, time.nanos() + pauseNanos, begins);
            pauseNanos = Math.min(2 * pauseNanos, LAST_PAUSE_NANOS);
        }
    }

    private void beginAnew(long now) {
        Anew due = anew;
        if (due != null && now - due.atNanos() >= 0) {
            anew = null;
            if (current(due.failed())) {
                due.begins().run();
            }
        }
    }

    /**
     * Whether we speak to the caller now: what comes back of it must not be taken for an answer.
     */
    synchronized void prompt(boolean playing) {
        speaking = playing;
        Listening listening = open;
        if (listening != null) {
            listening.prompt(playing);
        }
    }

    synchronized boolean current(int number) {
        return number == count;
    }

    synchronized void stop() {
        Listening listening = open;
        if (listening == null) {
            count++;
            return;
        }
        boolean hasTold = told == count;
        boolean inTheMiddle = !hasTold && (saying || behindNanos() > TOGETHER_NANOS);
        saying = false;
        count++;
        if (hasTold || inTheMiddle) {
            stoppedNanos = time.nanos();
            keeps = true;
        }
        leftInTheMiddle = inTheMiddle;
        open = null;
        List<Listening.HandedOver> underWay = recent.take();
        left = inTheMiddle ? underWay : listening.unheard();
        listening.close();
        if (!keeps) {
            leg.frames(false);
        }
    }

    /**
     * How long ago that was said which is being heard now: until then it is known that nothing else
     * was said.
     */
    long behindNanos() {
        return MILLISECONDS.toNanos(behindMillis());
    }

    private int behindMillis() {
        Listening listening = open;
        return listening == null ? 0 : listening.behindMillis();
    }

    private @Nullable HandedOn handedOn() {
        return leftInTheMiddle && !left.isEmpty()
                ? new HandedOn(accepted, left.getLast().frame().mediaMillis() + FRAME_MILLIS)
                : null;
    }

    /**
     * Confined to the results of one listening. What was begun to be said before that listening,
     * and is heard by it, ends or refuses what it would have ended or refused before, and does
     * nothing else: who says no to an assistant has not said it to a question that is put only
     * then, and who has pressed a key and said it as well has said it once.
     */
    private final class HandedOn {
        private static final long NOBODY = Long.MAX_VALUE;

        private final Set<SpokenMeaning> accepted;
        private final long untilMillis;
        private long begunMillis = NOBODY;

        HandedOn(Set<SpokenMeaning> accepted, long untilMillis) {
            this.accepted = EnumSet.copyOf(ENDS_OR_REFUSES);
            this.accepted.retainAll(accepted);
            this.untilMillis = untilMillis;
        }

        /** What was begun by then and was not listened for is passed over. */
        Heard counted(int number, Heard heard) {
            switch (heard) {
                case Heard.SpeechStarted(long mediaMillis) -> begunMillis = mediaMillis;
                case Heard.BegunAnew(long mediaMillis) -> begunMillis = mediaMillis;
                default -> {
                    // it goes on, or is over
                }
            }
            boolean counts =
                    switch (heard) {
                        case Heard.Words words ->
                                accepted.contains(words.meaning())
                                        || begun(words) >= untilMillis + echo(words.meaning());
                        case Heard.Nothing _ -> begunMillis >= untilMillis;
                        default -> true;
                    };
            if (counts) {
                return heard;
            }
            return again(number) ? new Heard.Ceased() : new Heard.Nothing(Heard.Why.GARBAGE);
        }

        private static long begun(Heard.Words words) {
            return words.endOfSpeechMediaMillis() - words.speechMillis();
        }

        /** What we say to callers speaks of recordings as well, and may come back a moment late. */
        private static long echo(SpokenMeaning meaning) {
            return meaning == SpokenMeaning.KEEP_NOTHING ? ECHO_MILLIS : 0;
        }
    }

    /** From now on. */
    UnderWay underWay() {
        return new UnderWay();
    }

    /**
     * Confined to the call's virtual thread. What the caller has begun to say until this was made,
     * and has not been told yet: a no may be on its way. Nothing where nobody has begun to speak,
     * or so long ago that it is no such word.
     */
    final class UnderWay {
        private final long madeNanos = time.nanos();

        /**
         * How long to wait for it, or to look again; 0 where it is known. To be asked before what
         * was told is looked for.
         */
        long waitNanos() {
            long now = time.nanos();
            long most = madeNanos + WAIT_NANOS - now;
            long wait = Math.min(most, saidNanos(now));
            return Math.max(0, wait);
        }

        private long saidNanos(long now) {
            synchronized (Hearing.this) {
                if (saying) {
                    return begunNanos + WORD_NANOS - now;
                }
            }
            return lagNanos(now);
        }

        private long lagNanos(long now) {
            return now - behindNanos() + TOGETHER_NANOS < madeNanos ? LAG_LOOK_NANOS : 0;
        }

        /**
         * How long to wait until to look again where the caller is gone, and waits for nothing: a
         * whole sentence counts, however long ago it was begun. To be asked as {@link #waitNanos}.
         */
        long lastWaitNanos() {
            return toldWithin(WAIT_NANOS);
        }

        /** The same where the caller is still there, and may be at the beginning of it. */
        long sentenceWaitNanos() {
            return toldWithin(SENTENCE_NANOS);
        }

        private long toldWithin(long mostNanos) {
            long now = time.nanos();
            long most = madeNanos + mostNanos - now;
            long wait = Math.min(most, saying ? LAG_LOOK_NANOS : lagNanos(now));
            return Math.max(0, wait);
        }
    }

    void frame(PcmFrame frame) {
        long now = time.nanos();
        beginAnew(now);
        Listening listening = open;
        if (listening == null && !(keeps && now - stoppedNanos <= KEPT_NANOS)) {
            keptTooLong();
            return;
        }
        mediaBeganNanos = now - MILLISECONDS.toNanos(frame.mediaMillis() + FRAME_MILLIS);
        var next = new Listening.HandedOver(frame, speaking);
        if (listening == null) {
            kept.add(next);
            return;
        }
        for (var late = kept.poll(); late != null; late = kept.poll()) {
            give(listening, late);
        }
        give(listening, next);
    }

    /** When something was heard that stands here on the leg's time line. */
    long nanosOf(long mediaMillis) {
        return mediaBeganNanos + MILLISECONDS.toNanos(mediaMillis);
    }

    @Override
    public synchronized void close() {
        stop();
        keepNothing();
        leg.frames(false);
        closed = true;
        questionsOver();
        nothingToWithdraw();
    }
}
