package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

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
    @RegisterExtension
    static final TestGateway gateway = TestGateway.with(TestGateway.Wishes.USUAL);

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
    static void andNobodyElse() {
        assertThat(gateway.assistant().calls()).as("A and C of each").hasSize(2 * CALLED.size());
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
