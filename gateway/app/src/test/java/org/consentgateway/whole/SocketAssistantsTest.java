package org.consentgateway.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.MediaStreamBot;
import org.consentgateway.testkit.SocketPeer;
import org.consentgateway.testkit.SocketServer;
import org.consentgateway.testkit.Tones;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole calls with an assistant behind a WebSocket: what it is told, what it hears, its end. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class SocketAssistantsTest {
    private static final byte[] GREETING = Law.MU.encode(ShortPrompts.melody("I am the bot", 500));

    private static final List<String> PATHS =
            List.of(
                    MediaStreamBot.GREETS,
                    MediaStreamBot.UNAUTHORISED,
                    MediaStreamBot.ELSEWHERE,
                    MediaStreamBot.HANGS,
                    MediaStreamBot.SILENT,
                    MediaStreamBot.HANGS_UP,
                    MediaStreamBot.DIES,
                    MediaStreamBot.NEVER_READS,
                    MediaStreamBot.FLOODS,
                    MediaStreamBot.BABBLES,
                    MediaStreamBot.FAILS_AT_THE_END);

    private static final String NOBODY_THERE = "/nobody-there";

    /** Shows a certificate that nobody has signed. */
    private static final String STRANGER = "/stranger";

    /** Wants to see our certificate. */
    private static final String MUTUAL = "/mutual";

    /** The same, and we show none. */
    private static final String NOT_SHOWN = "/not-shown";

    /** The command that prints its token hangs. */
    private static final String TOKENLESS = "/tokenless";

    /** Its server goes away in the middle of a day. */
    private static final String LEAVES = "/leaves";

    /** Where bots ask for their calls. */
    private static final int DOOR = FreePort.next();

    @TempDir static Path folder;
    private static SocketServer bots;
    private static SocketServer strangers;
    private static SocketServer mutual;
    private static SocketServer leaving;
    private static Certificates certificates;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        var bot = new MediaStreamBot(GREETING);
        certificates = Certificates.in(folder);
        bots = SocketServer.start(bot);
        strangers = SocketServer.secure(certificates.context(Certificates.STRANGER), false, bot);
        mutual = SocketServer.secure(certificates.context(Certificates.GATEWAY), true, bot);
        leaving = SocketServer.secure(certificates.context(Certificates.GATEWAY), false, bot);
        gateway =
                TestGateway.start(folder, TestGateway.Wishes.USUAL, SocketAssistantsTest::withBots);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        bots.close();
        strangers.close();
        mutual.close();
        leaving.close();
    }

    /** An assistant and a line for each of them. */
    private static String withBots(String yaml) {
        StringBuilder assistants = new StringBuilder();
        StringBuilder lines = new StringBuilder();
        List<String> all = new ArrayList<>(PATHS);
        all.addAll(List.of(NOBODY_THERE, STRANGER, MUTUAL, NOT_SHOWN, TOKENLESS, LEAVES));
        for (String path : all) {
            String name = path.substring(1);
            String url =
                    switch (path) {
                        case NOBODY_THERE -> "ws://127.0.0.1:1/media";
                        case STRANGER -> strangers.url(path);
                        case MUTUAL, NOT_SHOWN -> mutual.url(path);
                        case LEAVES -> leaving.url(MediaStreamBot.GREETS);
                        default -> bots.url(path);
                    };
            String tls =
                    "roots: [\"%s\"]%s"
                            .formatted(
                                    certificates.root(),
                                    path.equals(MUTUAL)
                                            ? ", certificate: \"%s\", key: \"%s\""
                                                    .formatted(
                                                            certificates.certificate(
                                                                    Certificates.OTHER),
                                                            certificates.key(Certificates.OTHER))
                                            : "");
            assistants.append(
                    """
                      - name: %s
                        url: "%s"
                        ring-timeout: 3s
                        refer: human
                        socket: {auth-token: secret, %s, first-audio: 2s, alive: 2s, %s}
                    """
                            .formatted(
                                    name,
                                    url,
                                    path.equals(TOKENLESS)
                                            ? "bearer-command: sleep 61.5"
                                            : "bearer: token",
                                    tls));
            lines.append(AddedLine.to(name, number(path)));
        }
        return yaml.replace("sip:\n  listen:", "sip:\n  keep-alive: 1s\n  listen:")
                        .replace("humans:\n", assistants + "humans:\n")
                + lines
                + "tokens: {listen: \"127.0.0.1:%d\"}\n".formatted(DOOR);
    }

    private static String number(String path) {
        return "bot" + path.replaceAll("[^a-z]", "");
    }

    private static TestCaller agrees(String path, String number) throws Exception {
        return TestCaller.agrees(gateway, number(path), number);
    }

    private static SocketPeer botOf(String number) throws Exception {
        String call = gateway.callIds(number).getLast();
        List<SocketPeer> peers =
                await("the bot's call")
                        .atMost(TestCaller.PATIENCE)
                        .until(
                                () ->
                                        bots.peers().stream()
                                                .filter(peer -> isOf(peer, call))
                                                .toList(),
                                found -> !found.isEmpty());
        assertThat(peers).hasSize(1);
        return peers.getFirst();
    }

    private static boolean isOf(SocketPeer peer, String call) {
        return MediaStreamBot.all(peer, "start")
                .anyMatch(start ->
                        MediaStreamBot.field(start.text(), "gateway_call_id").equals(call));
    }

    /** Whether half a second of media was mostly a test caller's voice. */
    private static boolean hearsTheCaller(SocketPeer bot) {
        return MediaStreamBot.all(bot, "media").filter(SocketAssistantsTest::isTheCaller).count()
                > 25;
    }

    private static boolean isTheCaller(SocketPeer.Message media) {
        short[] samples = Law.MU.decode(MediaStreamBot.payload(media));
        return Tones.level(samples) > 500 && Tones.share(samples, Caller.VOICE_HERTZ) > 0.7;
    }

    private static Entry entry(String number, EntryType type) throws Exception {
        return gateway.entries(number).stream()
                .filter(entry -> entry.type() == type)
                .findFirst()
                .orElseThrow();
    }

    @Story
    void aBotIsToldTheConsentHearsTheCallerAndIsToldThatItHasEnded() throws Exception {
        String number = "+491710000201";
        long begun = Stalls.now();
        TestCaller caller = agrees(MediaStreamBot.GREETS, number).hears("bot");
        SocketPeer bot = botOf(number);
        TestWait.until(() -> hearsTheCaller(bot));
        TestWait.until(() -> MediaStreamBot.events(bot).contains("mark"));
        caller.presses("5");
        TestWait.until(() -> MediaStreamBot.events(bot).contains("dtmf"));
        caller.presses("*9").hears("withdrawn").hears("human").hangsUp();
        TestWait.until(bot::isOver);

        toldTheConsent(bot, number);
        Duration stalled = Stalls.sinceNanos(begun);
        withoutGaps(bot, stalled);
        assertThat(MediaStreamBot.events(bot).stream().filter(event -> !event.equals("media")))
                .startsWith("connected", "start")
                .endsWith("consent", "stop");
        assertThat(
                        MediaStreamBot.all(bot, "dtmf")
                                .map(each -> MediaStreamBot.field(each.text(), "digit")))
                .as("the last of the withdrawal keys is held back")
                .containsExactly("5", "*");
        SocketPeer.Message consent = MediaStreamBot.all(bot, "consent").findFirst().orElseThrow();
        assertThat(consent.text()).contains("\"state\":\"withdrawn\"").doesNotContain(number);
        assertThat(bot.closedBy()).isEqualTo(1000);
        assertThat(
                        Duration.between(
                                MediaStreamBot.last(bot, "media"),
                                MediaStreamBot.last(bot, "stop")))
                .isLessThan(Duration.ofMillis(100).plus(stalled));
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "Withdrawn KEY",
                "AssistantCut WITHDRAWN",
                "HolderNotified WITHDRAWN CLOSE");
    }

    /** It may hold what it was told to delete: that is no confirmation, whatever it sends. */
    @Story
    void aBotThatFailsOnTheEndOfTheConsentHasNotConfirmedIt() throws Exception {
        String number = "+491710000207";
        TestCaller caller = agrees(MediaStreamBot.FAILS_AT_THE_END, number).hears("bot");
        SocketPeer bot = botOf(number);
        caller.presses("*9").hears("withdrawn").hears("human").hangsUp();
        TestWait.until(bot::isOver);
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "Withdrawn KEY",
                "AssistantCut WITHDRAWN",
                "HolderNotified WITHDRAWN");
    }

    private static void toldTheConsent(SocketPeer bot, String number) throws Exception {
        Entry given = entry(number, EntryType.GIVEN);
        SocketPeer.Message start = MediaStreamBot.all(bot, "start").findFirst().orElseThrow();
        assertThat(bot.messages().getFirst().at()).isAfter(given.time());
        assertThat(start.text())
                .contains(
                        "\"consent_id\":\"" + given.id() + "\"",
                        "\"consent_level\":\"basis\"",
                        "\"consent_purposes\":\"assistant\"",
                        "\"consent_valid_until\":\"this-call\"",
                        "\"consent_language\":\"en\"",
                        "\"encoding\":\"audio/x-mulaw\"")
                .containsPattern("\"callSid\":\"CA[0-9a-f]{32}\"")
                .containsPattern("\"streamSid\":\"MZ[0-9a-f]{32}\"")
                .doesNotContain(number);
        assertThat(bot.headers()).containsEntry("authorization", "Bearer token");
        assertThat(bot.headers()).containsKey("x-twilio-signature");
    }

    /** A frame every 20 ms, and the caller in none of them before the gate was open. */
    private static void withoutGaps(SocketPeer bot, Duration stalled) throws Exception {
        List<SocketPeer.Message> media = MediaStreamBot.all(bot, "media").toList();
        for (int i = 0; i < media.size(); i++) {
            assertThat(MediaStreamBot.field(media.get(i).text(), "timestamp"))
                    .isEqualTo(String.valueOf(20 * i));
            assertThat(MediaStreamBot.payload(media.get(i))).hasSize(160);
        }
        Duration lasted = Duration.between(media.getFirst().at(), media.getLast().at());
        assertThat(media.size())
                .isBetween(
                        (int) ((lasted.toMillis() * 0.9 - stalled.toMillis()) / 20),
                        (int) ((lasted.toMillis() * 1.1 + stalled.toMillis()) / 20) + 2);
        Instant heard =
                media.stream()
                        .filter(SocketAssistantsTest::isTheCaller)
                        .findFirst()
                        .orElseThrow()
                        .at();
        String number = MediaStreamBot.field(bot.messages().get(1).text(), "gateway_call_id");
        Entry opened =
                gateway.archive().reader().ofCall(number).stream()
                        .filter(entry -> entry.type() == EntryType.ASSISTANT_OPENED)
                        .findFirst()
                        .orElseThrow();
        assertThat(heard).isAfterOrEqualTo(opened.time());
    }

    @Story
    void whatABotTakesBackIsNotHeardAndItsMarksComeBackAtOnce() throws Exception {
        String number = "+491710000202";
        TestCaller caller = agrees(MediaStreamBot.GREETS, number).hears("bot");
        SocketPeer bot = botOf(number);
        bot.send(MediaStreamBot.media(bot, new byte[80_000]));
        bot.send(MediaStreamBot.mark(bot, "ten-seconds"));
        bot.send(MediaStreamBot.clear(bot));
        await("sooner than it would have been said")
                .atMost(Duration.ofSeconds(5))
                .until(() ->
                        MediaStreamBot.all(bot, "mark")
                                .anyMatch(mark -> mark.text().contains("ten-seconds")));
        caller.hangsUp();
        TestWait.until(bot::isOver);
        assertThat(MediaStreamBot.events(bot)).last().isEqualTo("stop");
        assertThat(MediaStreamBot.events(bot)).doesNotContain("consent");
    }

    @Story
    void aBotThatHangsUpIsHeardToItsLastWord() throws Exception {
        String number = "+491710000203";
        TestCaller caller = agrees(MediaStreamBot.GREETS, number).hears("bot");
        SocketPeer bot = botOf(number);
        bot.send(MediaStreamBot.media(bot, GREETING));
        bot.close(1000);
        caller.isOver();
        assertThat(caller.heard()).filteredOn("bot"::equals).hasSize(2);
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "AssistantCut ASSISTANT_HUNG_UP");
    }

    /** Sent at once, as models do, and longer than anybody waits for what never comes. */
    @Story
    void aBotThatHangsUpIsHeardHoweverLongItsLastWordsAre() throws Exception {
        String number = "+491710000206";
        TestCaller caller = agrees(MediaStreamBot.GREETS, number).hears("bot");
        SocketPeer bot = botOf(number);
        byte[] second = Law.MU.encode(Tones.sine(700, 1000, 6000));
        for (int i = 0; i < 16; i++) {
            bot.send(MediaStreamBot.media(bot, second));
        }
        bot.send(MediaStreamBot.media(bot, GREETING));
        bot.close(1000);
        caller.isOver();
        assertThat(caller.heard()).filteredOn("bot"::equals).hasSize(2);
    }

    @Story
    void aBotThatDiesInTheTalkLeavesTheCallerToTheHuman() throws Exception {
        String number = "+491710000204";
        TestCaller caller = agrees(MediaStreamBot.DIES, number).hears("bot");
        SocketPeer bot = botOf(number);
        long died = Stalls.now();
        bot.die();
        caller.hearsBeginningOf("assistant-unreachable");
        assertThat(Duration.ofNanos(System.nanoTime() - died))
                .isLessThan(Duration.ofSeconds(1).plus(Stalls.sinceNanos(died)));
        caller.hears("human").hangsUp();
        counted(MediaStreamBot.DIES, "lost");
    }

    /** Its server shuts down: nobody has ended the talk. */
    @Story
    void aBotThatGoesAwayInTheTalkLeavesTheCallerToTheHuman() throws Exception {
        String number = "+491710000205";
        TestCaller caller = agrees(MediaStreamBot.GREETS, number).hears("bot");
        botOf(number).close(1001);
        caller.hears("assistant-unreachable").hears("human").hangsUp();
        counted(MediaStreamBot.GREETS, "lost");
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "AssistantCut ASSISTANT_LOST");
    }

    private static void counted(String path, String reason) throws Exception {
        String metric =
                "consent_assistant_failures_total{assistant=\"%s\",reason=\"%s\"} 1.0"
                        .formatted(path.substring(1), reason);
        TestWait.until(() -> gateway.http("/metrics").contains(metric));
    }

    /** Never silence: whoever agreed to talk to a bot that is not there talks to a human. */
    private static void reachesTheHuman(String path, String number, String reason)
            throws Exception {
        TestCaller caller = agrees(path, number).hears("assistant-unreachable").hears("human");
        caller.hangsUp();
        counted(path, reason);
    }

    /** As Twilio's clients do. */
    private static HttpResponse<String> asks(
            SocketPeer bot, String call, String secret, String form) throws Exception {
        String start = MediaStreamBot.all(bot, "start").findFirst().orElseThrow().text();
        String account = MediaStreamBot.field(start, "accountSid");
        String login = Base64.getEncoder().encodeToString((account + ":" + secret).getBytes(UTF_8));
        URI uri =
                URI.create(
                        "http://127.0.0.1:%d/2010-04-01/Accounts/%s/Calls/%s.json"
                                .formatted(DOOR, account, call));
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .header("Authorization", "Basic " + login)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String callSid(SocketPeer bot) {
        return MediaStreamBot.field(
                MediaStreamBot.all(bot, "start").findFirst().orElseThrow().text(), "callSid");
    }

    @Story
    void aBotHangsUpByTheRestRouteAndNobodyElseDoes() throws Exception {
        String number = "+491710000231";
        TestCaller caller = agrees(MediaStreamBot.GREETS, number).hears("bot");
        SocketPeer bot = botOf(number);
        String call = callSid(bot);
        assertThat(asks(bot, call, "wrong", "Status=completed").statusCode()).isEqualTo(401);
        String other = "CA" + "0".repeat(32);
        assertThat(asks(bot, other, "secret", "Status=completed").body()).contains("20404");
        assertThat(asks(bot, call, "secret", "Status=completed").statusCode()).isEqualTo(200);
        caller.isOver();
        TestWait.until(bot::isOver);
        assertThat(MediaStreamBot.events(bot)).last().isEqualTo("stop");
        assertThat(asks(bot, call, "secret", "Status=completed").statusCode()).isEqualTo(404);
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "AssistantCut ASSISTANT_HUNG_UP");
    }

    @Story
    void aBotHandsOverToOneOfOurHumansAndToNobodyElse() throws Exception {
        String number = "+491710000232";
        TestCaller caller = agrees(MediaStreamBot.GREETS, number).hears("bot");
        SocketPeer bot = botOf(number);
        String call = callSid(bot);
        String dial = "Twiml=%3CResponse%3E%3CDial%3E{}%3C%2FDial%3E%3C%2FResponse%3E";
        assertThat(asks(bot, call, "secret", dial.replace("{}", "%2B4915112345678")).statusCode())
                .isEqualTo(400);
        assertThat(asks(bot, call, "secret", "Url=http%3A%2F%2Felsewhere").statusCode())
                .isEqualTo(400);
        assertThat(asks(bot, call, "secret", dial.replace("{}", "human")).statusCode())
                .isEqualTo(200);
        TestWait.until(bot::isOver);
        caller.hears("human").hangsUp();
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "AssistantCut HANDED_OVER");
    }

    @Story
    void whereNobodyListensTheCallerReachesTheHuman() throws Exception {
        reachesTheHuman(NOBODY_THERE, "+491710000211", "refused");
    }

    private static boolean isReady(String part, String status, String detail) throws Exception {
        return gateway.http("/health/ready")
                .contains(
                        "{\"name\":\"%s\",\"status\":\"%s\",\"detail\":\"%s"
                                .formatted(part, status, detail));
    }

    @Story
    void whoeverHasGoneIsToldEverywhereAndNotConnectedTo() throws Exception {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> isReady("assistant leaves", "ready", "answers"));
        assertThat(gateway.http("/metrics"))
                .contains("consent_target_up{kind=\"assistant\",target=\"leaves\"} 1");
        String url = leaving.url(MediaStreamBot.GREETS);
        assertThat(gateway.http("/peers")).contains(url);
        leaving.close();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> isReady("assistant leaves", "limited", "does not answer since"));
        assertThat(gateway.http("/metrics"))
                .contains("consent_target_up{kind=\"assistant\",target=\"leaves\"} 0");
        assertThat(gateway.http("/")).contains("assistant leaves");
        assertThat(leaving.peers()).as("looking is no call").isEmpty();
        reachesTheHuman(LEAVES, "+491710000241", "refused");
        gateway.tells("+491710000241", "Served opening", "Given basis");
    }

    @Story
    void whereWeAreUnknownTheCallerReachesTheHuman() throws Exception {
        TestCaller caller = agrees(MediaStreamBot.UNAUTHORISED, "+491710000212");
        String part = "assistant " + MediaStreamBot.UNAUTHORISED.substring(1);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> isReady(part, "limited", "does not believe who we are: 401"));
        caller.hears("assistant-unreachable").hears("human").hangsUp();
        counted(MediaStreamBot.UNAUTHORISED, "unauthorised");
    }

    @Story
    void whereTheTokensCommandHangsTheCallerReachesTheHuman() throws Exception {
        agrees(TOKENLESS, "+491710000216").hears("assistant-unreachable").hears("human").hangsUp();
        TestWait.until(() ->
                ProcessHandle.allProcesses()
                        .noneMatch(each ->
                                each.info().commandLine().orElse("").contains("sleep 61.5")));
    }

    @Story
    void whereThereIsNoSuchPageTheCallerReachesTheHuman() throws Exception {
        reachesTheHuman(MediaStreamBot.ELSEWHERE, "+491710000213", "not_upgraded");
    }

    @Story
    void whereTheUpgradeIsNotAnsweredTheCallerReachesTheHuman() throws Exception {
        reachesTheHuman(MediaStreamBot.HANGS, "+491710000214", "no_answer");
    }

    @Story
    void whereNobodyHasSignedTheCertificateTheCallerReachesTheHuman() throws Exception {
        reachesTheHuman(STRANGER, "+491710000215", "tls_failed");
    }

    @Story
    void whereOurCertificateIsWantedInVainTheCallerReachesTheHuman() throws Exception {
        reachesTheHuman(NOT_SHOWN, "+491710000221", "tls_failed");
    }

    @Story
    void whoeverWantsOurCertificateIsShownIt() throws Exception {
        agrees(MUTUAL, "+491710000222").hears("bot").hangsUp();
    }

    @Story
    void whereTheBotHangsUpAtOnceTheCallerReachesTheHuman() throws Exception {
        reachesTheHuman(MediaStreamBot.HANGS_UP, "+491710000216", "closed_before_audio");
    }

    @Story
    void whereTheBotSaysNothingTheCallerReachesTheHuman() throws Exception {
        reachesTheHuman(MediaStreamBot.SILENT, "+491710000217", "no_audio");
    }

    @Story
    void whereTheBotTalksNonsenseTheCallerReachesTheHuman() throws Exception {
        reachesTheHuman(MediaStreamBot.BABBLES, "+491710000218", "protocol_error");
    }

    @Story
    void botsThatSendTenMinutesAtOnceOrReadNothingMoreHarmNoOtherCall() throws Exception {
        String number = "+491710000229";
        long begun = Stalls.now();
        TestCaller neighbour = agrees(MediaStreamBot.GREETS, number).hears("bot");
        SocketPeer bot = botOf(number);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> floods =
                    callers.submit(() ->
                            toTheHuman(MediaStreamBot.FLOODS, "+491710000219", "too_much_audio"));
            Future<?> unread =
                    callers.submit(() ->
                            toTheHuman(MediaStreamBot.NEVER_READS, "+491710000220", "not_alive"));
            Object _ = floods.get();
            Object _ = unread.get();
        }
        long media = MediaStreamBot.all(bot, "media").count();
        TestWait.until(() -> MediaStreamBot.all(bot, "media").count() > media + 25);
        withoutGaps(bot, Stalls.sinceNanos(begun));
        neighbour.hangsUp();
    }

    private static boolean toTheHuman(String path, String number, String reason) throws Exception {
        reachesTheHuman(path, number, reason);
        return true;
    }
}
