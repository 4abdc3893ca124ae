package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.MediaStreamBot;
import org.consentgateway.testkit.RealtimeModel;
import org.consentgateway.testkit.SocketPeer;
import org.consentgateway.testkit.SocketServer;
import org.consentgateway.testkit.Tones;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One purpose more or less in the middle of a real talk, over a socket, in each dialect. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class SocketStepUpCallsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TWILIO = "+4930123493";
    private static final String JAMBONZ = "+4930123494";
    private static final String MODEL = "+4930123495";
    private static final byte[] BOT = Law.MU.encode(ShortPrompts.melody("I am the bot", 500));
    private static final byte[] ASSISTANT =
            TestGateway.greeting("assistant").octets(G711.PCMA).clone();

    @TempDir static Path folder;
    private static SocketServer bots;
    private static SocketServer listeners;
    private static SocketServer models;
    private static RealtimeModel model;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        bots = SocketServer.start(new MediaStreamBot(BOT));
        listeners = SocketServer.start(new Listener());
        model = new RealtimeModel(ASSISTANT);
        models = SocketServer.start(model);
        Files.writeString(folder.resolve("instructions.txt"), "Greet.");
        gateway =
                TestGateway.start(
                        folder, TestGateway.Wishes.USUAL, SocketStepUpCallsTest::withBots);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        bots.close();
        listeners.close();
        models.close();
    }

    /** In jambonz' dialect: greets. */
    private static final class Listener implements SocketServer.Behaviour {
        @Override
        public void text(SocketPeer peer, String message) throws IOException {
            if (message.contains("\"mixType\"")) {
                ByteBuffer samples =
                        ByteBuffer.allocate(2 * ASSISTANT.length).order(ByteOrder.LITTLE_ENDIAN);
                for (short each : Law.A.decode(ASSISTANT)) {
                    samples.putShort(each);
                }
                peer.send(samples.array());
            }
        }
    }

    private static String withBots(String yaml) {
        return yaml.replace(
                        "humans:\n",
                        assistant("twilio", bots.url(MediaStreamBot.GREETS), "twilio", "")
                                + assistant("jambonz", listeners.url("/audio"), "jambonz", "")
                                + assistant(
                                        "model",
                                        models.url("/v1/realtime?model=stand-in"),
                                        "openai-realtime",
                                        ", instructions: \"%s\", step-up: [transcript]"
                                                .formatted(folder.resolve("instructions.txt")))
                                + "humans:\n")
                + line("twilio", TWILIO)
                + line("jambonz", JAMBONZ)
                + line("model", MODEL);
    }

    private static String assistant(String name, String url, String dialect, String more) {
        return """
          - name: %s
            url: "%s"
            dialect: %s
            socket: {auth-token: secret%s}
        """
                .formatted(name, url, dialect, more);
    }

    private static String line(String assistant, String number) {
        return """
          - name: %1$s
            numbers: ["%2$s"]
            notice: demo
            languages: [en]
            dialog: ladder
            levels: [basis, komfort]
            first-input: 3s
            further-questions: 0
            assistant: %1$s
            humans: [human]
        """
                .formatted(assistant, number);
    }

    private static TestCaller agrees(String line, String number) throws Exception {
        return TestCaller.calls(gateway, line, number)
                .talks()
                .hears("question-keys.assistant")
                .presses("1");
    }

    /** Whose first messages name this call. */
    private static SocketPeer botOf(SocketServer server, String number) throws Exception {
        String call = gateway.callIds(number).getFirst();
        TestWait.until(() -> server.peers().stream().anyMatch(peer -> isOf(peer, call)));
        return server.peers().stream().filter(peer -> isOf(peer, call)).findFirst().orElseThrow();
    }

    private static boolean isOf(SocketPeer peer, String call) {
        return peer.messages().stream().limit(2).anyMatch(each -> each.text().contains(call));
    }

    /** What the bot was told of purposes, oldest first. */
    private static List<JsonNode> told(SocketPeer bot) {
        return bot.messages().stream()
                .map(SocketPeer.Message::text)
                .filter(text -> text.contains("\"event\":\"consent\""))
                .map(text -> read(text).path("consent"))
                .toList();
    }

    private static JsonNode told(SocketPeer bot, int count) throws Exception {
        TestWait.until(() -> told(bot).size() >= count);
        return told(bot).get(count - 1);
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    /** 20 ms each in which the caller was heard over Twilio's dialect. */
    private static int mediaHeard(SocketPeer bot) {
        return (int)
                MediaStreamBot.all(bot, "media")
                        .filter(each -> isTheCaller(Law.MU.decode(MediaStreamBot.payload(each))))
                        .count();
    }

    private static int binaryHeard(SocketPeer bot) {
        return (int)
                bot.messages().stream()
                        .map(SocketPeer.Message::octets)
                        .filter(each -> each.length > 0 && isTheCaller(linear(each)))
                        .count();
    }

    private static int appended(SocketPeer bot) {
        return (int)
                bot.messages().stream()
                        .filter(each -> each.text().contains("input_audio_buffer.append"))
                        .filter(each ->
                                isTheCaller(
                                        Law.A.decode(
                                                Base64.getDecoder()
                                                        .decode(
                                                                MediaStreamBot.field(
                                                                        each.text(), "audio")))))
                        .count();
    }

    private static short[] linear(byte[] octets) {
        short[] samples = new short[octets.length / 2];
        ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    private static boolean isTheCaller(short[] samples) {
        return Tones.level(samples) > 500 && Tones.share(samples, Caller.VOICE_HERTZ) > 0.7;
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

    /** From the request to its yes: while the caller is asked, the assistant hears silence. */
    private static void asksAndIsTold(
            SocketPeer bot, TestCaller caller, String request, ToIntFunction<SocketPeer> heard)
            throws Exception {
        TestWait.until(() -> heard.applyAsInt(bot) > 25);
        long asked = Stalls.now();
        bot.send(request);
        caller.hearsBeginningOf("question-keys.transcript");
        int before = heard.applyAsInt(bot);
        int messages = bot.messages().size();
        caller.hears("question-keys.transcript");
        assertThat(heard.applyAsInt(bot))
                .as("the gate is closed, and what this machine was late with is heard")
                .isBetween(before, before + (int) Stalls.sinceNanos(asked).toMillis() / 20);
        assertThat(bot.messages().size()).as("silence comes").isGreaterThan(messages + 20);
        caller.presses("1").hears("confirm.komfort");
        TestWait.until(() -> heard.applyAsInt(bot) > before + 25);
    }

    private static void tellsOfMoreAndOfLess(String number) throws Exception {
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "Given komfort",
                "AssistantOpened",
                "PurposeDecided transcript ENDED",
                "AssistantCut CALLER_HUNG_UP");
    }

    private static String twilioAsks(String purpose) {
        return "{\"event\":\"consent\",\"consent\":{\"request\":\"step-up\",\"purpose\":\"%s\"}}"
                .formatted(purpose);
    }

    @Story
    void aBotInTwiliosDialectAsksIsToldAndTheCallerEndsIt() throws Exception {
        String number = "+491710000911";
        TestCaller caller = agrees(TWILIO, number).hears("bot");
        SocketPeer bot = botOf(bots, number);
        asksAndIsTold(bot, caller, twilioAsks("transcript"), SocketStepUpCallsTest::mediaHeard);
        assertThat(told(bot, 1).path("state").asText()).isEqualTo("asking");
        JsonNode granted = told(bot, 2);
        assertThat(granted.path("state").asText()).isEqualTo("granted");
        assertThat(granted.path("purposes").asText()).isEqualTo("assistant transcript");
        assertThat(status(granted.path("token").asText())).isEqualTo("valid");
        assertThat(MediaStreamBot.all(bot, "dtmf")).as("the answer is none of its").isEmpty();

        caller.presses("*8");
        JsonNode ended = told(bot, 3);
        assertThat(ended.path("state").asText()).isEqualTo("ended");
        assertThat(ended.path("purposes").asText()).isEqualTo("assistant");
        String first =
                MediaStreamBot.field(
                        MediaStreamBot.all(bot, "start").findFirst().orElseThrow().text(),
                        "consent_token");
        assertThat(status(first)).isEqualTo("invalid");
        assertThat(status(granted.path("token").asText())).isEqualTo("invalid");
        assertThat(status(ended.path("token").asText())).isEqualTo("valid");
        int heardThen = mediaHeard(bot);
        TestWait.until(() -> mediaHeard(bot) > heardThen + 25);
        bot.send(twilioAsks("transcript"));
        assertThat(told(bot, 4).path("reason").asText()).isEqualTo("refused-before");
        bot.send(twilioAsks("Nonsense!"));
        assertThat(told(bot, 5).path("reason").asText()).isEqualTo("not-offered");
        caller.hangsUp();
        tellsOfMoreAndOfLess(number);
    }

    @Story
    void whatWasSaidBeforeTheRequestIsHeardBeforeTheQuestion() throws Exception {
        String number = "+491710000912";
        TestCaller caller = agrees(TWILIO, number).hears("bot");
        SocketPeer bot = botOf(bots, number);
        TestWait.until(() -> mediaHeard(bot) > 25);
        bot.send(MediaStreamBot.media(bot, BOT));
        bot.send(MediaStreamBot.mark(bot, "said"));
        bot.send(twilioAsks("transcript"));
        bot.send(twilioAsks("recording"));
        assertThat(told(bot, 1).path("reason").asText()).isEqualTo("request-pending");
        caller.hearsBeginningOf("question-keys.transcript");
        assertThat(caller.heard()).filteredOn("bot"::equals).hasSize(2);
        caller.presses("2");
        assertThat(told(bot, 3).path("reason").asText()).isEqualTo("refused");
        bot.send(twilioAsks("transcript"));
        assertThat(told(bot, 4).path("reason").asText()).isEqualTo("refused-before");
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
        String number = "+491710000913";
        TestCaller caller = agrees(TWILIO, number).hears("bot");
        SocketPeer bot = botOf(bots, number);
        TestWait.until(() -> mediaHeard(bot) > 25);
        bot.send(twilioAsks("transcript"));
        caller.hearsBeginningOf("question-keys.transcript").presses("*9").hears("withdrawn");
        TestWait.until(bot::isOver);
        assertThat(told(bot).getLast().path("state").asText()).isEqualTo("withdrawn");
        assertThat(MediaStreamBot.events(bot)).endsWith("consent", "stop");
        caller.hears("human").hangsUp();
        gateway.tells(
                number,
                "Served opening",
                "Given basis",
                "AssistantOpened",
                "Withdrawn KEY",
                "AssistantCut WITHDRAWN",
                "HolderNotified WITHDRAWN CLOSE");
    }

    @Story
    void aBotInJambonzDialectAsksByACommand() throws Exception {
        String number = "+491710000914";
        TestCaller caller = agrees(JAMBONZ, number).hears("assistant");
        SocketPeer bot = botOf(listeners, number);
        asksAndIsTold(
                bot,
                caller,
                "{\"type\":\"consent\",\"data\":{\"request\":\"step-up\",\"purpose\":\"transcript\"}}",
                SocketStepUpCallsTest::binaryHeard);
        assertThat(told(bot, 1).path("state").asText()).isEqualTo("asking");
        assertThat(told(bot, 2).path("purposes").asText()).isEqualTo("assistant transcript");
        caller.presses("*8");
        assertThat(told(bot, 3).path("state").asText()).isEqualTo("ended");
        int heardThen = binaryHeard(bot);
        TestWait.until(() -> binaryHeard(bot) > heardThen + 25);
        caller.hangsUp();
        tellsOfMoreAndOfLess(number);
    }

    @Story
    void aModelAsksByItsFunctionAndIsToldInWords() throws Exception {
        String number = "+491710000915";
        TestCaller caller = agrees(MODEL, number).hears("assistant");
        SocketPeer bot = models.peers().getFirst();
        assertThat(bot.messages().getFirst().text())
                .contains("\"name\":\"request_consent\"", "\"enum\":[\"transcript\"]");
        TestWait.until(() -> appended(bot) > 25);
        model.calls("request_consent", "call_1", "{\"purpose\":\"transcript\"}");
        caller.hears("question-keys.transcript");
        tells(bot, "now asks the caller for consent");
        caller.presses("1").hears("confirm.komfort").hears("assistant");
        tells(bot, "\"call_id\":\"call_1\",\"output\":\"The caller has consented");
        caller.presses("*8");
        tells(bot, "has withdrawn the consent to the purpose");
        int heardThen = appended(bot);
        TestWait.until(() -> appended(bot) > heardThen + 25);
        model.calls("request_consent", "call_2", "{\"purpose\":\"transcript\"}");
        tells(bot, "\"call_id\":\"call_2\",\"output\":\"The caller has not consented");
        assertThat(bot.messages()).noneMatch(each -> each.text().contains("\"token\""));
        caller.hangsUp();
        tellsOfMoreAndOfLess(number);
    }

    private static void tells(SocketPeer bot, String words) throws Exception {
        TestWait.until(() -> bot.messages().stream().anyMatch(each -> each.text().contains(words)));
    }
}
