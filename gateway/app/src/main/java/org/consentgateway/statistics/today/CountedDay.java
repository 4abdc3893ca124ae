package org.consentgateway.statistics.today;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * Confined to whoever counts by it. The day that is counted: since midnight, or since the start.
 */
final class CountedDay {
    private final InstantSource clock;
    private final ZoneId zone;
    private LocalDate day;
    private Instant since;

    /**
     * @param zone in which a day begins
     */
    CountedDay(InstantSource clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
        this.since = clock.instant();
        this.day = LocalDate.ofInstant(since, zone);
    }

    /** Whether another day has begun since this was asked last. */
    boolean isOver() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), zone);
        boolean over = today.isAfter(day);
        if (over) {
            day = today;
            since = today.atStartOfDay(zone).toInstant();
        }
        return over;
    }

    Instant since() {
        return since;
    }
}
