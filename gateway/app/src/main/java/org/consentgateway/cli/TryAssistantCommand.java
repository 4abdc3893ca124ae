package org.consentgateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.consentgateway.config.Secret;
import org.consentgateway.config.SipUri;
import org.consentgateway.config.SocketUrl;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.settings.SocketConfig;
import org.consentgateway.settings.SocketConfig.SocketDialect;
import org.consentgateway.settings.SocketTrial;
import org.consentgateway.sip.auth.ClientLogin;
import org.consentgateway.sip.auth.DigestAlgorithm;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.socket.AssistantTrial;
import org.consentgateway.trial.Observation;
import org.consentgateway.trial.TrialTokenSource;
import org.consentgateway.trial.call.SipTrial;
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

    @Parameters(
            paramLabel = "URL",
            description = "Such as wss://bot.example.com/media or sip:bot@192.0.2.7.")
    private String url = "";

    @Option(
            names = "--dialect",
            paramLabel = "NAME",
            description = "twilio (default), telnyx, jambonz, openai-realtime or gpt-live.")
    private String dialect = "twilio";

    @Option(
            names = "--sample-rate",
            paramLabel = "HZ",
            description = "Of jambonz and of models (default 8000): as socket.sample-rate.")
    private int sampleRate = 8000;

    @Option(
            names = "--auth-token-file",
            paramLabel = "FILE",
            description = {
                "Its first line signs the call as Twilio does; it is also made once with a wrong",
                "one."
            })
    private @Nullable Path authTokenFile;

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

    @Option(names = "--user", description = "Shown where a SIP assistant wants a password.")
    private @Nullable String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Its first line is the password.")
    private @Nullable Path passwordFile;

    @Option(
            names = "--srtp",
            paramLabel = "WHETHER",
            description = "For SIP: off (default), optional or required.")
    private String srtp = "off";

    @Option(
            names = "--ring-timeout",
            paramLabel = "SECONDS",
            description = "How long a SIP assistant may ring (default: 15).")
    private int ringSeconds = 15;

    @Option(
            names = "--media-ports",
            paramLabel = "FIRST-LAST",
            description = "Of this machine, for RTP (default: 24000-27999).")
    private String ports = "24000-27999";

    @Option(
            names = "--issuer",
            paramLabel = "URL",
            description = {
                "Whose tokens the bot believes, such as http://127.0.0.1:8099: served there, at",
                "an address of this machine, while the trial lasts. The bot is then called with",
                "forged tokens as well, and may talk in none of those calls."
            })
    private @Nullable URI issuer;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Of the bot in its tokens (default: assistant).")
    private String name = "assistant";

    /**
     * @param sentences where those of the demonstration are
     */
    public TryAssistantCommand(Supplier<Path> sentences) {
        this.sentences = sentences;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec own = Objects.requireNonNull(spec);
        Path file = speech == null ? sentences.get().resolve("human.wav") : speech;
        short[] said = Wav.readMono(file).at(8000).samples();
        List<Observation> findings;
        try (TrialIssuer issuing = TrialIssuer.open(Optional.ofNullable(issuer))) {
            var tokens = new TrialTokenSource(issuing.tokens(), name);
            findings = url.startsWith("sip") ? bySip(tokens, said) : bySocket(tokens, said);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(own.commandLine(), String.valueOf(e.getMessage()), e);
        }
        PrintWriter out = own.commandLine().getOut();
        findings.forEach(each -> out.println(sign(each.verdict()) + " " + each.words()));
        out.flush();
        return findings.stream().anyMatch(Observation::isWrong) ? ExitCode.FAILED : ExitCode.DONE;
    }

    private static String sign(Observation.Verdict verdict) {
        return switch (verdict) {
            case RIGHT -> "+";
            case ODD -> "-";
            case WRONG -> "!";
        };
    }

    // ------------------------------------------------------------------ by SIP

    private List<Observation> bySip(TrialTokenSource tokens, short[] said)
            throws IOException, InterruptedException {
        SipUri uri;
        try {
            uri = SipUri.parse(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "no SIP address: "
                            + url
                            + "; right would be sip:bot@192.0.2.7:5060, and over"
                            + " TLS sip:bot@bot.example.com;transport=tls",
                    e);
        }
        var whom =
                new SipTrial.Whom(
                        uri.text(),
                        Duration.ofSeconds(ringSeconds),
                        login(),
                        srtp(),
                        new Tls(
                                Optional.empty(),
                                roots,
                                roots.isEmpty(),
                                Tls.ClientCertificate.OFF,
                                Tls.VERSIONS));
        try (SipTrial trial =
                SipTrial.open(
                        whom,
                        new SipTrial.Where(TrialRoute.towards(uri), firstPort(), lastPort()),
                        tokens,
                        AudioClip.of(said),
                        System::nanoTime)) {
            return trial.run();
        } catch (PortsExhaustedException e) {
            throw new IOException("no free ports for RTP", e);
        }
    }

    private Srtp srtp() {
        try {
            return Srtp.valueOf(srtp.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--srtp " + srtp + ": right would be off, optional or required", e);
        }
    }

    private int firstPort() {
        return Integer.parseInt(ports.substring(0, dash()));
    }

    private int lastPort() {
        return Integer.parseInt(ports.substring(dash() + 1));
    }

    private int dash() {
        if (!ports.matches("[0-9]{4,5}-[0-9]{4,5}")) {
            throw new IllegalArgumentException(
                    "--media-ports " + ports + ": right would be 24000-27999");
        }
        return ports.indexOf('-');
    }

    private Optional<ClientLogin> login() throws IOException {
        if (user == null || passwordFile == null) {
            return Optional.empty();
        }
        return Optional.of(
                new ClientLogin(
                        user, firstLine(passwordFile), EnumSet.allOf(DigestAlgorithm.class)));
    }

    /** A secret: other users of the machine see arguments. */
    private static String firstLine(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst()
                    .filter(line -> !line.isBlank())
                    .orElseThrow(() ->
                            new IOException(
                                    "must be a file whose first line is the secret: " + file));
        }
    }

    // ------------------------------------------------------------------ by a socket

    private List<Observation> bySocket(TrialTokenSource tokens, short[] said)
            throws IOException, InterruptedException {
        SocketTrial trial;
        try {
            trial = new SocketTrial(SocketUrl.parse(url), SocketDialect.named(dialect));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "neither a SIP address nor a WebSocket and its dialect: " + e.getMessage(), e);
        }
        List<Observation> findings = new ArrayList<>();
        String authToken = authTokenFile == null ? null : firstLine(authTokenFile);
        if (authToken != null) {
            findings.add(refusesStrangers(trial, "not " + authToken, said));
        }
        findings.addAll(AssistantTrial.run(trial.target(socket(authToken)), tokens, said));
        return findings;
    }

    /** Who takes calls that are not signed talks to anybody. */
    private Observation refusesStrangers(SocketTrial trial, String wrong, short[] said)
            throws IOException, InterruptedException {
        var none = new TrialTokenSource(null, name);
        boolean taken =
                AssistantTrial.run(trial.target(socket(wrong)), none, said).stream()
                        .anyMatch(each -> each.verdict() == Observation.Verdict.RIGHT);
        return taken
                ? Observation.wrong("It takes a call whose signature is wrong.")
                : Observation.right("It refuses a call whose signature is wrong.");
    }

    private SocketConfig socket(@Nullable String token) {
        return SocketTrial.socket(
                Optional.ofNullable(token).map(Secret::new),
                Optional.ofNullable(bearerFile),
                roots,
                Optional.ofNullable(instructions),
                sampleRate);
    }
}
