package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    @RegisterExtension
    static final TestGateway narrow =
            TestGateway.with(
                    TestGateway.Wishes.USUAL,
                    yaml -> yaml.replace("limits: {", "limits: {unacknowledged-per-trunk: 2, "));

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

    /** Whoever forges the source of an INVITE would fill the disk, with what nobody may delete. */
    @Story
    void whatNobodyAcknowledgesIsWrittenNowhere() throws Exception {
        String number = "+491740000004";
        List<Caller> callers = new ArrayList<>();
        for (int call = 0; call < 5; call++) {
            callers.add(narrow.caller(TestGateway.ONE_LEVEL, number).callsOnly());
        }
        for (Caller caller : callers) {
            caller.hangsUp(); // whoever has not been given up for the next
            caller.close();
        }
        await().atMost(TestCaller.PATIENCE)
                .until(() ->
                        narrow.http("/metrics")
                                .contains(
                                        "consent_calls_total{line=\"one\",outcome=\"never-answered\"}"
                                            + " 5"));
        assertThat(narrow.story(number)).isEmpty();
    }
}
