package org.consentgateway.speech.vosk;

/**
 * Runs the work of listening sessions, {@link ListeningSession#work} of each on one thread only.
 * Thread-safe.
 */
interface SessionScheduler {

    /** Monotonic. */
    long nanos();

    /** Asks for one call of {@link ListeningSession#work}. */
    void schedule(ListeningSession session);

    /** The session has released everything and asks for no more work. */
    void released(ListeningSession session);
}
