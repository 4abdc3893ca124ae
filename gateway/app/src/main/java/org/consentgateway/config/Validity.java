package org.consentgateway.config;

import java.time.Duration;
import java.time.Period;

/**
 * Immutable. How long a consent holds.
 *
 * @param text {@link #THIS_CALL}, or an ISO 8601 duration that is longer than nothing
 */
public record Validity(String text) {
    public static final String THIS_CALL = "call";
    static final String IN_WORDS = "a time such as P12M, P30D, PT12H, or call (this call only)";

    static Validity parse(String text) {
        boolean lasts = !text.equals(THIS_CALL);
        if (lasts && !isLongerThanNothing(text)) {
            throw new IllegalArgumentException(text);
        }
        return new Validity(text);
    }

    private static boolean isLongerThanNothing(String text) {
        int clock = text.indexOf('T');
        Period days =
                clock == 1
                        ? Period.ZERO
                        : Period.parse(clock < 0 ? text : text.substring(0, clock));
        Duration time = clock < 0 ? Duration.ZERO : Duration.parse("P" + text.substring(clock));
        boolean negative = days.isNegative() || time.isNegative();
        return !negative && !(days.isZero() && time.isZero());
    }

    @Override
    public String toString() {
        return text;
    }
}
