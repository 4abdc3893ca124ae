package org.consentgateway.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.LedgerBackup;
import org.consentgateway.ledger.ProgressBar;
import org.consentgateway.ledger.Resuming;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.Schema;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code ledger backup|restore|resume|migrate}: a copy of the store, putting it back, going on, and
 * the tables of this version.
 */
final class StoreCommands {
    private StoreCommands() {}

    static void addTo(CommandLine ledger, Supplier<LedgerSettings> settings) {
        ledger.addSubcommand(new Backup(settings))
                .addSubcommand(new Restore(settings))
                .addSubcommand(new Resume(settings))
                .addSubcommand(new Migrate(settings));
    }

    @Command(
            name = "backup",
            mixinStandardHelpOptions = true,
            description = {
                "Copy the store (SQLite) beside a running gateway, and verify the copy. The secret"
                        + " keys are not",
                "in it: back their directory up apart."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:backed up, and nothing wrong",
                "1:backed up as it is: tampered with or damaged",
                "2:it cannot be done, or not be checked for want of a key; or wrong usage",
                "3:wrong configuration"
            })
    static final class Backup extends AuditCommand {
        private final Supplier<LedgerSettings> configured;

        @Parameters(paramLabel = "DIR", description = "Not there yet, or empty.")
        private Path directory = Path.of("");

        Backup(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            LedgerSettings settings = configured.get();
            LongConsumer progress = new ProgressBar(err(), LedgerArchive.open(settings).size());
            Verification verification = LedgerBackup.take(settings, directory, now(), progress);
            print(verification, false, out);
            out.println("backed up to " + directory);
            out.println("keys are not in it: back up " + settings.keys() + " apart from it");
            return code(verification);
        }
    }

    @Command(
            name = "restore",
            mixinStandardHelpOptions = true,
            description = {
                "Put a backup in place of the store (SQLite), which stays beside it under another"
                        + " name.",
                "No gateway may be running. What was written since the backup is missing then:"
                        + " ledger resume."
            })
    static final class Restore extends AuditCommand {
        private final Supplier<LedgerSettings> configured;

        @Parameters(paramLabel = "DIR", description = "Of ledger backup.")
        private Path directory = Path.of("");

        Restore(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            LedgerBackup.Restored restored =
                    LedgerBackup.restore(configured.get(), directory, now());
            out.println("restored as of " + restored.takenAt());
            restored.aside().ifPresent(file -> out.println("the store before is " + file));
            out.println(
                    "go on with: scripts/gateway ledger resume --after-restore --checkpoint FILE,"
                            + " the newest one that is kept elsewhere");
            return OK;
        }
    }

    @Command(
            name = "migrate",
            mixinStandardHelpOptions = true,
            description = {
                "Make the store's tables, or bring them to this version, beside running gateways:"
                        + " on PostgreSQL as",
                "their owner (--url), where gateways write as a role that may not, and before the"
                        + " first one of this",
                "version is started; then config/postgresql/roles.sql. A gateway that owns its"
                        + " tables does it by itself."
            })
    static final class Migrate extends AuditCommand {
        private final Supplier<LedgerSettings> configured;
        @Mixin private final LedgerCommand.Place place = new LedgerCommand.Place();

        Migrate(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            out.println(
                    "the store's tables are of version " + Schema.migrate(place.of(configured)));
            return OK;
        }
    }

    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = {
                "Go on after an old backup was restored. A log of which entries are missing ends"
                        + " where it ends now,",
                "since checkpoints of more are signed; a new log names it, and what is missing."
                        + " Consents from before",
                "are not relied on any more, since their withdrawal may be missing: callers are"
                        + " asked again. Where no",
                "checkpoint goes as far as the store, nobody knows how many are missing, and it"
                        + " ends as well."
            })
    static final class Resume extends AuditCommand {
        private final Supplier<LedgerSettings> configured;

        @ArgGroup(multiplicity = "1")
        private Reason reason = new Reason();

        static final class Reason {
            @Option(
                    names = "--after-restore",
                    description = "You have restored a backup, and know that entries are missing.")
            private boolean afterRestore;

            @Option(
                    names = "--new-origin",
                    description = "You have set store.origin, and nothing is missing.")
            private boolean newOrigin;
        }

        @Option(
                names = "--checkpoint",
                paramLabel = "FILE",
                description = "A checkpoint kept elsewhere, which may know of more; repeatable.")
        private List<Path> checkpoints = new ArrayList<>();

        Resume(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            List<Resuming.Resumed> resumed =
                    Resuming.run(
                            configured.get(),
                            reason.newOrigin ? Resuming.Why.RENAMED : Resuming.Why.RESTORED,
                            checkpoints,
                            Clock.systemUTC());
            if (reason.afterRestore) {
                eraseAgain(out);
            }
            if (resumed.isEmpty()) {
                out.println("nothing is missing: start the gateway");
                return OK;
            }
            for (Resuming.Resumed one : resumed) {
                out.println(missing(one));
                out.println(one.successor() + " goes on from there");
            }
            if (reason.afterRestore) {
                out.println(
                        "Withdrawals that were made since the backup may be missing, and erasures"
                            + " of the time before keys rotate --reseal was first run: repeat what"
                            + " your own notes have of them (scripts/gateway subject). Keys for the"
                            + " API that are older open nothing any more: make new ones"
                            + " (scripts/gateway api-keys create).");
            }
            out.println("Hand the new lines of verifier.keys to your auditors.");
            return OK;
        }

        /** What was erased since the backup is known by its keys, which are destroyed. */
        private void eraseAgain(PrintWriter out) throws IOException {
            try (Ledger ledger = Ledger.openBeside(configured.get(), Clock.systemUTC())) {
                int again = ledger.eraseAgain();
                if (again > 0) {
                    out.println(
                            again
                                    + " payloads had been erased since the backup: they could not"
                                    + " be opened any more, and are erased again");
                }
            } catch (LedgerUnavailable e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        private static String missing(Resuming.Resumed one) {
            Long known = one.known();
            if (known != null && known == one.entries()) {
                return one.log() + " ends at " + known + " entries";
            }
            return known == null
                    ? one.log()
                            + " ends at "
                            + one.entries()
                            + " entries; nobody here knows how many are missing"
                    : one.log()
                            + " ends at "
                            + one.entries()
                            + " entries; at least "
                            + (known - one.entries())
                            + " are missing, up to entry "
                            + (known - 1);
        }
    }
}
