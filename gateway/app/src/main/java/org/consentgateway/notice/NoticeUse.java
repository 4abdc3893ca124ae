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
 * @param compared by experiments
 */
public record NoticeUse(
        List<Speaking> lines,
        boolean demonstration,
        LocalDate today,
        DataUse data,
        List<Compared> compared) {
    public NoticeUse {
        lines = List.copyOf(lines);
        compared = List.copyOf(compared);
    }

    /** Where nothing is compared. */
    public NoticeUse(List<Speaking> lines, boolean demonstration, LocalDate today, DataUse data) {
        this(lines, demonstration, today, data, List.of());
    }

    /** Of an editor who only reads texts: no line speaks them yet. */
    public static NoticeUse none(LocalDate today) {
        return new NoticeUse(List.of(), true, today, DataUse.UNTOLD);
    }

    /**
     * What an experiment compares.
     *
     * @param variants of that version
     */
    public record Compared(
            String experiment,
            String lineage,
            String language,
            String version,
            List<String> variants,
            Days days) {
        public Compared {
            variants = List.copyOf(variants);
        }
    }

    /** Both included. */
    public record Days(LocalDate start, LocalDate end) {}

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
