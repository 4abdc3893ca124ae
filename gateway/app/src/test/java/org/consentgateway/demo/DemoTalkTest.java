package org.consentgateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.PcmFrame;
import org.consentgateway.media.audio.Tone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The demonstration's assistant by rule, with its own recordings; and behind its WebSocket. */
class DemoTalkTest {
    private static final Path SAYS =
            Path.of(System.getProperty("project.root", "../..")).resolve("config/prompts/demo");

    private static DemoSentences sentences;

    private final List<String> happened = new ArrayList<>();

    @BeforeAll
    static void read() throws Exception {
        sentences = DemoSentences.in(SAYS);
    }

    private final class Remembers implements DemoTalk.Carrier {
        @Override
        public void say(List<AudioClip> sounds, String written) {
            happened.add("says " + written);
        }

        @Override
        public void hush() {}

        @Override
        public void ask(String purpose) {
            happened.add("asks for " + purpose);
        }

        @Override
        public void hangUp() {
            happened.add("hangs up");
        }
    }

    private static String token(String claims) {
        return "x." + Base64.getUrlEncoder().encodeToString(claims.getBytes(UTF_8)) + ".y";
    }

    private static final String TOKEN =
            token("{\"jti\":\"01a2-7f3c\",\"pur\":\"assistant transcript\",\"exp\":1795797000}");

    private DemoTalk talk(Map<String, String> told) {
        return new DemoTalk(sentences, DemoConsent.of(told), ZoneOffset.UTC, new Remembers());
    }

    @Test
    void itSaysWhatWasAgreedToInTheLanguageOfTheConsent() {
        talk(Map.of(
                        "X-Consent-Language", "de",
                        "X-Consent-Purposes", "assistant,transcript",
                        "X-Consent-Valid-Until", "2027-11-27T00:00:00Z"))
                .begins();
        talk(Map.of("consent_language", "en", "consent_purposes", "assistant,learning")).begins();

        assertThat(happened.getFirst())
                .contains("Sie haben zugestimmt: Ich darf zuhören. Ich darf mitschreiben. Das gilt")
                .contains("spätere Anrufe");
        assertThat(happened.getLast())
                .contains("You have agreed: I may listen. And something that I do not know by name")
                .contains("this call only");
    }

    @Test
    void itReadsOutTheClaimsOfItsToken() {
        DemoTalk talk = talk(Map.of("consent_language", "en", "consent_token", TOKEN));
        talk.key('1');
        assertThat(happened)
                .containsExactly(
                        "says Your proof of consent says: I may listen. I may write down what you"
                            + " say. Its number ends with: seven Foxtrot three Charlie It holds at"
                            + " most until: one six o'clock three zero");
        happened.clear();
        for (String nonsense : List.of("", "x", "a.b.c", token("[]"), token("7"))) {
            talk(Map.of("consent_token", nonsense)).key('1');
        }
        assertThat(happened).hasSize(5).allMatch(said -> said.startsWith("says "));
    }

    @Test
    void itHasTheGatewayAskForTheTranscriptAndSaysWhatCameOfIt() {
        DemoTalk talk = talk(Map.of("consent_language", "en", "consent_purposes", "assistant"));
        talk.key('3');
        assertThat(happened)
                .containsExactly("says I am asking for that now.", "asks for transcript");
        talk.news("asking", "", "");
        talk.news("granted", "assistant transcript", TOKEN);
        talk.key('3');
        talk.typed("Bitte mitschreiben");
        assertThat(happened)
                .endsWith(
                        "says Thank you. I may do that now.",
                        "says I am writing it down already.",
                        "says I am writing it down already.");
        talk.news("ended", "assistant", "");
        talk.typed("please write it down");
        assertThat(happened).endsWith("asks for transcript");
        talk.key('#');
        assertThat(happened).endsWith("hangs up");
    }

    @Test
    void itSaysAfterTheCallerWhatTheySaidAndNotWhatItSaysItself() {
        DemoTalk talk = talk(Map.of("consent_language", "en"));
        short[] voice = Tone.sine(440, 20, 8000);
        for (int i = 0; i < 100; i++) {
            talk.hears(voice);
        }
        for (int i = 0; i < 60; i++) {
            talk.hears(new short[PcmFrame.SAMPLES]);
        }
        assertThat(happened).containsExactly("says You said:");
        for (int i = 0; i < 100; i++) {
            talk.hears(voice); // comes back of itself
        }
        assertThat(happened).hasSize(1);
    }

    @Test
    void behindASocketItIsABotOfTwiliosDialect() throws Exception {
        List<String> came = new CopyOnWriteArrayList<>();
        try (DemoSocket bot =
                        DemoSocket.start(
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                                sentences);
                HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("ws://127.0.0.1:" + bot.listening().getPort() + "/media");
            WebSocket socket =
                    client.newWebSocketBuilder()
                            .buildAsync(uri, new Remembering(came))
                            .get(10, TimeUnit.SECONDS);
            send(
                    socket,
                    "{\"event\":\"start\",\"streamSid\":\"MZ1\",\"start\":{\"customParameters\":"
                            + "{\"consent_language\":\"en\",\"consent_purposes\":\"assistant\"}}}");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> came.stream().anyMatch(each -> each.contains("\"mark\"")));
            assertThat(came).anyMatch(each -> each.contains("\"media\"") && each.contains("MZ1"));
            send(socket, "{\"event\":\"dtmf\",\"dtmf\":{\"digit\":\"3\"}}");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> came.stream().anyMatch(each -> each.contains("step-up")));
            send(socket, "{\"event\":\"dtmf\",\"dtmf\":{\"digit\":\"#\"}}");
            await().atMost(Duration.ofSeconds(10)).until(() -> came.contains("closed 1000"));
        }
    }

    private static void send(WebSocket socket, String text) throws Exception {
        socket.sendText(text, true).get(10, TimeUnit.SECONDS);
    }

    private static final class Remembering implements WebSocket.Listener {
        private final List<String> came;
        private final StringBuilder message = new StringBuilder();

        Remembering(List<String> came) {
            this.came = came;
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                came.add(message.toString());
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            came.add("closed " + status);
            return null;
        }
    }
}
