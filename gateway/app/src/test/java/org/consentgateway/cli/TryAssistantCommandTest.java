package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.consentgateway.testkit.MediaStreamBot;
import org.consentgateway.testkit.Npm;
import org.consentgateway.testkit.NpmProgram;
import org.consentgateway.testkit.SocketServer;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What is said of bots that do something wrong, and of the one on our page. */
class TryAssistantCommandTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root", ".."));

    private final StringWriter said = new StringWriter();

    private int tries(String url, String... more) {
        CommandLine command =
                new CommandLine(
                        new TryAssistantCommand(() -> PROJECT.resolve("config/prompts/demo")));
        command.setOut(new PrintWriter(said, true));
        command.setErr(new PrintWriter(said, true));
        return command.execute(
                Stream.concat(Stream.of(url), Arrays.stream(more)).toArray(String[]::new));
    }

    @Test
    void theBotOnOurPageIsAsItShouldBe() throws Exception {
        Npm npm = Npm.installed(PROJECT);
        try (NpmProgram bot =
                NpmProgram.start(
                        npm,
                        PROJECT.resolve("config/assistants/twilio-bot.mjs"),
                        Map.of("PORT", "0", "TOKEN", "secret"))) {
            int code = tries("ws://127.0.0.1:" + bot.port() + "/", "--auth-token", "secret");

            assertThat(said.toString().lines().map(line -> line.replaceAll("[0-9.]+ s", "N s")))
                    .containsExactly(
                            "+ It refuses a call whose signature is wrong.",
                            "+ It takes the call.",
                            "+ It greets, and its greeting ends after N s.",
                            "+ It goes on when the caller ends one purpose (transcript).",
                            "+ It answers N s after the caller has stopped.",
                            "+ It stops when it is spoken into, after N s.",
                            "+ It takes the end of the consent and closes.");
            assertThat(code).isZero();
            assertThat(bot.waitFor("consent")).isEqualTo("\"ended\"");
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> bot.said().contains("{\"consent\":\"withdrawn\"}"));
        }
    }

    @Test
    void whatABotDoesWrongIsSaidInWords() throws Exception {
        try (SocketServer bots = SocketServer.start(new MediaStreamBot(new byte[800]))) {
            assertThat(tries(bots.url(MediaStreamBot.UNAUTHORISED))).isEqualTo(1);
            assertThat(tries(bots.url(MediaStreamBot.ELSEWHERE))).isEqualTo(1);
            assertThat(tries(bots.url(MediaStreamBot.HANGS_UP))).isEqualTo(1);
            assertThat(tries(bots.url(MediaStreamBot.BABBLES))).isEqualTo(1);
            assertThat(tries("ws://127.0.0.1:1/")).isEqualTo(1);
            assertThat(tries("ws://nobody.invalid/")).isEqualTo(1);
            assertThat(tries("https://bot.example/")).isEqualTo(2);
            assertThat(said.toString())
                    .contains(
                            "! It does not know us (HTTP 401): check the secrets.",
                            "! It does not upgrade to a WebSocket (HTTP 404).",
                            "! It closes (1000) before it has said anything",
                            "! It sends what cannot be read: no JSON at octet",
                            "! Nobody listens at ws://127.0.0.1:1/.",
                            "! There is no host called nobody.invalid.");
        }
    }
}
