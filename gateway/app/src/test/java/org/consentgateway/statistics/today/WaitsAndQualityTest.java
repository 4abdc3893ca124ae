package org.consentgateway.statistics.today;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.junit.jupiter.api.Test;

/** How long callers waited today, and how their calls sounded by trunk. */
class WaitsAndQualityTest {
    private Instant now = Instant.parse("2026-11-28T21:58:30Z");
    private final TodaySeen seen = TodaySeen.of(() -> now, ZoneOffset.UTC);

    private void tell(CallEvent event) {
        seen.listeners().forEach(each -> each.told(event));
    }

    private CallFacts call(String trunk) {
        return new CallFacts(UUID.randomUUID(), "", trunk, "line", now, null, false, false, false);
    }

    private void joined(CallEvent.Whom whom, int seconds) {
        var notice =
                new NoticeRef(
                        "demo", "1", "de", "a", "", "", new Notice.Controller("Firma", "", ""));
        tell(
                new CallEvent.Joined(
                        call("trunk"), notice, whom, Duration.ofMillis(seconds * 1000L + 900)));
    }

    private CallFacts ends(String trunk, MediaQuality.Stream received, MediaQuality.Stream sent) {
        CallFacts call = call(trunk);
        tell(
                new CallEvent.Ended(
                        new CallOutcome.Refused(
                                new CallOutcome.Trail(
                                        call, "de", "1", "a", Duration.ofSeconds(9), null),
                                CallOutcome.Path.GOODBYE),
                        new MediaQuality(received, sent, MediaQuality.NONE.dropped())));
        return call;
    }

    private static MediaQuality.Stream stream(long packets, long lost, double mos) {
        return new MediaQuality.Stream(packets, lost, 2.5, mos);
    }

    private static final MediaQuality.Stream SILENT = stream(0, 0, Double.NaN);

    @Test
    void eachWaitIsInItsColumnAndMidnightBeginsADay() {
        for (int seconds : new int[] {4, 9, 9, 12, 700}) {
            joined(CallEvent.Whom.ASSISTANT, seconds);
        }
        joined(CallEvent.Whom.HUMAN, 0);

        var waits = seen.waits().look().waits();
        var assistant = Objects.requireNonNull(waits.get("assistant"));

        assertThat(assistant.callers()).isEqualTo(5);
        assertThat(assistant.median()).isEqualTo(9);
        assertThat(assistant.quantile(0.9)).isEqualTo(600);
        assertThat(assistant.columns())
                .containsEntry(0, 1L)
                .containsEntry(5, 2L)
                .containsEntry(10, 1L)
                .containsEntry(60, 1L)
                .hasSize(13);
        assertThat(Objects.requireNonNull(waits.get("human")).callers()).isOne();

        now = now.plus(Duration.ofHours(3));
        assertThat(seen.waits().look().since()).isEqualTo("2026-11-29T00:00:00Z");
        assertThat(seen.waits().look().waits().values())
                .allMatch(each -> each.callers() == 0 && each.median() == null);
    }

    @Test
    void aTrunkIsToldOfByWhatItsCallsWereMeasured() {
        for (int i = 0; i < 9; i++) {
            ends("good", stream(990, 10, 4.2), SILENT);
        }
        ends("good", stream(900, 100, 2.0), stream(1000, 30, 3.5));
        ends("silent", SILENT, SILENT);

        var good = seen.quality().look("good");
        TrunkQuality.Sounded received =
                Objects.requireNonNull(good.get(TrunkQuality.Direction.RECEIVED));
        TrunkQuality.Sounded sent = Objects.requireNonNull(good.get(TrunkQuality.Direction.SENT));
        TrunkQuality.Opinions scores = Objects.requireNonNull(received.scores());

        assertThat(received.calls()).isEqualTo(10);
        assertThat(scores.low()).isEqualTo(2.0, within());
        assertThat(scores.median()).isEqualTo(4.2, within());
        assertThat(scores.high()).isEqualTo(4.2, within());
        assertThat(received.lossPercent()).isEqualTo(1.9, within());
        assertThat(received.lossy()).as("above 1 %, not at it").isOne();
        assertThat(sent.calls()).as("of which the far side has told").isOne();
        assertThat(sent.lossPercent()).isEqualTo(3, within());
        assertThat(seen.quality().look("silent").values()).allMatch(each -> each.scores() == null);
        assertThat(seen.quality().look("nobody").values()).allMatch(each -> each.calls() == 0);
    }

    private static Offset<Double> within() {
        return Offset.offset(1e-9);
    }

    @Test
    void aDayLaterNothingIsLeftOfIt() {
        ends("good", stream(1000, 0, 4.4), SILENT);
        now = now.plus(Duration.ofHours(22));
        ends("good", stream(1000, 0, 4.4), SILENT);
        assertThat(calls()).isEqualTo(2);

        now = now.plus(Duration.ofHours(2));
        assertThat(calls()).isOne();
    }

    private long calls() {
        return Objects.requireNonNull(
                        seen.quality().look("good").get(TrunkQuality.Direction.RECEIVED))
                .calls();
    }

    @Test
    void aCallThatEndedTellsHowItSounded() {
        CallFacts call = ends("good", stream(190, 10, 3.9), SILENT);

        CallSteps.Ending ending = seen.steps().endedOf(call.callId()).orElseThrow().ending();

        assertThat(ending.received())
                .isEqualTo(new StreamQuality(200, new StreamQuality.Measured(10, 5.0, 2.5, 3.9)));
        assertThat(ending.sent()).isEqualTo(new StreamQuality(0, null));
        assertThat(seen.steps().endedOf(UUID.randomUUID())).isEmpty();
    }
}
