package org.consentgateway.api.text;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Thread-safe. Makes and checks what it takes to compare a text with another wording of it: the
 * file of the variant, and the block of the configuration. Writes nothing.
 */
@FunctionalInterface
public interface VariantReview {
    /**
     * @return empty where there is no such text
     * @throws IOException where the files cannot be read
     */
    Optional<Draft> draft(Wish wish) throws IOException;

    /**
     * What somebody wants to try.
     *
     * @param spoken text that is spoken now
     * @param variant by which the other one is called
     * @param texts part to its other words; all else stays the same
     */
    record Wish(
            TextReview.Name spoken,
            String variant,
            Map<String, String> texts,
            SignOff signOff,
            Trial plan) {
        public Wish {
            texts = Map.copyOf(texts);
        }
    }

    /**
     * Who has approved the words, and when.
     *
     * @param who empty where nobody has yet
     */
    record SignOff(String who, LocalDate when) {}

    /**
     * The experiment.
     *
     * @param share percent of the callers who hear the other one
     * @param start first day, in UTC
     * @param end last day, in UTC
     */
    record Trial(String name, String line, int share, LocalDate start, LocalDate end) {}

    /**
     * What it comes to.
     *
     * @param file where it belongs, below the folder of the notices
     * @param text of that file
     * @param block for {@code experiments} in the configuration
     * @param findings of the check, in both variants and in the block
     * @param unrecorded parts of the variant that have no recording yet
     */
    record Draft(
            String file,
            String text,
            String block,
            List<TextReview.Finding> findings,
            List<String> unrecorded) {
        public Draft {
            findings = List.copyOf(findings);
            unrecorded = List.copyOf(unrecorded);
        }

        /** Whether nothing is wrong but that it is not recorded. */
        public boolean passes() {
            return findings.stream().allMatch(each -> each.kind().equals("better"));
        }
    }
}
