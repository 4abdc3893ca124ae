package org.consentgateway.cli.consents;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.consentgateway.api.ApiBody;
import org.consentgateway.cli.CommandGroup;
import org.consentgateway.cli.StoreCommand;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.proof.imports.ConsentImport;
import org.consentgateway.proof.imports.ConsentImport.Became;
import org.consentgateway.proof.imports.WrongRow;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Confined to the main thread. {@code consents import}. */
@Command(
        name = "consents",
        subcommands = CommandLine.HelpCommand.class,
        description = "Consents that were given elsewhere: on the web, on paper.")
public final class ConsentsCommand extends CommandGroup {
    private ConsentsCommand() {}

    /**
     * To be added under the name "consents".
     *
     * @param imports over an open store
     */
    public static CommandLine with(
            Supplier<LedgerSettings> settings, Function<Ledger, ConsentImport> imports) {
        return new CommandLine(new ConsentsCommand()).addSubcommand(new Import(settings, imports));
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = {
                "Take over consents from a table (CSV with a heading): all of them, or none where"
                        + " any is wrong.",
                "May be run again: what was taken over before changes nothing. See"
                        + " config/consents/README.md."
            })
    static final class Import extends StoreCommand {
        private static final int MOST_TOLD = 100;

        private final Supplier<LedgerSettings> settings;
        private final Function<Ledger, ConsentImport> imports;

        @Parameters(paramLabel = "FILE", description = "The table, in UTF-8.")
        private Path file = Path.of("");

        @Option(
                names = "--by",
                required = true,
                paramLabel = "NAME",
                description = "The person who does it, as it is recorded.")
        private String by = "";

        @Option(names = "--dry-run", description = "Check everything, write nothing.")
        private boolean dryRun;

        Import(Supplier<LedgerSettings> settings, Function<Ledger, ConsentImport> imports) {
            this.settings = settings;
            this.imports = imports;
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            if (!ApiBody.isPerson(by)) {
                throw new IOException("--by is a name of 80 characters at most, without a number");
            }
            var rows = ImportFile.read(file);
            InstantSource clock = InstantSource.system();
            try (Ledger ledger = Ledger.openBeside(settings.get(), clock)) {
                return told(imports.apply(ledger).take(rows, by, dryRun, clock.instant()), out);
            } catch (ConsentImport.Unavailable e) {
                throw new IOException("nothing was taken over: " + e.getMessage(), e);
            }
        }

        /** Which rows, and what can be done. */
        private static void withdrawnSince(ConsentImport.Result.Done done, PrintWriter out) {
            List<ConsentImport.Row> rows = done.rows();
            List<String> which =
                    IntStream.range(0, rows.size())
                            .filter(i -> rows.get(i).became() == Became.WITHDRAWN_SINCE)
                            .mapToObj(i -> String.valueOf(i + 1))
                            .toList();
            if (!which.isEmpty()) {
                out.println(
                        "Not taken over: row %s. Whoever has the number has withdrawn, or ended a"
                                        .formatted(String.join(", ", which))
                                + " purpose, after given_at; only a consent that is given after"
                                + " that counts.");
            }
        }

        private int told(ConsentImport.Result result, PrintWriter out) throws IOException {
            return switch (result) {
                case ConsentImport.Result.Wrong(List<WrongRow> wrong) -> {
                    wrong.stream()
                            .limit(MOST_TOLD)
                            .forEach(one ->
                                    out.println(
                                            "row %d, %s: %s"
                                                    .formatted(
                                                            one.row(), one.field(), one.right())));
                    out.flush();
                    throw new IOException(
                            "nothing was taken over: %s wrong%s"
                                    .formatted(
                                            wrong.size() == 1
                                                    ? "one thing is"
                                                    : wrong.size() + " things are",
                                            wrong.size() > MOST_TOLD
                                                    ? ", the first " + MOST_TOLD + " are told"
                                                    : ""));
                }
                case ConsentImport.Result.Done done -> {
                    out.println(
                            (dryRun ? "would be taken over  " : "taken over           ")
                                    + done.with(Became.NEW));
                    out.println("there before         " + done.with(Became.KNOWN));
                    out.println("erased since         " + done.with(Became.ERASED));
                    out.println("withdrawn since      " + done.with(Became.WITHDRAWN_SINCE));
                    out.println("count in a call      " + done.counting());
                    withdrawnSince(done, out);
                    yield 0;
                }
            };
        }
    }
}
