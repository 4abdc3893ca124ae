package org.consentgateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.ledger.StandbyQuestion;
import org.consentgateway.ledger.SubjectExport;
import org.consentgateway.notice.NoticeProblem;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.settings.AssistantConfig;
import org.consentgateway.settings.Cautions;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.LineConfig;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.settings.TrunkConfig;
import org.consentgateway.settings.certificate.CertificateEnd;
import org.consentgateway.settings.certificate.CertificateEnds;
import org.consentgateway.settings.store.StoreFolders;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Confined to the main thread. {@code gateway check-config}. */
@Command(
        name = "check-config",
        description = "Says what the configuration means, or all that is wrong with it.")
final class CheckConfigCommand implements Callable<Integer> {
    private static final String LINE = "  %-14s %-28s %-8s %-24s %s%n";

    private final Function<GatewayConfig, GatewayCommand.CheckedTexts> texts;

    @ParentCommand private @Nullable GatewayCommand gateway;
    @Spec private @Nullable CommandSpec spec;

    CheckConfigCommand(Function<GatewayConfig, GatewayCommand.CheckedTexts> texts) {
        this.texts = texts;
    }

    @Override
    public Integer call() throws IOException {
        if (gateway == null || spec == null) {
            throw new IllegalStateException("check-config stands below gateway");
        }
        GatewayConfig config = gateway.configToServe();
        var settings = new PartSettings(config);
        settings.lexicons();
        GatewayCommand.CheckedTexts checked = texts.apply(config);
        NoticeReport report = checked.report();
        List<String> cautions = new ArrayList<>();
        List<NoticeProblem> wrong =
                report.errors().isEmpty()
                        ? spokenOtherwise(checked.spoken(), cautions)
                        : report.errors();
        if (!wrong.isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            wrong.forEach(err::println);
            err.printf(
                    "%s is right, but the texts and recordings have %s; nothing would start.%n",
                    gateway.file(), wrong.size() == 1 ? "one mistake" : wrong.size() + " mistakes");
            err.flush();
            return ExitCode.WRONG_CONFIGURATION;
        }
        Instant now = InstantSource.system().instant();
        List<CertificateEnd> certificates = CertificateEnds.of(config);
        List<CertificateEnd> ended = certificates.stream().filter(one -> one.isWrong(now)).toList();
        if (!ended.isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            ended.forEach(one -> err.println(one.told(now)));
            err.printf(
                    "%s is right, but what it names has ended; calls by TLS would fail.%n",
                    gateway.file());
            err.flush();
            return ExitCode.WRONG_CONFIGURATION;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(gateway.file() + " is right.");
        out.println();
        summary(config, out);
        out.println();
        out.printf(LINE, "line", "numbers", "asks by", "for", "then");
        config.lines().forEach(line -> line(line, out));
        cautions.addAll(Cautions.of(config));
        cautions.addAll(Cautions.untold(config));
        cautions.addAll(Cautions.onMachine(config, Runtime.getRuntime().availableProcessors()));
        cautions.addAll(answersInEnglish(config));
        cautions.addAll(StoreFolders.cautions(settings.ledger()));
        standby(settings).ifPresent(cautions::add);
        certificates.stream()
                .filter(one -> one.hasEnded(now) || one.endsSoon(now))
                .forEach(one -> cautions.add(one.told(now)));
        report.cautions().forEach(one -> cautions.add(one.toString()));
        if (!cautions.isEmpty()) {
            out.println();
            cautions.forEach(caution -> out.println("  caution: " + caution));
        }
        out.flush();
        return ExitCode.DONE;
    }

    /** Of a version that was spoken, a start and a reload take nothing else. */
    private static List<NoticeProblem> spokenOtherwise(SpokenBefore spoken, List<String> cautions) {
        try {
            return spoken.conflicts();
        } catch (IOException e) {
            cautions.add(
                    "the texts are not compared with what was spoken before, as a start does: "
                            + e.getMessage());
            return List.of();
        }
    }

    /** What only the database can say. It may be out of reach from where the file is checked. */
    private static Optional<String> standby(PartSettings settings) {
        try {
            return switch (StandbyQuestion.ask(settings.ledger())) {
                case NOT_ASKED, FOLLOWS -> Optional.empty();
                case NOT_WAITED_FOR ->
                        Optional.of(
                                "store.url: names several servers, and the primary waits for no"
                                    + " standby, so what callers heard confirmed is lost where it"
                                    + " dies; set synchronous_standby_names.");
                case AWAY ->
                        Optional.of(
                                "store.url: the standby that the primary waits for is away, so no"
                                        + " consent can be recorded and callers reach a human.");
            };
        } catch (IOException e) {
            return Optional.of(
                    "store.url: no primary could be asked whether a standby has what is confirmed: "
                            + e.getMessage());
        }
    }

    /** Whoever was spoken to in a language should be answered in it. */
    private static List<String> answersInEnglish(GatewayConfig config) throws IOException {
        Path answers = config.languages().answers();
        var cautions = new ArrayList<String>();
        Set<String> languages = new TreeSet<>();
        config.lines().forEach(line -> languages.addAll(line.languages()));
        for (String language : languages) {
            List<String> english = SubjectExport.inEnglish(answers, language);
            if (!english.isEmpty()) {
                cautions.add(
                        "%s lacks %s, so the answer to an access request says it in English."
                                .formatted(
                                        answers.resolve(language + ".json"),
                                        String.join(", ", english)));
            }
        }
        return cautions;
    }

    private static void summary(GatewayConfig config, PrintWriter out) {
        GatewayConfig.Ports ports = config.media().ports();
        say(out, "node", config.node().id());
        say(out, "SIP", listed(config.sip().listen()));
        say(
                out,
                "RTP",
                config.media().address().getHostAddress()
                        + ", ports "
                        + ports.first()
                        + " to "
                        + ports.last());
        say(out, "calls", "up to " + config.limits().calls() + " at once");
        say(out, "ledger", config.store().url().toString());
        say(out, "keys", config.store().keys().toString());
        say(out, "web", "http://" + config.web().listen() + "/");
        say(out, "speech", config.speech().enabled() ? models(config) : "off: keys only");
        say(
                out,
                "trunks",
                config.trunks().stream()
                        .map(trunk -> trunk.name() + " (" + from(trunk) + ")")
                        .collect(Collectors.joining(", ")));
        say(
                out,
                "AI",
                config.assistants().stream()
                        .map(one -> one.name() + " (" + reached(one) + ")")
                        .collect(Collectors.joining(", ")));
        if (config.demo().agents()) {
            say(
                    out,
                    "demo",
                    "an assistant and a human of our own answer on ports %d, %d and %d"
                            .formatted(
                                    config.demo().assistantPort(),
                                    config.demo().socketPort(),
                                    config.demo().humanPort()));
        }
        say(out, "/try", browsers(config));
    }

    /** Whether a page places calls is never a matter of its own. */
    private static String browsers(GatewayConfig config) {
        if (config.callsFromBrowsers()) {
            return "browsers of this machine call from http://%s/try, in the demonstration alone"
                    .formatted(config.web().listen());
        }
        return config.demo().agents()
                ? "off: needs web.listen on loopback, and a udp: address in sip.listen"
                : "off: no browser calls outside the demonstration";
    }

    private static String reached(AssistantConfig assistant) {
        return assistant
                .url()
                .map(url -> url + ", " + assistant.dialect().written())
                .or(() -> assistant.uri().map(Object::toString))
                .orElse("");
    }

    /** Where its calls come from, and with whom we register. */
    private static String from(TrunkConfig trunk) {
        Stream<String> registrar =
                trunk.registration().domain().map(domain -> "registers with " + domain).stream();
        return Stream.concat(registrar, trunk.sources().stream().map(Object::toString))
                .collect(Collectors.joining(", "));
    }

    private static String models(GatewayConfig config) {
        String byKeys =
                config.lines().stream()
                        .flatMap(line -> line.languages().stream())
                        .distinct()
                        .filter(language -> !config.speech().models().containsKey(language))
                        .collect(Collectors.joining(", "));
        return config.speech().models().entrySet().stream()
                        .map(model -> model.getKey() + " " + model.getValue())
                        .collect(Collectors.joining(", "))
                + (byKeys.isEmpty() ? "" : "; by keys only, for want of a model: " + byKeys);
    }

    private static void say(PrintWriter out, String what, String how) {
        out.printf("  %-8s %s%n", what, how);
    }

    private static void line(LineConfig line, PrintWriter out) {
        String no = line.humans().isEmpty() ? "a goodbye" : String.join(", then ", line.humans());
        String then =
                line.assistant().map(yes -> "yes: " + yes + ", no: " + no).orElse("human: " + no);
        out.printf(
                LINE,
                line.name(),
                listed(line.numbers()),
                line.dialog().name().toLowerCase(Locale.ROOT),
                listed(line.levels()),
                then);
    }

    private static String listed(List<?> items) {
        return items.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
