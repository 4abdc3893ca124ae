package org.consentgateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuShareTest {
    @Test
    void aShareIsOfTheTimeSinceTheLastReadingAndNeverMoreThanAll() {
        long[] now = {Long.MIN_VALUE / 2};
        var share = new CpuShare(() -> now[0]);
        assertThat(share.read()).as("nothing to compare with").isNegative();
        now[0] += 3_600_000_000_000L;
        assertThat(share.read()).as("some milliseconds in an hour").isBetween(0.0, 0.01);
        burn(50_000_000);
        now[0] += 1_000_000;
        assertThat(share.read()).as("50 ms in one millisecond").isEqualTo(1.0);
        assertThat(share.read()).as("no time passed").isNegative();
    }

    private static void burn(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
