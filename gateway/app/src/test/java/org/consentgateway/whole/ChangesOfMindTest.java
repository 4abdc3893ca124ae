package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.Callee;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Who agrees and thinks better of it before anybody listens. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Execution(ExecutionMode.CONCURRENT)
class ChangesOfMindTest {
    private static final String TWO_QUESTIONS = "+4930123491";
    private static final String RINGING = "+4930123492";

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL.withPromptsOfAtLeast(3000),
                    ChangesOfMindTest::withTheirLines);

    private static String withTheirLines(String yaml) {
        String assistant = "(?m)^( *- \\{name: )assistant(, uri: \"sip:)assistant(@.*)$";
        return yaml.replaceFirst(
                                assistant, "$0\n$1" + Callee.RINGING + "$2" + Callee.RINGING + "$3")
                        .replace("ring-timeout: 5s", "ring-timeout: 30s")
                + AddedLine.to("assistant", TWO_QUESTIONS).named("two").levels("basis, komfort")
                + AddedLine.to(Callee.RINGING, RINGING).named("ringing");
    }

    private static TestCaller calls(String line, String number) throws Exception {
        return TestCaller.calls(gateway, line, number).talks().hears("question-keys.assistant");
    }

    @Test
    void aKeyThatIsCorrectedAtOnceIsAskedAgain() throws Exception {
        String number = "+491710000371";
        TestCaller caller = calls(TWO_QUESTIONS, number).presses("12");
        caller.hearsBeginningOf("repeat-1-keys.assistant").presses("2").hears("human").hangsUp();

        gateway.tells(number, "Served opening", "Refused");
    }

    @Test
    void whoWithdrawsInAFurtherQuestionHasAgreedToNothing() throws Exception {
        String number = "+491710000372";
        TestCaller caller = calls(TWO_QUESTIONS, number).presses("1");
        caller.hears("question-keys.transcript").presses("*9").hears("human").hangsUp();

        gateway.tells(number, "Served opening", "Refused");
    }

    @Test
    void whoWithdrawsRightBehindAYesIsNotDialledFor() throws Exception {
        String number = "+491710000373";
        TestCaller caller = calls(TWO_QUESTIONS, number).presses("1*9");
        caller.hears("human").hangsUp();

        gateway.tells(number, "Served opening", "Refused");
    }

    @Test
    void aNoWhileTheAssistantRingsWithdraws() throws Exception {
        String number = "+491710000374";
        TestCaller caller = calls(RINGING, number).presses("1").hears("confirm.basis");
        caller.presses("2").hears("withdrawn").hears("human").hangsUp();

        gateway.tells(number, "Served opening", "Given basis", "Withdrawn KEY");
        assertThat(gateway.assistant().calls("X-Consent-Level", "komfort")).isEmpty();
    }
}
