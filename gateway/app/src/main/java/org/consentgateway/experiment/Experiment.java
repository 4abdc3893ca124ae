package org.consentgateway.experiment;

import java.time.LocalDate;

/**
 * Immutable. Two variants of a text that are spoken side by side, to be compared.
 *
 * @param name in the configuration; callers are assigned anew for each name
 * @param spoken variant of today
 * @param tried the other one
 * @param share of the callers who hear the tried one, above 0 and below 1
 */
public record Experiment(
        String name, Text text, String spoken, String tried, double share, Terms terms) {

    /** On which line, of which notice, in which language and version. */
    public record Text(String line, String notice, String language, String version) {}

    /**
     * What was fixed before the first call.
     *
     * @param start first day, UTC as the days that are counted
     * @param end last day
     * @param callers for whom it is planned, in all
     * @param minimum callers of each variant, below which nothing is told
     * @param callsPerCaller how many of the calls are of one caller, on average; 1 or more
     */
    public record Terms(
            LocalDate start, LocalDate end, int callers, int minimum, double callsPerCaller) {}

    public boolean runs(LocalDate day) {
        return !day.isBefore(terms.start()) && !day.isAfter(terms.end());
    }
}
