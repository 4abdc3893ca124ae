package org.consentgateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LoadSheddingTest {
    private static final long LAG = 100;

    private static void reads(LoadShedding shedding, int times, double busy, long lag) {
        for (int i = 0; i < times; i++) {
            shedding.read(busy, lag, 100);
        }
    }

    @Test
    void aBurstIsBorneAndLastingWorkIsNot() {
        LoadShedding shedding = new LoadShedding(90, LAG);
        reads(shedding, 2, 1, 0);
        assertThat(shedding.turnsAway()).isFalse();
        reads(shedding, 10, 1, 0);
        assertThat(shedding.turnsAway()).isTrue();
    }

    @Test
    void thereIsRoomAgainOnlyClearlyBelowTheLimit() {
        LoadShedding shedding = new LoadShedding(90, LAG);
        reads(shedding, 20, 1, 0);
        reads(shedding, 20, 0.85, 0);
        assertThat(shedding.turnsAway()).isTrue();
        reads(shedding, 20, 0.75, 0);
        assertThat(shedding.turnsAway()).isFalse();
        reads(shedding, 20, 0.85, 0);
        assertThat(shedding.turnsAway()).isFalse();
    }

    @Test
    void oneLatePacketIsBorneAndAudioThatStaysLateTurnsCallsAway() {
        LoadShedding shedding = new LoadShedding(90, LAG);
        reads(shedding, 5, 0, LAG + 1); // one packet, seen for a second
        assertThat(shedding.turnsAway()).isFalse();
        reads(shedding, 1, 0, 0);
        reads(shedding, 7, 0, LAG + 1);
        assertThat(shedding.turnsAway()).isFalse();
        reads(shedding, 1, 0, LAG + 1);
        assertThat(shedding.turnsAway()).isTrue();
        reads(shedding, 1, 0, 95);
        assertThat(shedding.turnsAway()).isTrue();
        reads(shedding, 1, 0, 80);
        assertThat(shedding.turnsAway()).isFalse();
    }

    @Test
    void aHandfulOfCallsIsNeverWhatThereIsNoRoomFor() {
        LoadShedding shedding = new LoadShedding(90, LAG);
        for (int i = 0; i < 20; i++) {
            shedding.read(1, 10 * LAG, LoadShedding.FEW_CALLS - 1);
            assertThat(shedding.turnsAway()).isFalse();
        }
        shedding.read(1, 10 * LAG, LoadShedding.FEW_CALLS);
        assertThat(shedding.turnsAway()).isTrue();
        shedding.read(1, 10 * LAG, LoadShedding.FEW_CALLS - 1);
        assertThat(shedding.turnsAway()).isFalse();
    }

    @Test
    void aFullMachineMayBeAllowed() {
        LoadShedding shedding = new LoadShedding(100, LAG);
        reads(shedding, 100, 1, 0);
        assertThat(shedding.turnsAway()).isFalse();
        reads(shedding, 1, -1, 0);
        assertThat(shedding.turnsAway()).isFalse();
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

        assertThat(load.slowEnough("a", false)).isTrue();
        assertThat(load.slowEnough("a", false)).isTrue();
        assertThat(load.slowEnough("a", false)).isFalse();
        assertThat(load.slowEnough("b", false)).isTrue();
        assertThat(load.slowEnough("b", false)).isFalse();
        now.set(TimeUnit.SECONDS.toNanos(1));
        assertThat(load.slowEnough("b", false)).isTrue();
    }

    @Test
    void datagramsUseUpNothingOfWhatComesOverConnections() {
        AtomicLong now = new AtomicLong();
        TrunkLoad load = new TrunkLoad(Map.of("a", new TrunkLoad.Limits(9, 2)), now::get);
        for (int i = 0; i < 9; i++) {
            boolean _ = load.slowEnough("a", false);
        }
        assertThat(load.slowEnough("a", true)).isTrue();
        assertThat(load.slowEnough("a", true)).isTrue();
        assertThat(load.slowEnough("a", true)).isFalse();
    }
}
