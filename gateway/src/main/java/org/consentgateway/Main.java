package org.consentgateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.consentgateway.cli.DemoCallCommand;
import org.consentgateway.cli.DemoPrompts;
import org.consentgateway.cli.DemoWorld;
import org.consentgateway.cli.GatewayCommand;
import org.consentgateway.cli.KeysCommand;
import org.consentgateway.cli.LedgerCommand;
import org.consentgateway.cli.NoticesCommand;
import org.consentgateway.cli.PromptsCommand;
import org.consentgateway.cli.ReceiptCommand;
import org.consentgateway.cli.SubjectCommand;
import org.consentgateway.ledger.LedgerSettings;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.Notices;
import org.consentgateway.speech.voice.PromptLibrary;
import picocli.CommandLine;

/** Immutable. Where the process starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = GatewayCommand.commandLine(Gateway::start);
        GatewayCommand gateway = line.getCommand();
        Supplier<LedgerSettings> ledger = () -> new Settings(gateway.config()).ledger();
        var demo = new DemoWorld(gateway::config, ledger, () -> prompts(gateway.config()));
        line.addSubcommand("demo-call", new DemoCallCommand(demo));
        Supplier<NoticesCommand.Place> texts = () -> new Settings(gateway.config()).texts();
        line.addSubcommand("notices", NoticesCommand.with(texts));
        line.addSubcommand("prompts", PromptsCommand.with(texts));
        line.addSubcommand("ledger", LedgerCommand.with(ledger));
        line.addSubcommand("receipt", ReceiptCommand.with(ledger));
        line.addSubcommand("subject", SubjectCommand.with(ledger));
        line.addSubcommand("keys", KeysCommand.with(ledger));
        return line;
    }

    private static DemoPrompts prompts(GatewayConfig config) {
        var settings = new Settings(config);
        try {
            Notices notices =
                    Notices.load(
                            config.notices().directory(), PromptLibrary.open(settings.voice()));
            return DemoPrompts.of(notices, settings.demoSentences());
        } catch (BadNoticesException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
