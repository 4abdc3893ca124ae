package org.consentgateway.speech;

import java.util.Set;
import java.util.function.Consumer;

/**
 * The right of one caller to be listened to, one utterance after the other, for as long as it is
 * held: whoever is told that an answer may be spoken relies on it. Thread-safe.
 */
public interface ListeningPlace extends AutoCloseable {

    /** What it is held for. Either has places of its own. */
    enum Use {
        /** A caller who is asked, for some seconds. */
        QUESTIONS,
        /** A caller who talks, for minutes, and may withdraw by words. */
        TALK
    }

    /**
     * Starts to listen for the meanings a question accepts. Reports one utterance; for the next
     * call it again, or {@link Listening#again}.
     *
     * @param language ISO 639-1, such as "de"
     * @param accepted only these meanings' words (and garbage) are in the grammar
     * @param to called on a recogniser thread; must return at once
     */
    Listening listen(String language, Set<SpokenMeaning> accepted, Consumer<Heard> to);

    /**
     * Gives it to the next caller. What is being listened to by it has to be closed before. May be
     * called twice.
     */
    @Override
    void close();
}
