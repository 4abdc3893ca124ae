package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.Tones;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A calls, and an exchange passes the call on to B: the same dialog goes on, and the trunk names
 * another caller in it. B was asked nothing.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PassedOnCallsTest {
    private static final String B = "<sip:+491719999999@127.0.0.1>";
    private static final short[] VOICE = Tones.sine(Caller.VOICE_HERTZ, 60_000, 6000);

    @RegisterExtension
    static final TestGateway gateway = TestGateway.with(TestGateway.Wishes.USUAL);

    /** None before its first record, by which it is known. */
    private static List<AnsweredCall> humans(String number) throws Exception {
        return gateway.callIds(number).stream()
                .limit(1)
                .flatMap(call -> gateway.human().calls("X-Gateway-Call-Id", call).stream())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "INVITE, +491710001001, <sip:+491719999999@127.0.0.1>",
        "UPDATE, +491710001002, <tel:+491719999999>",
        "UPDATE, +491710001003, <sip:anonymous@anonymous.invalid>"
    })
    @Execution(ExecutionMode.CONCURRENT)
    void whoTakesOverATalkIsNotHeardByTheAssistantAndReachesAPerson(
            String method, String number, String b) throws Exception {
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number)) {
            AnsweredCall assistant = gateway.talksWithTheAssistant(caller, number);
            int before = assistant.loudFrames();
            assertThat(caller.asserted(b).asks(method, "").status()).isEqualTo(200);
            caller.voice().say(VOICE);

            TestWait.until(() -> humans(number).stream().anyMatch(AnsweredCall::heardTheCaller));
            assertThat(assistant.loudFrames()).as("of B, by the assistant").isEqualTo(before);
            assertThat(humans(number).getFirst().header("From")).doesNotContain(number);
            gateway.tellsOfTalk(number, "basis");
            caller.hangsUp();
        }
    }

    /** From the INVITE on B has asked for nothing and been asked nothing. */
    @ParameterizedTest
    @CsvSource({"INVITE, +491710001011", "UPDATE, +491710001012"})
    @Execution(ExecutionMode.CONCURRENT)
    void aYesOfBIsNeverStoredUnderTheNumberOfA(String method, String number) throws Exception {
        try (Caller caller = gateway.caller(TestGateway.REMEMBER, number).calls()) {
            gateway.tells(number, "Served opening");
            assertThat(caller.asserted(B).asks(method, "").status()).isEqualTo(200);
            caller.voice().say(VOICE);
            for (int times = 0; humans(number).isEmpty(); times++) {
                assertThat(times).as("keys of B").isLessThan(60);
                caller.presses('1');
                TimeUnit.MILLISECONDS.sleep(300);
            }
            TestWait.until(() -> humans(number).getFirst().heardTheCaller());
            gateway.tells(number, "Served opening", "Unanswered HANGUP_DURING_QUESTION");
            assertThat(
                            gateway.assistant()
                                    .calls("X-Gateway-Call-Id", gateway.callIds(number).getFirst()))
                    .isEmpty();
            caller.hangsUp();
        }
    }

    /** An answered call leaves one decision. */
    @Story
    void aCallThatIsPassedOnBeforeTheAckGoesToAPersonAndLeavesItsRecord() throws Exception {
        String number = "+491710001041";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number).callsOnly()) {
            assertThat(caller.asserted(B).asks("UPDATE", "").status()).isEqualTo(200);
            caller.acknowledgesLate();
            caller.talks();
            caller.voice().say(VOICE);
            TestWait.until(() -> humans(number).stream().anyMatch(AnsweredCall::heardTheCaller));
            assertThat(gateway.story(number)).contains("Unanswered HANGUP_DURING_OPENING");
            caller.hangsUp();
        }
    }

    /** Sessions are refreshed so, by exchanges that name the caller once or each time. */
    @ParameterizedTest
    @ValueSource(strings = {"INVITE", "UPDATE"})
    @Execution(ExecutionMode.CONCURRENT)
    void whoIsNamedAsBeforeOrNotAtAllTalksOn(String method) throws Exception {
        String number = "+4917100010" + (method.equals("INVITE") ? "21" : "22");
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number)) {
            AnsweredCall assistant = gateway.talksWithTheAssistant(caller, number);
            assertThat(caller.asks(method, "").status()).isEqualTo(200);
            caller.asserted("<tel:" + number + ">");
            assertThat(caller.asks(method, "Privacy: id\r\n").status()).isEqualTo(200);
            assertThat(caller.assertedNoMore().asks(method, "").status()).isEqualTo(200);
            int before = assistant.loudFrames();
            caller.voice().say(VOICE);
            TestWait.until(() -> assistant.loudFrames() > before + 25);
            assertThat(humans(number)).isEmpty();
            caller.hangsUp();
            gateway.tellsOfTalk(number, "basis");
        }
    }

    /** He is not torn away from it. */
    @Story
    void whoIsPassedOnWhileTalkingToAPersonTalksOn() throws Exception {
        String number = "+491710001031";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number).calls()) {
            while (!gateway.story(number).contains("Refused")) {
                caller.presses('2');
                TimeUnit.MILLISECONDS.sleep(300);
            }
            TestWait.until(() -> !humans(number).isEmpty());
            caller.voice().say(VOICE);
            TestWait.until(() -> humans(number).getFirst().heardTheCaller());
            assertThat(caller.asserted(B).asks("UPDATE", "").status()).isEqualTo(200);
            int before = humans(number).getFirst().loudFrames();
            TestWait.until(() -> humans(number).getFirst().loudFrames() > before + 25);
            assertThat(humans(number)).hasSize(1);
            assertThat(humans(number).getFirst().over()).isFalse();
            caller.hangsUp();
        }
    }
}
