package org.consentgateway.proof.imports;

import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.consentgateway.consent.ConsentRules;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Notice;

/**
 * Immutable. What a consent from elsewhere is held against.
 *
 * @param lines by lineage of the notice: what can be agreed to on each line that speaks it
 * @param texts every version and variant of the notices
 * @param longest that a consent may hold
 */
public record ImportTerms(Map<String, List<OfLine>> lines, KnownTexts texts, Period longest) {
    public ImportTerms {
        lines = Map.copyOf(lines);
    }

    /**
     * Of a line.
     *
     * @param levels in their order
     */
    public record OfLine(List<Level> levels, ConsentRules rules) {
        public OfLine {
            levels = List.copyOf(levels);
        }
    }

    /** Thread-safe. The texts that callers hear. */
    public interface KnownTexts {
        Set<String> languages(String lineage);

        /** Every version and variant. */
        List<Notice> all(String lineage, String language);
    }
}
