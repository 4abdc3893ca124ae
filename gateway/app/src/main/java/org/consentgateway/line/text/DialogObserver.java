package org.consentgateway.line.text;

import java.util.List;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.speech.Heard;

/**
 * Thread-safe. Follows what is said to a caller and what is understood of the answers: in words,
 * which no log and no metric gets. For the demonstration's own callers alone, who see it while they
 * speak. Told on call threads, event loops and recogniser threads: hands on, and returns at once.
 */
public interface DialogObserver {
    DialogObserver NONE = new DialogObserver() {};

    /**
     * One part of a notice, as it is spoken.
     *
     * @param part its key
     * @param millis how long it takes
     */
    record SpokenPart(String language, String part, String text, long millis) {}

    /**
     * These parts begin, one after the other without a gap.
     *
     * @param number of this utterance in its call
     */
    default void speaks(CallFacts facts, int number, List<SpokenPart> parts) {}

    /**
     * An utterance is over; the next one may have begun before this is told.
     *
     * @param whole whether it was spoken to its end
     */
    default void silent(CallFacts facts, int number, boolean whole) {}

    /** What the recogniser made of what the caller said. */
    default void heard(CallFacts facts, Heard heard) {}

    /** A key of the caller has arrived. */
    default void pressed(CallFacts facts, char key) {}
}
