package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.consentgateway.testkit.AnsweredCall;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A agrees on a telephone and is remembered; then B calls from it. The assistant never hears B at
 * anything that B did not agree to in that very call.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TwoPeopleTest {
    /** Where a remembered consent is used unasked. */
    private static final String UNASKED = "+4930123481";

    private static final String SHARED = "+491710000361";

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL,
                    yaml ->
                            yaml
                                    + AddedLine.to("assistant", UNASKED)
                                            .named("unasked")
                                            .levels("merken")
                                            .with("remember", "basis")
                                            .with("first-input", "1s"));

    @TempDir private Path folder;

    private static final Set<String> CALLED = ConcurrentHashMap.newKeySet();

    /** What B does who wants no assistant, or does not know what is asked. */
    static Stream<Arguments> people() {
        return Stream.of(
                Arguments.of(
                        "+491710000301",
                        "is silent",
                        does(b -> b.hears("known-keys.merken").hears("unanswered"))),
                Arguments.of(
                        "+491710000302",
                        "presses 2 at the question",
                        does(b -> b.hears("known-keys.merken").presses("2").hears("refused"))),
                Arguments.of(
                        "+491710000303",
                        "presses 2 during the disclosure",
                        does(b -> b.hearsBeginningOf("opening-known").presses("2"))),
                Arguments.of(
                        "+491710000304",
                        "presses 0 during the disclosure",
                        does(b -> b.hearsBeginningOf("opening-known").presses("0"))),
                Arguments.of(
                        "+491710000305",
                        "presses keys that mean nothing",
                        does(b -> b.hears("known-keys.merken").presses("7").hears("unanswered"))));
    }

    private static Consumer<TestCaller> does(Consumer<TestCaller> what) {
        return what;
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("people")
    @Execution(ExecutionMode.CONCURRENT)
    void theAssistantNeverHearsWhoDidNotAgree(String number, String who, Consumer<TestCaller> does)
            throws Exception {
        CALLED.add(number);
        agreesAndIsRemembered(number);
        assertThat(heardByTheAssistant(number)).hasSize(1);

        TestCaller b = calls(number);
        does.accept(b);
        b.hearsOneOf("human", "goodbye").hangsUp();
        assertThat(heardByTheAssistant(number)).as("A alone, while B " + who).hasSize(1);
        assertThat(gateway.story(number))
                .doesNotContain("Used", "Reaffirmed merken", "Withdrawn KEY")
                .contains("Given merken");

        TestCaller c = calls(number);
        c.hearsOneOf("opening", "opening-known").hearsOneOf(ASKED).presses("1");
        c.hears("assistant").hangsUp();
        assertThat(heardByTheAssistant(number)).as("who agrees in this call").hasSize(2);
    }

    /** Also of calls that no record leads to. */
    @AfterAll
    static void andNobodyElse() throws Exception {
        assertThat(gateway.assistant().calls())
                .as("A and C of each, and those who agreed on the line that does not ask")
                .hasSize(2 * CALLED.size() + heardByTheAssistant(SHARED).size());
    }

    /**
     * A line with {@code remember: basis}: a remembered consent is used unasked until somebody on
     * the same number says no; from then on everybody is asked in full, call after call.
     */
    @Story
    void whereNobodyIsAskedANumberWithARefusalIsSharedFromThenOn() throws Exception {
        TestCaller first = unasked().hears("question-keys.assistant").presses("1");
        first.hears("remember-keys").presses("1").hears("assistant").hangsUp();
        TestCaller again = unasked().hears("opening-known").hears("assistant").hangsUp();
        assertThat(again.heard()).as("unasked").doesNotContain("known-keys.merken");
        assertThat(heardByTheAssistant(SHARED)).as("who agreed").hasSize(2);

        unasked().hearsBeginningOf("opening-known").presses("2").hears("human").hangsUp();
        TestCaller silent = unasked().hears("opening").hears("unanswered").hears("human").hangsUp();
        assertThat(silent.heard()).doesNotContain("opening-known");
        assertThat(heardByTheAssistant(SHARED))
                .as("not who said no, nor who said nothing")
                .hasSize(2);

        TestCaller agrees = unasked().hears("question-keys.assistant").presses("1");
        agrees.hears("assistant").hangsUp();
        assertThat(agrees.heard()).as("nothing is remembered").doesNotContain("remember-keys");
        assertThat(heardByTheAssistant(SHARED)).as("who agreed in that call").hasSize(3);

        unasked().hearsBeginningOf("opening").presses("*9").hears("withdrawn").hangsUp();
        assertThat(unasked().hears("question-keys.assistant").presses("1").hears("remember-keys"))
                .as("as somebody who never called")
                .isNotNull();
        assertThat(gateway.story(SHARED))
                .containsSubsequence(
                        "Given merken", "Used", "Refused", "Given merken", "Withdrawn KEY");
    }

    private static TestCaller unasked() throws Exception {
        return TestCaller.calls(gateway, UNASKED, SHARED).talks();
    }

    /** The number is given to somebody else: what its owner before agreed to has ended by then. */
    @Story
    void whoHasTheNumberAfterAYearIsAskedAndNotHeardBefore() throws Exception {
        String number = "+491710000351";
        try (TestGateway own = TestGateway.start(folder, TestGateway.Wishes.USUAL)) {
            TestCaller before = TestCaller.calls(own, TestGateway.REMEMBER, number).talks();
            before.hears("question-keys.assistant").presses("1");
            before.hears("remember-keys").presses("1").hears("assistant").hangsUp();
            own.tellsOfTalk(number, "merken");
            own.restartAfter(Duration.ofDays(366));

            TestCaller now = TestCaller.calls(own, TestGateway.REMEMBER, number).talks();
            now.hears("opening").hears("question-keys.assistant").presses("2");
            now.hears("human").hangsUp();

            assertThat(now.heard()).doesNotContain("opening-known", "known-keys.merken");
            assertThat(own.assistant().calls("X-Consent-Level", "merken")).hasSize(1);
            assertThat(own.story(number)).doesNotContain("Used", "Reaffirmed merken");
            assertThat(own.verify().findings()).isEmpty();
        }
    }

    private static final String[] ASKED = {"question-keys.assistant", "known-keys.merken"};

    private static List<AnsweredCall> heardByTheAssistant(String number) throws Exception {
        List<String> calls = gateway.callIds(number);
        return gateway.assistant().calls("X-Consent-Level", "merken").stream()
                .filter(call -> calls.contains(call.header("X-Gateway-Call-Id")))
                .toList();
    }

    private static TestCaller calls(String number) throws Exception {
        return TestCaller.calls(gateway, TestGateway.REMEMBER, number).talks();
    }

    private static void agreesAndIsRemembered(String number) throws Exception {
        TestCaller a = calls(number);
        a.hears("question-keys.assistant").presses("1");
        a.hears("remember-keys").presses("1").hears("assistant").hangsUp();
        gateway.tellsOfTalk(number, "merken");
    }
}
