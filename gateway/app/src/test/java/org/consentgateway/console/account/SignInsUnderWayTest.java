package org.consentgateway.console.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who has to begin again where more sign in at once than are remembered. */
class SignInsUnderWayTest {
    private final SignInsUnderWay<Integer> underWay = new SignInsUnderWay<>();

    private void begin(int number, String source) {
        underWay.put("sign-in-" + number, source, number);
    }

    private boolean isThere(int number) {
        return underWay.get("sign-in-" + number).isPresent();
    }

    @Test
    void itIsTheOldestOfTheSourceThatHasMost() {
        begin(0, "192.0.2.1");
        for (int i = 1; i < SignInsUnderWay.MOST; i++) {
            begin(i, "198.51.100." + i % 2);
        }
        assertThat(isThere(1)).isTrue();

        begin(SignInsUnderWay.MOST, "192.0.2.2");

        assertThat(isThere(0)).isTrue();
        assertThat(isThere(1)).as("the oldest of 500").isFalse();
        assertThat(isThere(2)).as("the oldest of 499").isTrue();
        assertThat(isThere(SignInsUnderWay.MOST)).isTrue();
    }

    @Test
    void noMoreThanAThousandAreRemembered() {
        for (int i = 0; i <= SignInsUnderWay.MOST; i++) {
            begin(i, "192.0.2." + i);
        }
        assertThat(isThere(0)).isFalse();
        assertThat(isThere(1)).isTrue();
    }
}
