package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.MediaStreamBot;
import org.consentgateway.testkit.SocketPeer;
import org.consentgateway.testkit.SocketServer;
import org.junit.jupiter.api.AfterAll;
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
    private static final String SOCKET = "+4930123495";
    private static final String INFORMED = "+4930123496";

    private static final SocketServer bots = startBots();

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL.withPromptsOfAtLeast(3000),
                    ChangesOfMindTest::withTheirLines);

    private static String withTheirLines(String yaml) {
        String assistant = "(?m)^( *- \\{name: )assistant(, uri: \"sip:)assistant(@.*)$";
        String all = yaml;
        for (String name : List.of(Callee.INFORMED, Callee.RINGING)) {
            all = all.replaceFirst(assistant, "$0\n$1" + name + "$2" + name + "$3");
        }
        return all.replace("ring-timeout: 5s", "ring-timeout: 30s")
                        .replace(
                                "humans:\n",
                                """
                                  - name: bot
                                    url: "%s"
                                    socket: {auth-token: secret}
                                humans:
                                """
                                        .formatted(bots.url(MediaStreamBot.GREETS)))
                + AddedLine.to("assistant", TWO_QUESTIONS).named("two").levels("basis, komfort")
                + AddedLine.to(Callee.RINGING, RINGING).named("ringing")
                + AddedLine.to(Callee.INFORMED, INFORMED).named("informed")
                + AddedLine.to("bot", SOCKET).named("socket");
    }

    private static SocketServer startBots() {
        try {
            return SocketServer.start(
                    new MediaStreamBot(Law.MU.encode(ShortPrompts.melody("I am the bot", 500))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stopBots() {
        bots.close();
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
        TestCaller caller = calls(RINGING, number).presses("1").hears("confirm-keys.basis");
        caller.presses("2").hears("withdrawn").hears("human").hangsUp();

        gateway.tells(number, "Served opening", "Given basis", "Withdrawn KEY");
        assertThat(gateway.assistant().calls("X-Consent-Level", "komfort")).isEmpty();
    }

    @Test
    void anAssistantThatHasAnsweredOnItsSocketIsToldOfANoToTheConfirmation() throws Exception {
        String number = "+491710000375";
        TestCaller caller =
                calls(SOCKET, number).presses("1").hearsBeginningOf("confirm-keys.basis");
        TestWait.until(() -> bots.peers().stream().anyMatch(ChangesOfMindTest::hasGreeted));
        caller.presses("2").hears("withdrawn").hears("human").hangsUp();
        SocketPeer bot = bots.peers().getFirst();
        TestWait.until(bot::isOver);

        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "Withdrawn KEY",
                "HolderNotified WITHDRAWN CLOSE");
        assertThat(MediaStreamBot.events(bot)).endsWith("consent", "stop");
        String given =
                gateway.entries(number).stream()
                        .filter(entry -> entry.type() == EntryType.GIVEN)
                        .map(entry -> entry.id().toString())
                        .findFirst()
                        .orElseThrow();
        assertThat(MediaStreamBot.all(bot, "consent").map(SocketPeer.Message::text))
                .singleElement(STRING)
                .contains("\"id\":\"" + given + "\"", "\"state\":\"withdrawn\"")
                .doesNotContain(number);
        assertThat(bot.closedBy()).isEqualTo(1000);
    }

    /** As in a talk: it was told the consent by its INVITE. */
    @Test
    void anAssistantThatHasAnsweredIsToldOfANoToTheConfirmation() throws Exception {
        String number = "+491710000376";
        TestCaller caller =
                calls(INFORMED, number).presses("1").hearsBeginningOf("confirm-keys.basis");
        AnsweredCall assistant = gateway.assistantOf(number);
        TestWait.until(() -> assistant.voice().heard() > 0); // it is acknowledged
        caller.presses("2").hears("withdrawn").hears("human").hangsUp();
        TestWait.until(assistant::over);

        assertThat(assistant.asked())
                .extracting(asked -> asked.request().method())
                .startsWith("INFO")
                .endsWith("BYE");
        assertThat(assistant.asked().getFirst().request().body())
                .startsWith(
                        "{\"event\":\"withdrawn\",\"consent\":\""
                                + assistant.header("X-Consent-Id")
                                + "\"")
                .doesNotContain(number);
        assertThat(assistant.asked().getLast().request().header("Reason"))
                .isEqualTo("SIP;cause=200;text=\"consent withdrawn\"");
        assertThat(assistant.heardTheCaller()).isFalse();
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "Withdrawn KEY",
                "HolderNotified WITHDRAWN INFO");
    }

    private static boolean hasGreeted(SocketPeer bot) {
        return MediaStreamBot.all(bot, "start").findAny().isPresent();
    }
}
