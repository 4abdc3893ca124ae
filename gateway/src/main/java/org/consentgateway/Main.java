package org.consentgateway;

import java.util.function.Supplier;
import org.consentgateway.cli.DemoCallCommand;
import org.consentgateway.cli.DemoWorld;
import org.consentgateway.cli.GatewayCommand;
import org.consentgateway.cli.LedgerCommand;
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
        var demo = new DemoWorld(gateway::config, ledger, () -> notices(gateway.config()));
        line.addSubcommand("demo-call", new DemoCallCommand(demo));
        line.addSubcommand("ledger", LedgerCommand.with(ledger));
        return line;
    }

    private static Notices notices(GatewayConfig config) {
        try {
            return Notices.load(
                    config.notices().directory(), PromptLibrary.open(new Settings(config).voice()));
        } catch (BadNoticesException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
