package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.TestWorld.*;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallListenerTest {
    private final TestWorld world = new TestWorld();
    private final List<CallEvent> before = new ArrayList<>();
    private final List<CallEvent> after = new ArrayList<>();

    @Test
    void aListenerThatThrowsHarmsNeitherTheCallNorTheOthers() {
        Tape unharmed = new TestWorld().call(SHORT_LADDER);
        List<RuntimeException> mistakes = new ArrayList<>();
        CallListener broken =
                event -> {
                    throw new IllegalStateException("broken");
                };
        world.alsoTold =
                CallListener.all(
                        List.of(before::add, broken, after::add),
                        (who, mistake) -> {
                            assertThat(who).isSameAs(broken);
                            mistakes.add(mistake);
                        });

        Tape tape = world.call(SHORT_LADDER);

        assertThat(tape.outcome().name()).isEqualTo(unharmed.outcome().name());
        assertThat(tape.parts()).isEqualTo(unharmed.parts());
        assertThat(before).isNotEmpty().isEqualTo(after).hasSameSizeAs(mistakes);
    }

    @Test
    void theEndIsToldLast() {
        world.alsoTold = before::add;

        world.call(SHORT_LADDER);

        assertThat(before).last().isInstanceOf(CallEvent.Ended.class);
        assertThat(before.stream().filter(CallEvent.Ended.class::isInstance)).hasSize(1);
    }
}
