package org.consentgateway.cli.compliance;

import java.util.function.Supplier;
import org.consentgateway.cli.CommandGroup;
import org.consentgateway.compliance.PackSubject;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Confined to the main thread. {@code compliance}: what a company needs besides the gateway. */
@Command(
        name = "compliance",
        mixinStandardHelpOptions = true,
        description = "Documents for counsel and the data protection officer.")
public final class ComplianceCommand extends CommandGroup {
    private ComplianceCommand() {}

    /**
     * @param subject what they are about; fails where the texts are not right
     */
    public static CommandLine with(Supplier<PackSubject> subject) {
        CommandLine line = new CommandLine(new ComplianceCommand());
        line.addSubcommand("render", new RenderCommand(subject));
        return line;
    }
}
