package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.Npm;
import org.consentgateway.testkit.NpmProgram;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole calls with assistants made of the programs that their builders use. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StrangersOnSocketsTest {
    private static final String TWILIO = "+4930123470";

    private static final byte[] GREETING = Law.MU.encode(ShortPrompts.melody("I am the bot", 500));

    @TempDir static Path folder;
    private static NpmProgram agents;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        Npm npm = Npm.installed(ShortPrompts.PROJECT);
        String greeting = Base64.getEncoder().encodeToString(GREETING);
        agents =
                NpmProgram.start(
                        npm, "agents-bot.mjs", Map.of("GREETING", greeting, "TOKEN", "secret"));
        gateway =
                TestGateway.start(
                        folder, TestGateway.Wishes.USUAL, StrangersOnSocketsTest::withStrangers);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        agents.close();
    }

    private static String withStrangers(String yaml) {
        return yaml.replace(
                        "humans:\n",
                        assistant("agents", "ws://127.0.0.1:" + agents.port() + "/twilio", "twilio")
                                + "humans:\n")
                + line("agents", TWILIO);
    }

    private static String assistant(String name, String url, String dialect) {
        return """
          - name: %s
            url: "%s"
            dialect: %s
            socket: {auth-token: secret}
        """
                .formatted(name, url, dialect);
    }

    private static String line(String assistant, String number) {
        return """
          - name: %1$s
            numbers: ["%2$s"]
            notice: demo
            languages: [en]
            levels: [basis]
            first-input: 3s
            assistant: %1$s
            humans: [human]
        """
                .formatted(assistant, number);
    }

    private static TestCaller agrees(String line, String number) throws Exception {
        TestCaller caller = TestCaller.calls(gateway, line, number).talks();
        return caller.hears("question-keys.assistant").presses("1");
    }

    @Story
    void theAgentsSdkTalksHearsAndTruncatesWhatWasNotHeard() throws Exception {
        TestCaller caller = agrees(TWILIO, "+491710000301").hears("bot");
        assertThat(agents.waitFor("signed")).as("by Twilio's own check").isEqualTo("true");
        double truncated = Double.parseDouble(agents.waitFor("truncated"));
        assertThat(truncated)
                .as("milliseconds of ten seconds, of which one and a half were played")
                .isBetween(1000.0, 1600.0);
        caller.presses("*9").hears("withdrawn").hears("human").hangsUp();
        assertThat(agents.waitFor("over")).isEqualTo("true");
        assertThat(agents.said()).noneMatch(line -> line.contains("\"error\""));
        assertThat(agents.said())
                .anyMatch(line -> line.contains("\"event\":\"consent\"") && line.contains("withdrawn"))
                .anyMatch(line -> line.contains("\"consent_token\":\"ey"));
    }
}
