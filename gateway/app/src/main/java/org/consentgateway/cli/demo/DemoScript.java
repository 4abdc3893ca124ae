package org.consentgateway.cli.demo;

import java.util.List;
import org.consentgateway.media.audio.AudioClip;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What a demo caller does.
 *
 * @param text whether the caller reads and types, and neither hears nor speaks
 * @param answers one per question, in order; silence when they are used up
 * @param expected what has to be heard or recorded
 */
record DemoScript(
        String to, boolean text, List<Answer> answers, Habits habits, List<String> expected) {

    /** To one question. */
    sealed interface Answer {}

    /** Pressed one after the other. */
    record Keys(String keys) implements Answer {}

    /** Typed. */
    record WrittenWords(String words) implements Answer {}

    record Speech(String words, AudioClip clip) implements Answer {}

    /**
     * Immutable. What a caller does besides answering.
     *
     * @param hangUpDuring "opening", "question" or null
     * @param withdrawAfter seconds after the assistant began to speak, or null
     * @param inOpening keys pressed a second into the opening; empty: none
     * @param patient whether questions are listened to before they are answered
     * @param outlasts whether the far end of a talk is made to hang up first (key #)
     */
    record Habits(
            @Nullable String hangUpDuring,
            @Nullable Integer withdrawAfter,
            String inOpening,
            boolean patient,
            boolean outlasts) {
        static final Habits USUAL = new Habits(null, null, "", false, false);

        static Habits leaving(@Nullable String hangUpDuring, @Nullable Integer withdrawAfter) {
            return new Habits(hangUpDuring, withdrawAfter, "", false, false);
        }

        static Habits pressing(String inOpening) {
            return new Habits(null, null, inOpening, false, false);
        }

        static Habits patiently() {
            return new Habits(null, null, "", true, false);
        }

        static Habits outlasting() {
            return new Habits(null, null, "", false, true);
        }
    }
}
