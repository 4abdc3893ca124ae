package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.consentgateway.testkit.FreePort;
import org.consentgateway.testkit.MediaStreamBot;
import org.consentgateway.testkit.Npm;
import org.consentgateway.testkit.NpmProgram;
import org.consentgateway.testkit.SocketServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import picocli.CommandLine;

/** What is said of bots that do something wrong, and of those on our page. */
@Execution(ExecutionMode.CONCURRENT)
class TryAssistantCommandTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.root", ".."));

    /** What is said of each of the bots on our pages, after the line about its secret. */
    private static final List<String> RIGHT =
            List.of(
                    "+ It takes the call.",
                    "+ It greets, and its greeting ends after N s.",
                    "+ It goes on when the caller ends one purpose (transcript).",
                    "+ It answers N s after the caller has stopped.",
                    "+ It stops when it is spoken into, after N s.",
                    "+ It takes the end of the consent and closes.");

    /** How one call of a bot ended, and what was said of it. */
    private record Trial(int code, String text) {
        static Trial of(String url, String... more) {
            var said = new StringWriter();
            CommandLine command =
                    new CommandLine(
                            new TryAssistantCommand(() -> PROJECT.resolve("config/prompts/demo")));
            command.setOut(new PrintWriter(said, true));
            command.setErr(new PrintWriter(said, true));
            int code =
                    command.execute(
                            Stream.concat(Stream.of(url), Arrays.stream(more))
                                    .toArray(String[]::new));
            return new Trial(code, said.toString());
        }

        List<String> lines() {
            return text.lines().map(line -> line.replaceAll("[0-9.]+ s", "N s")).toList();
        }
    }

    private static NpmProgram onOurPage(String bot, String... secret) throws IOException {
        return NpmProgram.start(
                Npm.installed(PROJECT),
                PROJECT.resolve("config/assistants").resolve(bot),
                Map.of("PORT", "0", secret[0], secret[1]));
    }

    private static String url(NpmProgram bot) {
        return "ws://127.0.0.1:" + bot.port() + "/";
    }

    private static void isTold(NpmProgram bot) {
        assertThat(bot.waitFor("consent")).isEqualTo("\"ended\"");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> bot.said().contains("{\"consent\":\"withdrawn\"}"));
    }

    /** Each is called for some ten seconds, so all at once. */
    @Test
    void theBotsOnOurPageAreAsTheyShouldBe(@TempDir Path folder) throws Exception {
        String key = Files.writeString(folder.resolve("key"), "secret\n").toString();
        try (NpmProgram twilio = onOurPage("twilio-bot.mjs", "TOKEN", "secret");
                NpmProgram telnyx = onOurPage("telnyx-bot.mjs", "KEY", "secret");
                NpmProgram jambonz = onOurPage("jambonz-bot.mjs", "KEY", "secret");
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Trial> first =
                    callers.submit(() -> Trial.of(url(twilio), "--auth-token-file", key));
            Map<NpmProgram, Future<Trial>> others =
                    Map.of(
                            telnyx,
                            callers.submit(() ->
                                    Trial.of(
                                            url(telnyx),
                                            "--dialect",
                                            "telnyx",
                                            "--bearer-file",
                                            key)),
                            jambonz,
                            callers.submit(() ->
                                    Trial.of(
                                            url(jambonz),
                                            "--dialect",
                                            "jambonz",
                                            "--bearer-file",
                                            key)));

            assertThat(first.get().lines().getFirst())
                    .isEqualTo("+ It refuses a call whose signature is wrong.");
            assertThat(first.get().lines().subList(1, first.get().lines().size())).isEqualTo(RIGHT);
            assertThat(first.get().code()).isZero();
            isTold(twilio);
            for (Map.Entry<NpmProgram, Future<Trial>> each : others.entrySet()) {
                assertThat(each.getValue().get().lines()).isEqualTo(RIGHT);
                assertThat(each.getValue().get().code()).isZero();
                isTold(each.getKey());
            }
        }
    }

    @Test
    void whoeverShowsTheWrongKeyIsToldSo(@TempDir Path folder) throws Exception {
        String wrong = Files.writeString(folder.resolve("wrong"), "guess\n").toString();
        for (String dialect : List.of("telnyx", "jambonz")) {
            try (NpmProgram bot = onOurPage(dialect + "-bot.mjs", "KEY", "secret")) {
                Trial trial = Trial.of(url(bot), "--dialect", dialect, "--bearer-file", wrong);

                assertThat(trial.lines())
                        .containsExactly("! It does not know us (HTTP 401): check the secrets.");
                assertThat(trial.code()).isEqualTo(1);
            }
        }
    }

    private static Map<String, String> checking(String issuer, Path folder) throws IOException {
        Path verifier =
                Npm.installed(PROJECT)
                        .beside(
                                Files.createDirectory(folder.resolve("verify")),
                                PROJECT.resolve("config/assistants/verify/consent-verifier.mjs"));
        return Map.of(
                "PORT", "0", "TOKEN", "secret", "ISSUER", issuer, "VERIFIER", verifier.toString());
    }

    /** One looks at the token with the sample verifier, the other does not. */
    @Test
    void whoBelievesAForgedTokenIsToldOfEach(@TempDir Path folder) throws Exception {
        String first = "http://127.0.0.1:" + FreePort.next();
        String second = "http://127.0.0.1:" + FreePort.next();
        String key = Files.writeString(folder.resolve("key"), "secret\n").toString();
        Path twilio = PROJECT.resolve("config/assistants/twilio-bot.mjs");
        try (NpmProgram careful =
                        NpmProgram.start(Npm.installed(PROJECT), twilio, checking(first, folder));
                NpmProgram gullible = onOurPage("telnyx-bot.mjs", "KEY", "secret");
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Trial> checked =
                    callers.submit(() ->
                            Trial.of(url(careful), "--auth-token-file", key, "--issuer", first));
            Trial taken =
                    Trial.of(
                            url(gullible),
                            "--dialect",
                            "telnyx",
                            "--bearer-file",
                            key,
                            "--issuer",
                            second);

            assertThat(taken.lines().subList(0, 9))
                    .allMatch(line -> line.startsWith("! It talks to a caller though "));
            assertThat(taken.code()).isEqualTo(1);
            Trial refused = checked.get();
            assertThat(refused.lines().subList(1, 10))
                    .allMatch(line -> line.startsWith("+ It does not talk to a caller when "));
            assertThat(refused.lines().subList(10, refused.lines().size())).isEqualTo(RIGHT);
            assertThat(refused.code()).isZero();
        }
    }

    /** Whoever is on the machine reads arguments, and this one signs real calls. */
    @Test
    void noSecretIsAnArgument(@TempDir Path folder) throws Exception {
        assertThat(Trial.of("ws://127.0.0.1:1/", "--auth-token", "secret").code()).isEqualTo(2);
        String empty = Files.createFile(folder.resolve("empty")).toString();
        Trial trial = Trial.of("ws://127.0.0.1:1/", "--auth-token-file", empty);
        assertThat(trial.code()).isEqualTo(1);
        assertThat(trial.text()).contains("must be a file whose first line is the secret");
    }

    @Test
    void whatABotDoesWrongIsSaidInWords() throws Exception {
        try (SocketServer bots = SocketServer.start(new MediaStreamBot(new byte[800]))) {
            Map<String, String> wrong =
                    Map.of(
                            bots.url(MediaStreamBot.UNAUTHORISED),
                            "! It does not know us (HTTP 401): check the secrets.",
                            bots.url(MediaStreamBot.ELSEWHERE),
                            "! It does not upgrade to a WebSocket (HTTP 404).",
                            bots.url(MediaStreamBot.HANGS_UP),
                            "! It closes (1000) before it has said anything",
                            bots.url(MediaStreamBot.BABBLES),
                            "! It sends what cannot be read: no JSON at octet",
                            "ws://127.0.0.1:1/",
                            "! Nobody listens at ws://127.0.0.1:1/.",
                            "ws://nobody.invalid/",
                            "! There is no host called nobody.invalid.");
            wrong.forEach((url, words) -> {
                Trial trial = Trial.of(url);

                assertThat(trial.text()).contains(words);
                assertThat(trial.code()).isEqualTo(1);
            });
            assertThat(Trial.of("https://bot.example/").code()).isEqualTo(2);
        }
    }
}
