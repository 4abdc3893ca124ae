package org.consentgateway.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How long nothing was erased that is over by its retention. */
class RetentionRoundsTest {
    private Instant now = Instant.parse("2026-11-24T09:00:00Z");
    private boolean fails;
    private boolean doubtful;
    private int erased;

    private final RetentionRounds rounds =
            new RetentionRounds(
                    () -> doubtful,
                    () -> now,
                    () -> {
                        if (fails) {
                            throw new IOException("the store does not answer");
                        }
                        now = now.plusSeconds(60);
                        return ++erased;
                    });

    @Test
    void onlyARoundThatCameToItsEndCounts() throws Exception {
        assertThat(rounds.lag()).isNaN();
        rounds.run();
        assertThat(rounds.lag()).as("since its begin").isEqualTo(60);

        fails = true;
        now = now.plus(Duration.ofHours(1));
        assertThatThrownBy(rounds::run).isInstanceOf(IOException.class);
        assertThat(rounds.lag()).isEqualTo(3660);

        fails = false;
        doubtful = true;
        rounds.run();
        assertThat(rounds.lag()).as("nothing is erased by a clock in doubt").isEqualTo(3660);
        assertThat(erased).isOne();

        doubtful = false;
        rounds.run();
        assertThat(rounds.lag()).isEqualTo(60);
    }
}
