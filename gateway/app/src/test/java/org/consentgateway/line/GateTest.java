package org.consentgateway.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.token.Grants;
import org.junit.jupiter.api.Test;

/** What the types cannot say: of which call the proof is. */
class GateTest {
    @Test
    void theGateOpensForAGrantOfThisVeryCallAlone() throws Exception {
        var refused = new AtomicInteger();
        CallFacts here = Grants.facts(UUID.randomUUID());
        DurableGrant ours = Grants.of(here.callId(), Purpose.ASSISTANT);
        DurableGrant ofAnotherCall = Grants.of(UUID.randomUUID(), Purpose.ASSISTANT);
        try (MediaEngine media = media();
                MediaLeg caller = media.open();
                MediaLeg far = media.open(caller)) {
            var gate =
                    new Gate(
                            media,
                            new KeptBack(clip -> caller.play(List.of(clip), false)),
                            refused::incrementAndGet);
            var assistant = new AnsweredAssistant(far);

            assertThatIllegalStateException()
                    .isThrownBy(() -> gate.open(caller, assistant, ofAnotherCall, here));
            try (CuttableBridge open = gate.open(caller, assistant, ours, here)) {
                assertThat(open).isNotNull();
            }
            assertThat(refused).as("what is told of").hasValue(1);
        }
    }

    private static MediaEngine media() {
        return MediaEngine.start(
                new MediaSettings(
                        InetAddress.getLoopbackAddress(),
                        RtpPorts.GATEWAY,
                        RtpPorts.GATEWAY + 7,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        1));
    }
}
