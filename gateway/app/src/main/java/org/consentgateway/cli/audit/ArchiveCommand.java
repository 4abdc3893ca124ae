package org.consentgateway.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.consentgateway.ledger.Archiving;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.ProgressBar;
import org.consentgateway.ledger.store.LedgerSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ledger archive}: rows of what was erased, out of the store and into files. */
@Command(
        name = "archive",
        mixinStandardHelpOptions = true,
        description = {
            "Take rows of entries out of the store whose content was erased, once they stand in the"
                    + " files of",
            "store.archive (C2SP tlog-tiles), fit a checkpoint that the log has signed, and are"
                    + " octet by octet what",
            "the store has. Each leaf stays in the store, and a log says under its signature up to"
                    + " where rows may be",
            "missing. May run beside gateways, again and again: a row goes when an earlier run"
                    + " found its content",
            "gone. Lose the directory and what was taken out is lost: back it up as the store."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "2:not all, and nothing is lost, why is said; or wrong usage",
            "3:wrong configuration"
        })
final class ArchiveCommand extends AuditCommand {
    private static final Duration LEAST = Duration.ofDays(1);

    private final Supplier<LedgerSettings> configured;
    @Mixin private final LedgerCommand.Place place = new LedgerCommand.Place();

    @Option(names = "--dry-run", description = "Count only: writes nothing and takes nothing.")
    private boolean dryRun;

    @Option(
            names = "--files-only",
            description =
                    "Write and compare the files, and take nothing: to copy them to other nodes"
                            + " first.")
    private boolean filesOnly;

    @Option(
            names = "--wait",
            paramLabel = "PERIOD",
            defaultValue = "P30D",
            description =
                    "How long ago an earlier run has found the content gone, such as P30D (default)"
                            + " or P1D (least).")
    private String wait = "P30D";

    ArchiveCommand(Supplier<LedgerSettings> configured) {
        this.configured = configured;
    }

    @Override
    protected int run(PrintWriter out) throws IOException {
        LedgerSettings settings = place.of(configured);
        Archiving.Step step =
                dryRun
                        ? Archiving.Step.COUNT
                        : filesOnly ? Archiving.Step.FILES : Archiving.Step.TAKE;
        LongConsumer progress = new ProgressBar(err(), LedgerArchive.open(settings).size());
        List<Archiving.Outcome> outcomes =
                Archiving.run(
                        settings,
                        new Archiving.Wanted(waiting(wait), step),
                        Clock.systemUTC(),
                        progress);
        outcomes.forEach(one -> out.println(told(one, step)));
        if (outcomes.isEmpty()) {
            out.println("no log is long enough yet, or none has a checkpoint: nothing to archive");
        }
        return OK;
    }

    /** Counted in days: months have none that is theirs. */
    private static Duration waiting(String text) throws IOException {
        Period period = null;
        try {
            period = Period.parse(text);
        } catch (DateTimeParseException e) {
            // told below
        }
        Instant begin = Instant.EPOCH;
        Duration waiting =
                period == null
                        ? Duration.ZERO
                        : Duration.between(
                                begin, begin.atZone(ZoneOffset.UTC).plus(period).toInstant());
        if (waiting.compareTo(LEAST) < 0) {
            throw new IOException(
                    "--wait " + text + " is no period of a day or more, such as P30D");
        }
        return waiting;
    }

    private static String told(Archiving.Outcome one, Archiving.Step step) {
        String begin =
                one.log()
                        + ": of the first "
                        + one.size()
                        + " entries "
                        + one.erased()
                        + " are erased and have a row";
        return switch (step) {
            case COUNT -> begin;
            case FILES -> begin + "; all of these entries are in the files now";
            case TAKE -> begin + "; " + one.taken() + " rows were taken out" + rest(one.rest());
        };
    }

    private static String rest(Optional<Instant> then) {
        @Nullable Instant at = then.orElse(null);
        return at == null ? "" : ", the next may go from " + at + " on";
    }
}
