package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.Npm;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.timing.Stalls;
import org.consentgateway.token.CallerPseudonyms;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What assistants are told of consents and callers, in real calls; and what nobody may claim. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class ConsentTokenCallsTest {
    private static final String FORGING = "+4930123481";
    private static final String PSEUDONYM = "+4930123482";
    private static final String NUMBER = "+4930123483";
    private static final Duration AT_ONCE = Duration.ofMillis(300);
    private static final int WEB = FreePort.next();
    private static final String ISSUER = "http://127.0.0.1:" + WEB;

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, ConsentTokenCallsTest::withTheirLines);

    /** More assistants, which answer at the same port by other names. */
    private static String withTheirLines(String yaml) {
        String assistant = "(?m)^( *- \\{name: )assistant(, uri: \"sip:)assistant(@.*)}$";
        return yaml.replace("listen: \"127.0.0.1:0\"", "listen: \"127.0.0.1:" + WEB + "\"")
                        .replaceFirst(
                                assistant,
                                "$0\n$1"
                                        + Callee.FORGING
                                        + "$2"
                                        + Callee.FORGING
                                        + "$3}\n$1pseudonym$2pseudonym$3, caller-id: pseudonym}\n"
                                        + "$1number$2number$3, caller-id: with-purpose transcript}")
                + AddedLine.to(Callee.FORGING, FORGING).levels("basis, komfort")
                + AddedLine.to("pseudonym", PSEUDONYM).levels("basis, komfort")
                + AddedLine.to("number", NUMBER).levels("basis, komfort");
    }

    private static IssuedToken tokenOf(AnsweredCall assistant) {
        return new IssuedToken(gateway, assistant.header("X-Consent-Token"));
    }

    private static Npm.Result verified(AnsweredCall call) throws IOException {
        return Npm.run(
                Path.of("."),
                "python3",
                ShortPrompts.PROJECT
                        .resolve("config/assistants/verify/consent_verifier.py")
                        .toString(),
                ISSUER,
                "assistant",
                call.header("X-Gateway-Call-Id"),
                call.header("X-Consent-Token"));
    }

    @Story
    void theTokenOfACallHoldsUntilTheCallerWithdrawsAndNotAMomentLonger() throws Exception {
        String number = "+491710000801";
        TestCaller caller =
                TestCaller.agrees(gateway, TestGateway.ONE_LEVEL, number).hears("assistant");
        AnsweredCall assistant = gateway.assistantOf(number, 0);
        TestWait.until(assistant::heardTheCaller);
        IssuedToken token = tokenOf(assistant);
        JsonNode claims = token.claims();
        assertThat(token.text().length()).isLessThanOrEqualTo(700);
        assertThat(claims.path("jti").asText()).isEqualTo(assistant.header("X-Consent-Id"));
        assertThat(claims.path("call").asText()).isEqualTo(assistant.header("X-Gateway-Call-Id"));
        assertThat(verified(assistant).exitCode()).isZero();
        assertThat(claims.has("sub")).isFalse();
        assertThat(assistant.invite()).as("where no traces are made").doesNotContain("raceparent");

        caller.presses("*9");
        TestWait.until(() -> token.status().equals("invalid"));
        assertThat(verified(assistant).output()).contains("the consent has ended");
        caller.hears("withdrawn").hangsUp();
        assertThat(token.status()).as("also after the call").isEqualTo("invalid");
    }

    @Story
    void aTokenIsInvalidAsSoonAsTheSoundHasStopped() throws Exception {
        var calls = new AtomicInteger();
        Duration late =
                Stalls.measured(
                        Duration.ofMillis(15),
                        () -> untilItsTokenIsInvalid("+49171000081" + calls.incrementAndGet()),
                        took -> took.compareTo(AT_ONCE) < 0);
        assertThat(late).isLessThan(AT_ONCE);
    }

    /** But for what this machine was late with. */
    private static Duration untilItsTokenIsInvalid(String number) throws Exception {
        TestCaller caller =
                TestCaller.agrees(gateway, TestGateway.ONE_LEVEL, number).hears("assistant");
        AnsweredCall assistant = gateway.assistantOf(number, 0);
        TestWait.until(assistant::heardTheCaller);
        IssuedToken token = tokenOf(assistant);
        long pressed = Stalls.now();
        caller.presses("*9");
        TestWait.until(() -> token.status().equals("invalid"));
        Duration late = Duration.between(assistant.lastHeard(), Instant.now());
        caller.hears("withdrawn").hangsUp();
        return late.minus(Stalls.sinceNanos(pressed));
    }

    @Story
    void whenTheCallIsOverItsTokenIsAsWell() throws Exception {
        String number = "+491710000802";
        TestCaller caller =
                TestCaller.agrees(gateway, TestGateway.ONE_LEVEL, number).hears("assistant");
        IssuedToken token = tokenOf(gateway.assistantOf(number, 0));
        assertThat(token.status()).isEqualTo("valid");
        caller.hangsUp();
        TestWait.until(() -> token.status().equals("over"));
        assertThat(verified(gateway.assistantOf(number, 0)).exitCode()).isNotZero();
    }

    /** In every request and response of a dialog, in both directions. */
    @Story
    void whatOthersSayInOurHeadersGetsNowhere() throws Exception {
        String number = "+491710000803";
        List<SipMessage> toCaller = new ArrayList<>();
        try (Caller caller = gateway.caller(FORGING, number).withHeaders(Callee.FORGED)) {
            caller.calls();
            TestWait.until(() -> gateway.story(number).contains("Served opening"));
            TimeUnit.MILLISECONDS.sleep(1500); // the question is put
            caller.presses('1');
            TimeUnit.MILLISECONDS.sleep(1500);
            caller.presses('2');
            TestWait.until(() -> gateway.story(number).contains("AssistantOpened"));
            AnsweredCall assistant = gateway.assistantOf(number, 0);
            for (String method :
                    List.of("INVITE", "INFO", "UPDATE", "OPTIONS", "MESSAGE", "REFER")) {
                toCaller.add(
                        caller.asks(method, Callee.FORGED + "Refer-To: <sip:x@127.0.0.1>\r\n"));
            }
            for (String method : List.of("INFO", "UPDATE", "OPTIONS", "MESSAGE")) {
                assistant.says(method, Callee.FORGED, "", "");
            }
            assistant.says(
                    "REFER",
                    Callee.FORGED + "Refer-To: <sip:human@127.0.0.1?X-Consent-Token=forged>\r\n",
                    "",
                    "");
            TimeUnit.SECONDS.sleep(2); // until its greeting has been played it would count as lost
            assistant.says("BYE", Callee.FORGED, "", "");
            toCaller.add(caller.receives("BYE"));

            String invite = assistant.invite();
            assertThat(invite).doesNotContain("forged");
            assertThat(invite.toLowerCase(Locale.ROOT).split("x-consent-token:", -1)).hasSize(2);
            assertThat(tokenOf(assistant).claims().path("lvl").asText()).isEqualTo("basis");
            assertThat(assistant.asked())
                    .allSatisfy(
                            asked -> assertThat(asked.request().text()).doesNotContain("forged"));
            assertThat(toCaller)
                    .hasSize(7)
                    .allSatisfy(message ->
                            assertThat(message.text().toLowerCase(Locale.ROOT))
                                    .doesNotContain(
                                            "forged", "x-consent", "x-caller", "x-gateway"));
        }
        assertThat(gateway.human().calls("From", number)).isEmpty();
    }

    private static AnsweredCall agrees(String line, String number, String second) throws Exception {
        TestCaller caller = TestCaller.agrees(gateway, line, number);
        caller.hears("question-keys.transcript").presses(second);
        caller.hears("assistant").hangsUp();
        return gateway.assistant().calls().stream()
                .filter(call ->
                        call.invite()
                                .contains(
                                        ":" + (line.equals(NUMBER) ? "number" : "pseudonym") + "@"))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    @Story
    void aPseudonymIsTheSameInEveryCallAndTheOneTheCompanyCanResolve() throws Exception {
        String number = "+491710000804";
        AnsweredCall first = agrees(PSEUDONYM, number, "2");
        AnsweredCall again = agrees(PSEUDONYM, number, "2");
        String pseudonym = first.header("X-Caller-Pseudonym");
        assertThat(pseudonym)
                .isEqualTo(
                        new CallerPseudonyms(KeyFiles.callerKey(gateway.data().resolve("keys")))
                                .of(number))
                .isEqualTo(again.header("X-Caller-Pseudonym"));
        assertThat(tokenOf(first).claims().path("sub").asText()).isEqualTo(pseudonym);
        assertThat(first.invite()).doesNotContain(number);

        AnsweredCall withheld = agrees(PSEUDONYM, "anonymous", "2");
        assertThat(withheld.invite()).doesNotContain("X-Caller-");
        assertThat(tokenOf(withheld).claims().has("sub")).isFalse();
    }

    @Story
    void theNumberIsShownToWhomTheCallerAllowedItAndNeverWithoutThat() throws Exception {
        String number = "+491710000805";
        assertThat(agrees(NUMBER, number, "1").header("From")).contains(number);
        assertThat(agrees(NUMBER, number, "2").invite()).doesNotContain(number);
        AnsweredCall withheld = agrees(NUMBER, "anonymous", "1");
        assertThat(withheld.header("From")).contains(NUMBER);
        assertThat(withheld.invite()).doesNotContain("X-Caller-");
    }
}
