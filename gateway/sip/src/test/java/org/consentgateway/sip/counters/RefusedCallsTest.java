package org.consentgateway.sip.counters;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.sip.trunk.Cidr;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RefusedCallsTest {
    private static final Trunk TRUNK =
            Trunk.trustedWithNothing(
                    "carrier", List.of(Cidr.parse("192.0.2.0/24")), List.of(), Numbering.GERMANY);

    private final Logger log = (Logger) LoggerFactory.getLogger(RefusedCalls.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private long now;
    private final LiveCounters counters = new LiveCounters(() -> now);

    @BeforeEach
    void listen() {
        log.setLevel(Level.INFO);
        log.setAdditive(false);
        log.addAppender(lines);
        lines.start();
    }

    @AfterEach
    void close() {
        log.detachAppender(lines);
        log.setAdditive(true);
        log.setLevel(null);
    }

    private static String told(ILoggingEvent line) {
        return line.getLevel() + " " + line.getMessage() + " " + line.getKeyValuePairs();
    }

    @Test
    void aRefusedCallHasALineWithItsTrunkAndReasonAndOtherRequestsHaveNone() {
        counters.rejected(Rejection.TRUNK_FULL, TRUNK);
        counters.rejected(Rejection.METHOD);
        counters.rejected(Rejection.UNKNOWN_SOURCE, null);

        assertThat(lines.list)
                .extracting(RefusedCallsTest::told)
                .containsExactly("INFO call refused [trunk=\"carrier\", reason=\"trunk-full\"]");
    }

    @Test
    void inAFloodThereAreAFewASecondAndThenHowManyHadNone() {
        for (int i = 0; i < RefusedCalls.LINES_A_SECOND + 500; i++) {
            counters.rejected(Rejection.FULL, TRUNK);
        }
        assertThat(lines.list).hasSize(RefusedCalls.LINES_A_SECOND);

        now += TimeUnit.SECONDS.toNanos(1);
        counters.rejected(Rejection.FULL, TRUNK);
        assertThat(lines.list.subList(RefusedCalls.LINES_A_SECOND, lines.list.size()))
                .extracting(RefusedCallsTest::told)
                .containsExactly(
                        "WARN calls refused that have no line of their own [calls=\"500\"]",
                        "INFO call refused [trunk=\"carrier\", reason=\"full\"]");
    }
}
