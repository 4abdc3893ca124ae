package org.consentgateway.consent.request;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
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

    /**
     * The first instant at which it is overdue: the end of the last day (Regulation 1182/71, Art.
     * 3). A last day that is no working day does not prolong it.
     */
    public Instant due(Instant asked) {
        LocalDate day = asked.atZone(zone).toLocalDate();
        return within.stream()
                .map(day::plus)
                .min(LocalDate::compareTo)
                .orElseThrow()
                .plusDays(1)
                .atStartOfDay(zone)
                .toInstant();
    }
}
