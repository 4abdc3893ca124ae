package org.consentgateway.line;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

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
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. At most one listening of a call at a time. Frames come on the event loop, results on
 * recogniser threads; results of a listening that was stopped go nowhere.
 *
 * <p>What comes behind an utterance that was understood, or not, is heard by the next listening,
 * however late a recogniser or a thread is: "nein" may be on its way while the "ja" is told. For
 * that it is kept for {@link #KEPT_NANOS}; else nothing of the caller's voice is decoded while none
 * is open.
 *
 * <p>Whoever is told that words are heard, now or in a talk, has a place for it from then on: that
 * of the questions until they are over, that of the talk until the call is.
 */
final class Hearing implements AutoCloseable {
    private static final int FRAME_MILLIS = 1000 * PcmFrame.SAMPLES / PcmFrame.SAMPLE_RATE;

    /** Half a second: between two listenings it takes a thread some milliseconds. */
    static final long KEPT_NANOS = MILLISECONDS.toNanos(500);

    private static final int NONE = -1;

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

    /** The listening that has told what became of its utterance. */
    private volatile int told = NONE;

    /** Of that, when it was stopped: what it was given and has not heard. */
    private List<Listening.HandedOver> left = List.of();

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

    /**
     * For now nothing is asked of the caller any more. To be told while nothing is listened for.
     */
    synchronized void questionsOver() {
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
        Consumer<Heard> results =
                heard -> {
                    if (current(number)) {
                        if (heard instanceof Heard.Words || heard instanceof Heard.Nothing) {
                            told = number;
                            pauseNanos = FIRST_PAUSE_NANOS;
                        }
                        observer.accept(heard);
                        to.heard(number, heard);
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

    /** What came behind the utterance before, unless that was too long ago. */
    private void hearFirst(Listening listening) {
        gap = keeps && time.nanos() - stoppedNanos > KEPT_NANOS;
        if (keeps && !gap) {
            left.forEach(each -> hear(listening, each));
            for (var each = kept.poll(); each != null; each = kept.poll()) {
                hear(listening, each);
            }
        }
        keepNothing();
    }

    private static void hear(Listening listening, Listening.HandedOver each) {
        listening.prompt(each.prompting());
        listening.hear(each.frame());
    }

    private void keepNothing() {
        keeps = false;
        left = List.of();
        kept.clear();
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
        count++;
        if (hasTold) {
            stoppedNanos = time.nanos();
            keeps = true;
        }
        open = null;
        left = listening.unheard();
        listening.close();
        if (!hasTold) {
            leg.frames(false);
        }
    }

    /**
     * How long ago that was said which is being heard now: until then it is known that nothing else
     * was said.
     */
    long behindNanos() {
        Listening listening = open;
        return listening == null ? 0 : MILLISECONDS.toNanos(listening.behindMillis());
    }

    void frame(PcmFrame frame) {
        long now = time.nanos();
        beginAnew(now);
        Listening listening = open;
        if (listening == null && !(keeps && now - stoppedNanos <= KEPT_NANOS)) {
            kept.clear();
            leg.frames(false);
            return;
        }
        mediaBeganNanos = now - MILLISECONDS.toNanos(frame.mediaMillis() + FRAME_MILLIS);
        if (listening == null) {
            kept.add(new Listening.HandedOver(frame, speaking));
            return;
        }
        for (var late = kept.poll(); late != null; late = kept.poll()) {
            listening.hear(late.frame());
        }
        listening.hear(frame);
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
