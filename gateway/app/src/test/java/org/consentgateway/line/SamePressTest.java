package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SamePressTest {
    private final SamePress presses = new SamePress();

    /**
     * @param told "1M0 1I80": the key, M for media or I for INFO, and when in milliseconds
     * @return the keys that count
     */
    private String counted(String told) {
        StringBuilder keys = new StringBuilder();
        for (String each : told.split(" ", -1)) {
            SamePress.Way way = each.charAt(1) == 'M' ? SamePress.Way.MEDIA : SamePress.Way.INFO;
            long at = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(each.substring(2)));
            if (presses.isNew(each.charAt(0), way, at)) {
                keys.append(each.charAt(0));
            }
        }
        return keys.toString();
    }

    @Test
    void aPressToldBothWaysIsOneWhicheverComesFirst() {
        assertThat(counted("1M0 1I80")).isEqualTo("1");
        assertThat(counted("2I5000 2M5080")).isEqualTo("2");
    }

    @Test
    void twoPressesToldBothWaysAreTwoInAnyOrder() {
        assertThat(counted("1M0 1M300 1I310 1I320")).isEqualTo("11");
        assertThat(counted("1I5000 1M5020 1I5200 1M5220")).isEqualTo("11");
    }

    @Test
    void twoPressesToldOneWayAreTwo() {
        assertThat(counted("1M0 1M150 1M300")).isEqualTo("111");
        assertThat(counted("2I5000 2I5150")).isEqualTo("22");
    }

    @Test
    void whatIsToldMuchLaterIsAnotherPress() {
        assertThat(counted("1M0 1I1500")).isEqualTo("11");
    }

    @Test
    void anotherKeyIsAnotherPress() {
        assertThat(counted("*M0 9M200 *I210 9I400")).isEqualTo("*9");
    }
}
