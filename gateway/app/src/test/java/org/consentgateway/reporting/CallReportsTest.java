package org.consentgateway.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.CallOutcome.Basis;
import org.consentgateway.call.CallOutcome.Path;
import org.consentgateway.call.CallOutcome.Trail;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Unclear;
import org.consentgateway.line.Quality;
import org.consentgateway.media.MediaStats;
import org.consentgateway.metrics.CallMeters;
import org.consentgateway.metrics.Meters;
import org.consentgateway.web.DecisionsToday;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CallReportsTest {
    private static final UUID CALL = UUID.fromString("019aa000-0000-7000-8000-000000000001");
    private static final CallFacts FACTS =
            new CallFacts(CALL, "ab12", "local", "demo", null, null, true, false, false);
    private static final NoticeRef NOTICE =
            new NoticeRef(
                    "demo",
                    "2026-11",
                    "de",
                    "a",
                    "00",
                    "00",
                    new org.consentgateway.consent.Notice.Controller("Musterfirma", "", "DE"));

    private final Meters meters = new Meters();
    private final DecisionsToday today = new DecisionsToday(() -> Instant.EPOCH, ZoneOffset.UTC);
    private final CallListener reports =
            CallListener.all(
                    List.of(new CallMeters(meters), today, new CallLog()),
                    (_, mistake) -> {
                        throw mistake;
                    });
    private final Logger log = (Logger) LoggerFactory.getLogger(CallLog.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

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
        meters.close();
    }

    @Test
    void aCallLeavesOneLineWithItsIdAndHowItWent() {
        ended(
                new CallOutcome.Assisted(
                        trail(CallEnded.How.CALLER_HUNG_UP),
                        "basis",
                        Basis.GIVEN,
                        Duration.ofMillis(61_240)));

        assertThat(lines.list).hasSize(1);
        ILoggingEvent line = lines.list.getFirst();
        assertThat(line.getMessage()).isEqualTo("call ended");
        assertThat(line.getLevel()).isEqualTo(Level.INFO);
        assertThat(fields(line))
                .contains("call_id=" + CALL, "line=demo", "outcome=assisted", "level=basis")
                .contains("talk_seconds=61.2", "language=de", "notice=2026-11a", "seconds=75.0")
                .contains("by=caller-hung-up");
    }

    @Test
    void whatAnOperatorShouldLookIntoIsLouder() {
        ended(new CallOutcome.Failed(trail(null), "IllegalStateException"));
        ended(new CallOutcome.StoreDown(trail(null), Path.HUMAN));
        ended(new CallOutcome.Refused(trail(null), Path.HUMAN));

        assertThat(lines.list)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.ERROR, Level.WARN, Level.INFO);
    }

    @Test
    void aWithdrawalThatFailedBesideItsCallHasALineOfItsOwn() {
        reports.told(new CallEvent.WithdrawalFailed(FACTS, "java.lang.IllegalStateException"));

        assertThat(lines.list).hasSize(1);
        ILoggingEvent line = lines.list.getFirst();
        assertThat(line.getLevel()).isEqualTo(Level.ERROR);
        assertThat(line.getMessage()).isEqualTo("withdrawal not done to its end");
        assertThat(fields(line))
                .contains("call_id=" + CALL, "line=demo", "error=java.lang.IllegalStateException");
    }

    @Test
    void theLineOfACallSaysHowItSounded() {
        var stats = new MediaStats(1000, 950, 50, 0, 2.25, 20, 0, 1, 0, 0, 0);
        reports.told(
                new CallEvent.Ended(
                        new CallOutcome.Refused(trail(null), Path.HUMAN), Quality.of(stats)));
        ended(new CallOutcome.Refused(trail(null), Path.HUMAN));

        assertThat(fields(lines.list.getFirst()))
                .contains(" mos=", " loss_percent=5.0 jitter_ms=2.3 mos_there=4.38");
        assertThat(fields(lines.list.getLast())).doesNotContain("mos", "loss");
        assertThat(meters.scrape("text/plain").text())
                .contains(
                        "consent_trunk_mos_count{direction=\"received\",trunk=\"local\"} 1",
                        "consent_trunk_mos_count{direction=\"sent\",trunk=\"local\"} 1",
                        "consent_trunk_mos_bucket{direction=\"received\",trunk=\"local\",le=\"4.03\"}"
                            + " 1",
                        "consent_trunk_rtp_packets_lost_total{direction=\"received\",trunk=\"local\"}"
                            + " 50.0");
    }

    @Test
    void endedCallsAreCountedByOutcome() {
        ended(new CallOutcome.Unanswered(trail(null), Unclear.NO_INPUT, Path.GOODBYE));

        assertThat(meters.scrape("").text())
                .contains("consent_calls_total{line=\"demo\",outcome=\"unanswered\"} 1.0")
                .contains("consent_call_duration_seconds_sum 75.0");
    }

    @Test
    void decisionsAreCountedForMetricsAndForTheDay() {
        reports.told(new CallEvent.DisclosureServed(FACTS, NOTICE, false, true));
        decided(new Decision.Unanswered(Unclear.CONFLICT), Method.NONE, 20);
        decided(new Decision.Refused(), Method.SPEECH, 2);
        reports.told(new CallEvent.Withdrawn(FACTS, "basis", Method.KEY));

        assertThat(meters.scrape("").text())
                .contains("reason=\"CONFLICT\",state=\"unanswered\"")
                .contains("method=\"speech\",reason=\"none\",state=\"refused\"")
                .contains("consent_withdrawals_total{level=\"basis\",line=\"demo\",method=\"key\"}")
                .contains("consent_disclosures_served_total{caller=\"new\",complete=\"true\"");
        assertThat(today.counts())
                .containsEntry("unanswered", 1L)
                .containsEntry("refused", 1L)
                .containsEntry("withdrawn", 1L)
                .containsEntry("given", 0L);
    }

    private void ended(CallOutcome outcome) {
        reports.told(new CallEvent.Ended(outcome, MediaQuality.NONE));
    }

    private void decided(Decision decision, Method method, int seconds) {
        reports.told(
                new CallEvent.Decided(
                        FACTS, NOTICE, false, decision, method, Duration.ofSeconds(seconds)));
    }

    private static Trail trail(CallEnded.@Nullable How how) {
        return new Trail(FACTS, "de", "2026-11", "a", Duration.ofSeconds(75), how);
    }

    private static String fields(ILoggingEvent line) {
        return line.getKeyValuePairs().stream()
                .map(pair -> pair.key + "=" + pair.value)
                .collect(Collectors.joining(" "));
    }
}
