package org.consentgateway.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.Supplier;
import org.consentgateway.cli.CommandGroup;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.ProgressBar;
import org.consentgateway.ledger.keys.JwsKey;
import org.consentgateway.ledger.keys.JwsKeys;
import org.consentgateway.ledger.rotation.KeyRotation;
import org.consentgateway.ledger.rotation.Resealing;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.token.TokenKeys;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code keys rotate|revoke|wrap|unwrap|rotate-token|jwks}. */
@Command(name = "keys", description = "The keys that sign, seal and name.")
public final class KeysCommand extends CommandGroup {
    private KeysCommand() {}

    /** To be added to the root command under the name "keys". */
    public static CommandLine with(
            Supplier<LedgerSettings> settings, Supplier<GatewayConfig.Tokens> tokens) {
        return new CommandLine(new KeysCommand())
                .addSubcommand(new Rotate(settings))
                .addSubcommand(new Revoke(settings))
                .addSubcommand(new WrapCommands.Wrap(settings))
                .addSubcommand(new WrapCommands.Unwrap(settings))
                .addSubcommand(new RotateToken(settings, tokens))
                .addSubcommand(new Jwks(settings, tokens));
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = {
                "New signing, payload and pseudonym keys for what is written from now on; the old",
                "ones stay for what is old. A running gateway takes them up at its next"
                        + " checkpoint.",
                "Prints the public keys to hand to auditors. A key that others may have: keys"
                        + " revoke."
            })
    static final class Rotate extends AuditCommand {
        private final Supplier<LedgerSettings> configured;

        @Option(
                names = "--reseal",
                description = {
                    "Also seal all payloads anew and destroy the old payload keys, beside the"
                            + " running",
                    "gateway. Stopped in it, the same command goes on where it ended."
                })
        private boolean reseal;

        @Option(
                names = "--everywhere",
                description = {
                    "With --reseal and several nodes: payload.keys was copied to all of them since"
                            + " this",
                    "command said so."
                })
        private boolean everywhere;

        Rotate(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            if (reseal) {
                Resealing.Outcome done = reseal();
                if (!done.nodes().isEmpty()) {
                    out.println(
                            "# nothing is sealed anew yet. There is a new payload key, "
                                    + done.keyId()
                                    + ": copy payload.keys from here to "
                                    + String.join(", ", done.nodes())
                                    + ", then run keys rotate --reseal --everywhere here");
                    return OK;
                }
                out.println(
                        "# "
                                + done.resealed()
                                + " payloads sealed anew under "
                                + done.keyId()
                                + "; the older payload keys are destroyed");
            }
            out.println(
                    reseal
                            ? KeyRotation.rotateOthers(configured.get(), now())
                            : KeyRotation.rotate(configured.get(), now()));
            return OK;
        }

        private Resealing.Outcome reseal() throws IOException {
            LedgerSettings settings = configured.get();
            var progress = new ProgressBar(err(), LedgerArchive.open(settings).size());
            return KeyRotation.reseal(settings, everywhere, progress);
        }
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = {
                "Have nobody believe any more what this signing key alone has signed: somebody else"
                        + " may",
                "have it. Where it signs, a new one takes its place. Receipts under it have to be"
                        + " printed",
                "anew. Prints the public keys to hand to auditors; a running gateway writes it into"
                        + " the",
                "log with its next checkpoint."
            })
    static final class Revoke extends AuditCommand {
        private final Supplier<LedgerSettings> configured;

        @Parameters(
                paramLabel = "KEY",
                description = "Eight hex digits: what stands between two + in verifier.keys.")
        private String key = "";

        Revoke(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            out.println(KeyRotation.revoke(configured.get(), key, now()));
            return OK;
        }
    }

    @Command(
            name = "rotate-token",
            mixinStandardHelpOptions = true,
            description = {
                "A new key for consent tokens: known at once, signing in a day. The old one stays",
                "known until its last token is over. A running gateway takes it up by itself."
            })
    static final class RotateToken extends AuditCommand {
        private final Supplier<LedgerSettings> configured;
        private final Supplier<GatewayConfig.Tokens> tokens;

        RotateToken(Supplier<LedgerSettings> configured, Supplier<GatewayConfig.Tokens> tokens) {
            this.configured = configured;
            this.tokens = tokens;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            LedgerSettings ledger = configured.get();
            JwsKey next =
                    JwsKeys.rotate(ledger.keys(), ledger.node(), tokens.get().algorithm(), now());
            out.println(next.id() + " signs from " + next.from() + " on");
            return OK;
        }
    }

    @Command(
            name = "jwks",
            mixinStandardHelpOptions = true,
            description = "The public keys of consent tokens, as /.well-known/jwks.json has them.")
    static final class Jwks extends AuditCommand {
        private final Supplier<LedgerSettings> configured;
        private final Supplier<GatewayConfig.Tokens> tokens;

        Jwks(Supplier<LedgerSettings> configured, Supplier<GatewayConfig.Tokens> tokens) {
            this.configured = configured;
            this.tokens = tokens;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            LedgerSettings ledger = configured.get();
            GatewayConfig.Tokens terms = tokens.get();
            var keys = new TokenKeys(JwsKeys.open(ledger.keys(), ledger.node(), terms.algorithm()));
            out.println(keys.keySet(now(), terms.lifetime()));
            return OK;
        }
    }
}
