package org.consentgateway;

import org.consentgateway.cli.DemoCallCommand;
import org.consentgateway.cli.DemoPrompts;
import org.consentgateway.cli.DemoWorld;
import org.consentgateway.cli.GatewayCommand;
import org.consentgateway.cli.KeysCommand;
import org.consentgateway.cli.LedgerCommand;
import org.consentgateway.cli.NoticesCommand;
import org.consentgateway.cli.PromptsCommand;
import org.consentgateway.cli.ReceiptCommand;
import org.consentgateway.cli.RehearseCommand;
import org.consentgateway.cli.SubjectCommand;
import org.consentgateway.cli.TrunkCommand;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.notice.NoticeProblem;
import org.consentgateway.notice.NoticeReport;
import org.consentgateway.notice.TextSources;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.Settings;
import org.consentgateway.speech.voice.PromptLibrary;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Immutable. Where the process starts. */
public final class Main {
    /** How many calls are rehearsed before the first real one: a system property; 0 for none. */
    private static final String REHEARSAL_CALLS = "gateway.rehearsal";

    private static final int DEFAULT_REHEARSAL_CALLS = 50;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = GatewayCommand.commandLine(Main::serve, Main::wrongTexts);
        GatewayCommand gateway = line.getCommand();
        line.addSubcommand(
                "rehearse",
                new RehearseCommand((config, calls) ->
                        Rehearsal.hold(config, SharedTexts.of(config), calls, true, () -> {})));
        Supplier<LedgerSettings> ledger = () -> new Settings(gateway.config()).ledger();
        var demo = new DemoWorld(gateway::config, ledger, () -> prompts(gateway.config()));
        line.addSubcommand("demo-call", new DemoCallCommand(demo));
        Supplier<TextSources> texts = () -> new Settings(gateway.config()).texts();
        line.addSubcommand("notices", NoticesCommand.with(texts));
        line.addSubcommand("prompts", PromptsCommand.with(texts));
        line.addSubcommand("ledger", LedgerCommand.with(ledger));
        line.addSubcommand("receipt", ReceiptCommand.with(ledger));
        line.addSubcommand("subject", SubjectCommand.with(ledger));
        line.addSubcommand("keys", KeysCommand.with(ledger));
        line.addSubcommand(
                "trunk", TrunkCommand.with(() -> gateway.config().web().listen().socketAddress()));
        return line;
    }

    /** Rehearses beside the start, on the other core; calls are taken when both are done. */
    private static Gateway serve(GatewayConfig config) throws IOException, BadNoticesException {
        int calls = Integer.getInteger(REHEARSAL_CALLS, DEFAULT_REHEARSAL_CALLS);
        if (calls == 0) {
            return Gateway.start(config);
        }
        SharedTexts texts = SharedTexts.of(config);
        var rehearsed = new CompletableFuture<@Nullable Void>();
        Runnable called = () -> rehearsed.complete(null);
        var _ =
                Thread.ofPlatform()
                        .daemon()
                        .name("rehearsal")
                        .start(() -> {
                            try {
                                Rehearsal.hold(config, texts, calls, false, called);
                            } finally {
                                called.run();
                            }
                        });
        return Gateway.start(
                config, InstantSource.system(), Stage.SERVICE.after(rehearsed::join), texts);
    }

    private static List<String> wrongTexts(GatewayConfig config) {
        PromptLibrary prompts = PromptLibrary.open(new Settings(config).voice());
        return NoticeReport.of(config.notices().directory(), prompts).errors().stream()
                .map(NoticeProblem::toString)
                .toList();
    }

    private static DemoPrompts prompts(GatewayConfig config) {
        var settings = new Settings(config);
        try {
            NoticeLibrary notices =
                    NoticeLibrary.load(
                            config.notices().directory(), PromptLibrary.open(settings.voice()));
            return DemoPrompts.of(notices, settings.demoSentences());
        } catch (BadNoticesException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
