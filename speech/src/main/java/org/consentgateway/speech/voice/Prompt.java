package org.consentgateway.speech.voice;

import org.consentgateway.media.audio.AudioClip;

/** What the library has for a text. Immutable. */
public sealed interface Prompt {

    /**
     * @param level how loud the clip is; known with it, since each load asks for it several times
     * @param voice whose it is, such as "SVOX Pico de-DE" or the speaker of a studio recording
     * @param recorded false if a program made it at this start
     */
    record Ready(AudioClip clip, SpeechLevel level, String voice, boolean recorded)
            implements Prompt {}

    /** There is no sound for this text. The reason is a sentence for the operator. */
    record Missing(String why) implements Prompt {}
}
