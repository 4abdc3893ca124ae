package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One purpose more or less in the middle of a real talk, over a socket, in each dialect. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class SocketStepUpCallsTest {
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
                + AddedLine.to("twilio", TWILIO)
                        .levels("basis, komfort")
                        .with("further-questions", 0)
                + AddedLine.to("jambonz", JAMBONZ)
                        .levels("basis, komfort")
                        .with("further-questions", 0)
                + AddedLine.to("model", MODEL)
                        .levels("basis, komfort")
                        .with("further-questions", 0);
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

    /** Whose first messages name this call. */
    private static SocketPeer botOf(SocketServer server, String number) throws Exception {
        String call = gateway.callIds(number).getFirst();
        TestWait.until(() -> server.peers().stream().anyMatch(peer -> isOf(peer, call)));
        return server.peers().stream().filter(peer -> isOf(peer, call)).findFirst().orElseThrow();
    }

    private static boolean isOf(SocketPeer peer, String call) {
        return peer.messages().stream().limit(2).anyMatch(each -> each.text().contains(call));
    }

    /** Over a socket, by a message. */
    private static final class BySocket extends AskingAssistant {
        private final SocketPeer peer;
        private final String request;
        private final ToIntFunction<SocketPeer> heard;

        BySocket(SocketPeer peer, String request, ToIntFunction<SocketPeer> heard) {
            this.peer = peer;
            this.request = request;
            this.heard = heard;
        }

        @Override
        void asksFor(String purpose) throws IOException {
            peer.send(request.formatted(purpose));
        }

        @Override
        List<JsonNode> told() {
            return peer.messages().stream()
                    .map(SocketPeer.Message::text)
                    .filter(text -> text.contains("\"event\":\"consent\""))
                    .map(text -> read(text).path("consent"))
                    .toList();
        }

        @Override
        int heard() {
            return heard.applyAsInt(peer);
        }

        @Override
        void whileAsked(TestCaller caller) {
            int before = peer.messages().size();
            super.whileAsked(caller);
            assertThat(peer.messages().size()).as("silence comes").isGreaterThan(before + 20);
        }
    }

    private static BySocket twilio(SocketPeer bot) {
        return new BySocket(
                bot,
                "{\"event\":\"consent\",\"consent\":{\"request\":\"step-up\",\"purpose\":\"%s\"}}",
                SocketStepUpCallsTest::mediaHeard);
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
        return new IssuedToken(gateway, token).status();
    }

    @Story
    void aBotInTwiliosDialectAsksIsToldAndTheCallerEndsIt() throws Exception {
        String number = "+491710000911";
        TestCaller caller = TestCaller.agrees(gateway, TWILIO, number).hears("bot");
        SocketPeer bot = botOf(bots, number);
        BySocket assistant = twilio(bot);
        assistant.asksAndTheCallerAgrees(caller);
        assertThat(assistant.told(1).path("state").asText()).isEqualTo("asking");
        JsonNode granted = assistant.told(2);
        assertThat(granted.path("state").asText()).isEqualTo("granted");
        assertThat(granted.path("purposes").asText()).isEqualTo("assistant transcript");
        assertThat(status(granted.path("token").asText())).isEqualTo("valid");
        assertThat(MediaStreamBot.all(bot, "dtmf")).as("the answer is none of its").isEmpty();

        caller.presses("*8");
        JsonNode ended = assistant.told(3);
        assertThat(ended.path("state").asText()).isEqualTo("ended");
        assertThat(ended.path("purposes").asText()).isEqualTo("assistant");
        String first =
                MediaStreamBot.field(
                        MediaStreamBot.all(bot, "start").findFirst().orElseThrow().text(),
                        "consent_token");
        assertThat(status(first)).isEqualTo("invalid");
        assertThat(status(granted.path("token").asText())).isEqualTo("invalid");
        assertThat(status(ended.path("token").asText())).isEqualTo("valid");
        assistant.hearsTheCaller();
        assistant.asksFor("transcript");
        assertThat(assistant.told(4).path("reason").asText()).isEqualTo("refused-before");
        assistant.asksFor("Nonsense!");
        assertThat(assistant.told(5).path("reason").asText()).isEqualTo("not-offered");
        caller.hangsUp();
        AskingAssistant.moreAndLessIsRecorded(gateway, number);
    }

    @Story
    void whatWasSaidBeforeTheRequestIsHeardBeforeTheQuestion() throws Exception {
        String number = "+491710000912";
        TestCaller caller = TestCaller.agrees(gateway, TWILIO, number).hears("bot");
        SocketPeer bot = botOf(bots, number);
        BySocket assistant = twilio(bot);
        assistant.hearsTheCaller();
        bot.send(MediaStreamBot.media(bot, BOT));
        bot.send(MediaStreamBot.mark(bot, "said"));
        assistant.asksFor("transcript");
        assistant.asksFor("recording");
        assertThat(assistant.told(1).path("reason").asText()).isEqualTo("request-pending");
        caller.hearsBeginningOf("question-keys.transcript");
        assertThat(caller.heard()).filteredOn("bot"::equals).hasSize(2);
        caller.presses("2");
        assertThat(assistant.told(3).path("reason").asText()).isEqualTo("refused");
        assistant.asksFor("transcript");
        assertThat(assistant.told(4).path("reason").asText()).isEqualTo("refused-before");
        caller.hangsUp();
        AskingAssistant.aRefusalIsRecorded(gateway, number);
    }

    @Story
    void whoWithdrawsDuringTheQuestionHasWithdrawnAll() throws Exception {
        String number = "+491710000913";
        TestCaller caller = TestCaller.agrees(gateway, TWILIO, number).hears("bot");
        SocketPeer bot = botOf(bots, number);
        BySocket assistant = twilio(bot);
        assistant.hearsTheCaller();
        assistant.asksFor("transcript");
        caller.hearsBeginningOf("question-keys.transcript").presses("*9").hears("withdrawn");
        TestWait.until(bot::isOver);
        assertThat(assistant.told().getLast().path("state").asText()).isEqualTo("withdrawn");
        assertThat(MediaStreamBot.events(bot)).endsWith("consent", "stop");
        caller.hears("human").hangsUp();
        gateway.tellsOfWithdrawal(number, "basis", "KEY", "CLOSE");
    }

    @Story
    void aBotInJambonzDialectAsksByACommand() throws Exception {
        String number = "+491710000914";
        TestCaller caller = TestCaller.agrees(gateway, JAMBONZ, number).hears("assistant");
        SocketPeer bot = botOf(listeners, number);
        var assistant =
                new BySocket(
                        bot,
                        "{\"type\":\"consent\",\"data\":{\"request\":\"step-up\",\"purpose\":\"%s\"}}",
                        SocketStepUpCallsTest::binaryHeard);
        assistant.asksAndTheCallerAgrees(caller);
        assertThat(assistant.told(1).path("state").asText()).isEqualTo("asking");
        assertThat(assistant.told(2).path("purposes").asText()).isEqualTo("assistant transcript");
        caller.presses("*8");
        assertThat(assistant.told(3).path("state").asText()).isEqualTo("ended");
        assistant.hearsTheCaller();
        caller.hangsUp();
        AskingAssistant.moreAndLessIsRecorded(gateway, number);
    }

    @Story
    void aModelAsksByItsFunctionAndIsToldInWords() throws Exception {
        String number = "+491710000915";
        TestCaller caller = TestCaller.agrees(gateway, MODEL, number).hears("assistant");
        SocketPeer bot = models.peers().getFirst();
        assertThat(bot.messages().getFirst().text())
                .contains("\"name\":\"request_consent\"", "\"enum\":[\"transcript\"]");
        TestWait.until(() -> appended(bot) > 25);
        model.calls("request_consent", "call_1", "{\"purpose\":\"transcript\"}");
        caller.hears("question-keys.transcript");
        tells(bot, "now asks the caller for consent");
        caller.presses("1").hears("confirm-keys.komfort").hears("assistant");
        tells(bot, "\"call_id\":\"call_1\",\"output\":\"The caller has consented");
        caller.presses("*8");
        tells(bot, "has withdrawn the consent to the purpose");
        int heardThen = appended(bot);
        TestWait.until(() -> appended(bot) > heardThen + 25);
        model.calls("request_consent", "call_2", "{\"purpose\":\"transcript\"}");
        tells(bot, "\"call_id\":\"call_2\",\"output\":\"The caller has not consented");
        assertThat(bot.messages()).noneMatch(each -> each.text().contains("\"token\""));
        caller.hangsUp();
        AskingAssistant.moreAndLessIsRecorded(gateway, number);
    }

    private static void tells(SocketPeer bot, String words) throws Exception {
        TestWait.until(() -> bot.messages().stream().anyMatch(each -> each.text().contains(words)));
    }
}
