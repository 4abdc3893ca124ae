package org.consentgateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.consentgateway.web.Status.CallsState;
import org.consentgateway.web.Status.Part;
import org.consentgateway.web.Status.State;
import org.junit.jupiter.api.Test;

class StatusTest {
    private static final Part TAKES = new Part(Status.SIP, State.READY, "");
    private static final Part STORE_DOWN = new Part(Status.STORE, State.DOWN, "");
    private static final Part TEXTS_DOWN = new Part("texts", State.DOWN, "");

    private static CallsState calls(Part... parts) {
        return new Status("gw-1", List.of(parts), 0, 1, Map.of(), Instant.EPOCH).calls();
    }

    @Test
    void aNodeWithoutItsStoreTakesCallsAndAllReachAHuman() {
        assertThat(calls(TAKES, STORE_DOWN)).isEqualTo(CallsState.HUMAN);
        assertThat(calls(TAKES, STORE_DOWN, TEXTS_DOWN)).isEqualTo(CallsState.HUMAN);
        assertThat(calls(TAKES, new Part(Status.STORE, State.LIMITED, "")))
                .isEqualTo(CallsState.LIMITED);
        assertThat(calls(TAKES)).isEqualTo(CallsState.READY);
    }

    /** The others are asked as ever. */
    @Test
    void whereSomeTextsMayNotBeSpokenNotAllReachAHuman() {
        assertThat(calls(TAKES, TEXTS_DOWN)).isEqualTo(CallsState.TEXTS);
    }

    @Test
    void aNodeThatStartsOrDrainsOrReadsNothingTakesNoCalls() {
        assertThat(calls(new Part(Status.SIP, State.DOWN, ""), STORE_DOWN))
                .isEqualTo(CallsState.DOWN);
        assertThat(calls(new Part(Status.SIP, State.STUCK, ""), STORE_DOWN))
                .isEqualTo(CallsState.STUCK);
    }
}
