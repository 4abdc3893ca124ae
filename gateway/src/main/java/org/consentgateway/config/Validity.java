package org.consentgateway.config;

import java.time.Period;
import java.util.Optional;

/**
 * Immutable. How long a consent holds.
 *
 * @param period empty: for this call only
 */
public record Validity(Optional<Period> period) {
    static final String IN_WORDS = "a period such as P12M, or call (this call only)";

    static Validity parse(String text) {
        if (text.equals("call")) {
            return new Validity(Optional.empty());
        }
        Period period = Period.parse(text);
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException(text);
        }
        return new Validity(Optional.of(period));
    }

    @Override
    public String toString() {
        return period.map(Period::toString).orElse("call");
    }
}
