package org.consentgateway.consent;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.Optional;

/** Immutable. For how long a consent to a level holds. */
public sealed interface ValidityPeriod {

    /** How it is written in the configuration for {@link ThisCall}. */
    String THIS_CALL = "call";

    /** Ends with the call in which it was given. */
    record ThisCall() implements ValidityPeriod {
        @Override
        public String toString() {
            return THIS_CALL;
        }
    }

    /**
     * A calendar span and then a clock span, as in ISO 8601: twelve months from 29 February end on
     * 28 February, and a day is a day also where the clocks change.
     */
    record Lasting(Period period, Duration time) implements ValidityPeriod {
        public Lasting {
            if (period.isNegative() || time.isNegative() || (period.isZero() && time.isZero())) {
                throw new IllegalArgumentException("a validity must be longer than nothing");
            }
        }

        @Override
        public String toString() {
            if (time.isZero()) {
                return period.toString();
            }
            String clock = time.toString().substring(1);
            return period.isZero() ? "P" + clock : period + clock;
        }
    }

    /**
     * @param text {@code call} or an ISO 8601 duration such as P12M, P30D, PT12H or P1DT12H
     * @throws IllegalArgumentException with a message for the person who wrote it
     */
    static ValidityPeriod parse(String text) {
        if (text.equals(THIS_CALL)) {
            return new ThisCall();
        }
        try {
            int clock = text.indexOf('T');
            Period period =
                    clock < 0
                            ? Period.parse(text)
                            : clock == 1 ? Period.ZERO : Period.parse(text.substring(0, clock));
            Duration time = clock < 0 ? Duration.ZERO : Duration.parse("P" + text.substring(clock));
            return new Lasting(period, time);
        } catch (java.time.format.DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "not a validity: " + text + " (such as P12M, PT12H or " + THIS_CALL + ")", e);
        }
    }

    /** The first instant at which it no longer holds; empty where the end of the call ends it. */
    default Optional<Instant> until(Instant from, ZoneId zone) {
        return switch (this) {
            case ThisCall() -> Optional.empty();
            case Lasting(Period period, Duration time) ->
                    Optional.of(from.atZone(zone).plus(period).plus(time).toInstant());
        };
    }
}
