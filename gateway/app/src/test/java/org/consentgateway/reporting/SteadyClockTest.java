package org.consentgateway.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock that is set while the gateway runs. */
class SteadyClockTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");

    private Duration gone = Duration.ZERO;
    private Duration set = Duration.ZERO;
    private final List<Boolean> jumps = new ArrayList<>();
    private final SteadyClock clock =
            new SteadyClock(() -> START.plus(gone).plus(set), () -> gone.toNanos());

    SteadyClockTest() {
        clock.onJump(jumps::add);
    }

    private void after(Duration time) {
        gone = gone.plus(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1H", "P-365D", "PT-11S"})
    void setBackTimeGoesOnAsBefore(String jump) {
        after(Duration.ofMinutes(1));
        Instant before = clock.instant();
        set = Duration.parse(jump);
        after(Duration.ofSeconds(1));
        assertThat(clock.instant()).isEqualTo(before.plusSeconds(1));
        after(Duration.ofDays(2));
        assertThat(clock.instant()).isEqualTo(START.plus(gone));
        assertThat(clock.isSteady()).isFalse();
        assertThat(clock.isDoubtful()).isFalse();
        assertThat(clock.state()).contains("set back from 2026-11-28T12:01:01Z");
        assertThat(jumps).containsExactly(false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "P365D", "PT11S"})
    void setAheadItCountsAtOnceAndIsBelievedAfterAnHour(String jump) {
        set = Duration.parse(jump);
        assertThat(clock.instant()).isEqualTo(START.plus(set));
        assertThat(clock.isDoubtful()).isTrue();
        assertThat(jumps).containsExactly(true);
        after(SteadyClock.BELIEVED_AFTER.minusSeconds(1));
        assertThat(clock.isDoubtful()).isTrue();
        after(Duration.ofSeconds(1));
        assertThat(clock.isDoubtful()).isFalse();
        assertThat(clock.instant()).isEqualTo(START.plus(gone).plus(set));
        set = Duration.ZERO;
        assertThat(clock.instant()).as("now it is set back").isAfterOrEqualTo(START.plus(gone));
        assertThat(jumps).containsExactly(true, false);
    }

    /** For what is written, waits for its time or cannot be undone. */
    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "P365D", "PT11S"})
    void whatIsExpectedGoesOnAsBeforeUntilAClockThatWasSetAheadIsBelieved(String jump) {
        after(Duration.ofMinutes(1));
        set = Duration.parse(jump);
        assertThat(clock.expected().instant()).isEqualTo(START.plus(gone));
        after(SteadyClock.BELIEVED_AFTER.minusSeconds(1));
        assertThat(clock.expected().instant()).isEqualTo(START.plus(gone));
        after(Duration.ofSeconds(1));
        assertThat(clock.expected().instant()).isEqualTo(START.plus(gone).plus(set));
        set = Duration.ZERO;
        assertThat(clock.expected().instant()).as("nor back").isEqualTo(clock.instant());
    }

    @Test
    void aSecondJumpHasAnHourOfItsOwn() {
        set = Duration.ofMinutes(5);
        assertThat(clock.isDoubtful()).isTrue();
        after(Duration.ofMinutes(59));
        set = Duration.ofDays(366);
        assertThat(clock.isDoubtful()).isTrue();
        after(Duration.ofMinutes(2));
        assertThat(clock.isDoubtful()).as("nobody could set it right in time").isTrue();
        assertThat(clock.expected().instant()).isEqualTo(START.plus(gone));
        after(Duration.ofMinutes(58));
        assertThat(clock.isDoubtful()).isFalse();
        assertThat(jumps).containsExactly(true, true);
    }

    @Test
    void setAheadAndRightAgainWithinTheHourNothingHasHappened() {
        set = Duration.ofDays(365);
        assertThat(clock.isDoubtful()).isTrue();
        after(Duration.ofMinutes(10));
        set = Duration.ZERO;
        assertThat(clock.isSteady()).isTrue();
        assertThat(clock.instant()).isEqualTo(START.plus(gone));
    }

    @Test
    void whatIsAdjustedSlowlyIsFollowed() {
        for (int i = 0; i < 100; i++) {
            after(Duration.ofSeconds(10));
            set = set.minusSeconds(1);
            assertThat(clock.instant()).isEqualTo(START.plus(gone).plus(set));
        }
        assertThat(clock.isSteady()).isTrue();
        assertThat(clock.offset()).isZero();
        assertThat(jumps).isEmpty();
    }
}
