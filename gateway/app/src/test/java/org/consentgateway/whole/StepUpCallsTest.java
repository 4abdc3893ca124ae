package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One purpose more or less in the middle of a real talk, over SIP. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class StepUpCallsTest {
    private static final String ASKING = "+4930123491";
    private static final String BY_API = "+4930123498";

    /** What is agreed to there may be remembered. */
    private static final String LASTING = "+4930123499";

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, StepUpCallsTest::withItsLine);

    /** Another assistant, which answers at the same port and takes INFO. */
    private static String withItsLine(String yaml) {
        String assistant = "(?m)^( *- \\{name: )assistant(, uri: \"sip:)assistant(@.*)$";
        String informed = Callee.INFORMED;
        return ApiClient.LISTEN
                + yaml.replaceFirst(assistant, "$0\n$1" + informed + "$2" + informed + "$3")
                        .replace(
                                "[assistant, transcript]}",
                                "[assistant, transcript], validity: P12M}")
                + line("asking", ASKING)
                + line("asking-by-api", BY_API)
                + AddedLine.to("assistant", LASTING).named("lasting").levels("merken, komfort");
    }

    private static AddedLine line(String name, String number) {
        return AddedLine.to(Callee.INFORMED, number)
                .named(name)
                .levels("basis, komfort")
                .with("further-questions", 0);
    }

    /** Over SIP, by INFO. */
    private static final class BySip extends AskingAssistant {
        private final AnsweredCall call;

        BySip(AnsweredCall call) {
            this.call = call;
        }

        @Override
        void asksFor(String purpose) {
            call.says(
                    "INFO",
                    "",
                    "application/consent+json",
                    "{\"event\":\"step-up\",\"purpose\":\"" + purpose + "\"}");
        }

        @Override
        List<JsonNode> told() {
            return call.asked().stream()
                    .filter(asked -> asked.request().method().equals("INFO"))
                    .map(asked -> read(asked.request().body()))
                    .toList();
        }

        @Override
        int heard() {
            return call.loudFrames();
        }
    }

    private static String status(String token) throws Exception {
        return new IssuedToken(gateway, token).status();
    }

    @Story
    void theAssistantAsksTheGatewayAsksAndTheTalkGoesOnWithANewToken() throws Exception {
        String number = "+491710000901";
        TestCaller caller = TestCaller.agrees(gateway, ASKING, number).hears("assistant");
        AnsweredCall call = gateway.assistantOf(number, 0);
        var assistant = new BySip(call);
        assistant.hearsTheCaller();
        assistant.asksAndTheCallerAgrees(caller);
        assertThat(assistant.told(1).path("event").asText()).isEqualTo("asking");
        JsonNode granted = assistant.told(2);
        assertThat(granted.path("event").asText()).isEqualTo("granted");
        assertThat(granted.path("purposes").asText()).isEqualTo("assistant transcript");
        assertThat(status(granted.path("token").asText())).isEqualTo("valid");

        caller.presses("*8");
        JsonNode ended = assistant.told(3);
        assertThat(ended.path("event").asText()).isEqualTo("ended");
        assertThat(ended.path("purposes").asText()).isEqualTo("assistant");
        assertThat(status(granted.path("token").asText())).isEqualTo("invalid");
        assertThat(status(call.header("X-Consent-Token"))).isEqualTo("invalid");
        assertThat(status(ended.path("token").asText())).isEqualTo("valid");
        assistant.hearsTheCaller();
        assistant.asksFor("transcript");
        assertThat(assistant.told(4).path("reason").asText()).isEqualTo("refused-before");
        caller.hangsUp();
        AskingAssistant.moreAndLessIsRecorded(gateway, number);
        assertThat(gateway.http("/metrics"))
                .contains("consent_purposes_decided_total{line=\"asking\",state=\"ended\"} 1");
    }

    /** Another system asks, in its name. */
    private static final class ByApi extends AskingAssistant {
        private final BySip assistant;
        private final ApiClient api;
        private final String path;

        ByApi(BySip assistant, ApiClient api, String number) throws Exception {
            this.assistant = assistant;
            this.api = api;
            this.path = "/v1/calls/" + gateway.callIds(number).getFirst() + "/step-up";
        }

        @Override
        void asksFor(String purpose) throws Exception {
            assertThat(asking(purpose)).isEqualTo(202);
        }

        int asking(String purpose) throws Exception {
            return api.send("POST", path, "{\"purpose\":\"" + purpose + "\"}").statusCode();
        }

        @Override
        List<JsonNode> told() {
            return assistant.told();
        }

        @Override
        int heard() {
            return assistant.heard();
        }
    }

    @Story
    void anotherSystemAsksByTheApiAndTheAssistantIsTold() throws Exception {
        String number = "+491710000904";
        ApiClient api = ApiClient.of(gateway);
        TestCaller caller = TestCaller.agrees(gateway, BY_API, number).hears("assistant");
        var assistant = new ByApi(new BySip(gateway.assistantOf(number, 0)), api, number);
        assistant.asksAndTheCallerAgrees(caller);
        assertThat(assistant.told(2).path("event").asText()).isEqualTo("granted");
        caller.presses("*8");
        assertThat(assistant.told(3).path("event").asText()).isEqualTo("ended");
        assistant.hearsTheCaller();
        assistant.asksFor("transcript");
        assertThat(assistant.told(4).path("reason").asText()).isEqualTo("refused-before");
        caller.presses("*9").hears("withdrawn").hears("human");
        assertThat(assistant.asking("transcript")).as("to a human").isEqualTo(409);
        caller.hangsUp();
    }

    /** The key counts at any moment, also while the gateway speaks. */
    @Story
    void whatIsEndedWhileItIsConfirmedBeginsNot() throws Exception {
        String number = "+491710000906";
        TestCaller caller = TestCaller.agrees(gateway, BY_API, number).hears("assistant");
        var assistant = new BySip(gateway.assistantOf(number, 0));
        assistant.hearsTheCaller();
        assistant.asksFor("transcript");
        caller.hears("question-keys.transcript").presses("1");
        caller.hearsBeginningOf("confirm-keys.komfort").presses("*8");

        assertThat(assistant.told(2).path("event").asText()).isEqualTo("granted");
        JsonNode ended = assistant.told(3);
        assertThat(ended.path("event").asText()).isEqualTo("ended");
        assertThat(ended.path("purposes").asText()).isEqualTo("assistant");
        assistant.hearsTheCaller();
        caller.hangsUp();
        AskingAssistant.moreAndLessIsRecorded(gateway, number);
    }

    @Story
    void aNoIsFinalAndTheTalkGoesOnAsItWas() throws Exception {
        String number = "+491710000902";
        TestCaller caller = TestCaller.agrees(gateway, ASKING, number).hears("assistant");
        AnsweredCall call = gateway.assistantOf(number, 0);
        var assistant = new BySip(call);
        assistant.hearsTheCaller();
        assistant.asksFor("transcript");
        caller.hearsBeginningOf("question-keys.transcript").presses("2");
        assertThat(assistant.told(2).path("reason").asText()).isEqualTo("refused");
        assistant.hearsTheCaller();
        assistant.asksFor("transcript");
        assertThat(assistant.told(3).path("reason").asText()).isEqualTo("refused-before");
        assistant.asksFor("recording");
        assertThat(assistant.told(4).path("reason").asText()).isEqualTo("not-offered");
        assertThat(status(call.header("X-Consent-Token"))).isEqualTo("valid");
        assertThat(caller.heard().stream().filter(part -> part.contains("transcript")))
                .hasSizeLessThanOrEqualTo(1);
        caller.hangsUp();
        AskingAssistant.aRefusalIsRecorded(gateway, number);
    }

    @Story
    void aYesForAnAssistantThatHasHungUpIsNotKept() throws Exception {
        String number = "+491710000909";
        TestCaller caller = TestCaller.agrees(gateway, ASKING, number).hears("assistant");
        AnsweredCall call = gateway.assistantOf(number, 0);
        var assistant = new BySip(call);
        assistant.hearsTheCaller();
        assistant.asksFor("transcript");
        caller.hearsBeginningOf("question-keys.transcript");
        call.hangUp();
        TestWait.until(call::over);
        caller.hears("question-keys.transcript").presses("1");
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "AssistantCut ASSISTANT_HUNG_UP");
    }

    /** On another telephone of the number: the consent itself holds on, and so can be withdrawn. */
    @Story
    void whoseTalkEndedByTheEndOfOnePurposeElsewhereCanStillWithdraw() throws Exception {
        String number = "+491710000905";
        TestCaller first = TestCaller.agrees(gateway, LASTING, number);
        first.hears("question-keys.transcript").presses("1");
        first.hears("remember-keys").presses("1").hears("assistant").hangsUp();
        TestCaller caller = talksAgain(number);
        TestCaller other = talksAgain(number).presses("*8");
        caller.hears("withdrawn").presses("*9");

        TestWait.until(() -> gateway.story(number).contains("Withdrawn KEY"));
        caller.hangsUp();
        other.hangsUp();
        assertThat(gateway.story(number))
                .containsSubsequence("PurposeDecided transcript ENDED", "Withdrawn KEY")
                .containsOnlyOnce("Withdrawn KEY");
    }

    private static TestCaller talksAgain(String number) throws Exception {
        TestCaller caller = TestCaller.calls(gateway, LASTING, number).talks();
        return caller.hears("known-keys.komfort").presses("1").hears("assistant");
    }

    @Story
    void whoWithdrawsDuringTheQuestionHasWithdrawnAll() throws Exception {
        String number = "+491710000903";
        TestCaller caller = TestCaller.agrees(gateway, ASKING, number).hears("assistant");
        AnsweredCall call = gateway.assistantOf(number, 0);
        var assistant = new BySip(call);
        assistant.hearsTheCaller();
        assistant.asksFor("transcript");
        caller.hearsBeginningOf("question-keys.transcript").presses("*9").hears("withdrawn");
        TestWait.until(call::over);
        caller.hears("human").hangsUp();
        gateway.tellsOfWithdrawal(number, "basis", "KEY", "INFO");
    }
}
