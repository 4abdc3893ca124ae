package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.Npm;
import org.consentgateway.testkit.NpmProgram;
import org.consentgateway.testkit.RealtimeModel;
import org.consentgateway.testkit.SocketServer;
import org.consentgateway.testkit.timing.Nightly;
import org.consentgateway.testkit.timing.Stalls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole calls with assistants made of the programs that their builders use. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Nightly("30 s of the vendors' programs; DialectsTest speaks as they do in each run")
class StrangersOnSocketsTest {
    private static final String TWILIO = "+4930123470";

    private static final String JAMBONZ = "+4930123471";
    private static final String MODEL = "+4930123472";

    private static final byte[] GREETING = Law.MU.encode(ShortPrompts.melody("I am the bot", 500));

    @TempDir static Path folder;
    private static NpmProgram agents;
    private static NpmProgram jambonz;
    private static RealtimeModel model;
    private static SocketServer models;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        Npm npm = Npm.installed(ShortPrompts.PROJECT);
        String greeting = Base64.getEncoder().encodeToString(GREETING);
        agents =
                NpmProgram.start(
                        npm, "agents-bot.mjs", Map.of("GREETING", greeting, "TOKEN", "secret"));
        byte[] linear = TestGateway.greeting("assistant").octets(G711.PCMA);
        jambonz =
                NpmProgram.start(
                        npm,
                        "jambonz-bot.mjs",
                        Map.of("GREETING", Base64.getEncoder().encodeToString(linear(linear))));
        model = new RealtimeModel(TestGateway.greeting("assistant").octets(G711.PCMA));
        models = SocketServer.start(model);
        Files.writeString(folder.resolve("instructions.txt"), "Greet.");
        gateway =
                TestGateway.start(
                        folder, TestGateway.Wishes.USUAL, StrangersOnSocketsTest::withStrangers);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        agents.close();
        jambonz.close();
        models.close();
    }

    /** A-law as 16-bit samples, little-endian. */
    private static byte[] linear(byte[] octets) {
        ByteBuffer samples = ByteBuffer.allocate(2 * octets.length).order(ByteOrder.LITTLE_ENDIAN);
        for (short each : Law.A.decode(octets)) {
            samples.putShort(each);
        }
        return samples.array();
    }

    private static String withStrangers(String yaml) {
        return yaml.replace(
                        "humans:\n",
                        assistant("agents", "ws://127.0.0.1:" + agents.port() + "/twilio", "twilio")
                                + assistant(
                                        "jambonz",
                                        "ws://127.0.0.1:" + jambonz.port() + "/audio",
                                        "jambonz")
                                + assistant(
                                        "model",
                                        models.url("/v1/realtime?model=stand-in"),
                                        "openai-realtime")
                                + "humans:\n")
                + AddedLine.to("agents", TWILIO)
                + AddedLine.to("jambonz", JAMBONZ)
                + AddedLine.to("model", MODEL);
    }

    private static String assistant(String name, String url, String dialect) {
        return """
          - name: %s
            url: "%s"
            dialect: %s
            socket: {auth-token: secret, instructions: "%s"}
        """
                .formatted(name, url, dialect, folder.resolve("instructions.txt"));
    }

    @Story
    void theJambonzSdkTalksHearsAndIsToldKeysMarksAndTheEnd() throws Exception {
        TestCaller caller = TestCaller.agrees(gateway, JAMBONZ, "+491710000302").hears("assistant");
        assertThat(jambonz.waitFor("mark")).isEqualTo("\"playout\"");
        assertThat(jambonz.waitFor("loud")).isEqualTo("true");
        caller.presses("5");
        assertThat(jambonz.waitFor("dtmf")).isEqualTo("\"5\"");
        caller.presses("*9").hears("withdrawn").hears("human").hangsUp();
        assertThat(jambonz.waitFor("closed")).isEqualTo("1000");
        assertThat(jambonz.said()).anyMatch(line -> line.contains("\"consent_level\":\"basis\""));
    }

    /** Milliseconds by which a pause of the machine may shift what two programs have heard. */
    private static double late(long sinceNanos) {
        return 3.0 * Stalls.sinceNanos(sinceNanos).toMillis();
    }

    @Story
    void aModelGreetsAndIsToldHowMuchOfItsAnswerWasHeard() throws Exception {
        long begun = Stalls.now();
        TestCaller caller = TestCaller.agrees(gateway, MODEL, "+491710000303").hears("assistant");
        model.speaks(60);
        TestWait.until(() -> model.heardMillis() > 3000);
        model.interrupted();
        TestWait.until(() -> model.truncatedAt() >= 0);
        assertThat((double) model.truncatedAt())
                .as("milliseconds of a minute that were played")
                .isCloseTo(model.spokenMillis(), within(300.0 + late(begun)));
        caller.presses("*9").hears("withdrawn").hears("human").hangsUp();
        TestWait.until(() -> models.peers().getFirst().isOver());
        assertThat(models.peers().getFirst().messages().getLast().text())
                .isIn("{\"type\":\"input_audio_buffer.clear\"}", "{\"type\":\"response.cancel\"}");
        assertThat(models.peers().getFirst().closedBy()).isEqualTo(1000);
    }

    @Story
    void theAgentsSdkTalksHearsAndTruncatesWhatWasNotHeard() throws Exception {
        long begun = Stalls.now();
        TestCaller caller = TestCaller.agrees(gateway, TWILIO, "+491710000301").hears("bot");
        assertThat(agents.waitFor("signed")).as("by Twilio's own check").isEqualTo("true");
        double truncated = Double.parseDouble(agents.waitFor("truncated"));
        assertThat(truncated)
                .as("milliseconds of ten seconds, of which one and a half were played")
                .isBetween(1000.0 - late(begun), 1600.0 + late(begun));
        caller.presses("*9").hears("withdrawn").hears("human").hangsUp();
        assertThat(agents.waitFor("over")).isEqualTo("true");
        assertThat(agents.said()).noneMatch(line -> line.contains("\"error\""));
        assertThat(agents.said())
                .anyMatch(line ->
                        line.contains("\"event\":\"consent\"") && line.contains("withdrawn"))
                .anyMatch(line -> line.contains("\"consent_token\":\"ey"));
    }
}
