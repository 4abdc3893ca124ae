package org.consentgateway.media.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortRangeTest {
    private static final long SECOND = 1_000_000_000;

    private final PortRange range = new PortRange(20_001, 20_010, 5 * SECOND, new Random(1));

    @Test
    void givesEachEvenPortOnceAndThenNone() {
        Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            taken.add(range.take(0).orElseThrow());
        }
        assertThat(taken).containsExactlyInAnyOrder(20_002, 20_004, 20_006, 20_008);
        assertThat(range.take(0)).isEmpty();
        assertThat(range.inUse()).isEqualTo(4);
    }

    @Test
    void aReturnedPortRestsForItsQuarantineAndThenQueuesBehindTheOthers() {
        int first = range.take(0).orElseThrow();
        range.giveBack(first, 0);
        assertThat(range.resting(4 * SECOND)).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            assertThat(range.take(6 * SECOND).orElseThrow()).isNotEqualTo(first);
        }
        assertThat(range.take(6 * SECOND)).hasValue(first);
        assertThat(range.resting(6 * SECOND)).isZero();
    }

    @Test
    void theQuarantineIsNoCeiling() {
        int[] ports = new int[4];
        for (int i = 0; i < 4; i++) {
            ports[i] = range.take(0).orElseThrow();
        }
        range.giveBack(ports[2], SECOND);
        range.giveBack(ports[0], SECOND + 1);
        assertThat(range.take(2 * SECOND - 1)).as("a second at least").isEmpty();
        assertThat(range.take(2 * SECOND)).as("before its time").hasValue(ports[2]);
        assertThat(range.take(2 * SECOND)).isEmpty();
        assertThat(range.take(2 * SECOND + 1)).as("the next").hasValue(ports[0]);
        assertThat(range.inUse()).isEqualTo(4);
    }

    @Test
    void whereAnotherIsFreeNoneIsUsedBeforeItsTime() {
        int first = range.take(0).orElseThrow();
        range.giveBack(first, 0);
        for (int i = 0; i < 3; i++) {
            assertThat(range.take(4 * SECOND).orElseThrow()).isNotEqualTo(first);
        }
        assertThat(range.resting(4 * SECOND)).isEqualTo(1);
    }

    /** 2,000 pairs and ten seconds of rest: what fitted were 200 calls a second. */
    @Test
    void twoThousandPairsBearAThousandCallsASecond() {
        var usual = new PortRange(20_000, 23_999, 10 * SECOND, new Random(1));
        long pace = SECOND / 1000;
        for (int call = 0; call < 30_000; call++) {
            long now = call * pace;
            usual.giveBack(usual.take(now).orElseThrow(), now + pace / 2);
        }
        assertThat(usual.inUse()).isZero();
    }

    @Test
    void aPairIsTakenFromWhenItIsGivenUntilItIsReturned() {
        int port = range.take(0).orElseThrow();
        assertThat(range.isTaken(port)).isTrue();
        assertThat(range.isTaken(port + 1)).isTrue();
        assertThat(range.isTaken(port + 2)).isFalse();
        range.giveBack(port, 0);
        assertThat(range.isTaken(port)).isFalse();
        assertThat(range.isTaken(port + 1)).isFalse();
    }

    @Test
    void aRangeWithoutAPairIsRefused() {
        assertThatThrownBy(() -> new PortRange(20_001, 20_002, 0, new Random(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("20001");
        assertThatThrownBy(() -> new PortRange(65_530, 65_540, 0, new Random(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
