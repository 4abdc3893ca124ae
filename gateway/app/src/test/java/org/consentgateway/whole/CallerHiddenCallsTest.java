package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.MediaStreamBot;
import org.consentgateway.testkit.SocketPeer;
import org.consentgateway.testkit.SocketServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Callers who withhold their number, to assistants that are shown it where a purpose allows: each
 * agrees to that purpose, and every octet that reaches the assistant is read.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class CallerHiddenCallsTest {
    private static final String BY_SIP = "+4930123497";
    private static final String BY_SOCKET = "+4930123498";
    private static final String NAME = "Erika Musterfrau";

    @TempDir static Path folder;
    private static SocketServer bots;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        bots =
                SocketServer.start(
                        new MediaStreamBot(
                                Law.MU.encode(ShortPrompts.melody("I am the bot", 500))));
        gateway =
                TestGateway.start(
                        folder, TestGateway.Wishes.USUAL, CallerHiddenCallsTest::withTheirLines);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        bots.close();
    }

    private static String withTheirLines(String yaml) {
        String assistant = "(?m)^( *- \\{name: )assistant(, uri: \"sip:)assistant(@.*)}$";
        return yaml.replaceFirst(
                                assistant,
                                "$0\n$1shown$2shown$3, caller-id: with-purpose transcript,"
                                        + " diversion: true}")
                        .replace(
                                "humans:\n",
                                """
                                  - name: bot
                                    url: "%s"
                                    caller-id: with-purpose transcript
                                    socket: {auth-token: secret}
                                humans:
                                """
                                        .formatted(bots.url(MediaStreamBot.GREETS)))
                + AddedLine.to("shown", BY_SIP).levels("basis, komfort")
                + AddedLine.to("bot", BY_SOCKET).levels("basis, komfort");
    }

    /** Agrees to all that is asked, and hangs up once the assistant has been there for a while. */
    private static void agrees(String line, String number, UnaryOperator<Caller> as)
            throws Exception {
        try (Caller caller = as.apply(gateway.caller(line, number))) {
            caller.calls();
            while (!gateway.story(number).contains("AssistantOpened")) {
                caller.presses('1');
                TimeUnit.MILLISECONDS.sleep(700);
            }
            assertThat(gateway.story(number)).contains("Given komfort");
            caller.presses('5');
            TimeUnit.MILLISECONDS.sleep(500);
            caller.hangsUp();
            TestWait.until(() -> gateway.story(number).contains("AssistantCut CALLER_HUNG_UP"));
        }
    }

    /** All that this assistant was sent in the call, but for sound. */
    private static String octets(String line, String number) throws Exception {
        String call = gateway.callIds(number).getFirst();
        if (line.equals(BY_SIP)) {
            TestWait.until(() -> sip(call).over());
            AnsweredCall heard = sip(call);
            return heard.invite()
                    + heard.asked().stream()
                            .map(asked -> asked.request().text())
                            .collect(Collectors.joining());
        }
        SocketPeer bot =
                bots.peers().stream()
                        .filter(peer ->
                                peer.messages().stream()
                                        .limit(2)
                                        .anyMatch(each -> each.text().contains(call)))
                        .findFirst()
                        .orElseThrow();
        TestWait.until(bot::isOver);
        List<String> all = new ArrayList<>(List.of(bot.path(), bot.headers().toString()));
        bot.messages().stream()
                .filter(each -> !each.text().contains("\"event\":\"media\""))
                .forEach(each ->
                        all.add(
                                each.text()
                                        + new String(each.octets(), StandardCharsets.ISO_8859_1)));
        return String.join("\n", all);
    }

    private static AnsweredCall sip(String call) {
        return gateway.assistant().calls("X-Gateway-Call-Id", call).getFirst();
    }

    private static void isHidden(String line, Map<String, UnaryOperator<Caller>> ways)
            throws Exception {
        for (Map.Entry<String, UnaryOperator<Caller>> way : ways.entrySet()) {
            String number = way.getKey();
            agrees(line, number, way.getValue());
            assertThat(octets(line, number))
                    .contains("komfort")
                    .doesNotContain(number.substring(3), NAME)
                    .doesNotContainIgnoringCase("x-caller", "caller_pseudonym", "from_number");
        }
    }

    /** With a name and a number, also where the call was forwarded from. */
    private static UnaryOperator<Caller> withholding(String number, String how) {
        String history =
                "History-Info: <sip:%1$s@127.0.0.1>;index=1\r\nDiversion: <sip:%1$s@127.0.0.1>\r\n"
                        .formatted(number);
        return caller ->
                caller.from("\"%s\" <sip:%s@127.0.0.1>".formatted(NAME, number))
                        .withHeaders(history + how);
    }

    private static Caller anonymous(Caller caller) {
        return caller.from("\"Anonymous\" <sip:anonymous@anonymous.invalid>");
    }

    /** Else nothing would show that it was looked for in the right places. */
    @Story
    void whoWithholdsNothingIsShownWhereThePurposeAllows() throws Exception {
        agrees(BY_SIP, "+491710000831", caller -> caller);
        assertThat(octets(BY_SIP, "+491710000831")).contains("+491710000831");
        agrees(BY_SOCKET, "+491710000832", caller -> caller);
        assertThat(octets(BY_SOCKET, "+491710000832"))
                .contains("\"from_number\":\"+491710000832\"");
    }

    private static Caller forwarded(Caller caller) {
        return caller.withHeaders(
                "Diversion: <sip:+4930999@127.0.0.1>\r\nUser-to-User: 00aa;encoding=hex\r\n");
    }

    /** What a telephone system tells another of its caller (RFC 7433) is for people's alone. */
    @Story
    void anAssistantIsShownByWhichNumbersACallCameAndNoUserData() throws Exception {
        agrees(BY_SIP, "+491710000833", CallerHiddenCallsTest::forwarded);
        assertThat(octets(BY_SIP, "+491710000833"))
                .contains("Diversion: <sip:+4930999@127.0.0.1>")
                .doesNotContainIgnoringCase("User-to-User", "00aa;");

        String refuses = "+491710000834";
        try (Caller caller = forwarded(gateway.caller(BY_SIP, refuses))) {
            caller.calls();
            while (!gateway.story(refuses).contains("Refused")) {
                caller.presses('2');
                TimeUnit.MILLISECONDS.sleep(700);
            }
            TestWait.until(() -> !gateway.human().calls("From", refuses).isEmpty());
            caller.hangsUp();
        }
        assertThat(gateway.human().calls("From", refuses).getFirst().header("User-to-User"))
                .isEqualTo("00aa;encoding=hex");
    }

    @Story
    void byPrivacyOverSip() throws Exception {
        isHidden(
                BY_SIP,
                Map.of(
                        "+491710000841", withholding("+491710000841", "Privacy: id\r\n"),
                        "+491710000842", withholding("+491710000842", "Privacy: user;id\r\n")));
    }

    @Story
    void byAnOlderHeaderAndAnAnonymousFromOverSip() throws Exception {
        String number = "+491710000843";
        isHidden(
                BY_SIP,
                Map.of(
                        number,
                        withholding(
                                number,
                                "Remote-Party-ID: <sip:%s@127.0.0.1>;party=calling;privacy=full\r\n"
                                        .formatted(number)),
                        "+491710000844",
                        CallerHiddenCallsTest::anonymous));
    }

    @Story
    void byPrivacyOverASocket() throws Exception {
        isHidden(
                BY_SOCKET,
                Map.of(
                        "+491710000851", withholding("+491710000851", "Privacy: header\r\n"),
                        "+491710000852",
                                withholding("+491710000852", "Privacy: critical; id\r\n")));
    }

    @Story
    void byAnAnonymousFromOverASocket() throws Exception {
        isHidden(BY_SOCKET, Map.of("+491710000853", CallerHiddenCallsTest::anonymous));
    }
}
