package org.consentgateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.consent.CallFacts;
import org.junit.jupiter.api.Test;

class LastCallsTest {
    @Test
    void theLastTenAreKept() {
        var last = new LastCalls(() -> Instant.EPOCH);
        for (int i = 0; i < 12; i++) {
            last.told(ended(new UUID(0, i)));
        }

        assertThat(last.calls()).hasSize(10);
        assertThat(last.calls().getFirst())
                .isEqualTo(
                        new Diagnosis.PastCall(
                                Instant.EPOCH,
                                new UUID(0, 11),
                                "carrier",
                                "service",
                                "drained",
                                2.5));
        assertThat(last.calls().getLast().id()).isEqualTo(new UUID(0, 2));
    }

    private static CallEvent ended(UUID id) {
        var facts = new CallFacts(id, "00", "carrier", "service", null, null, true, false, true);
        var trail = new CallOutcome.Trail(facts, "de", "", "", Duration.ofMillis(2500), null);
        return new CallEvent.Ended(new CallOutcome.Drained(trail), MediaQuality.NONE);
    }
}
