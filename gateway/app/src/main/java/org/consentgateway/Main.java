package org.consentgateway;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.function.Supplier;
import org.consentgateway.cli.GatewayCommand;
import org.consentgateway.cli.NoticesCommand;
import org.consentgateway.cli.PromptsCommand;
import org.consentgateway.cli.ReloadCommand;
import org.consentgateway.cli.TrunkCommand;
import org.consentgateway.cli.TryAssistantCommand;
import org.consentgateway.cli.access.ApiKeysCommand;
import org.consentgateway.cli.access.ConsoleAccountCommand;
import org.consentgateway.cli.audit.ArchivedTexts;
import org.consentgateway.cli.audit.KeysCommand;
import org.consentgateway.cli.audit.LedgerCommand;
import org.consentgateway.cli.audit.ReceiptCommand;
import org.consentgateway.cli.audit.WitnessCommand;
import org.consentgateway.cli.compliance.ComplianceCommand;
import org.consentgateway.cli.consents.ConsentsCommand;
import org.consentgateway.cli.demo.DemoCallCommand;
import org.consentgateway.cli.demo.DemoPrompts;
import org.consentgateway.cli.demo.DemoWorld;
import org.consentgateway.cli.recording.RecordWordsCommand;
import org.consentgateway.cli.report.CustomersCommand;
import org.consentgateway.cli.report.ReportsCommand;
import org.consentgateway.cli.subject.SubjectCommand;
import org.consentgateway.cli.subject.TasksCommand;
import org.consentgateway.cli.webhook.WebhooksCommand;
import org.consentgateway.compliance.PackSubject;
import org.consentgateway.consent.request.AnswerDeadline;
import org.consentgateway.ledger.entry.LocalTimes;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.notice.NoticeProblem;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.TextSources;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.StoredTasks;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.settings.RecordSettings;
import org.consentgateway.settings.store.CallRecordFiles;
import org.consentgateway.speech.voice.PromptLibrary;
import org.consentgateway.webhook.Endpoint;
import org.consentgateway.webhook.EventType;
import picocli.CommandLine;

