package org.consentgateway.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.consentgateway.ledger.ConflictResolving;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.witness.WitnessConflict;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ledger policy|resolve-conflict}: what the log has to do with its witnesses. */
final class WitnessCommands {
    private WitnessCommands() {}

    static void addTo(CommandLine ledger, Supplier<LedgerSettings> settings) {
        ledger.addSubcommand(new Policy(settings)).addSubcommand(new Resolve(settings));
    }

    @Command(
            name = "policy",
            mixinStandardHelpOptions = true,
            description = {
                "Print what verifiers need (C2SP tlog-policy): the keys of the logs, the witnesses,"
                        + " and how many of",
                "them have to have cosigned. Hand it over in a way that is trusted."
            })
    static final class Policy extends AuditCommand {
        private final Supplier<LedgerSettings> configured;

        Policy(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            LedgerSettings settings = configured.get();
            TrustPolicy policy =
                    settings.checkpoints()
                            .policy()
                            .withLogs(
                                    KeyFiles.verifiers(settings.keys().resolve("verifier.keys"))
                                            .stream()
                                            .filter(key -> key.life().revoked() == null)
                                            .toList());
            out.print(policy.text());
            return OK;
        }
    }

    @Command(
            name = "resolve-conflict",
            mixinStandardHelpOptions = true,
            description = {
                "Ask for consents again although a witness contradicts this log: you have looked"
                        + " (ledger verify), and",
                "know why. It is written into the log, with your name. A gateway that runs goes on"
                        + " within seconds.",
                "Where an old backup was restored, this is the wrong way: ledger resume"
                        + " --after-restore."
            })
    static final class Resolve extends AuditCommand {
        private final Supplier<LedgerSettings> configured;

        @Option(
                names = "--by",
                required = true,
                paramLabel = "NAME",
                description = "Who decides: your name. It is recorded.")
        private String by = "";

        @Option(
                names = "--reason",
                required = true,
                paramLabel = "TEXT",
                description = "What it was, and what was done. It is recorded.")
        private String reason = "";

        Resolve(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            if (by.isBlank() || reason.isBlank()) {
                throw new IOException("--by and --reason need words");
            }
            List<WitnessConflict> resolved =
                    ConflictResolving.resolve(
                            configured.get(), by.strip(), reason.strip(), InstantSource.system());
            if (resolved.isEmpty()) {
                out.println("no witness contradicts the logs of this node");
                return OK;
            }
            resolved.forEach(one -> out.println("resolved, and recorded: " + one.words()));
            out.println(
                    "That witness will not cosign this log again: others see that. Where entries"
                            + " are missing, let another log go on (ledger resume"
                            + " --after-restore); where the witness errs, take it out of"
                            + " store.witnesses.");
            return OK;
        }
    }
}
