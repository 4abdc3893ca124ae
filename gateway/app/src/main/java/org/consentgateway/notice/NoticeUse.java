package org.consentgateway.notice;

import java.time.LocalDate;
import java.util.List;
import org.consentgateway.consent.Level;

/**
 * Immutable. What the configuration wants of the notices.
 *
 * @param lines those that speak them
 * @param demonstration whether the texts of the example company may be spoken
 * @param data what the second layer has to say
 * @param today against which dates of review are held
 */
public record NoticeUse(
        List<Speaking> lines, boolean demonstration, LocalDate today, DataUse data) {
    public NoticeUse {
        lines = List.copyOf(lines);
    }

    /** Of an editor who only reads texts: no line speaks them yet. */
    public static NoticeUse none(LocalDate today) {
        return new NoticeUse(List.of(), true, today, DataUse.UNTOLD);
    }

    /**
     * A line.
     *
     * @param name in the configuration
     * @param lineage of its notices
     * @param dialog "ladder", "menu" or "privacy"
     * @param levels that can be agreed to on it
     */
    public record Speaking(
            String name,
            String lineage,
            List<String> languages,
            String dialog,
            List<Level> levels) {
        public Speaking {
            languages = List.copyOf(languages);
            levels = List.copyOf(levels);
        }
    }
}
