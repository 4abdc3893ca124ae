package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.consentgateway.sip.registration.TargetState;
import org.consentgateway.sip.registration.TargetState.Health;
import org.consentgateway.sip.registration.TargetState.ServerState;
import org.consentgateway.sip.registration.Watched;
import org.junit.jupiter.api.Test;

class TargetHealthTest {
    private static final Instant LONG_AGO = Instant.parse("2026-11-01T08:00:00Z");
    private static final Instant LATER = LONG_AGO.plusSeconds(60);
    private static final String ONE = "sip:a@192.0.2.1";
    private static final String OTHER = "sip:a@192.0.2.2";

    private static TargetState state(
            Watched.Kind kind, String uri, Health health, Instant since, boolean everAnswered) {
        return new TargetState(
                kind,
                "a",
                Optional.of(uri),
                health,
                Optional.of(since),
                List.of(
                        new ServerState(
                                "udp:192.0.2.1:5060",
                                health,
                                Optional.of(since),
                                200,
                                everAnswered ? Optional.of(LONG_AGO) : Optional.empty(),
                                Optional.empty())),
                Optional.empty());
    }

    private static TargetState assistant(String uri, Health health, boolean everAnswered) {
        return state(Watched.Kind.ASSISTANT, uri, health, LATER, everAnswered);
    }

    private static TargetHealth of(TargetState... states) {
        return new TargetHealth(() -> List.of(states));
    }

    @Test
    void whoIsDialledAtSeveralAddressesIsAsWellAsTheBestOfThem() {
        TargetHealth health =
                of(assistant(ONE, Health.DOWN, true), assistant(OTHER, Health.UP, true));

        assertThat(health.of(Watched.Kind.ASSISTANT, "a")).isEqualTo(Health.UP);
        assertThat(health.of(Watched.Kind.ASSISTANT, "a", ONE)).isEqualTo(Health.DOWN);
        assertThat(health.since(Watched.Kind.ASSISTANT, "a")).contains(LATER);
    }

    @Test
    void anAssistantAndAHumanOfOneNameAreTwo() {
        TargetHealth health =
                of(
                        assistant(ONE, Health.DOWN, true),
                        state(Watched.Kind.HUMAN, OTHER, Health.UP, LONG_AGO, true));

        assertThat(health.of(Watched.Kind.ASSISTANT, "a")).isEqualTo(Health.DOWN);
        assertThat(health.of(Watched.Kind.HUMAN, "a")).isEqualTo(Health.UP);
    }

    @Test
    void whoeverNobodyAsksIsUnknown() {
        assertThat(of().of(Watched.Kind.HUMAN, "a")).isEqualTo(Health.UNKNOWN);
        assertThat(of().since(Watched.Kind.HUMAN, "a")).isEmpty();
        assertThat(of().fellSilent(Watched.Kind.HUMAN, "a", ONE)).isFalse();
    }

    @Test
    void onlyWhoUsedToAnswerHasFallenSilent() {
        assertThat(
                        of(assistant(ONE, Health.DOWN, true))
                                .fellSilent(Watched.Kind.ASSISTANT, "a", ONE))
                .isTrue();
        assertThat(
                        of(assistant(ONE, Health.DOWN, false))
                                .fellSilent(Watched.Kind.ASSISTANT, "a", ONE))
                .as("some take calls and know no OPTIONS")
                .isFalse();
        assertThat(of(assistant(ONE, Health.UP, true)).fellSilent(Watched.Kind.ASSISTANT, "a", ONE))
                .isFalse();
    }
}
