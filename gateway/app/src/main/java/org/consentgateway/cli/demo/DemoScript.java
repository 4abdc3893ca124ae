package org.consentgateway.cli.demo;

import java.util.List;
import org.consentgateway.media.audio.AudioClip;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What a demo caller does.
 *
 * @param answers one per question, in order; silence when they are used up
 * @param hangUpDuring "opening", "question" or null
 * @param withdrawAfter seconds after the assistant began to speak, or null
 * @param expected what has to be heard or recorded
 */
record DemoScript(
        String to,
        List<Answer> answers,
        @Nullable String hangUpDuring,
        @Nullable Integer withdrawAfter,
        List<String> expected) {

    /** To one question. */
    sealed interface Answer {}

    /** Pressed one after the other. */
    record Keys(String keys) implements Answer {}

    record Speech(String words, AudioClip clip) implements Answer {}
}
