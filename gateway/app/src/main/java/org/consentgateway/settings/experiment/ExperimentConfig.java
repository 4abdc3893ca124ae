package org.consentgateway.settings.experiment;

import java.time.LocalDate;
import org.consentgateway.config.Setting;

/**
 * {@code experiments}: two variants of a text that are spoken side by side. Immutable.
 *
 * @param name by which callers are assigned; another name assigns them anew
 * @param enabled whether it is there at all
 * @param version of the text of that line in that language
 * @param spoken variant of today
 * @param tried the other one
 * @param share percent of the callers who hear the tried one
 * @param start first day (UTC); chosen so that it is still to come
 * @param end last day (UTC); then all hear the spoken one again
 * @param callers in all for whom it is planned
 * @param minimum callers of each variant, below which nothing is told
 * @param callsPerCaller how many of the calls are of one caller, on average
 */
public record ExperimentConfig(
        @Setting(example = "shorter", form = Setting.NAME, formInWords = Setting.NAME_IN_WORDS)
                String name,
        @Setting(byDefault = "true") boolean enabled,
        @Setting(example = "service") String line,
        @Setting(example = "de", form = "[a-z]{2,3}", formInWords = "a language code such as de")
                String language,
        @Setting(example = "2026-11") String version,
        @Setting(
                        byDefault = "a",
                        form = ExperimentConfig.VARIANT,
                        formInWords = "a variant such as a")
                String spoken,
        @Setting(
                        byDefault = "b",
                        form = ExperimentConfig.VARIANT,
                        formInWords = "a variant such as b")
                String tried,
        @Setting(byDefault = "50", atLeast = "1", atMost = "99") int share,
        @Setting(example = "2026-12-01") LocalDate start,
        @Setting(example = "2027-02-28") LocalDate end,
        @Setting(byDefault = "" + ExperimentConfig.CALLERS, atLeast = "400", atMost = "1000000")
                int callers,
        @Setting(byDefault = "" + ExperimentConfig.MINIMUM, atLeast = "100", atMost = "100000")
                int minimum,
        @Setting(byDefault = "1", atLeast = "1", atMost = "100") int callsPerCaller) {
    /** By default. */
    public static final int CALLERS = 5000;

    /** By default. */
    public static final int MINIMUM = 100;

    static final String VARIANT = "[a-z0-9][a-z0-9-]{0,19}";
}
