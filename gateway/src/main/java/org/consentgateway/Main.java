package org.consentgateway;

import org.consentgateway.cli.GatewayCommand;
import picocli.CommandLine;

/** Immutable. Where the process starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return GatewayCommand.commandLine(Gateway::start);
    }
}
