package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What other systems do by the API while callers talk. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class ApiCallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    // From the request to the last packet of the caller to the assistant.
    private static final Duration CUT = Duration.ofMillis(100);

    /** A frame that was under way, and what the test's own clocks may differ by. */
    private static final Duration UNDER_WAY = Duration.ofMillis(40);

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, yaml -> ApiClient.LISTEN + yaml);

    private static final AtomicLong NUMBERS = new AtomicLong(1_000_510);

    /** So long a pause of the machine shows in the cut. */
    private static final Duration STALL = Duration.ofMillis(20);

    private static ApiClient api;

    @BeforeAll
    static void aKey() throws Exception {
        api = ApiClient.of(gateway);
    }

    /**
     * A talk that was withdrawn by the API.
     *
     * @param cut from the request to the last packet that the assistant heard
     */
    private record Withdrawn(String number, String consent, Instant lastHeard, Duration cut) {}

    private static Withdrawn withdrawn() throws Exception {
        String number = "+49171" + NUMBERS.incrementAndGet();
        TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number).talks();
        caller.hears("question-keys.assistant").presses("1").hears("assistant");
        AnsweredCall assistant = gateway.assistantOf(number);
        String consent = assistant.header("X-Consent-Id");
        assertThat(api.get("/v1/consents/" + consent).path("state").asText()).isEqualTo("in_force");
        await().atMost(PATIENCE).until(() -> assistant.lastHeard() != null);

        Instant asked = InstantSource.system().instant();
        HttpResponse<String> said =
                api.send(
                        "POST",
                        "/v1/consents/" + consent + "/withdrawal",
                        "{\"by\":\"Ada Meier\"}");

        assertThat(said.statusCode()).as(said.body()).isEqualTo(201);
        caller.hears("withdrawn").hears("human").hangsUp();
        await().atMost(PATIENCE).until(assistant::over);
        Instant last = Objects.requireNonNull(assistant.lastHeard());
        return new Withdrawn(number, consent, last, Duration.between(asked, last));
    }

    @Story
    void aWithdrawalByTheServiceDeskCutsTheTalkThenRecordsAndTheCallerIsTold() throws Exception {
        Duration inTime = CUT.plus(UNDER_WAY);
        Withdrawn talk =
                Stalls.measured(
                        STALL,
                        ApiCallsTest::withdrawn,
                        result -> result.cut().compareTo(inTime) < 0);

        assertThat(talk.cut()).isLessThan(inTime);
        TestWait.until(() -> gateway.story(talk.number()).size() >= 6);
        // The call records that it was cut while the withdrawal is recorded: either comes first.
        assertThat(gateway.story(talk.number()))
                .startsWith("Served opening", "Given basis", "AssistantOpened")
                .contains(
                        "Withdrawn NONE", "AssistantCut WITHDRAWN", "HolderNotified WITHDRAWN BYE")
                .hasSize(6);
        JsonNode told = api.get("/v1/consents/" + talk.consent());
        assertThat(told.path("state").asText()).isEqualTo("withdrawn");
        assertThat(told.at("/ended/reason").asText()).isEqualTo("OPERATOR");
    }

    @Story
    void aCallIsSeenAndEnded() throws Exception {
        String number = "+491710000502";
        TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number).talks();
        caller.hears("question-keys.assistant").presses("1").hears("assistant");
        String call = gateway.callIds(number).getFirst();
        JsonNode calls = api.get("/v1/calls");
        assertThat(calls.path("calls").toString()).contains(call).doesNotContain("491710000502");

        assertThat(api.send("POST", "/v1/calls/" + call + "/end", "").statusCode()).isEqualTo(204);
        caller.hears("goodbye").isOver();
        await().atMost(PATIENCE)
                .until(() -> !api.get("/v1/calls").path("calls").toString().contains(call));
        assertThat(api.send("POST", "/v1/calls/" + call + "/end", "").statusCode()).isEqualTo(404);
    }

    @Story
    void whoAsksByNumberFindsItsConsentsAndLeavesATrace() throws Exception {
        String number = "+491710000503";
        TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number).talks();
        caller.hears("question-keys.assistant").presses("1").hears("assistant").hangsUp();
        String consent = gateway.assistantOf(number).header("X-Consent-Id");
        HttpResponse<String> found =
                api.send("POST", "/v1/consents/search", "{\"number\":\"" + number + "\"}");

        assertThat(found.body()).contains(consent).doesNotContain(number);
        List<Entry> traces = gateway.archive().reader().ofType(EntryType.ACCESSED, 100);
        assertThat(traces)
                .anySatisfy(each ->
                        assertThat(TestGateway.payload(each).toString())
                                .contains(consent, "key desk", "POST /v1/consents/search"));
        assertThat(gateway.verify().passed()).isTrue();
    }

    /** What was agreed to elsewhere, in these words of the notice and by this person. */
    private static void imported(String number, boolean sameWords, String identified)
            throws Exception {
        JsonNode notice = null;
        for (JsonNode one : api.get("/v1/notices").path("notices")) {
            if (one.path("id").asText().equals("demo")
                    && one.path("language").asText().equals("en")) {
                notice = one;
            }
        }
        String digest =
                sameWords
                        ? Objects.requireNonNull(notice).path("text_sha256").asText()
                        : "ab".repeat(32);
        Instant given = InstantSource.system().instant().minus(Duration.ofDays(40));
        HttpResponse<String> said =
                api.send(
                        "POST",
                        "/v1/consents/import",
                        """
                        {"by": "Ada Meier", "consents": [{"reference": "%s", "number": "%s",
                         "source": "web", "form": "f1", "given_at": "%s", "until": "%s",
                         "notice": "demo", "language": "en", "text_sha256": "%s",
                         "purposes": ["assistant"], "identified": "%s"}]}
                        """
                                .formatted(
                                        number.substring(1),
                                        number,
                                        given,
                                        given.plus(Duration.ofDays(300)),
                                        digest,
                                        identified));
        assertThat(said.statusCode()).as(said.body()).isEqualTo(201);
    }

    @Story
    void whoAgreedElsewhereInTheSameWordsIsAskedTheShortQuestionAndCanWithdraw() throws Exception {
        String number = "+491710000504";
        imported(number, true, "code");
        TestCaller caller = TestCaller.calls(gateway, TestGateway.REMEMBER, number).talks();
        caller.hears("opening-known").hears("known-keys.merken").presses("1").hears("assistant");
        caller.presses("*9").hears("withdrawn").hangsUp();
        assertThat(gateway.story(number))
                .contains("Imported merken", "Reaffirmed merken", "Withdrawn KEY");

        TestCaller again = TestCaller.calls(gateway, TestGateway.REMEMBER, number).talks();
        again.hears("opening").hears("question-keys.assistant").hangsUp();
    }

    @Story
    void otherWordsOrAPersonWhomNobodyIdentifiedAreNeverEnoughForTheQuestion() throws Exception {
        imported("+491710000505", false, "contract");
        imported("+491710000506", true, "no");
        for (String number : List.of("+491710000505", "+491710000506")) {
            TestCaller caller = TestCaller.calls(gateway, TestGateway.REMEMBER, number).talks();
            caller.hears("opening").hears("question-keys.assistant").hangsUp();
            assertThat(caller.heard()).doesNotContain("opening-known");
        }
    }
}
