package org.consentgateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompiledCodeTest {
    private final long[] now = {Long.MAX_VALUE - 1};
    private final double[] share = {0.2};
    private int collections;
    private final CompiledCode code =
            new CompiledCode(() -> now[0], () -> share[0], () -> collections++);

    @Test
    void whileThereIsRoomNobodyIsStopped() {
        share[0] = CompiledCode.FULL - 0.01;
        code.look();
        assertThat(collections).isZero();
    }

    @Test
    void beforeItIsFullWhatIsNotRunIsGivenBackAndAgainAfterAnHourAtTheEarliest() {
        share[0] = CompiledCode.FULL;
        code.look();
        assertThat(collections).isEqualTo(1);
        now[0] += CompiledCode.AGAIN_NANOS - 1;
        code.look();
        assertThat(collections).isEqualTo(1);
        now[0]++;
        code.look();
        assertThat(collections).isEqualTo(2);
    }

    @Test
    void thereIsCodeInThisProcessAndRoomForMore() {
        assertThat(CompiledCode.taken()).isBetween(0.001, CompiledCode.FULL);
    }
}
