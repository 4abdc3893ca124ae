package org.consentgateway.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.consentgateway.config.ConfigFile;
import org.consentgateway.config.FileFailure;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.language.LanguageFiles;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeProblem;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.settings.GatewayConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Confined to the main thread. The command {@code gateway}; all others stand below it. */
@Command(
        name = "gateway",
        description = "Answers calls, asks for consent, proves the answer, and only then forwards.",
        mixinStandardHelpOptions = true,
        versionProvider = GatewayCommand.Version.class,
        scope = ScopeType.INHERIT,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it could not be done, or what was checked is not right",
            "2:wrong usage",
            "3:wrong configuration"
        })
public final class GatewayCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The configuration (default: config/gateway.yaml of the project).")
    private @Nullable Path file;

    @Spec private @Nullable CommandSpec spec;

    private @Nullable GatewayConfig loaded;

    /**
     * Immutable. The texts and recordings of a configuration, read once.
     *
     * @param report how they are
     * @param spoken what of them was spoken otherwise before
     */
    public record CheckedTexts(NoticeReport report, SpokenBefore spoken) {}

    /** The command line with {@code serve} and {@code check-config}; others are added to it. */
    public static CommandLine commandLine(
            Serving serving, Function<GatewayConfig, CheckedTexts> texts) {
        CommandLine line = new CommandLine(new GatewayCommand());
        line.addSubcommand("serve", new ServeCommand(serving));
        line.addSubcommand("check-config", new CheckConfigCommand(texts));
        line.addSubcommand("help", new CommandLine.HelpCommand());
        line.setExecutionStrategy(GatewayCommand::run);
        line.setExecutionExceptionHandler(GatewayCommand::tell);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    /**
     * The configuration the command was called with, read once.
     *
     * @throws ConfigurationRefused with all that is wrong
     */
    public GatewayConfig config() {
        GatewayConfig config = loaded;
        if (config == null) {
            config = read(GatewayConfig::load);
            loaded = config;
        }
        return config;
    }

    /**
     * The same, where this machine is to serve it.
     *
     * @throws ConfigurationRefused with all that is wrong
     */
    GatewayConfig configToServe() {
        return read((file, home) -> {
            GatewayConfig config = GatewayConfig.loadToServe(file, home);
            LanguageFiles.read(config.languages().directory());
            return config;
        });
    }

    /** The file, to be read again by a gateway that serves it. */
    Serving.Source source() {
        return new ConfigurationFile(file(), ConfigFile.home());
    }

    private interface Loader {
        GatewayConfig load(Path file, Path home) throws WrongConfiguration;
    }

    private GatewayConfig read(Loader loader) {
        try {
            return loader.load(file(), ConfigFile.home());
        } catch (WrongConfiguration e) {
            throw new ConfigurationRefused(e);
        }
    }

    /** As a person would write it: relative to where they stand. */
    Path file() {
        Path chosen = file == null ? ConfigFile.home().resolve("config/gateway.yaml") : file;
        Path here = Path.of("").toAbsolutePath();
        return chosen.startsWith(here) ? here.relativize(chosen) : chosen;
    }

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("picocli has not set up the command");
        }
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    /** All subcommands print to the writer of the root. */
    private static int run(ParseResult parsed) {
        return ExitCode.ofPrinted(
                new CommandLine.RunLast().execute(parsed),
                parsed.commandSpec().commandLine(),
                ExitCode.FAILED);
    }

    private static int tell(Exception e, CommandLine line, @Nullable ParseResult parsed) {
        if (e instanceof ConfigurationRefused || e instanceof BadNoticesException) {
            line.getErr().println(e.getMessage());
            return mendsItself(e) ? ExitCode.FAILED : ExitCode.WRONG_CONFIGURATION;
        }
        LoggerFactory.getLogger(GatewayCommand.class).debug("A command failed", e);
        line.getErr().println(line.getCommandName() + ": " + FileFailure.inWords(e));
        return ExitCode.FAILED;
    }

    /** A clock that is behind at the start is right soon: who starts programs tries again. */
    private static boolean mendsItself(Exception e) {
        return e instanceof BadNoticesException notices
                && notices.problems().stream().allMatch(NoticeProblem::isOfALaterDay);
    }

    /** From the manifest of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = GatewayCommand.class.getPackage().getImplementationVersion();
            return new String[] {"gateway " + (version == null ? "(not packaged)" : version)};
        }
    }
}
