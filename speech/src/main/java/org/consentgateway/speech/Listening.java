package org.consentgateway.speech;

import java.util.List;
import org.consentgateway.media.audio.PcmFrame;

/** One utterance to be heard, for one question, or one after the other. Thread-safe. */
public interface Listening extends AutoCloseable {

    /**
     * Takes the next 20 ms; copies or queues it and returns at once. Dropped and counted when the
     * queue is full.
     */
    void hear(PcmFrame frame);

    /**
     * What was handed over, and whether our own prompt was sent when it came. Immutable.
     *
     * @param prompting as told by {@link #prompt}
     */
    record HandedOver(PcmFrame frame, boolean prompting) {}

    /**
     * Gives away, once, all that came behind the utterance of which {@link Heard.Words} or {@link
     * Heard.Nothing} was told: a recogniser that lags has told of the "ja" while the "nein" waits
     * to be heard. The next listening has to hear it. Empty before that, and where it failed.
     */
    default List<HandedOver> unheard() {
        return List.of();
    }

    /**
     * Tells when our own prompt begins and stops being sent to this caller. While it is, speech
     * must stand out from what comes back of it. Without this call no prompt is assumed.
     */
    default void prompt(boolean playing) {}

    /**
     * What is known of this caller's levels, to be told before the first frame; what is learned
     * goes there, too. Without this call nothing is known.
     */
    default void levels(CallerLevels known) {}

    /**
     * How much of what was handed over has not been heard yet: nobody may conclude from it that
     * nothing was said.
     */
    default int behindMillis() {
        return 0;
    }

    /**
     * Listens to the same caller on, for their next utterance and the same words, as a new
     * listening would. To be called while this one tells its result, by whoever is told.
     *
     * @return false where it cannot: then this one is at its end, and another has to be begun
     */
    default boolean again() {
        return false;
    }

    /** Forgets everything; nothing is reported afterwards. May be called twice. */
    @Override
    void close();
}
