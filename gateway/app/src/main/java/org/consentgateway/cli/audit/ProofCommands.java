package org.consentgateway.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.tree.Checkpoint;
import org.consentgateway.ledger.tree.SignedNote;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ledger proof|tiles}: for those who check the log without the store. */
final class ProofCommands {
    private ProofCommands() {}

    static void addTo(CommandLine ledger, Supplier<LedgerSettings> settings) {
        ledger.addSubcommand(new ProveGrowth(settings)).addSubcommand(new WriteTiles(settings));
    }

    @Command(
            name = "proof",
            mixinStandardHelpOptions = true,
            description = {
                "Prove that the log has only grown since a checkpoint that somebody has kept.",
                "Checked by: consent-ledger-verify.jar --key FILE --checkpoint KEPT PROOF"
            })
    static final class ProveGrowth extends AuditCommand {
        private final Supplier<LedgerSettings> configured;
        @Mixin private final LedgerCommand.Place place = new LedgerCommand.Place();

        @Option(
                names = "--from",
                required = true,
                paramLabel = "SIZE|FILE",
                description = "How many entries the kept checkpoint covers, or its file.")
        private String from = "";

        @Option(
                names = "--to",
                paramLabel = "SIZE",
                description = "Up to the checkpoint over so many entries; default the newest.")
        private @Nullable Long to;

        @Option(
                names = "--node",
                paramLabel = "NODE",
                description = "Whose log; default this node's.")
        private @Nullable String node;

        ProveGrowth(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            LedgerSettings settings = place.of(configured);
            String of = node == null ? settings.node() : node;
            out.print(LedgerArchive.open(settings).grown(of, size(), to).text());
            out.flush();
            return OK;
        }

        private long size() throws IOException {
            if (from.matches("[0-9]{1,18}")) {
                return Long.parseLong(from);
            }
            return SignedNote.parse(Files.readString(Path.of(from)))
                    .flatMap(note -> Checkpoint.parse(note.text()))
                    .orElseThrow(() -> new IOException(from + " is no checkpoint"))
                    .size();
        }
    }

    @Command(
            name = "tiles",
            mixinStandardHelpOptions = true,
            description = {
                "Write the log as static files (C2SP tlog-tiles) that any web server or bucket"
                        + " can serve:",
                "a folder for each node. Run again, it adds what is new. Nothing in it is"
                        + " personal."
            })
    static final class WriteTiles extends AuditCommand {
        private final Supplier<LedgerSettings> configured;
        @Mixin private final LedgerCommand.Place place = new LedgerCommand.Place();

        @Parameters(paramLabel = "DIR", description = "Where to; made where it is not there.")
        private Path directory = Path.of("");

        WriteTiles(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            for (LedgerArchive.Published one :
                    LedgerArchive.open(place.of(configured)).publish(directory)) {
                out.printf("%s: %d entries, %d files%n", one.log(), one.entries(), one.files());
            }
            return OK;
        }
    }
}
