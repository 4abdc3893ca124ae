package org.consentgateway.line;

import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.Listening;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.function.Consumer;

/**
 * Thread-safe. At most one listening of a call at a time. Frames come on the event loop, results on
 * recogniser threads; results of a listening that was stopped go nowhere. While none is open,
 * nothing of the caller's voice is decoded.
 */
final class Hearing implements AutoCloseable {
    private final Recogniser recogniser;
    private final MediaLeg leg;
    private volatile @Nullable Listening open;
    private int count;
    private boolean speaking;

    Hearing(Recogniser recogniser, MediaLeg leg) {
        this.recogniser = recogniser;
        this.leg = leg;
        leg.frames(false);
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
                        to.heard(number, heard);
                    }
                };
        Listening listening = recogniser.listen(language, accepted, results);
        listening.prompt(speaking);
        open = listening;
        leg.frames(true);
        return number;
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

    void frame(PcmFrame frame) {
        Listening listening = open;
        if (listening != null) {
            listening.hear(frame);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
