package org.consentgateway.speech.voice;

import java.io.IOException;
import org.consentgateway.media.audio.Wav;

/** Makes speech of text; used at start or by an operator, never inside a call. Thread-safe. */
public interface Voice {

    /** For the manifest and the cache: letters, digits, dots and hyphens. */
    String name();

    /** Whether it can speak this language here and now. */
    boolean speaks(String language);

    /**
     * @param text as it is to be read out: no digits, no abbreviations
     * @throws IOException saying what went wrong
     */
    Wav say(String language, String text) throws IOException;
}
