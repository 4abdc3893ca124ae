package org.consentgateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeapAtRestTest {
    private static final long LEVEL = 64L << 20;
    private static final long BURST = 700L << 20;

    private final long[] now = {Long.MAX_VALUE - 1};
    private final long[] committed = {LEVEL};
    private int collections;
    private HeapAtRest heap = heap();

    private HeapAtRest heap() {
        return new HeapAtRest(
                () -> now[0],
                LEVEL,
                () -> committed[0],
                () -> {
                    collections++;
                    committed[0] = LEVEL + 20;
                });
    }

    private void seconds(int count, int callsUnderWay) {
        for (int i = 0; i < count; i++) {
            now[0] += TimeUnit.SECONDS.toNanos(1);
            heap.look(callsUnderWay);
        }
    }

    @Test
    void whatABurstTookIsGivenBackOnceWhenItsSetUpsAreForgotten() {
        seconds(10, 800);
        committed[0] = BURST;
        seconds(32, 0);
        assertThat(collections).as("finished transactions still hold it").isZero();
        seconds(600, 0);
        assertThat(collections).isEqualTo(1);
    }

    @Test
    void nobodyWhoCallsIsStopped() {
        seconds(1, 800);
        committed[0] = BURST;
        for (int i = 0; i < 100; i++) {
            seconds(32, 0);
            seconds(1, 1);
        }
        assertThat(collections).isZero();
    }

    @Test
    void aHeapThatHardlyGrewIsLeftAlone() {
        seconds(10, 3);
        committed[0] = LEVEL + HeapAtRest.SPARE_OCTETS;
        seconds(600, 0);
        assertThat(collections).isZero();
        seconds(1, 1);
        committed[0]++;
        seconds(40, 0);
        assertThat(collections).isEqualTo(1);
    }

    @Test
    void whatTheStartOfTheProcessTookIsGivenBackToo() {
        committed[0] = BURST;
        heap = heap();
        seconds(1, 1);
        seconds(40, 0);
        assertThat(collections).isEqualTo(1);
    }

    @Test
    void withoutACallNothingIsDone() {
        committed[0] = BURST;
        seconds(600, 0);
        assertThat(collections).isZero();
    }
}
