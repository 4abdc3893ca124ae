package org.consentgateway.api.text;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Thread-safe. The texts as they stand in their files now, checked. */
@FunctionalInterface
public interface TextReview {
    /**
     * @throws IOException where the files cannot be read
     */
    Review look() throws IOException;

    /** All that scripts/gateway notices check tells. */
    record Review(List<Version> versions, List<Finding> findings) {}

    /**
     * One version of a notice in one language.
     *
     * @param validFrom first day on which it is spoken, ISO 8601
     * @param review day after which somebody has to read it again, ISO 8601
     * @param approvedBy empty where nobody has
     * @param approvedOn empty where nobody has
     */
    record Version(
            Name name,
            String validFrom,
            String review,
            String approvedBy,
            String approvedOn,
            List<Part> parts) {}

    /**
     * By which records name it.
     *
     * @param variant "a" where there is one only
     */
    record Name(String id, String language, String version, String variant) {}

    /**
     * @param longest words of its longest sentence
     * @param scores by formulas of readability; empty where it is too short
     * @param seconds null where there is no sound
     */
    record Part(
            String name,
            String text,
            int words,
            int longest,
            Map<String, Double> scores,
            @Nullable Double seconds) {}

    /**
     * @param kind "wrong", "overdue" or "better"
     * @param sentence in which it stands; null where it is about none
     * @param right what would be right
     */
    record Finding(
            String kind,
            String file,
            int line,
            String what,
            @Nullable String sentence,
            String right) {}
}
