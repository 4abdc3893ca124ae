package org.consentgateway.cli.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.function.Supplier;
import org.consentgateway.cli.CommandGroup;
import org.consentgateway.cli.StoreCommand;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.statistics.Baseline;
import org.consentgateway.statistics.MonthCounts;
import org.consentgateway.statistics.OperationReport;
import org.consentgateway.statistics.ReportCsv;
import org.consentgateway.statistics.ReportJson;
import org.consentgateway.statistics.ReportPage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Confined to the main thread. {@code reports operation|customers}. */
@Command(
        name = "reports",
        description = "Reports of a month.",
        subcommands = CommandLine.HelpCommand.class)
public final class ReportsCommand extends CommandGroup {
    private ReportsCommand() {}

    /** To be added under the name "reports". */
    public static CommandLine with(
            Supplier<LedgerSettings> ledger,
            Supplier<CustomersCommand.Configured> customers,
            InstantSource clock) {
        return new CommandLine(new ReportsCommand())
                .addSubcommand(new Operation(ledger, clock))
                .addSubcommand(new CustomersCommand(customers, System.in, clock));
    }

    /**
     * @param text such as 2026-10
     * @throws IOException where it is none that has begun
     */
    static YearMonth month(String text, Instant now) throws IOException {
        try {
            YearMonth wanted = YearMonth.parse(text);
            if (wanted.isAfter(YearMonth.from(now.atZone(ZoneOffset.UTC)))) {
                throw new IOException(text + " has not begun");
            }
            return wanted;
        } catch (DateTimeParseException e) {
            throw new IOException("--month is a month such as 2026-10, not " + text, e);
        }
    }

    @Command(
            name = "operation",
            mixinStandardHelpOptions = true,
            description = {
                "Write how the operation went in a month: consent, hang-ups by stage, withdrawals,",
                "repeats, seconds to help, satisfaction, complaints; by line, language, version"
                        + " and",
                "variant of the text; as a page, a table and JSON. Names no caller."
            })
    static final class Operation extends StoreCommand {
        private final Supplier<LedgerSettings> ledger;
        private final InstantSource clock;

        @Option(
                names = "--month",
                required = true,
                paramLabel = "MONTH",
                description = "Such as 2026-10; its days are in UTC.")
        private String month = "";

        @Option(names = "--line", paramLabel = "LINE", description = "Of this line only.")
        private String line = "";

        @Option(
                names = "--baseline",
                paramLabel = "FILE",
                description = "What was before, to compare with: see config/reports/README.md.")
        private @Nullable Path baseline;

        @Option(
                names = "--out",
                required = true,
                paramLabel = "DIR",
                description = "Where operation-MONTH.html, .csv and .json go.")
        private Path out = Path.of("");

        Operation(Supplier<LedgerSettings> ledger, InstantSource clock) {
            this.ledger = ledger;
            this.clock = clock;
        }

        @Override
        protected int run(PrintWriter terminal) throws IOException, LedgerUnavailable {
            Instant now = clock.instant();
            var counts = MonthCounts.of(LedgerArchive.open(ledger.get()), month(month, now));
            if (!line.isEmpty() && !counts.lines().contains(line)) {
                throw new IOException(
                        "line \"%s\" had no call in %s; there are %s"
                                .formatted(line, month, counts.lines()));
            }
            var report =
                    OperationReport.of(
                            counts, line, baseline == null ? null : Baseline.read(baseline), now);
            Files.createDirectories(out);
            write(terminal, report, "html", ReportPage.of(report));
            write(terminal, report, "csv", ReportCsv.of(report));
            write(terminal, report, "json", ReportJson.of(report).toPrettyString() + "\n");
            return 0;
        }

        private void write(
                PrintWriter terminal, OperationReport report, String ending, String content)
                throws IOException {
            String of = report.line().isEmpty() ? "" : "-" + report.line();
            Path file = out.resolve("operation-" + report.month() + of + "." + ending);
            Files.writeString(file, content, StandardCharsets.UTF_8);
            terminal.println(file);
        }
    }
}
