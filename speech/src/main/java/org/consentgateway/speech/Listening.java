package org.consentgateway.speech;

import org.consentgateway.media.audio.PcmFrame;

/** One utterance to be heard, for one question, or one after the other. Thread-safe. */
public interface Listening extends AutoCloseable {

    /**
     * Takes the next 20 ms; copies or queues it and returns at once. Dropped and counted when the
     * queue is full.
     */
    void hear(PcmFrame frame);

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
