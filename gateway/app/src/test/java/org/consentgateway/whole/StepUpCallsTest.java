package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One purpose more or less in the middle of a real talk, over SIP. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class StepUpCallsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ASKING = "+4930123491";
    private static final String BOTH = "+4930123492";

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, StepUpCallsTest::withItsLines);

    /** Another assistant, which answers at the same port and takes INFO. */
    private static String withItsLines(String yaml) {
        String assistant = "(?m)^( *- \\{name: )assistant(, uri: \"sip:)assistant(@.*)$";
        String informed = Callee.INFORMED;
        return yaml.replaceFirst(assistant, "$0\n$1" + informed + "$2" + informed + "$3")
                + line("asking", ASKING, 0)
                + line("both", BOTH, 1);
    }

    private static String line(String name, String number, int further) {
        return """
          - name: %s
            numbers: ["%s"]
            notice: demo
            languages: [en]
            dialog: ladder
            levels: [basis, komfort]
            first-input: 3s
            further-questions: %d
            assistant: %s
            humans: [human]
        """
                .formatted(name, number, further, Callee.INFORMED);
    }

    private static AnsweredCall assistantOf(String number) throws Exception {
        List<AnsweredCall> calls =
                gateway.assistant().calls("X-Gateway-Call-Id", gateway.callIds(number).getFirst());
        assertThat(calls).hasSize(1);
        return calls.getFirst();
    }

    private static void asksFor(AnsweredCall assistant, String purpose) {
        assistant.says(
                "INFO",
                "",
                "application/consent+json",
                "{\"event\":\"step-up\",\"purpose\":\"" + purpose + "\"}");
    }

    /** What the gateway has told, oldest first. */
    private static List<JsonNode> told(AnsweredCall assistant) {
        return assistant.asked().stream()
                .filter(asked -> asked.request().method().equals("INFO"))
                .map(asked -> read(asked.request().body()))
                .toList();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    private static JsonNode told(AnsweredCall assistant, int count) throws Exception {
        TestWait.until(() -> told(assistant).size() >= count);
        return told(assistant).get(count - 1);
    }

    private static String status(String token) throws Exception {
        JsonNode place =
                JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]))
                        .at("/status/status_list");
        String list = place.path("uri").asText().replaceFirst("http://[^/]*", "");
        return JSON.readTree(gateway.http(list + "/" + place.path("idx").asInt()))
                .path("status")
                .asText();
    }

    @Story
    void theAssistantAsksTheGatewayAsksAndTheTalkGoesOnWithANewToken() throws Exception {
        String number = "+491710000901";
        TestCaller caller = TestCaller.calls(gateway, ASKING, number).talks();
        caller.hears("question-keys.assistant").presses("1").hears("assistant");
        AnsweredCall assistant = assistantOf(number);
        TestWait.until(assistant::heardTheCaller);
        long asked = Stalls.now();
        asksFor(assistant, "transcript");
        assertThat(told(assistant, 1).path("event").asText()).isEqualTo("asking");
        caller.hearsBeginningOf("question-keys.transcript");
        int heardBefore = assistant.loudFrames();
        caller.hears("question-keys.transcript");
        assertThat(assistant.loudFrames())
                .as("the gate is closed, and what this machine was late with is heard")
                .isBetween(
                        heardBefore, heardBefore + (int) Stalls.sinceNanos(asked).toMillis() / 20);
        caller.presses("1").hears("confirm.komfort");
        JsonNode granted = told(assistant, 2);
        assertThat(granted.path("event").asText()).isEqualTo("granted");
        assertThat(granted.path("purposes").asText()).isEqualTo("assistant transcript");
        assertThat(status(granted.path("token").asText())).isEqualTo("valid");
        TestWait.until(() -> assistant.loudFrames() > heardBefore + 25);

        caller.presses("*8");
        JsonNode ended = told(assistant, 3);
        assertThat(ended.path("event").asText()).isEqualTo("ended");
        assertThat(ended.path("purposes").asText()).isEqualTo("assistant");
        assertThat(status(granted.path("token").asText())).isEqualTo("invalid");
        assertThat(status(assistant.header("X-Consent-Token"))).isEqualTo("invalid");
        assertThat(status(ended.path("token").asText())).isEqualTo("valid");
        int heardThen = assistant.loudFrames();
        TestWait.until(() -> assistant.loudFrames() > heardThen + 25);
        asksFor(assistant, "transcript");
        assertThat(told(assistant, 4).path("reason").asText()).isEqualTo("refused-before");
        caller.hangsUp();
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "Given komfort",
                "AssistantOpened",
                "PurposeDecided transcript ENDED",
                "AssistantCut CALLER_HUNG_UP");
        assertThat(gateway.http("/metrics"))
                .contains("consent_purposes_decided_total{line=\"asking\",state=\"ended\"} 1");
    }

    @Story
    void aNoIsFinalAndTheTalkGoesOnAsItWas() throws Exception {
        String number = "+491710000902";
        TestCaller caller = TestCaller.calls(gateway, ASKING, number).talks();
        caller.hears("question-keys.assistant").presses("1").hears("assistant");
        AnsweredCall assistant = assistantOf(number);
        TestWait.until(assistant::heardTheCaller);
        asksFor(assistant, "transcript");
        caller.hearsBeginningOf("question-keys.transcript").presses("2");
        assertThat(told(assistant, 2).path("reason").asText()).isEqualTo("refused");
        int heardThen = assistant.loudFrames();
        TestWait.until(() -> assistant.loudFrames() > heardThen + 25);
        asksFor(assistant, "transcript");
        assertThat(told(assistant, 3).path("reason").asText()).isEqualTo("refused-before");
        asksFor(assistant, "recording");
        assertThat(told(assistant, 4).path("reason").asText()).isEqualTo("not-offered");
        assertThat(status(assistant.header("X-Consent-Token"))).isEqualTo("valid");
        assertThat(caller.heard().stream().filter(part -> part.contains("transcript")))
                .hasSizeLessThanOrEqualTo(1);
        caller.hangsUp();
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "PurposeDecided transcript REFUSED",
                "AssistantCut CALLER_HUNG_UP");
    }

    @Story
    void whoWithdrawsDuringTheQuestionHasWithdrawnAll() throws Exception {
        String number = "+491710000903";
        TestCaller caller = TestCaller.calls(gateway, ASKING, number).talks();
        caller.hears("question-keys.assistant").presses("1").hears("assistant");
        AnsweredCall assistant = assistantOf(number);
        TestWait.until(assistant::heardTheCaller);
        asksFor(assistant, "transcript");
        caller.hearsBeginningOf("question-keys.transcript").presses("*9").hears("withdrawn");
        TestWait.until(assistant::over);
        caller.hears("human").hangsUp();
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "Withdrawn KEY",
                "AssistantCut WITHDRAWN",
                "HolderNotified WITHDRAWN INFO");
    }
}
