package org.consentgateway.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReportPaceTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long HALF_A_MINUTE = 30 * SECOND;

    private final ReportPace pace = new ReportPace();

    /** One each five seconds, the first at five; the last at this. */
    private void reportsUntil(long second) {
        for (long at = 5; at <= second; at += 5) {
            pace.reported(at * SECOND);
        }
    }

    private boolean isGone(long heardAt, long now) {
        return pace.isGone(heardAt * SECOND, HALF_A_MINUTE, now * SECOND);
    }

    @Test
    void whoReportedAsLongAsItSpokeIsGoneWhenNeitherComesAnyMore() {
        reportsUntil(60);
        assertThat(isGone(61, 91)).isFalse();
        assertThat(isGone(61, 92)).isTrue();
        assertThat(isGone(40, 91)).as("it had listened for a while").isTrue();
        assertThat(isGone(40, 90)).as("and reported that").isFalse();
    }

    @Test
    void whoReportsOnMaySaySilentForAsLongAsItLikes() {
        reportsUntil(3600);
        assertThat(isGone(10, 3610)).isFalse();
    }

    @Test
    void whoNeverReportedAsRegularlyIsNotMissed() {
        assertThat(isGone(0, 3600)).isFalse();
        reportsUntil(10);
        assertThat(isGone(11, 3600)).as("one interval is none").isFalse();
    }

    @Test
    void whoseReportsEndedWhileItSpokeMayBeSilentAsWell() {
        reportsUntil(60);
        assertThat(isGone(71, 3600)).isFalse();
    }

    @Test
    void whoReportsSeldomIsWaitedForAsMuchLonger() {
        for (int at = 20; at <= 80; at += 20) {
            pace.reported(at * SECOND);
        }
        assertThat(isGone(81, 181)).isFalse();
        assertThat(isGone(81, 182)).isTrue();
    }

    @Test
    void whoComesInTheirPlaceNeedNotReport() {
        reportsUntil(60);
        pace.begin();
        assertThat(isGone(61, 3600)).isFalse();
    }
}
