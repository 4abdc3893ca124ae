package org.consentgateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.SECONDS)
class LoadTest {
    private static final long LAG = 100;

    private static void reads(Load load, int times, double busy, long lag) {
        for (int i = 0; i < times; i++) {
            load.read(busy, lag);
        }
    }

    @Test
    void aBurstIsBorneAndLastingWorkIsNot() {
        Load load = new Load(90, LAG);
        reads(load, 2, 1, 0);
        assertThat(load.shedding()).isFalse();
        reads(load, 10, 1, 0);
        assertThat(load.shedding()).isTrue();
    }

    @Test
    void thereIsRoomAgainOnlyClearlyBelowTheLimit() {
        Load load = new Load(90, LAG);
        reads(load, 20, 1, 0);
        reads(load, 20, 0.85, 0);
        assertThat(load.shedding()).isTrue();
        reads(load, 20, 0.75, 0);
        assertThat(load.shedding()).isFalse();
        reads(load, 20, 0.85, 0);
        assertThat(load.shedding()).isFalse();
    }

    @Test
    void audioThatGoesOutLateTurnsCallsAwayAtOnce() {
        Load load = new Load(90, LAG);
        load.read(0, LAG + 1);
        assertThat(load.shedding()).isTrue();
        load.read(0, 95);
        assertThat(load.shedding()).isTrue();
        load.read(0, 80);
        assertThat(load.shedding()).isFalse();
    }

    @Test
    void aFullMachineMayBeAllowed() {
        Load load = new Load(100, LAG);
        reads(load, 100, 1, 0);
        assertThat(load.shedding()).isFalse();
        reads(load, 1, -1, 0);
        assertThat(load.shedding()).isFalse();
    }

    @Test
    void eachTrunkHasItsOwnNumberAndRate() {
        AtomicLong now = new AtomicLong();
        TrunkLoad load =
                new TrunkLoad(
                        Map.of("a", new TrunkLoad.Limits(1, 2), "b", new TrunkLoad.Limits(2, 1)),
                        now::get);
        load.enter("a");
        load.enter("b");
        assertThat(load.full("a")).isTrue();
        assertThat(load.full("b")).isFalse();
        load.leave("a");
        assertThat(load.full("a")).isFalse();

        assertThat(load.slowEnough("a")).isTrue();
        assertThat(load.slowEnough("a")).isTrue();
        assertThat(load.slowEnough("a")).isFalse();
        assertThat(load.slowEnough("b")).isTrue();
        assertThat(load.slowEnough("b")).isFalse();
        now.set(TimeUnit.SECONDS.toNanos(1));
        assertThat(load.slowEnough("b")).isTrue();
    }
}
