package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.request.Task;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.proof.StoredTasks;
import org.consentgateway.testkit.AnsweredCall;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Real calls of people who find nobody, are sent something, complain, or talk for long: what is
 * done for them besides asking and connecting.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NobodyThereTest {
    /** Nothing answers there, not even that there is nobody. */
    private static final String SILENT = "192.0.2.1";

    private static final Queue<String> MESSAGES = new ConcurrentLinkedQueue<>();
    private static final HttpServer HOOK = hook();

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL.withPromptsOfAtLeast(600), NobodyThereTest::lines);

    private static HttpServer hook() {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(
                    "/send",
                    exchange -> {
                        String body =
                                new String(
                                        exchange.getRequestBody().readAllBytes(),
                                        StandardCharsets.UTF_8);
                        MESSAGES.add(exchange.getRequestHeaders().getFirst("Authorization") + body);
                        exchange.sendResponseHeaders(202, -1);
                        exchange.close();
                    });
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterAll
    static void end() {
        HOOK.stop(0);
    }

    private static String lines(String yaml) {
        return yaml.replace("call-back: false", "call-back: true")
                .replaceAll(
                        "(?s)(name: one\n.*?)first-input", "$1satisfaction: true\n    first-input")
                .replaceAll(
                        "(?s)(name: ladder\n.*?)first-input",
                        "$1disclosure-every: 1s\n    first-input")
                .replaceAll("(?s)(name: remember\n.*?humans: )\\[human]", "$1[dead]")
                .replace(
                        "humans:\n",
                        "humans:\n  - {name: dead, uri: \"sip:team@%s:5060\"}\n".formatted(SILENT))
                .replace("sip:\n", "sip:\n  keep-alive: 0s\n")
                .replace(
                        "speech:",
                        "messages: {url: \"http://127.0.0.1:%d/send\", token: s3cret, texts: {en: \"Read: https://x.example\"}}\nspeech:"
                                .formatted(HOOK.getAddress().getPort()));
    }

    private static List<StoredTasks.Found> tasks(Task.Kind kind) throws IOException {
        return tasks(gateway, kind);
    }

    private static List<StoredTasks.Found> tasks(TestGateway at, Task.Kind kind)
            throws IOException {
        return new StoredTasks(
                        at.ledger(),
                        java.time.InstantSource.system(),
                        "DE",
                        Map.of(kind, Period.ofDays(1)))
                .all(kind);
    }

    private static @Nullable PhoneNumber left(Task.Kind kind, String call) throws Exception {
        return left(gateway, kind, call);
    }

    /** The number that was left in a call. */
    static @Nullable PhoneNumber left(TestGateway at, Task.Kind kind, String call)
            throws Exception {
        return tasks(at, kind).stream()
                .map(StoredTasks.Found::opened)
                .filter(task -> task.call().callId().toString().equals(call))
                .findFirst()
                .orElseThrow()
                .number();
    }

    /** A prompt counts as heard some frames before its end, and the last choice as named at it. */
    private static TestCaller hearsAllChoices(TestCaller caller) throws InterruptedException {
        caller.hears("call-back");
        Thread.sleep(200);
        return caller;
    }

    private static String call(String number) throws Exception {
        return gateway.callIds(number).getLast();
    }

    @Story
    void whoReachesNobodyIsCalledBackAtTheNumberShown() throws Exception {
        String number = "+491710000301";
        TestCaller caller = TestCaller.calls(gateway, TestGateway.NO_HUMAN, number).talks();
        caller.hears("question-keys.assistant").presses("2");
        caller.hears("call-back").presses("1").hears("call-back-noted").isOver();

        assertThat(left(Task.Kind.CALL_BACK, call(number))).isEqualTo(new PhoneNumber(number));
        Entry task =
                gateway.entries(number).stream()
                        .filter(entry -> entry.type() == EntryType.TASK_OPENED)
                        .findFirst()
                        .orElseThrow();
        JsonNode payload = TestGateway.payload(task);
        assertThat(
                        Duration.between(
                                        java.time.Instant.parse(payload.at("/event_time").asText()),
                                        java.time.Instant.parse(
                                                payload.at("/retention/delete_at").asText()))
                                .toDays())
                .isEqualTo(14);
        assertThat(gateway.http("/metrics"))
                .contains(
                        "consent_tasks_total{kind=\"call-back\",language=\"en\",line=\"no-human\"");
    }

    @Story
    void whoRefusesTwiceHearsTheOfferToBeCalledBack() throws Exception {
        for (String again : List.of("0", "2")) {
            String number = "+49171000031" + again;
            TestCaller caller = TestCaller.calls(gateway, TestGateway.NO_HUMAN, number).talks();
            caller.hears("question-keys.assistant").presses("2");
            caller.hearsBeginningOf("nobody-there").presses(again);
            caller.hears("call-back").presses("1").hears("call-back-noted").isOver();
        }
    }

    @Story
    void whoDialsAnotherNumberHearsItAndIsCalledBackThere() throws Exception {
        String number = "+491710000302";
        TestCaller caller = TestCaller.calls(gateway, TestGateway.NO_HUMAN, number).talks();
        caller.hears("question-keys.assistant").presses("2");
        hearsAllChoices(caller).presses("2");
        caller.hearsBeginningOf("call-back-number").presses("0301234567#");
        caller.hears("call-back-right").presses("1").hears("call-back-noted").isOver();

        assertThat(caller.heard())
                .containsSubsequence("call-back-heard", "privacy-digit.0", "privacy-digit.3")
                .doesNotContain("privacy-digit.9");
        assertThat(left(Task.Kind.CALL_BACK, call(number)))
                .isEqualTo(new PhoneNumber("+49301234567"));
    }

    @Story
    void aDigitWhileANumberIsReadBackGoesOnWithIt() throws Exception {
        String number = "+491710000308";
        TestCaller caller = TestCaller.calls(gateway, TestGateway.NO_HUMAN, number).talks();
        caller.hears("question-keys.assistant").presses("2");
        hearsAllChoices(caller).presses("2");
        caller.hearsBeginningOf("call-back-number").presses("0301234");
        caller.hearsBeginningOf("privacy-digit.3").presses("1567#");
        caller.hears("call-back-right").presses("1").hears("call-back-noted").isOver();

        assertThat(left(Task.Kind.CALL_BACK, call(number)))
                .isEqualTo(new PhoneNumber("+49301234" + "1567"));
    }

    @Story
    void whoIsDeadIsGivenUpSoonAndThenNotDialledAtAll() throws Exception {
        TestCaller first = TestCaller.calls(gateway, TestGateway.REMEMBER, "+491710000303").talks();
        first.hears("question-keys.assistant").presses("2");
        long pressed = System.nanoTime();
        first.hearsBeginningOf("call-back").hangsUp();
        assertThat(Duration.ofNanos(System.nanoTime() - pressed))
                .as("not the 30 s it may ring")
                .isLessThan(Duration.ofSeconds(8));

        TestCaller second =
                TestCaller.calls(gateway, TestGateway.REMEMBER, "+491710000304").talks();
        second.hears("question-keys.assistant").presses("2");
        second.hearsBeginningOf("call-back").hangsUp();
        assertThat(second.heard()).contains("nobody-there").doesNotContain("to-human");
    }

    @Story
    void whoAsksForItIsSentTheAddressAndNobodyElse() throws Exception {
        String number = "+491710000305";
        TestCaller caller = TestCaller.calls(gateway, TestGateway.LADDER, number).talks();
        caller.hears("question-keys.assistant").presses("4");
        caller.hears("information-link").presses("5").hears("information-sent").hangsUp();

        TestWait.until(() -> !MESSAGES.isEmpty());
        String message = MESSAGES.remove();
        assertThat(message).startsWith("Bearer s3cret");
        JsonNode body = new JsonMapper().readTree(message.substring("Bearer s3cret".length()));
        assertThat(body.at("/to").asText()).isEqualTo(number);
        assertThat(body.at("/text").asText()).isEqualTo("Read: https://x.example");

        TestCaller hidden = TestCaller.calls(gateway, TestGateway.LADDER, "anonymous").talks();
        hidden.hears("question-keys.assistant").presses("4").hears("information");
        hidden.hearsBeginningOf("question-keys.assistant").hangsUp();
        assertThat(hidden.heard()).doesNotContain("information-link");
        assertThat(MESSAGES).isEmpty();
    }

    @Story
    void whoSaidNoIsAskedHowItWasAndMayComplain() throws Exception {
        String number = "+491710000306";
        TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number).talks();
        caller.hears("question-keys.assistant").presses("2").hears("human");
        Thread.sleep(300); // a greeting counts as heard some frames before its end
        gateway.human().calls("From", number).getFirst().hangUp();
        caller.hears("satisfaction").presses("4").hears("helped").presses("7");
        caller.hears("call-back").presses("0").hears("complaint-noted").isOver();

        assertThat(tasks(Task.Kind.COMPLAINT))
                .anyMatch(found -> found.opened().number() == null && found.closed() == null);
        assertThat(gateway.http("/metrics"))
                .contains("consent_satisfaction_total{language=\"en\",line=\"one\",score=\"4\"")
                .contains("consent_tasks_total{kind=\"complaint\",language=\"en\",line=\"one\"");
    }

    @Story
    void bothSidesOfALongTalkAreToldAgainAndAWithdrawalStillCuts() throws Exception {
        String number = "+491710000307";
        TestCaller caller = TestCaller.calls(gateway, TestGateway.LADDER, number).talks();
        caller.hears("question-keys.assistant").presses("1");
        caller.hears("question-keys.transcript").presses("2").hears("assistant");
        caller.hears("reminder");
        AnsweredCall assistant = gateway.assistant().calls("From", "").getFirst();
        caller.presses("*9").hears("withdrawn").hears("human").hangsUp();
        TestWait.until(assistant::over);
        assertThat(gateway.story(number))
                .contains("Served reminder")
                .containsSubsequence("AssistantOpened", "Withdrawn KEY", "AssistantCut WITHDRAWN");
    }
}
