package org.consentgateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class DecisionsTodayTest {
    private Instant now = Instant.parse("2026-11-24T21:30:00Z");
    private final DecisionsToday today = new DecisionsToday(() -> now, ZoneId.of("Europe/Berlin"));

    @Test
    void countsFromTheStartUntilMidnightOfTheZone() {
        today.count("given");
        today.count("given");
        today.count("something else");
        now = Instant.parse("2026-11-24T22:59:59Z");

        assertThat(today.counts())
                .containsEntry("given", 2L)
                .containsEntry("refused", 0L)
                .containsOnlyKeys("given", "refused", "unanswered", "withdrawn");
        assertThat(today.since()).isEqualTo(Instant.parse("2026-11-24T21:30:00Z"));
    }

    @Test
    void startsAnewAtMidnight() {
        today.count("refused");
        now = Instant.parse("2026-11-24T23:00:00Z");

        assertThat(today.counts()).containsEntry("refused", 0L);
        assertThat(today.since()).isEqualTo(now);
    }

    @Test
    void aClockThatGoesBackLosesNothing() {
        today.count("given");
        now = Instant.parse("2026-11-23T12:00:00Z");

        assertThat(today.counts()).containsEntry("given", 1L);
    }
}
