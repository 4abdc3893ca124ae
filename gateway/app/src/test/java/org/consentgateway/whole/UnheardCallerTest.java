package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.Caller;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Callers of whom something is missing: their media, or their ACK. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UnheardCallerTest {
    private static final Duration REPORT = Duration.ofMillis(300);

    // Shorter than the opening, as in the configuration that is shipped.
    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL.withSilenceAfter("1s"));

    @Story
    void aCallerWithoutMediaReachesAHumanAndTheRecordSaysWhy() throws Exception {
        String number = "+491740000001";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number).callsOnly()) {
            caller.acknowledges();
            await().atMost(TestCaller.PATIENCE)
                    .until(() -> gateway.human().calls("From", number).size() == 1);
            gateway.tells(
                    number,
                    "Served opening (cut)",
                    "Served opening (cut)",
                    "Unanswered PROMPT_INCOMPLETE");
            await("the talk that nobody can be heard in ends")
                    .atMost(TestCaller.PATIENCE)
                    .until(() -> gateway.human().calls("From", number).getFirst().over());
        }
    }

    /** A telephone that suppresses silence, of somebody who says nothing. */
    @Story
    void aCallerWhoOnlyReportsIsAskedAndKeptInTheTalk() throws Exception {
        String number = "+491740000003";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number).callsOnly()) {
            caller.acknowledges();
            await().atMost(TestCaller.PATIENCE)
                    .pollInterval(REPORT)
                    .until(() -> {
                        caller.voice().reports();
                        return gateway.human().calls("From", number).size() == 1;
                    });
            gateway.tells(number, "Served opening", "Unanswered NO_INPUT");
            for (int i = 0; i < 10; i++) {
                caller.voice().reports();
                Thread.sleep(REPORT);
            }
            assertThat(gateway.human().calls("From", number).getFirst().over()).isFalse();
            caller.hangsUp();
        }
    }

    @Story
    void aCallerWhoNeverAcknowledgesIsNotSpokenTo() throws Exception {
        String number = "+491740000002";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number).callsOnly()) {
            caller.talks();
            for (int second = 0; second < 4; second++) {
                caller.presses('1');
                Thread.sleep(Duration.ofSeconds(1));
            }
            assertThat(caller.voice().spoken()).isZero();
            assertThat(gateway.story(number)).isEmpty();
            caller.acknowledges();
            await().atMost(TestCaller.PATIENCE).until(() -> caller.voice().spoken() > 25);
            caller.hangsUp();
        }
        gateway.tells(number, "Served opening (cut)", "Unanswered HANGUP_DURING_OPENING");
    }
}
