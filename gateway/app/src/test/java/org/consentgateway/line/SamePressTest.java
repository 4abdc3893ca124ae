package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SamePressTest {
    private final SamePress presses = new SamePress();

    /**
     * @param told "1M0 1I80": the key, M for a touch in the media, D and U for one that is held
     *     there, or I for INFO with how long it says it was, and when in milliseconds
     * @return the keys that count
     */
    private String counted(String told) {
        StringBuilder keys = new StringBuilder();
        for (String each : told.split(" ", -1)) {
            if (counts(each.charAt(0), each.charAt(1), each.substring(2).split("/", -1))) {
                keys.append(each.charAt(0));
            }
        }
        return keys.toString();
    }

    private boolean counts(char digit, char how, String[] numbers) {
        long at = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(numbers[0]));
        if (how == 'I') {
            int millis = numbers.length > 1 ? Integer.parseInt(numbers[1]) : 0;
            return presses.isInformed(digit, millis, at);
        }
        boolean counts = how != 'U' && presses.isDown(digit, at);
        if (how != 'D') {
            presses.isUp(digit, at);
        }
        return counts;
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

    /** INFO comes when the key is up, whatever it says of how long it was down. */
    @Test
    void aKeyThatIsHeldIsOnePressHoweverLong() {
        assertThat(counted("1D0 1U3000 1I3100/3000")).isEqualTo("1");
        assertThat(counted("2D10000 2I13000 2U13010")).isEqualTo("2");
        assertThat(counted("3D20000 3U23000 3I23900/160")).isEqualTo("3");
        assertThat(counted("4I33000/3000 4M29500")).as("the media is late").isEqualTo("4");
        assertThat(counted("5D40000 5U43000 5I44300/160")).as("much later").isEqualTo("55");
    }

    @Test
    void aPressBeganBeforeItIsTold() {
        assertThat(SamePress.begun(3000, TimeUnit.SECONDS.toNanos(20)))
                .isEqualTo(TimeUnit.SECONDS.toNanos(17));
        assertThat(SamePress.begun(99_999, TimeUnit.SECONDS.toNanos(20)))
                .as("a mistake")
                .isEqualTo(TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void anotherKeyIsAnotherPress() {
        assertThat(counted("*M0 9M200 *I210 9I400")).isEqualTo("*9");
    }
}
