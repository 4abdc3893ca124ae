package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.testkit.Npm;
import org.consentgateway.testkit.timing.Nightly;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of the demonstration in a real browser, whose microphone says "ja" every three seconds:
 * three calls beside each other, by voice, by keys, and without a microphone.
 */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@ExtendWith(ListensAlone.class)
@Nightly("Chromium in real calls; TryRoutesTest is in each run")
class BrowserCallsTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path SAID =
            ShortPrompts.PROJECT.resolve("config/prompts/demo/say/de-ja.wav");

    /** The sound cards' rate, at which a fake microphone is read. */
    private static final int RATE = 48_000;

    private static final int PERIOD_SECONDS = 3;

    /** Pictures of what was seen, to be looked at. */
    private static final Path PICTURES = Path.of("target/pictures");

    @TempDir static Path folder;
    private static TestGateway gateway;
    private static final Map<String, JsonNode> CALLS = new HashMap<>();

    @BeforeAll
    static void call() throws Exception {
        Assumptions.assumeTrue(
                Files.exists(CHROMIUM),
                "there is no Chromium here, and scripts/test could not install one");
        Path prompts = Files.createDirectories(folder.resolve("prompts"));
        Files.createSymbolicLink(
                prompts.resolve("demo"), ShortPrompts.PROJECT.resolve("config/prompts/demo"));
        gateway =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL.withSpeech().withLanguage("de"),
                        BrowserCallsTest::demonstration);
        Files.createDirectories(PICTURES);
        Path scratch = Files.createDirectories(folder.resolve("browser"));
        Npm npm = Npm.installed(ShortPrompts.PROJECT, "npm-browser");
        Path program =
                npm.beside(
                        scratch,
                        ShortPrompts.PROJECT.resolve(
                                "gateway/testkit/npm-browser/browser-calls.mjs"));
        Npm.Result result =
                Npm.run(
                        scratch,
                        "env",
                        "PAGE=http://127.0.0.1:" + gateway.gateway().webPort(),
                        "WAV=" + microphone(folder.resolve("microphone.wav")),
                        "PICTURES=" + PICTURES.toAbsolutePath(),
                        "CHROMIUM=" + CHROMIUM,
                        "node",
                        program.toString());
        assertThat(result.exitCode()).as(result.output()).isZero();
        for (String line : result.output().lines().toList()) {
            JsonNode told = new ObjectMapper().readTree(line);
            CALLS.put(told.path("call").asText(), told);
        }
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
        }
    }

    /** With our own agents it is one; at any ports, since several tests run on this machine. */
    private static String demonstration(String yaml) {
        return yaml.replaceAll("first-input: \\w+", "first-input: 4s")
                + "demo: {agents: true, assistant-port: 0, human-port: 0, socket-port: 0}\n";
    }

    /** "Ja", once in each period, for a microphone that plays it again and again. */
    private static Path microphone(Path file) throws Exception {
        short[] word = Wav.read(SAID).at(RATE).samples();
        short[] period = new short[PERIOD_SECONDS * RATE];
        System.arraycopy(word, 0, period, RATE, word.length);
        new Wav(period, RATE).write(file);
        return file;
    }

    private static JsonNode of(String call) {
        return Objects.requireNonNull(CALLS.get(call), () -> call + ", of " + CALLS.keySet());
    }

    private static List<String> texts(JsonNode told, String field) {
        List<String> texts = new ArrayList<>();
        told.path(field).forEach(each -> texts.add(each.asText()));
        return texts;
    }

    @Test
    void aSpokenYesIsRecordedAndTheAssistantIsHeard() throws Exception {
        JsonNode call = of("voice");

        assertThat(texts(call, "entries"))
                .containsExactly("Served", "Given", "AssistantOpened", "AssistantCut");
        assertThat(texts(call, "answered"))
                .anySatisfy(each -> assertThat(each).contains("„ja“ verstanden als Ja"));
        assertThat(texts(call, "stages"))
                .containsSubsequence(
                        "ringing", "answered", "disclosed", "decided", "joined", "ended");
        assertThat(texts(call, "said").getFirst().strip())
                .isEqualTo(ShortPrompts.texts(gateway.prompts().notices(), "de").get("opening"));
        assertThat(call.path("loudest").asDouble()).isGreaterThan(0.05);
    }

    @Test
    void keysAgreeAndWithdraw() {
        JsonNode call = of("keys");

        assertThat(texts(call, "entries"))
                .containsExactly(
                        "Served",
                        "Given",
                        "AssistantOpened",
                        "Withdrawn",
                        "AssistantCut",
                        "HolderNotified");
        assertThat(texts(call, "answered")).containsSubsequence("Key 1", "Key *", "Key 9");
        assertThat(texts(call, "stages")).containsSubsequence("joined", "cut", "withdrawn");
    }

    @Test
    void whoGivesNoMicrophoneHearsAndPressesKeys() {
        JsonNode call = of("denied");

        assertThat(call.path("problem").asText()).contains("gibt uns das Mikrofon nicht");
        assertThat(texts(call, "entries")).contains("Served", "Refused").doesNotContain("Given");
        assertThat(texts(call, "answered")).contains("Taste 2");
        assertThat(call.path("loudest").asDouble()).isGreaterThan(0.05);
    }

    @Test
    void nothingIsInTheWayOfAnybody() {
        for (String each : List.of("voice", "keys", "denied")) {
            assertThat(texts(of(each), "wrong")).as(each).isEmpty();
            assertThat(texts(of(each), "barriers")).as(each).isEmpty();
            assertThat(of(each).path("wide").asBoolean()).as(each + " scrolls sideways").isFalse();
        }
    }
}
