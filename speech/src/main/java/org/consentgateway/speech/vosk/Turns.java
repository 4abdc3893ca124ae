package org.consentgateway.speech.vosk;

/** Thread-safe. Where an ear gets its turns from; {@link Ear#work} is called by one thread only. */
interface Turns {

    /** Monotonic. */
    long nanos();

    /** Asks for one call of {@link Ear#work}. */
    void add(Ear ear);

    /** The ear has released everything and asks no more. */
    void left(Ear ear);
}
