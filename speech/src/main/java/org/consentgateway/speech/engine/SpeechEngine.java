package org.consentgateway.speech.engine;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A way to make words of sound, in this process: no audio of a caller leaves it before there is a
 * consent. Found by {@link java.util.ServiceLoader}, so that another one is a jar on the class path
 * and a model in the configuration. Thread-safe.
 *
 * <p>All else stays as it is: what is speech and when it has ended, what words mean and when they
 * count, threads, deadlines, admission. A model that did not come with the product is asked twice,
 * with the words of the question and without.
 */
public interface SpeechEngine {

    /** Whether this folder holds a model of this engine. Asked at start, of one after the other. */
    boolean owns(Path folder);

    /**
     * @throws IOException in words for the operator, when it is broken
     */
    AcousticModel open(Path folder) throws IOException;
}
