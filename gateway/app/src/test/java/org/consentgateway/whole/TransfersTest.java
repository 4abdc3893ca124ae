package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How callers are brought to a human where their side can do it (REFER, Replaces), and where it
 * cannot.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TransfersTest {
    /** Lines whose human is brought in by each way. */
    private static final String BLIND = TestGateway.ONE_LEVEL;

    private static final String ATTENDED = TestGateway.LADDER;

    /** A line whose assistant takes INFO. */
    private static final String INFORMED = "+4930123497";

    /** A line whose one human is always busy. */
    private static final String ONLY_BUSY = "+4930123498";

    /** A line whose first human rings for ever, and whose second is brought in by REFER as well. */
    private static final String TWO_BLIND = "+4930123499";

    private static final String CAN_DO_IT =
            "Allow: INVITE, ACK, BYE, CANCEL, REFER, NOTIFY\r\nSupported: replaces, timer\r\n";

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL, TransfersTest::twoWays);

    private static String twoWays(String yaml) {
        String human = yaml.replaceAll("(?s).*\\{name: human, ([^}]*)}.*", "$1");
        return yaml.replace(
                                "humans:\n",
                                "humans:\n"
                                        + ("  - {name: blind, " + human + ", transfer: refer}\n")
                                        + ("  - {name: attended, "
                                                + human
                                                + ", transfer: attended}\n")
                                        + named(Callee.BUSY, human)
                                        + slow(human)
                                        + named(Callee.RINGING, human))
                        .replaceAll("(name: assistant, [^}]*)}", "$1, refer: human}")
                        .replaceFirst(
                                "(?m)^( *- \\{name: )assistant(, uri: \"sip:)assistant(@.*)$",
                                "$0\n$1" + Callee.INFORMED + "$2" + Callee.INFORMED + "$3")
                        .replaceAll("(?s)(name: one\n.*?humans: )\\[human]", "$1[blind]")
                        .replaceAll("(?s)(name: ladder\n.*?humans: )\\[human]", "$1[attended]")
                + AddedLine.to(Callee.INFORMED, INFORMED)
                + AddedLine.to("assistant", ONLY_BUSY)
                        .named("only-busy")
                        .with("humans", "[busy]")
                        .with("call-back", false)
                + AddedLine.to("assistant", TWO_BLIND)
                        .named("two-blind")
                        .with("humans", "[slow, blind]");
    }

    private static String slow(String human) {
        String rings = human.replace("human@", Callee.RINGING + "@");
        return "  - {name: slow, "
                + rings.replaceFirst("ring-timeout: [^,]*", "ring-timeout: 2s")
                + ", transfer: refer}\n";
    }

    private static String named(String name, String human) {
        return "  - {name: " + name + ", " + human.replace("human@", name + "@") + "}\n";
    }

    /** Calls, says no, and so is on the way to a human. */
    private static Caller refuses(String line, String number, String headers) throws Exception {
        Caller caller = gateway.caller(line, number).withHeaders(headers).calls();
        gateway.tells(number, "Served opening");
        while (gateway.story(number).size() == 1) {
            caller.presses('2');
        }
        gateway.tells(number, "Served opening", "Refused");
        return caller;
    }

    private static List<AnsweredCall> human(String number) {
        return gateway.human().calls("From", number);
    }

    @Story
    void aCallerWhoseSideCallsTheHumanItselfIsLetGo() throws Exception {
        String number = "+491750000001";
        try (Caller caller = refuses(BLIND, number, "")) {
            SipMessage refer = caller.receives("REFER");
            assertThat(refer.text()).contains("\r\nRefer-To: <" + gateway.human().uri() + ">\r\n");
            caller.answers(refer, "202 Accepted");
            caller.notifies("SIP/2.0 100 Trying");
            caller.calls(refer, "");
            caller.notifies("SIP/2.0 200 OK");
            caller.answers(caller.receives("BYE"), "200 OK");
            assertThat(human(number)).as("called by the caller's side only").hasSize(1);
        }
    }

    /** As many exchanges do that have taken it, and as a caller does who hangs up meanwhile. */
    @Story
    void aCallWhoseSideEndsItWhileItTransfersRingsNobody() throws Exception {
        String number = "+491750000013";
        try (Caller caller = refuses(BLIND, number, "")) {
            caller.answers(caller.receives("REFER"), "202 Accepted");
            assertThat(caller.hangsUpUntilAnswered().status()).isEqualTo(200);
            assertThat(caller.isToldAnything(300)).isFalse();
            assertThat(human(number)).isEmpty();
        }
    }

    @Story
    void whatIsToldOfOneTransferCountsForNoOther() throws Exception {
        String number = "+491750000014";
        try (Caller caller = refuses(TWO_BLIND, number, "")) {
            SipMessage first = caller.receives("REFER");
            caller.answers(first, "202 Accepted");
            caller.notifiesOf(first, "SIP/2.0 180 Ringing");
            SipMessage second = caller.receives("REFER");
            caller.answers(second, "202 Accepted");
            assertThat(human(number)).as("the first, by us as well").hasSize(1);
            caller.notifiesOf(first, "SIP/2.0 480 Temporarily Unavailable");
            caller.notifiesOf(second, "SIP/2.0 180 Ringing");
            assertThat(caller.isToldAnything(300)).isFalse();
            assertThat(human(number)).as("the second rings there").hasSize(1);
            caller.notifiesOf(second, "SIP/2.0 200 OK");
            caller.answers(caller.receives("BYE"), "200 OK");
            assertThat(human(number)).hasSize(1);
        }
    }

    @Story
    void whomTheCallersSideReachesWhileWeRingThemIsRungNoLonger() throws Exception {
        String number = "+491750000015";
        try (Caller caller = refuses(TWO_BLIND, number, "")) {
            SipMessage refer = caller.receives("REFER");
            caller.answers(refer, "202 Accepted");
            TestWait.until(() -> human(number).size() == 1);
            caller.notifies("SIP/2.0 200 OK");
            caller.answers(caller.receives("BYE"), "200 OK");
            assertThat(human(number)).hasSize(1);
            String ours = human(number).getFirst().header("Call-ID");
            TestWait.until(() ->
                    gateway.human().cancels().stream()
                            .anyMatch(cancel -> cancel.header("Call-ID").equals(ours)));
        }
    }

    @Story
    void aCallerWhoseSideDoesNotTransferIsBridged() throws Exception {
        String number = "+491750000002";
        try (Caller caller = refuses(BLIND, number, "")) {
            caller.answers(caller.receives("REFER"), "603 Decline");
            TestWait.until(() -> human(number).size() == 1);
            human(number).getFirst().hangUp();
            caller.answers(caller.receives("BYE"), "200 OK");
        }
    }

    @Story
    void theHumansByeBeforeTheNewsOfTheTransferDoesNotEndTheCallersCall() throws Exception {
        String number = "+491750000003";
        try (Caller caller = refuses(ATTENDED, number, CAN_DO_IT)) {
            SipMessage refer = caller.receives("REFER");
            AnsweredCall bridged = human(number).getFirst();
            assertThat(refer.text())
                    .contains("\r\nRefer-To: <" + gateway.human().uri() + "?Replaces=")
                    .contains("%3Bto-tag%3D", "%3Bfrom-tag%3D", "\r\nReferred-By: ");
            caller.answers(refer, "202 Accepted");
            assertThat(bridged.over()).as("until then they talk through us").isFalse();
            caller.calls(refer, "");
            TestWait.until(bridged::over);
            assertThat(caller.isToldAnything(400)).isFalse();
            caller.notifies("SIP/2.0 200 OK");
            caller.answers(caller.receives("BYE"), "200 OK");
            assertThat(human(number)).hasSize(2);
            assertThat(human(number).getLast().over()).as("talks to the caller").isFalse();
        }
    }

    @Story
    void theNewsOfTheTransferEndsBothOurCalls() throws Exception {
        String number = "+491750000004";
        try (Caller caller = refuses(ATTENDED, number, CAN_DO_IT)) {
            SipMessage refer = caller.receives("REFER");
            AnsweredCall bridged = human(number).getFirst();
            caller.answers(refer, "202 Accepted");
            caller.calls(refer, Callee.KEEPS_REPLACED + ": yes\r\n");
            caller.notifies("SIP/2.0 200 OK");
            caller.answers(caller.receives("BYE"), "200 OK");
            TestWait.until(bridged::over);
            assertThat(human(number).getLast().over()).isFalse();
        }
    }

    @Story
    void aRefusedTransferChangesNothing() throws Exception {
        String number = "+491750000005";
        try (Caller caller = refuses(ATTENDED, number, CAN_DO_IT)) {
            caller.answers(caller.receives("REFER"), "603 Decline");
            goOnUntilTheHumanHangsUp(caller, number);
        }
    }

    @Story
    void aTransferThatFailsChangesNothing() throws Exception {
        String number = "+491750000006";
        try (Caller caller = refuses(ATTENDED, number, CAN_DO_IT)) {
            caller.answers(caller.receives("REFER"), "202 Accepted");
            caller.notifies("SIP/2.0 481 Call/Transaction Does Not Exist");
            goOnUntilTheHumanHangsUp(caller, number);
        }
    }

    @Story
    void aSideThatDoesNotSayItCanIsNotAsked() throws Exception {
        String number = "+491750000007";
        String noReplaces = CAN_DO_IT.replace("replaces", "100rel");
        try (Caller caller = refuses(ATTENDED, number, noReplaces)) {
            goOnUntilTheHumanHangsUp(caller, number);
        }
    }

    private static void goOnUntilTheHumanHangsUp(Caller caller, String number) throws Exception {
        TestWait.until(() -> human(number).size() == 1);
        int before = caller.voice().heard();
        assertThat(caller.isToldAnything(300)).as("neither BYE nor REFER").isFalse();
        assertThat(caller.voice().heard()).isGreaterThan(before);
        assertThat(human(number).getFirst().over()).isFalse();
        human(number).getFirst().hangUp();
        caller.answers(caller.receives("BYE"), "200 OK");
    }

    @Story
    void anAssistantThatHandsOverTheCallerIsCutAndTheHumanAnswers() throws Exception {
        String number = "+491750000008";
        TestCaller caller = withAssistant(TestGateway.ONE_LEVEL, number);
        AnsweredCall assistant = gateway.assistantOf(number);
        long asked = Stalls.now();
        assistant.refers(gateway.human().uri());
        TestWait.until(() -> !assistant.news().isEmpty());
        int heardBefore = assistant.loudFrames();
        caller.hears("to-human").hears("human");
        TestWait.until(assistant::over);
        assertThat(assistant.news())
                .containsExactlyInAnyOrder(
                        "SIP/2.0 202 Accepted", "SIP/2.0 100 Trying", "SIP/2.0 200 OK");
        AnsweredCall human = human(number).getFirst();
        TestWait.until(human::heardTheCaller);
        assertThat(assistant.loudFrames())
                .as("hears nothing more than what its jitter buffer held, or this machine")
                .isLessThanOrEqualTo(
                        heardBefore + 5 + (int) Stalls.sinceNanos(asked).toMillis() / 20);
        caller.hangsUp();
        TestWait.until(human::over);
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "AssistantCut HANDED_OVER");
    }

    @Story
    void whereTheHumanIsBusyTheAssistantIsToldAndTheCallerReachesAnother() throws Exception {
        String number = "+491750000009";
        TestCaller caller = withAssistant(INFORMED, number);
        AnsweredCall assistant = gateway.assistantOf(number);
        assistant.refers(gateway.human().uri(Callee.BUSY));
        caller.hears("to-human").hears("human");
        TestWait.until(assistant::over);
        assertThat(assistant.news()).contains("SIP/2.0 480 Temporarily Unavailable");
        caller.hangsUp();
    }

    @Story
    void whereTheOnlyHumanIsBusyTheCallerHearsGoodbye() throws Exception {
        String number = "+491750000012";
        TestCaller caller = withAssistant(ONLY_BUSY, number);
        AnsweredCall assistant = gateway.assistantOf(number);
        assistant.refers(gateway.human().uri(Callee.BUSY));
        caller.hears("to-human").hears("goodbye").isOver();
        TestWait.until(assistant::over);
        assertThat(assistant.news()).contains("SIP/2.0 480 Temporarily Unavailable");
    }

    @Story
    void whoWithdrawsWhileTheHumanRingsHasTheAssistantToldOfIt() throws Exception {
        String number = "+491750000011";
        TestCaller caller = withAssistant(INFORMED, number);
        AnsweredCall assistant = gateway.assistantOf(number);
        assistant.refers(gateway.human().uri(Callee.RINGING));
        caller.hears("to-human").presses("*9").hears("withdrawn").hears("human").hangsUp();
        TestWait.until(assistant::over);
        assertThat(assistant.asked())
                .extracting(asked -> asked.request().method())
                .containsExactly("INFO", "BYE");
        assertThat(assistant.asked().getFirst().request().body())
                .startsWith("{\"event\":\"withdrawn\"");
        assertThat(assistant.asked().getLast().request().header("Reason"))
                .isEqualTo("SIP;cause=200;text=\"consent withdrawn\"");
        assertThat(assistant.news()).endsWith("SIP/2.0 480 Temporarily Unavailable");
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "AssistantCut HANDED_OVER",
                "Withdrawn KEY",
                "HolderNotified WITHDRAWN INFO");
    }

    @Story
    void anAssistantThatNamesSomebodyElseGoesOnItself() throws Exception {
        String number = "+491750000010";
        TestCaller caller = withAssistant(TestGateway.ONE_LEVEL, number);
        AnsweredCall assistant = gateway.assistantOf(number);
        assistant.refers("sip:premium@192.0.2.66");
        TestWait.until(() -> assistant.news().equals(List.of("SIP/2.0 603 Decline")));
        int heardBefore = assistant.loudFrames();
        TestWait.until(() -> assistant.loudFrames() > heardBefore + 25);
        caller.hangsUp();
        gateway.tellsOfTalk(number, "basis");
    }

    /** Calls, agrees, and is heard by the assistant. */
    private static TestCaller withAssistant(String line, String number) throws Exception {
        TestCaller caller = TestCaller.agrees(gateway, line, number).hears("assistant");
        AnsweredCall assistant = gateway.assistantOf(number);
        TestWait.until(assistant::heardTheCaller);
        return caller;
    }
}
