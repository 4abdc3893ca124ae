package org.consentgateway.sip.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentWeightTest {
    @Test
    void whatIsAddedCountsForItsTimeAndAnEighthOfItAtMost() {
        long start = -500;
        var weight = new RecentWeight(800, start);
        weight.add(10, start);
        weight.add(0, start);
        weight.add(5, start + 450);

        assertThat(weight.sum(start + 800)).isEqualTo(15);
        assertThat(weight.sum(start + 900)).isEqualTo(5);
        assertThat(weight.sum(start + 1250)).isEqualTo(5);
        assertThat(weight.sum(start + 1350)).isZero();

        weight.add(7, start + 100_000);
        assertThat(weight.sum(start + 100_800)).isEqualTo(7);
        assertThat(weight.sum(start + 1_000_000)).isZero();
    }
}
