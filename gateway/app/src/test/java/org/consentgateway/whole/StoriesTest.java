package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.cli.TrunkCommand;
import org.consentgateway.testkit.AnsweredCall;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

/** What callers do with their consent over several calls; the ledger tells the same. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class StoriesTest {
    @RegisterExtension
    static final TestGateway gateway = TestGateway.with(TestGateway.Wishes.USUAL);

    private static TestCaller calls(String line, String number) throws Exception {
        return TestCaller.calls(gateway, line, number).talks();
    }

    @Story
    void aLadderKeepsWhatWasGrantedBeforeTheFirstNo() throws Exception {
        String number = "+491710000001";
        TestCaller caller = calls(TestGateway.LADDER, number);
        caller.hears("opening").hears("question-keys.assistant").presses("1");
        caller.hears("question-keys.transcript").presses("1");
        caller.hears("question-keys.recording").presses("2");
        caller.hears("confirm-keys.komfort").hears("assistant").hangsUp();
        AnsweredCall assistant = gateway.assistantOf(number, 0);
        await("not only when no media has come for long")
                .atMost(Duration.ofSeconds(10))
                .until(assistant::over);
        gateway.tellsOfTalk(number, "komfort");
        assertThat(assistant.header("X-Consent-Level")).isEqualTo("komfort");
        assertThat(assistant.header("X-Consent-Purposes").split(",", -1))
                .containsExactlyInAnyOrder("assistant", "transcript");
        assertThat(assistant.header("X-Consent-Valid-Until")).isEqualTo("this-call");
    }

    @Story
    void aMenuTakesOneKeyForALevel() throws Exception {
        menu("+491710000012");
    }

    private static void menu(String number) throws Exception {
        TestCaller caller = calls(TestGateway.MENU, number);
        caller.hears("menu").presses("3").hears("confirm-keys.voll").hears("assistant").hangsUp();
        gateway.tellsOfTalk(number, "voll");
        assertThat(gateway.assistantOf(number, 0).header("X-Consent-Level")).isEqualTo("voll");
    }

    @Story
    void aKnownCallerIsAskedShortlyUntilTheConsentIsWithdrawn() throws Exception {
        String number = "+491710000003";
        remembered(number);

        TestCaller again = calls(TestGateway.REMEMBER, number);
        again.hears("opening-known").hears("known-keys.merken").presses("1");
        again.hears("assistant");
        assertThat(again.heard()).noneMatch(part -> part.startsWith("question"));
        AnsweredCall assistant = gateway.assistantOf(number, 1);
        TestWait.until(() -> assistant.heardTheCaller());
        again.presses("*9").hears("withdrawn").hears("to-human").hears("human");
        TestWait.until(assistant::over);
        int heardBefore = assistant.loudFrames();
        again.hangsUp();
        assertThat(assistant.loudFrames()).isEqualTo(heardBefore);
        List<AnsweredCall> human = gateway.human().calls("From", number);
        assertThat(human).hasSize(1);

        TestCaller third = calls(TestGateway.REMEMBER, number);
        third.hears("opening").hears("question-keys.assistant").presses("2");
        third.hears("human").hangsUp();
        gateway.tells(
                number,
                "Served opening",
                "Given merken",
                "AssistantOpened",
                "AssistantCut CALLER_HUNG_UP",
                "Served opening-known",
                "Reaffirmed merken",
                "AssistantOpened",
                "Withdrawn KEY",
                "AssistantCut WITHDRAWN",
                "HolderNotified WITHDRAWN BYE",
                "Served opening",
                "Refused");
    }

    /** Somebody agrees, and agrees to be remembered. */
    private static void remembered(String number) throws Exception {
        calls(TestGateway.REMEMBER, number)
                .hears("question-keys.assistant")
                .presses("1")
                .hears("remember-keys")
                .presses("1")
                .hears("assistant")
                .hangsUp();
        gateway.tellsOfTalk(number, "merken");
    }

    @Story
    void aNumberThatIsWithheldIsAskedEveryTime() throws Exception {
        for (int call = 0; call < 2; call++) {
            TestCaller caller = calls(TestGateway.ONE_LEVEL, "anonymous");
            caller.hears("opening").hears("question-keys.assistant").presses("1");
            caller.hears("assistant").hangsUp();
        }
        assertThat(gateway.assistant().calls("X-Consent-Valid-Until", "this-call"))
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @Story
    void theKeyOfALevelPressedTwiceChoosesIt() throws Exception {
        String number = "+491710000009";
        TestCaller caller = calls(TestGateway.MENU, number);
        caller.hears("menu").presses("22").hearsBeginningOf("confirm-keys.komfort").presses("2");
        caller.hears("assistant").hangsUp();
        assertThat(gateway.story(number))
                .contains("Given komfort", "AssistantOpened")
                .doesNotContain("Withdrawn KEY");
    }

    @Story
    void theWithdrawalKeysWorkAtTheQuestionAfterTheConversation() throws Exception {
        String number = "+491710000008";
        TestCaller caller = calls(TestGateway.MENU, number);
        caller.hears("menu").presses("1").hears("assistant");
        gateway.assistantOf(number, 0).hangUp();
        caller.hears("satisfaction").presses("*9").hears("withdrawn").hears("human").hangsUp();
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "AssistantCut ASSISTANT_HUNG_UP",
                "Withdrawn KEY");
    }

    @Story
    void everyCounterIsThereFromTheStart() throws Exception {
        assertThat(gateway.http("/metrics"))
                .contains(
                        "consent_questions_served_total{caller=\"known\",language=\"en\","
                                + "line=\"no-human\",variant=\"a\"} 0.0",
                        "consent_trunk_rejected_total{reason=\"no_srtp\",trunk=\"narrow\"} 0.0",
                        "consent_holders_notified_total{acknowledged_by=\"none\","
                                + "event=\"expired\"} 0.0",
                        "consent_media_dropped_total{reason=\"bad_rtcp\"} ");
    }

    @Story
    void anOperatorSeesTheMessagesOfACallAndNobodysNumber() throws Exception {
        menu("+491710000002");
        noHuman("+491710000006");
        String call = gateway.callIds("+491710000002").getFirst();
        await().untilAsserted(() ->
                assertThat(trunk("trace", call))
                        .containsSubsequence(
                                "leg 1",
                                "-->  INVITE sdp",
                                "<--  180 INVITE",
                                "<--  200 INVITE sdp",
                                "-->  ACK",
                                "leg 2",
                                "<--  INVITE sdp",
                                "-->  200 INVITE sdp",
                                "<--  ACK",
                                "BYE")
                        .doesNotContain("0000002", TestGateway.MENU.substring(1)));
        assertThat(trunk("list"))
                .contains("trunk", "local", "calls from it: 200 x ", "ASR ", "NER ")
                .contains("assistant", "human")
                .doesNotContain("0000002");
        assertThat(trunk("probe", "assistant")).contains("udp:127.0.0.1:");
        assertThat(trunk("probe", "nobody")).contains("nobody is called \"nobody\"");
        assertThat(trunk("trace", "seventeen")).contains("no such call");
        assertThat(gateway.http("/metrics"))
                .contains("consent_trunk_answers_total{direction=\"received\",status=\"200\",")
                .contains("consent_trunk_call_duration_seconds_count{trunk=\"local\"}");
    }

    /** What the command says, or why it cannot. */
    private static String trunk(String... words) {
        StringWriter said = new StringWriter();
        CommandLine command =
                TrunkCommand.with(() ->
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), gateway.gateway().webPort()));
        command.setOut(new PrintWriter(said, true));
        command.setErr(new PrintWriter(said, true));
        command.setExecutionExceptionHandler((e, line, _) -> {
            line.getErr().println(e.getMessage());
            return 1;
        });
        int _ = command.execute(words);
        return said.toString();
    }

    @Story
    void aNoWhileTheConsentIsConfirmedIsAWithdrawal() throws Exception {
        String number = "+491710000031";
        TestCaller caller = calls(TestGateway.ONE_LEVEL, number);
        caller.hears("question-keys.assistant").presses("1").hearsBeginningOf("confirm-keys.basis");
        caller.presses("2").hears("withdrawn").hears("human").hangsUp();
        // The assistant has answered meanwhile, and its INVITE has named the consent.
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "Withdrawn KEY",
                "HolderNotified WITHDRAWN BYE");
        assertThat(caller.heard()).doesNotContain("assistant");
    }

    @Story
    void whoeverIsNotReachedIsSaidAndTheLedgerStaysWhole() throws Exception {
        noHuman("+491710000016");
    }

    private static void noHuman(String number) throws Exception {
        TestCaller caller = calls(TestGateway.NO_HUMAN, number);
        caller.hears("question-keys.assistant").presses("2").hearsBeginningOf("goodbye").isOver();
        gateway.tells(number, "Served opening", "Refused");
        assertThat(gateway.verify().findings()).isEmpty();
        assertThat(gateway.http("/metrics")).contains("decisions");
    }
}
