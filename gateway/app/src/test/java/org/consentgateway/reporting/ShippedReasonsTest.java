package org.consentgateway.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.consentgateway.metrics.ShippedMonitoring;
import org.consentgateway.sip.counters.Rejection;
import org.junit.jupiter.api.Test;

/** What is shipped for Prometheus names the reasons that the gateway counts. */
class ShippedReasonsTest {
    /** A node that refuses every call takes none, and yet is ready: nothing else would tell. */
    @Test
    void everyCallThatFindsNoRoomCountsForTheAlert() {
        String expression =
                ShippedMonitoring.rules().stream()
                        .filter(rule ->
                                rule.name()
                                        .equals("instance:consent_calls_turned_away:increase10m"))
                        .map(ShippedMonitoring.Rule::expression)
                        .findFirst()
                        .orElseThrow();
        Matcher reasons = Pattern.compile("reason=~\"([a-z_|]+)\"").matcher(expression);
        assertThat(reasons.find()).as(expression).isTrue();
        assertThat(reasons.group(1).split("\\|"))
                .containsExactlyInAnyOrder(
                        Stream.concat(
                                        Stream.of("limit"), // of CallEvent.Rejected
                                        Stream.of(
                                                        Rejection.FULL,
                                                        Rejection.LINE_FULL,
                                                        Rejection.TRUNK_FULL,
                                                        Rejection.TRUNK_RATE,
                                                        Rejection.SOURCE_RATE,
                                                        Rejection.LARGE_CALLS,
                                                        Rejection.LOAD,
                                                        Rejection.NO_PORT)
                                                .map(why -> why.name().toLowerCase(Locale.ROOT)))
                                .toArray(String[]::new));
    }
}
