package org.consentgateway.line;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.Set;
import java.util.function.Consumer;
import org.consentgateway.call.CallTime;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.CallerLevels;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. At most one listening of a call at a time. Frames come on the event loop, results on
 * recogniser threads; results of a listening that was stopped go nowhere. While none is open,
 * nothing of the caller's voice is decoded.
 */
final class Hearing implements AutoCloseable {
    private static final int FRAME_MILLIS = 1000 * PcmFrame.SAMPLES / PcmFrame.SAMPLE_RATE;

    private final Recogniser recogniser;
    private final MediaLeg leg;
    private final CallTime time;
    private final Consumer<Heard> observer;
    private final CallerLevels levels = new CallerLevels();

    /** When the first packet of the leg would have been heard, by the last frame. */
    private volatile long mediaBeganNanos;

    private volatile @Nullable Listening open;
    private int count;
    private boolean speaking;

    /**
     * @param observer told of every result as well, on recogniser threads
     */
    Hearing(Recogniser recogniser, MediaLeg leg, CallTime time, Consumer<Heard> observer) {
        this.observer = observer;
        this.recogniser = recogniser;
        this.leg = leg;
        this.time = time;
        leg.frames(false);
    }

    /** Whether this language is understood now. */
    boolean hears(String language) {
        return recogniser.hears(language);
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
     * Starts to listen for one utterance.
     *
     * @return its number
     */
    synchronized int start(String language, Set<SpokenMeaning> accepted, Results to) {
        stop();
        int number = count;
        Consumer<Heard> results =
                heard -> {
                    if (current(number)) {
                        observer.accept(heard);
                        to.heard(number, heard);
                    }
                };
        Listening listening = recogniser.listen(language, accepted, results);
        listening.levels(levels);
        listening.prompt(speaking);
        open = listening;
        leg.frames(true);
        return number;
    }

    /**
     * Listens on for the next utterance and the same words, from within the result of the listening
     * of this number. Nothing where that was stopped meanwhile.
     *
     * @return false where another has to be started for it
     */
    synchronized boolean again(int number) {
        Listening listening = open;
        return !current(number) || (listening != null && listening.again());
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
        count++;
        Listening listening = open;
        open = null;
        if (listening != null) {
            listening.close();
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
        Listening listening = open;
        if (listening != null) {
            long heard = MILLISECONDS.toNanos(frame.mediaMillis() + FRAME_MILLIS);
            mediaBeganNanos = time.nanos() - heard;
            listening.hear(frame);
        }
    }

    /** When something was heard that stands here on the leg's time line. */
    long nanosOf(long mediaMillis) {
        return mediaBeganNanos + MILLISECONDS.toNanos(mediaMillis);
    }

    @Override
    public void close() {
        stop();
    }
}
