package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.HumanEnd;
import org.junit.jupiter.api.Test;

class TargetMemoryTest {
    private long nanos;
    private final TargetMemory memory = new TargetMemory(() -> nanos);

    private void fails(Dialled.Why why, int status) {
        memory.dialled("front", new Dialled.NotReached<HumanEnd>(why, status));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void whoCouldNotBeReachedIsLeftAloneTwiceAsLongEachTime() {
        fails(Dialled.Why.UNREACHABLE, 503);
        assertThat(memory.down("front")).isTrue();
        assertThat(memory.down("back")).isFalse();
        pass(TargetMemory.FIRST);
        assertThat(memory.down("front")).isFalse();

        fails(Dialled.Why.UNREACHABLE, 408);
        pass(TargetMemory.FIRST);
        assertThat(memory.down("front")).isTrue();
        pass(TargetMemory.FIRST);
        assertThat(memory.down("front")).isFalse();
    }

    @Test
    void nobodyIsLeftAloneForLongerThanTwoMinutes() {
        for (int i = 0; i < 20; i++) {
            fails(Dialled.Why.UNREACHABLE, 503);
        }
        pass(TargetMemory.LONGEST);
        assertThat(memory.down("front")).isFalse();
    }

    @Test
    void whoRangInVainOrWasBusyIsThere() {
        fails(Dialled.Why.NO_ANSWER, 408);
        assertThat(memory.down("front")).isFalse();
        fails(Dialled.Why.UNREACHABLE, 503);
        fails(Dialled.Why.BUSY, 486);
        assertThat(memory.down("front")).isFalse();
        assertThat(memory.answers("front")).isTrue();
    }

    /** Its caller was in silence all the time; the next one is spared it. */
    @Test
    void whoAnsweredAndWasNeverHeardIsLeftAlone() {
        fails(Dialled.Why.BUSY, 486);
        memory.unheard("front");
        assertThat(memory.down("front")).isTrue();
        assertThat(memory.answers("front")).isFalse();
        pass(TargetMemory.FIRST);
        assertThat(memory.down("front")).isFalse();
    }

    /** That it answers says nothing of whether it is heard. */
    @Test
    void whoIsNeverHeardAgainIsLeftAloneForLonger() {
        memory.unheard("front");
        pass(TargetMemory.FIRST);
        fails(Dialled.Why.BUSY, 486);
        memory.unheard("front");
        pass(TargetMemory.FIRST);
        assertThat(memory.down("front")).isTrue();
        pass(TargetMemory.FIRST);
        assertThat(memory.down("front")).isFalse();

        pass(TargetMemory.LONGEST);
        memory.unheard("front");
        pass(TargetMemory.FIRST);
        assertThat(memory.down("front")).as("it was heard for long meanwhile").isFalse();
    }

    @Test
    void whatWasNeverSentSaysNothing() {
        fails(Dialled.Why.UNREACHABLE, 0);
        assertThat(memory.down("front")).isFalse();
    }
}
