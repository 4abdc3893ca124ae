package org.consentgateway.consent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. What shows how one question was answered. Its hashes of text and audio are in the
 * record's {@link NoticeRef}.
 *
 * @param part key of the part that asked, see {@link Parts}
 * @param about id of the purpose, or of the level, that was asked about; empty for the menu
 * @param attempt 1 for the question, 2 and 3 for its repeats
 * @param result what was understood
 * @param key pressed or typed; null without one
 * @param words null where nothing was said or typed in words
 * @param confidence 0 to 1; 0 where nothing was said, 1 where it was typed
 * @param model SHA-256 of the recogniser's model, or the empty string
 * @param latency from the start of the question to the answer
 */
public record Evidence(
        String part,
        String about,
        int attempt,
        Result result,
        Method method,
        @Nullable Character key,
        @Nullable SpokenWords words,
        double confidence,
        String model,
        Duration latency) {

    public enum Result {
        AGREED,
        DECLINED,
        /** A level was chosen from the menu, by {@link Evidence#key} or {@link Evidence#words}. */
        CHOSEN,
        NO_INPUT,
        NO_MATCH,
        CONFLICT,
        PROMPT_INCOMPLETE,
        HUNG_UP
    }

    /** Neither the key nor the words print: both are what a caller expressed. */
    @Override
    public String toString() {
        return "Evidence[" + part + ", attempt " + attempt + ", " + method + "]";
    }
}
