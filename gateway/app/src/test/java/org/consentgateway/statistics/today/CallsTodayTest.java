package org.consentgateway.statistics.today;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.junit.jupiter.api.Test;

/** A day of callers, each counted once in each stage. */
class CallsTodayTest {
    private Instant now = Instant.parse("2026-11-28T22:58:30Z");
    private final CallsToday today = new CallsToday(() -> now, ZoneOffset.UTC);
    private final CallSteps steps = new CallSteps(() -> now);

    private void tell(CallEvent event) {
        today.told(event);
        steps.told(event);
    }

    private CallFacts call() {
        return new CallFacts(
                UUID.randomUUID(), "", "trunk", "line", now, null, false, false, false);
    }

    private static NoticeRef notice() {
        return new NoticeRef(
                "demo", "1", "de", "a", "", "", new Notice.Controller("Musterfirma", "", ""));
    }

    private void ends(CallFacts call) {
        tell(
                new CallEvent.Ended(
                        new CallOutcome.Refused(
                                new CallOutcome.Trail(
                                        call, "de", "1", "a", Duration.ofSeconds(9), null),
                                CallOutcome.Path.GOODBYE),
                        MediaQuality.NONE));
    }

    @Test
    void whoComesFurtherIsCountedInEachStageBefore() {
        CallFacts known = call();
        tell(new CallEvent.FirstAudio(known, Duration.ZERO));
        tell(new CallEvent.Used(known, "basis"));
        tell(new CallEvent.Joined(known, notice(), CallEvent.Whom.ASSISTANT, Duration.ZERO));
        tell(new CallEvent.Joined(known, notice(), CallEvent.Whom.ASSISTANT, Duration.ZERO));
        ends(known);
        CallFacts asked = call();
        tell(new CallEvent.FirstAudio(asked, Duration.ZERO));
        tell(new CallEvent.QuestionServed(asked, notice(), false, Instant.EPOCH));
        tell(new CallEvent.Joined(asked, notice(), CallEvent.Whom.HUMAN, Duration.ZERO));

        CallsToday.Look look = today.look();

        assertThat(look.funnel())
                .isEqualTo(
                        Map.of(
                                FunnelStage.ANSWERED, 2L,
                                FunnelStage.ASKED, 2L,
                                FunnelStage.AGREED, 1L,
                                FunnelStage.ASSISTED, 1L));
        assertThat(look.human()).isEqualTo(1);
    }

    @Test
    void anHourIsShownMinuteByMinuteAndMidnightBeginsADay() {
        CallFacts call = call();
        tell(new CallEvent.FirstAudio(call, Duration.ZERO));
        tell(new CallEvent.Withdrawn(call, "basis", Method.KEY));
        now = now.plus(Duration.ofMinutes(2));

        List<AnswerCounts> minutes = today.look().minutes();

        assertThat(minutes).hasSize(CallsToday.MINUTES);
        assertThat(minutes.get(57).of(AnswerCounts.Kind.WITHDRAWN)).isEqualTo(1);
        assertThat(today.look().funnel()).containsEntry(FunnelStage.ANSWERED, 1L);
        now = now.plus(Duration.ofHours(1));
        assertThat(today.look().funnel()).containsEntry(FunnelStage.ANSWERED, 0L);
        assertThat(today.look().since()).isEqualTo(Instant.parse("2026-11-29T00:00:00Z"));
        assertThat(today.look().minutes())
                .noneMatch(each -> each.of(AnswerCounts.Kind.WITHDRAWN) > 0);
    }

    /** Found in the product before: one was answered and four agreed, 400 percent. */
    @Test
    void whoCameBeforeMidnightIsOfTheDayBefore() {
        CallFacts call = call();
        now = Instant.parse("2026-11-28T23:59:50Z");
        tell(new CallEvent.FirstAudio(call, Duration.ZERO));
        CallFacts ringing = call();
        now = Instant.parse("2026-11-29T00:00:05Z");
        tell(new CallEvent.Used(call, "basis"));
        tell(new CallEvent.Joined(call, notice(), CallEvent.Whom.ASSISTANT, Duration.ZERO));

        assertThat(today.look().funnel().values()).containsOnly(0L);
        tell(new CallEvent.FirstAudio(ringing, Duration.ZERO));
        tell(new CallEvent.Used(ringing, "basis"));
        assertThat(today.look().funnel())
                .isEqualTo(
                        Map.of(
                                FunnelStage.ANSWERED, 1L,
                                FunnelStage.ASKED, 1L,
                                FunnelStage.AGREED, 1L,
                                FunnelStage.ASSISTED, 0L));
    }

    @Test
    void theLastCallsAreKeptAndNoMore() {
        for (int i = 0; i < CallSteps.MOST_ENDED + 1; i++) {
            CallFacts call = call();
            for (int k = 0; k < CallSteps.MOST_STEPS + 1; k++) {
                tell(new CallEvent.FirstAudio(call, Duration.ZERO));
            }
            assertThat(steps.of(call.callId())).hasSize(CallSteps.MOST_STEPS);
            ends(call);
            assertThat(steps.of(call.callId())).isEmpty();
        }

        assertThat(steps.ended(1000)).hasSize(CallSteps.MOST_ENDED);
        assertThat(steps.ended(1).getFirst().ending().outcome()).isEqualTo("refused");
    }
}