/** Immutable. Where the process starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().setOut(standardOutput()).execute(arguments));
    }

    /** Picocli's own writer stands before the stream and cannot tell what that could not write. */
    private static PrintWriter standardOutput() {
        return new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    }

    static CommandLine commandLine() {
        CommandLine line = GatewayCommand.commandLine(Gateway::start, Main::checked);
        GatewayCommand gateway = line.getCommand();
        Supplier<LedgerSettings> ledger = () -> new PartSettings(gateway.config()).ledger();
        var demo = new DemoWorld(gateway::config, ledger, () -> prompts(gateway.config()));
        line.addSubcommand("demo-call", new DemoCallCommand(demo));
        Supplier<TextSources> texts = () -> new PartSettings(gateway.config()).texts(now());
        line.addSubcommand("notices", ArchivedTexts.with(NoticesCommand.with(texts), ledger));
        line.addSubcommand(
                "prompts",
                PromptsCommand.with(
                        texts,
                        () -> new PartSettings(gateway.config()).sounds(),
                        () -> {
                            GatewayConfig config = gateway.config();
                            return conflicts(config, sounds(config));
                        }));
        line.addSubcommand("ledger", LedgerCommand.with(ledger));
        line.addSubcommand("witness", new WitnessCommand());
        line.addSubcommand("receipt", ReceiptCommand.with(ledger));
        line.addSubcommand(
                "subject",
                SubjectCommand.with(ledger, () -> requests(gateway.config(), texts.get())));
        line.addSubcommand(
                "try-assistant",
                new TryAssistantCommand(() -> new PartSettings(gateway.config()).demoSentences()));
        line.addSubcommand("keys", KeysCommand.with(ledger, () -> gateway.config().tokens()));
        Supplier<StoredTasks> tasks =
                () ->
                        new StoredTasks(
                                ledger.get(),
                                InstantSource.system(),
                                gateway.config().store().location(),
                                new RecordSettings(gateway.config()).tasks());
        line.addSubcommand("callbacks", TasksCommand.callBacks(tasks));
        line.addSubcommand("complaints", TasksCommand.complaints(tasks));
        line.addSubcommand("record-words", new RecordWordsCommand(InstantSource.system()));
        line.addSubcommand("compliance", ComplianceCommand.with(() -> subject(gateway.config())));
        line.addSubcommand(
                "trunk", TrunkCommand.with(() -> gateway.config().web().listen().socketAddress()));
        line.addSubcommand(
                "reload", new ReloadCommand(() -> gateway.config().web().listen().socketAddress()));
        line.addSubcommand("api-keys", ApiKeysCommand.with(ledger));
        line.addSubcommand(
                "console-account",
                ConsoleAccountCommand.with(ledger, () -> gateway.config().console().accounts()));
        line.addSubcommand(
                "webhooks",
                WebhooksCommand.with(() -> webhooks(new PartSettings(gateway.config()))));
        line.addSubcommand(
                "consents",
                ConsentsCommand.with(
                        ledger,
                        store ->
                                Imports.beside(
                                        gateway.config(),
                                        NoticesReading.of(gateway.config(), now()),
                                        store,
                                        InstantSource.system())));
        line.addSubcommand(
                "reports",
                ReportsCommand.with(
                        ledger, () -> customers(gateway.config()), InstantSource.system()));
        return line;
    }

    /** Of texts that are right; of others nothing is claimed. */
    private static PackSubject subject(GatewayConfig config) {
        return CounselSubject.of(config, notices(config), now());
    }

    private static StoredRequests requests(GatewayConfig config, TextSources texts) {
        return new StoredRequests(
                new PartSettings(config).ledger(),
                InstantSource.system(),
                new StoredRequests.Terms(
                        config.store().location(),
                        config.languages().answers(),
                        () -> deadline(texts),
                        config.receipts().page(),
                        new CallRecordFiles(config.cdr())));
    }

    private static WebhooksCommand.Configured webhooks(PartSettings settings) {
        return new WebhooksCommand.Configured(
                settings.announcements().endpoints(), settings.ledger(), settings.source());
    }

    private static CustomersCommand.Configured customers(GatewayConfig config) {
        var settings = new PartSettings(config);
        return new CustomersCommand.Configured(
                settings.reports(),
                config.reports().by(),
                config.reports().perMinute(),
                settings.ledger(),
                settings.announcements().endpoints().stream()
                        .filter(each -> each.events().contains(EventType.REPORT_DUE))
                        .map(Endpoint::name)
                        .toList(),
                settings::mailServer);
    }

    private static AnswerDeadline deadline(TextSources texts) {
        return new AnswerDeadline(NoticeReport.answerTimes(texts), LocalTimes.ZONE);
    }

    private static ZonedDateTime now() {
        return InstantSource.system().instant().atZone(ZoneOffset.UTC);
    }

    /** What is recorded or rendered is read once for both. */
    private static GatewayCommand.CheckedTexts checked(GatewayConfig config) {
        PromptLibrary sounds = sounds(config);
        return new GatewayCommand.CheckedTexts(
                NoticeReport.of(new PartSettings(config).texts(now()), sounds),
                () -> conflicts(config, sounds));
    }

    private static PromptLibrary sounds(GatewayConfig config) {
        return PromptLibrary.open(new PartSettings(config).voice());
    }

    /** None in texts that nobody can speak: what is wrong with them is told elsewhere. */
    private static List<NoticeProblem> conflicts(GatewayConfig config, PromptLibrary sounds)
            throws IOException {
        var settings = new PartSettings(config);
        try {
            var reading = new ConfigReading(config, settings, loaded(settings, sounds));
            return SpokenNotices.conflicts(reading, InstantSource.system());
        } catch (BadNoticesException e) {
            return List.of();
        }
    }

    private static NoticeLibrary loaded(PartSettings settings, PromptLibrary sounds)
            throws BadNoticesException {
        return NoticeLibrary.load(settings.texts(now()), sounds);
    }

    private static NoticeLibrary notices(GatewayConfig config) {
        try {
            return loaded(new PartSettings(config), sounds(config));
        } catch (BadNoticesException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static DemoPrompts prompts(GatewayConfig config) {
        try {
            return DemoPrompts.of(notices(config), new PartSettings(config).demoSentences());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
