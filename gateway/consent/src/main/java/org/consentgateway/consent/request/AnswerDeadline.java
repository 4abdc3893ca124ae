package org.consentgateway.consent.request;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/**
 * Immutable. By when a person has to answer a request: each law that may bind gives a time, such as
 * one month (Art. 12(3) DSGVO) or 30 days (KVKK Art. 13(2)), and the earliest day counts.
 *
 * @param zone in which days are counted
 */
public record AnswerDeadline(Set<Period> within, ZoneId zone) {
    public AnswerDeadline {
        within = Set.copyOf(within);
        if (within.isEmpty()) {
            throw new IllegalArgumentException("no law says within what time to answer");
        }
    }

    public static AnswerDeadline of(Period within, ZoneId zone) {
        return new AnswerDeadline(Set.of(within), zone);
    }

    /** What Art. 12(3) DSGVO gives at first. */
    private static final Period MONTH = Period.ofMonths(1);

    /** What it gives where a request is complex, or there are many. */
    private static final Period FURTHER = Period.ofMonths(2);

    /**
     * The first instant at which it is overdue after it was extended (Art. 12(3) DSGVO).
     *
     * @return none where another law binds as well, which knows of no more time
     */
    public Optional<Instant> extended(Instant asked) {
        return within.equals(Set.of(MONTH))
                ? Optional.of(endOf(asked.atZone(zone).toLocalDate().plus(MONTH.plus(FURTHER))))
                : Optional.empty();
    }

    /**
     * The first instant at which it is overdue: the end of the last day (Regulation 1182/71, Art.
     * 3). A last day that is no working day does not prolong it.
     */
    public Instant due(Instant asked) {
        LocalDate day = asked.atZone(zone).toLocalDate();
        return endOf(within.stream().map(day::plus).min(LocalDate::compareTo).orElseThrow());
    }

    /** Of what came longer ago, it was answered, or it is a matter for the authority. */
    private static final Period OLDEST = Period.ofYears(1);

    /** The days that {@link #received} takes. */
    public static final String RECEIVED_IN_WORDS =
            "the day on which it came, such as 2026-11-27, within the last year";

    /**
     * From when on the time to answer counts for what came on that day (Art. 12(3) DSGVO).
     *
     * @return none for another day: what were to come tomorrow would be overdue too late
     */
    public Optional<Instant> received(LocalDate day, Instant now) {
        LocalDate today = LocalDate.ofInstant(now, zone);
        if (day.equals(today)) {
            return Optional.of(now);
        }
        return day.isAfter(today) || day.isBefore(today.minus(OLDEST))
                ? Optional.empty()
                : Optional.of(day.atStartOfDay(zone).toInstant());
    }

    private Instant endOf(LocalDate day) {
        return day.plusDays(1).atStartOfDay(zone).toInstant();
    }
}
