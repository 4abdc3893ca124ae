package org.consentgateway.sip.counters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ratios of RFC 6076 §4.6 to §4.8. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TrunkCountersTest {

    @Test
    void whoIsBusyWasReachedButNotAnswered() {
        Map<Integer, Long> answers = Map.of(200, 6L, 486, 2L, 603, 1L, 503, 1L);
        assertThat(TrunkCounters.establishment(answers)).hasValue(0.6);
        assertThat(TrunkCounters.effectiveness(answers)).hasValue(0.9);
        assertThat(TrunkCounters.ineffective(answers)).hasValue(0.1);
    }

    @Test
    void redirectionsAndChallengesDoNotCount() {
        Map<Integer, Long> answers = Map.of(200, 1L, 302, 5L, 401, 5L, 402, 5L, 407, 5L, 404, 1L);
        assertThat(TrunkCounters.establishment(answers)).hasValue(0.5);
        assertThat(TrunkCounters.effectiveness(answers)).hasValue(0.5);
    }

    @Test
    void failuresOfTheNetworkAreAShareOfAllCalls() {
        Map<Integer, Long> answers = Map.of(200, 4L, 302, 1L, 408, 1L, 500, 1L, 503, 2L, 504, 1L);
        assertThat(TrunkCounters.ineffective(answers)).hasValue(0.5);
        assertThat(TrunkCounters.ineffective(Map.of())).isEmpty();
    }

    @Test
    void withoutCallsThereIsNoRatio() {
        assertThat(TrunkCounters.establishment(Map.of())).isEmpty();
        assertThat(TrunkCounters.effectiveness(Map.of(302, 1L))).isEmpty();
    }
}
