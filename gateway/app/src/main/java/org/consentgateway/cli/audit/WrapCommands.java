package org.consentgateway.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.consentgateway.ledger.keys.KeyWrapping;
import org.consentgateway.ledger.store.LedgerSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code keys wrap|unwrap}: whether the secret key files lie open on the disk. */
final class WrapCommands {
    private WrapCommands() {}

    @Command(
            name = "wrap",
            mixinStandardHelpOptions = true,
            description = {
                "Seal all secret key files under a passphrase, a key in a PKCS #11 token, or",
                "one that a command keeps, such as a client of a key management service.",
                "Start the gateway anew afterwards. A copy of the key directory is then of no",
                "use alone: keep what opens it elsewhere."
            })
    static final class Wrap extends AuditCommand {
        private final Supplier<LedgerSettings> configured;

        @ArgGroup(multiplicity = "1")
        private How how = new How();

        static final class How {
            @Option(
                    names = "--passphrase",
                    description = {
                        "Under the one in the environment, "
                                + KeyWrapping.PASSPHRASE
                                + ", or in the",
                        "credential keys-passphrase of the service; the gateway and every command"
                                + " need it, too."
                    })
            private boolean passphrase;

            @Option(
                    names = "--command",
                    paramLabel = "PROGRAM",
                    description = {
                        "Under a key that this program keeps, or asks for elsewhere: run with wrap"
                                + " or unwrap,",
                        "octets in and out over standard input and output."
                    })
            private @Nullable Path command;

            @ArgGroup(exclusive = false)
            private @Nullable Token token;
        }

        static final class Token {
            @Option(
                    names = "--pkcs11",
                    required = true,
                    paramLabel = "MODULE",
                    description = {
                        "Under an AES key in a token (HSM, smart card): its library, such as",
                        "/usr/lib/softhsm/libsofthsm2.so. The PIN is read from the environment, "
                                + KeyWrapping.PIN
                                + ",",
                        "or from the credential keys-pin of the service; the gateway and every"
                                + " command need it, too."
                    })
            private Path module = Path.of("");

            @Option(
                    names = "--label",
                    required = true,
                    paramLabel = "LABEL",
                    description = "Of the AES key in it.")
            private String label = "";

            @Option(
                    names = "--slot-index",
                    defaultValue = "0",
                    paramLabel = "N",
                    description =
                            "Where there are several tokens: as pkcs11-tool -T lists them, from 0."
                                    + " Default: ${DEFAULT-VALUE}.")
            private int slotIndex;
        }

        Wrap(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            LedgerSettings settings = configured.get();
            Path command = how.command;
            Token token = how.token;
            if (how.passphrase) {
                KeyWrapping.byPassphrase(
                        settings.keys(),
                        KeyWrapping.passphrase(System.getenv())
                                .orElseThrow(
                                        () -> new IOException("set " + KeyWrapping.PASSPHRASE)));
            } else if (token != null) {
                KeyWrapping.byToken(
                        settings.keys(),
                        token.module.toAbsolutePath(),
                        token.slotIndex,
                        token.label,
                        KeyWrapping.requiredPin(System.getenv()));
            } else if (command != null) {
                KeyWrapping.byCommand(
                        settings.keys(), List.of(command.toAbsolutePath().toString()));
            }
            out.println(
                    "the secret keys in "
                            + settings.keys()
                            + " are wrapped; copies from before are not: destroy them");
            return OK;
        }
    }

    @Command(
            name = "unwrap",
            mixinStandardHelpOptions = true,
            description =
                    "Let the secret key files lie open again, readable by this account alone.")
    static final class Unwrap extends AuditCommand {
        private final Supplier<LedgerSettings> configured;

        Unwrap(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            KeyWrapping.end(configured.get().keys());
            out.println("the secret keys lie open again");
            return OK;
        }
    }
}
