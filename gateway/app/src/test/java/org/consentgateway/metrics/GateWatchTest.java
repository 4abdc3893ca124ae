package org.consentgateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.UUID;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.Level;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.ValidityPeriod;
import org.consentgateway.line.Quality;
import org.consentgateway.media.MediaStats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateWatchTest {
    private static final NoticeRef NOTICE =
            new NoticeRef(
                    "demo",
                    "2026-11",
                    "de",
                    "a",
                    "00",
                    "00",
                    new Notice.Controller("Musterfirma", "", "DE"));
    private static final Decision GIVEN =
            new Decision.Given(
                    Level.of(
                            "basis",
                            List.of(Purpose.ASSISTANT),
                            ValidityPeriod.parse("P12M"),
                            Period.ofYears(3),
                            true));

    private final Meters meters = new Meters();
    private final GateWatch watch = new GateWatch(meters);

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void anAssistantIsJoinedWithWhoeverHasAgreedInThisCall() {
        CallFacts asked = call(1);
        watch.told(decided(asked, GIVEN));
        watch.told(joined(asked, CallEvent.Whom.ASSISTANT));
        CallFacts again = call(2);
        watch.told(new CallEvent.Reaffirmed(again, "basis", Method.KEY));
        watch.told(joined(again, CallEvent.Whom.ASSISTANT));
        CallFacts known = call(3);
        watch.told(new CallEvent.Used(known, "basis"));
        watch.told(joined(known, CallEvent.Whom.ASSISTANT));

        assertThat(violations("no-consent")).isZero();
    }

    @Test
    void aPersonNeedsNoConsent() {
        watch.told(decided(call(1), new Decision.Refused()));
        watch.told(joined(call(1), CallEvent.Whom.HUMAN));

        assertThat(violations("no-consent")).isZero();
    }

    @Test
    void anybodyElseJoinedWithAnAssistantIsAViolation() {
        watch.told(joined(call(1), CallEvent.Whom.ASSISTANT));
        assertThat(violations("no-consent")).as("nobody was asked").isEqualTo(1);

        watch.told(decided(call(2), GIVEN));
        watch.told(joined(call(3), CallEvent.Whom.ASSISTANT));
        assertThat(violations("no-consent")).as("another caller agreed").isEqualTo(2);

        watch.told(decided(call(4), new Decision.Unanswered(Unclear.NO_INPUT)));
        watch.told(joined(call(4), CallEvent.Whom.ASSISTANT));
        assertThat(violations("no-consent")).as("silence").isEqualTo(3);

        watch.told(decided(call(5), GIVEN));
        watch.told(new CallEvent.Withdrawn(call(5), "basis", Method.KEY));
        watch.told(joined(call(5), CallEvent.Whom.ASSISTANT));
        assertThat(violations("no-consent")).as("withdrawn").isEqualTo(4);
    }

    @Test
    void whatTheGateRefusedIsCountedByItself() {
        watch.told(new CallEvent.GateRefused(call(1)));

        assertThat(violations("other-call")).isEqualTo(1);
        assertThat(violations("no-consent")).isZero();
    }

    @Test
    void nothingIsKeptOfACallThatIsOver() {
        watch.told(decided(call(1), GIVEN));
        watch.told(ended(call(1)));
        watch.told(joined(call(1), CallEvent.Whom.ASSISTANT));

        assertThat(violations("no-consent")).isEqualTo(1);
    }

    private double violations(String how) {
        return meters.counter(Meter.GATE_VIOLATIONS, how).count();
    }

    private static CallEvent decided(CallFacts facts, Decision decision) {
        return new CallEvent.Decided(
                facts, NOTICE, false, decision, Method.KEY, Duration.ofSeconds(2));
    }

    private static CallEvent joined(CallFacts facts, CallEvent.Whom whom) {
        return new CallEvent.Joined(facts, NOTICE, whom, Duration.ofSeconds(12));
    }

    private static CallEvent ended(CallFacts facts) {
        var trail =
                new CallOutcome.Trail(facts, "de", "2026-11", "a", Duration.ofSeconds(90), null);
        MediaQuality media = Quality.of(MediaStats.NONE);
        return new CallEvent.Ended(new CallOutcome.Drained(trail), media);
    }

    private static CallFacts call(long id) {
        return new CallFacts(
                new UUID(0, id), "ab12", "carrier", "demo", null, null, true, false, false);
    }
}
