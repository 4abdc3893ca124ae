package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeProblem;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.settings.GatewayConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GatewayCommandTest {
    private final List<GatewayConfig> served = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private final List<NoticeProblem> wrongTexts = new ArrayList<>();
    private final List<NoticeProblem> cautions = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    @TempDir private Path directory;

    @Test
    void checkConfigSaysWhatShouldBeKnownOfTheTexts() throws IOException {
        cautions.add(problem("review", "this text should have been read again by 2026-11-01"));
        assertThat(run("check-config", "--config", right().toString())).isZero();
        assertThat(out.toString())
                .contains(
                        "caution: notices/service/de/2026-11.yaml:7: review: this text should"
                                + " have");
    }

    @Test
    void serveTellsWhereToDialAndEndsCleanlyWhenAsked() throws IOException {
        assertThat(run("serve", "--config", right().toString())).isEqualTo(ExitCode.DONE);
        assertThat(run("--config", right().toString(), "serve")).isEqualTo(ExitCode.DONE);

        assertThat(served).hasSize(2).allMatch(config -> config.node().id().equals("berlin"));
        assertThat(steps).containsExactly("start", "drain", "close", "start", "drain", "close");
        assertThat(out.toString())
                .contains("dial   sip:+4930123456@127.0.0.1:5060")
                .contains("by UDP or TCP; only by trunk: carrier")
                .contains("look   http://127.0.0.1:8080/")
                .doesNotContain("demo-call")
                .contains("Ended.");
    }

    @Test
    void aWrongConfigurationStopsTheStart() throws IOException {
        Path wrong = Files.writeString(directory.resolve("wrong.yaml"), "limits: {calls: x}\n");

        assertThat(run("serve", "--config", wrong.toString()))
                .isEqualTo(ExitCode.WRONG_CONFIGURATION);

        assertThat(served).isEmpty();
        assertThat(err.toString())
                .contains("wrong.yaml:1: limits.calls must be a whole number, not \"x\"")
                .contains("lines is missing")
                .contains("The configuration has 4 mistakes; nothing was started.")
                .doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void checkConfigSaysWhatTheConfigurationMeans() throws IOException {
        assertThat(run("check-config", "--config", right().toString())).isEqualTo(ExitCode.DONE);

        assertThat(out.toString())
                .contains("right.yaml is right.")
                .contains("node     berlin")
                .contains("AI       bot (sip:bot@")
                .contains("SIP      udp:0.0.0.0:5060, tcp:0.0.0.0:5060")
                .containsPattern("line +numbers +asks by +for +then")
                .containsPattern("service +\\+4930123456 +ladder +basis +yes: bot, no: a goodbye");
        assertThat(err.toString()).isEmpty();
    }

    /** Where one server is named there is nothing to be asked. */
    @Test
    void checkConfigAsksADatabaseOfSeveralServersForItsStandby() throws IOException {
        Path file = right();
        String trunk =
                Files.readString(file)
                        .replace(
                                "sources: [192.0.2.1]",
                                "sources: [192.0.2.1], media-networks: [192.0.2.0/24]");
        String nobody = "jdbc:postgresql://127.0.0.1:9%s/consent";
        Files.writeString(file, trunk + "store: {url: \"" + nobody.formatted("") + "\"}\n");
        run("check-config", "--config", file.toString());
        assertThat(out.toString()).contains("is right").doesNotContain("standby");

        String two = nobody.formatted(",127.0.0.1:10") + "?targetServerType=primary";
        Files.writeString(file, trunk + "store: {url: \"" + two + "\"}\n");
        assertThat(run("check-config", "--config", file.toString())).isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .contains("caution: store.url: no primary could be asked whether a standby");
    }

    /** Whoever opens a page must not call the lines of a company. */
    @Test
    void browsersCallInTheDemonstrationAloneAndFromThisMachine() throws IOException {
        Path file = right();
        run("check-config", "--config", file.toString());
        assertThat(out.toString()).contains("/try     off: no browser calls outside");

        Files.writeString(file, Files.readString(file) + "demo: {agents: true}\n");
        run("check-config", "--config", file.toString());
        assertThat(out.toString())
                .contains("/try     browsers of this machine call from http://127.0.0.1:8080/try");

        Files.writeString(file, Files.readString(file) + "web: {listen: \"0.0.0.0:8080\"}\n");
        run("check-config", "--config", file.toString());
        assertThat(out.toString()).contains("/try     off: needs web.listen on loopback");
    }

    @Test
    void checkConfigIsNotContentWithTextsThatServeWouldRefuse() throws IOException {
        wrongTexts.add(problem("texts.opening", "no recording"));

        assertThat(run("check-config", "--config", right().toString()))
                .isEqualTo(ExitCode.WRONG_CONFIGURATION);

        assertThat(err.toString())
                .contains("2026-11.yaml:7: texts.opening: no recording")
                .contains("the texts and recordings have one mistake; nothing would start");
        assertThat(out.toString()).isEmpty();
    }

    /** What a later day mends, or a clock that is set, is tried again by who starts programs. */
    @Test
    void aStartByAClockThatIsBehindIsTriedAgain() throws IOException {
        NoticeProblem later = later("valid-from: 2026-11-30, or earlier");
        NoticeProblem never = problem("texts.opening", "no recording");

        assertThat(refused(List.of(later))).isEqualTo(ExitCode.FAILED);
        assertThat(refused(List.of(later, never))).isEqualTo(ExitCode.WRONG_CONFIGURATION);
        assertThat(err.toString()).contains("no text in it before 2026-12-01");
    }

    private int refused(List<NoticeProblem> wrong) throws IOException {
        return line(
                        (_, _) -> {
                            throw new BadNoticesException(wrong);
                        })
                .execute("serve", "--config", right().toString());
    }

    private static NoticeProblem later(String example) {
        return new NoticeProblem(
                Path.of("notices/service/de/2026-11.yaml"),
                7,
                "valid-from",
                "line service speaks de, and has no text in it before 2026-12-01",
                example,
                null);
    }

    @Test
    void anAddressOfAnotherMachineStopsTheStart() throws IOException {
        Path file = right();
        Files.writeString(
                file,
                Files.readString(file) + "media: {address: 203.0.113.9}" + System.lineSeparator());

        for (String command : List.of("serve", "check-config")) {
            assertThat(run(command, "--config", file.toString()))
                    .isEqualTo(ExitCode.WRONG_CONFIGURATION);
        }
        assertThat(served).isEmpty();
        assertThat(err.toString())
                .contains("media.address is no address of this machine: 203.0.113.9");
    }

    @Test
    void whatCannotBeDoneIsToldInOneLine() throws IOException {
        CommandLine line =
                line((_, _) -> {
                    throw new IOException("port 5060 is taken");
                });

        assertThat(line.execute("serve", "--config", right().toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).isEqualToIgnoringNewLines("serve: port 5060 is taken");
    }

    @Test
    void wrongUsageShowsTheUsage() {
        assertThat(run()).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(run("sevre")).isEqualTo(ExitCode.WRONG_USAGE);

        assertThat(err.toString())
                .contains("Which command?")
                .contains("Did you mean: gateway serve");
    }

    @Test
    void helpNamesEveryCommandAndExitCode() {
        assertThat(run("--help")).isEqualTo(ExitCode.DONE);

        assertThat(out.toString()).contains("serve", "check-config", "3   wrong configuration");
    }

    private int run(String... arguments) {
        return line(this::start).execute(arguments);
    }

    /** Starts, and is told to end by a real signal. */
    private Serving.Running start(GatewayConfig config, Serving.Source again) throws IOException {
        served.add(config);
        steps.add("start");
        long pid = ProcessHandle.current().pid();
        new ProcessBuilder("kill", "-TERM", Long.toString(pid)).start();
        return new Serving.Running() {
            @Override
            public void drain() {
                steps.add("drain");
            }

            @Override
            public void reload() {
                steps.add("reload");
            }

            @Override
            public void close() {
                steps.add("close");
            }
        };
    }

    private CommandLine line(Serving serving) {
        return GatewayCommand.commandLine(
                        serving,
                        _ ->
                                new GatewayCommand.CheckedTexts(
                                        new NoticeReport(
                                                List.of(), wrongTexts, cautions, List.of()),
                                        List::of))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
    }

    private Path right() throws IOException {
        Path notices = directory.resolve("notices/service");
        for (String language : List.of("de", "en")) {
            Path folder = Files.createDirectories(notices.resolve(language));
            Files.writeString(folder.resolve("2026-11.yaml"), "");
        }
        return Files.writeString(
                directory.resolve("right.yaml"),
                """
                node: {id: berlin}
                notices: {directory: "%1$s"}
                languages: {directory: "%2$s/config/languages"}
                lexicon: {directory: "%2$s/config/lexicon"}
                trunks: [{name: carrier, sources: [192.0.2.1]}]
                assistants: [{name: bot, uri: "sip:bot@192.0.2.2"}]
                levels: [{id: basis, purposes: [assistant]}]
                lines:
                  - {name: service, numbers: ["+4930123456"], notice: service, levels: [basis], assistant: bot}
                """
                        .formatted(notices.getParent(), System.getProperty("project.root")));
    }

    private static NoticeProblem problem(String key, String what) {
        return new NoticeProblem(
                Path.of("notices/service/de/2026-11.yaml"), 7, key, what, "render", null);
    }
}
