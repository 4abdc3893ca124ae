package org.consentgateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final Instant NOW = Instant.parse("2026-11-28T09:00:00Z");

    @Test
    void soManyAtOnceThenOneAfterEachPause() {
        var attempts = new Attempts(3, Duration.ofSeconds(30));
        for (int i = 0; i < 3; i++) {
            assertThat(attempts.take("ada", NOW)).isTrue();
        }
        assertThat(attempts.take("ada", NOW)).isFalse();
        assertThat(attempts.take("ben", NOW)).isTrue();
        assertThat(attempts.take("ada", NOW.plusSeconds(29))).isFalse();
        assertThat(attempts.take("ada", NOW.plusSeconds(30))).isTrue();
        assertThat(attempts.take("ada", NOW.plusSeconds(31))).isFalse();
    }

    /** Whoever was refused waits no longer for that. */
    @Test
    void nobodyIsLockedOutForGood() {
        var attempts = new Attempts(3, Duration.ofSeconds(30));
        for (int i = 0; i < 1000; i++) {
            boolean _ = attempts.take("ada", NOW);
        }
        assertThat(attempts.take("ada", NOW.plusSeconds(30))).isTrue();
    }
}
