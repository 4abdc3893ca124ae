package org.consentgateway.cli.subject;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.consentgateway.cli.audit.AuditCommand;
import org.consentgateway.proof.StoredRequests;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code subject holders}, {@code subject holders told}: who holds data and has not confirmed that
 * a consent has ended or that data was erased, to be told by a person (Art. 19 DSGVO).
 */
@Command(
        name = "holders",
        mixinStandardHelpOptions = true,
        description = {
            "Who holds data and still has to be told that a consent has ended or that data was",
            "erased, oldest first."
        })
public final class HoldersCommand extends AuditCommand {
    private static final String ROW = "%-7s  %-10s  %-16s  %-10s  %s";

    private final Supplier<StoredRequests> desk;

    private HoldersCommand(Supplier<StoredRequests> desk) {
        this.desk = desk;
    }

    /** To be added to {@code subject} under the name "holders". */
    public static CommandLine with(Supplier<StoredRequests> desk) {
        return new CommandLine(new HoldersCommand(desk)).addSubcommand(new Told(desk));
    }

    @Override
    protected int run(PrintWriter out) throws IOException {
        List<StoredRequests.ToTell> all = desk.get().toTell();
        if (all.isEmpty()) {
            out.println("Everybody who holds data knows.");
            return OK;
        }
        out.printf(ROW + "%n", "number", "since", "holder", "tell", "how");
        for (StoredRequests.ToTell one : all) {
            out.println(
                    String.format(
                            Locale.ROOT,
                            ROW,
                            one.number(),
                            LocalDate.ofInstant(one.since(), ZoneId.systemDefault()),
                            one.holder(),
                            one.event(),
                            one.way()));
            one.consents().forEach(consent -> out.println("         X-Consent-Id " + consent));
        }
        return OK;
    }

    @Command(
            name = "told",
            mixinStandardHelpOptions = true,
            description = {
                "Write that you have told a holder. Of an erasure, the list of consents goes with",
                "it."
            })
    static final class Told extends AuditCommand {
        private final Supplier<StoredRequests> desk;

        @Parameters(paramLabel = "NUMBER", description = "As in subject holders.")
        private String number = "";

        @Option(
                names = "--who",
                required = true,
                paramLabel = "NAME",
                description = "Who told it: your name. It is recorded.")
        private String who = "";

        @Option(
                names = "--how",
                required = true,
                paramLabel = "TEXT",
                description = "How, and what was confirmed. It is recorded.")
        private String how = "";

        Told(Supplier<StoredRequests> desk) {
            this.desk = desk;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            desk.get().told(number, Responsible.answer(who, how));
            out.println("written: the holder knows");
            return OK;
        }
    }
}
