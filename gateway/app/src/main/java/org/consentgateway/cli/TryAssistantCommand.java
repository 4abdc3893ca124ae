package org.consentgateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.consentgateway.config.Secret;
import org.consentgateway.config.SocketUrl;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.settings.SocketConfig;
import org.consentgateway.settings.SocketConfig.SocketDialect;
import org.consentgateway.settings.SocketTrial;
import org.consentgateway.socket.AssistantTrial;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Confined to the main thread. {@code try-assistant}: plays the gateway against a bot. */
@Command(
        name = "try-assistant",
        description = {
            "Calls a bot as the gateway would, with a caller made of recorded speech, and says",
            "what it does wrong: + as it should be, - odd, ! wrong. Ends with 1 where something is",
            "wrong, so it can stand in a bot's own tests."
        })
public final class TryAssistantCommand implements Callable<Integer> {
    private final Supplier<Path> sentences;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "URL", description = "Such as wss://bot.example.com/media.")
    private String url = "";

    @Option(
            names = "--dialect",
            paramLabel = "NAME",
            description = "twilio (default), telnyx, jambonz, openai-realtime or gpt-live.")
    private String dialect = "twilio";

    @Option(
            names = "--auth-token",
            paramLabel = "TOKEN",
            description = "Signs the call as Twilio does; it is also made once with a wrong one.")
    private @Nullable String authToken;

    @Option(
            names = "--bearer-file",
            paramLabel = "FILE",
            description = "Its first line is shown as Authorization: Bearer.")
    private @Nullable Path bearerFile;

    @Option(
            names = "--root",
            paramLabel = "FILE",
            description = "PEM of an authority to believe (default: those of the Java runtime).")
    private List<Path> roots = new ArrayList<>();

    @Option(
            names = "--instructions",
            paramLabel = "FILE",
            description = "What a model is to do, for openai-realtime and gpt-live.")
    private @Nullable Path instructions;

    @Option(
            names = "--speech",
            paramLabel = "FILE",
            description = "What the caller says, a WAV (default: a sentence of the demonstration).")
    private @Nullable Path speech;

    /**
     * @param sentences where those of the demonstration are
     */
    public TryAssistantCommand(Supplier<Path> sentences) {
        this.sentences = sentences;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec own = Objects.requireNonNull(spec);
        SocketTrial trial;
        try {
            trial = new SocketTrial(SocketUrl.parse(url), SocketDialect.named(dialect));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    own.commandLine(), "neither a WebSocket nor a dialect: " + e.getMessage(), e);
        }
        Path file = speech == null ? sentences.get().resolve("human.wav") : speech;
        short[] said = Wav.readMono(file).at(8000).samples();
        PrintWriter out = own.commandLine().getOut();
        List<AssistantTrial.Finding> findings = new ArrayList<>();
        if (authToken != null) {
            findings.add(refusesStrangers(trial, said));
        }
        findings.addAll(AssistantTrial.run(trial.target(socket(authToken)), said));
        findings.forEach(each ->
                out.println((each.good() ? "+ " : each.wrong() ? "! " : "- ") + each.words()));
        out.flush();
        return findings.stream().anyMatch(AssistantTrial.Finding::wrong)
                ? ExitCode.FAILED
                : ExitCode.DONE;
    }

    /** Who takes calls that are not signed talks to anybody. */
    private AssistantTrial.Finding refusesStrangers(SocketTrial trial, short[] said)
            throws IOException, InterruptedException {
        boolean taken =
                AssistantTrial.run(trial.target(socket("not " + authToken)), said).stream()
                        .anyMatch(AssistantTrial.Finding::good);
        return taken
                ? new AssistantTrial.Finding(
                        false, true, "It takes a call whose signature is wrong.")
                : new AssistantTrial.Finding(
                        true, false, "It refuses a call whose signature is wrong.");
    }

    private SocketConfig socket(@Nullable String token) {
        return SocketTrial.socket(
                Optional.ofNullable(token).map(Secret::new),
                Optional.ofNullable(bearerFile),
                roots,
                Optional.ofNullable(instructions));
    }
}
