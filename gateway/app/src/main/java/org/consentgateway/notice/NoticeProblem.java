package org.consentgateway.notice;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Immutable. One thing that is wrong in a notice, for the person who writes it.
 *
 * @param line 1 for the first
 * @param key such as {@code texts.opening}; empty where the whole file is meant
 * @param what is wrong, in words
 * @param example of what would be right
 * @param sentence the offending one; null where none is
 */
public record NoticeProblem(
        Path file, int line, String key, String what, String example, @Nullable String sentence) {
    /** Ends the example of a day that has yet to come. */
    static final String OR_EARLIER = ", or earlier";

    NoticeProblem(Spot spot, String what, String example) {
        this(spot.file(), spot.line(), spot.key(), what, example, null);
    }

    NoticeProblem(Spot spot, String what, String example, @Nullable String sentence) {
        this(spot.file(), spot.line(), spot.key(), what, example, sentence);
    }

    /** Whether nothing is wrong with the words, but they have no recording yet. */
    public boolean isUnrecorded() {
        return example.equals(PromptSound.RENDER);
    }

    /** Whether it is right on a later day, or by a clock that is. */
    public boolean isOfALaterDay() {
        return example.endsWith(OR_EARLIER);
    }

    @Override
    public String toString() {
        return "%s:%d: %s%s%s (for example: %s)"
                .formatted(
                        file,
                        line,
                        key.isEmpty() ? "" : key + ": ",
                        what,
                        sentence == null ? "" : ": \"" + sentence + "\"",
                        example);
    }
}
