package org.consentgateway.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MediaStatsTest {
    private static double mos(long received, long lost, double jitter, double roundTrip) {
        return new MediaStats(0, received, lost, 0, jitter, roundTrip, -1, 0, 0, 0, 0).mos();
    }

    @Test
    void aCleanCallIsAsGoodAsTheCodec() {
        assertThat(mos(10_000, 0, 0.5, 20)).isEqualTo(4.4, within(0.05));
    }

    @Test
    void lossAndDelayLowerIt() {
        assertThat(mos(980, 20, 1, 20)).isBetween(4.0, 4.35);
        assertThat(mos(900, 100, 1, 20)).isBetween(2.8, 3.6);
        assertThat(mos(1000, 0, 1, 800)).isLessThan(mos(1000, 0, 1, 100));
        assertThat(mos(10, 990, 100, 3000)).isEqualTo(1, within(0.01));
    }

    @Test
    void whereNothingCameThereIsNone() {
        assertThat(MediaStats.NONE.mos()).isNaN();
    }

    /** Both ends of a call may fare differently; what the far one reports is about our packets. */
    @Test
    void whatThePeerReportsIsRatedByItself() {
        MediaStats quiet = new MediaStats(1000, 1000, 0, 0, 1, 20, -1, 0, 0, 0, 0);
        assertThat(quiet.farMos()).isNaN();
        assertThat(quiet.lossPercent()).isZero();
        MediaStats lossy = new MediaStats(1000, 950, 50, 0, 1, 20, 100, 4, 0, 0, 0);
        assertThat(lossy.lossPercent()).isEqualTo(5);
        assertThat(lossy.farMos()).isLessThan(lossy.mos()).isBetween(2.0, 3.5);
        assertThat(MediaStats.NONE.lossPercent()).isNaN();
        assertThat(MediaStats.NONE.farMos()).isNaN();
    }
}
