package org.consentgateway.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.consentgateway.cli.StoreCommand;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.report.Addresses;
import org.consentgateway.report.CustomerReports;
import org.consentgateway.report.MailServer;
import org.consentgateway.report.ReportRun;
import org.consentgateway.report.ReportWay;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Confined to the main thread. {@code reports customers}. */
@Command(
        name = "customers",
        mixinStandardHelpOptions = true,
        description = {
            "Send customers who agreed to it the report of the month that is over: what is stored,",
            "what holds until when, how to change it (config/reports/README.md). Each gets it"
                    + " once;",
            "a run that was broken off can be made again."
        })
public final class CustomersCommand extends StoreCommand {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Supplier<Configured> configured;
    private final InputStream in;
    private final InstantSource clock;

    @Option(
            names = "--month",
            required = true,
            paramLabel = "MONTH",
            description = "Such as 2026-10; to be sent, the one that was over last.")
    private String month = "";

    @Option(names = "--dry-run", description = "Send nothing; tell who would be told what.")
    private boolean dryRun;

    @Option(names = "--text", description = "Print each letter as well.")
    private boolean text;

    @Option(
            names = "--addresses",
            paramLabel = "FILE",
            description = {
                "By mail: where customers get it, lines of reference,address under that header;",
                "- reads them from standard input. Nothing of it is stored."
            })
    private @Nullable String addresses;

    /** Where a mail server is, once it is needed. */
    public interface Mail {
        MailServer.At at() throws IOException;
    }

    /**
     * Immutable. What the command needs of the configuration.
     *
     * @param told names of those who are told that reports are due
     */
    public record Configured(
            CustomerReports.Terms terms,
            ReportWay by,
            int perMinute,
            LedgerSettings ledger,
            List<String> told,
            Mail mail) {
        public Configured {
            told = List.copyOf(told);
        }
    }

    CustomersCommand(Supplier<Configured> configured, InputStream in, InstantSource clock) {
        this.configured = configured;
        this.in = in;
        this.clock = clock;
    }

    @Override
    protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
        YearMonth wanted = ReportsCommand.month(month, clock.instant());
        Configured settings = configured.get();
        if (dryRun) {
            print(out, ReportRun.dry(reports(settings), clock), wanted);
            return 0;
        }
        YearMonth newest = settings.terms().newest(clock.instant());
        if (!wanted.equals(newest)) {
            throw new IOException(
                    "reports are sent of the month that was over last, %s; of others there is"
                                    .formatted(newest)
                            + " --dry-run");
        }
        switch (settings.by()) {
            case EVENT -> byEvent(settings, out, wanted);
            case MAIL -> byMail(settings, out, wanted);
        }
        return 0;
    }

    private void byEvent(Configured settings, PrintWriter out, YearMonth wanted)
            throws IOException, LedgerUnavailable {
        if (settings.told().size() != 1) {
            throw new IOException(
                    "one endpoint of webhooks.endpoints has to take report.due, so that nobody gets"
                            + " a report twice; there are "
                            + settings.told());
        }
        print(
                out,
                ReportRun.byEvent(reports(settings), settings.ledger(), clock, pace(settings)),
                wanted);
    }

    private void byMail(Configured settings, PrintWriter out, YearMonth wanted)
            throws IOException, LedgerUnavailable {
        Addresses to = addresses();
        try (MailServer server = new MailServer(settings.mail().at())) {
            print(
                    out,
                    ReportRun.byMail(
                            reports(settings),
                            settings.ledger(),
                            clock,
                            new ReportRun.Mail(server, to),
                            pace(settings)),
                    wanted);
        }
    }

    /** Read without a claim: other commands write meanwhile. */
    private static CustomerReports reports(Configured settings) throws IOException {
        LedgerArchive archive = LedgerArchive.open(settings.ledger());
        return new CustomerReports(archive.reader(), archive.pseudonyms(), settings.terms());
    }

    private static Runnable pace(Configured settings) {
        return () -> LockSupport.parkNanos(MINUTE.toNanos() / settings.perMinute());
    }

    private Addresses addresses() throws IOException {
        if (addresses == null) {
            throw new IOException(
                    "--addresses is missing: the gateway knows no addresses; your CRM does");
        }
        try (Reader csv =
                addresses.equals("-")
                        ? new InputStreamReader(in, StandardCharsets.UTF_8)
                        : Files.newBufferedReader(Path.of(addresses))) {
            return Addresses.read(csv);
        }
    }

    private void print(PrintWriter out, ReportRun run, YearMonth wanted)
            throws IOException, LedgerUnavailable {
        int silent =
                run.run(
                        wanted,
                        row -> {
                            out.printf("%-20s  %s%n", row.reference(), row.state());
                            if (!row.what().isEmpty()) {
                                out.printf("%-20s  %s%n", "", row.what());
                            }
                            if (text && row.letter() != null) {
                                out.println();
                                row.letter()
                                        .text()
                                        .lines()
                                        .forEach(line -> out.println("    " + line));
                                out.println();
                            }
                            out.flush();
                        });
        out.printf("Told nothing, since they have not agreed to it: %d.%n", silent);
    }
}
