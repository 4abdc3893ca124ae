package org.consentgateway.cli.subject;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.consentgateway.api.request.WrittenNumber;
import org.consentgateway.cli.CommandGroup;
import org.consentgateway.cli.audit.AuditCommand;
import org.consentgateway.consent.Subject;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.SubjectExport;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.proof.RequestAnswers;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.token.CallerPseudonyms;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code subject export|erase|pseudonym NUMBER}: what a caller may ask for (Art. 15 and 17 DSGVO).
 */
@Command(name = "subject", description = "Answer a caller's request for access or erasure.")
public final class SubjectCommand extends CommandGroup {
    /** An answer about nobody looks like one about somebody of whom little is stored. */
    static final String NOTHING_FOUND =
            "nothing was found under this number: is it the right one, written in full?";

    private SubjectCommand() {}

    /** To be added to the root command under the name "subject". */
    public static CommandLine with(
            Supplier<LedgerSettings> settings, Supplier<StoredRequests> desk) {
        return new CommandLine(new SubjectCommand())
                .addSubcommand(new Export(desk))
                .addSubcommand(new Erase(settings, desk))
                .addSubcommand(new Pseudonym(settings))
                .addSubcommand(RequestsCommand.with(desk))
                .addSubcommand(HoldersCommand.with(desk));
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "All that is stored about a caller. That it was shown is recorded.")
    static final class Export extends AuditCommand {
        private final Supplier<StoredRequests> desk;

        @Parameters(paramLabel = "NUMBER", description = GivenNumber.DESCRIPTION)
        private String number = "";

        @Option(
                names = "--to",
                paramLabel = "DIR",
                description =
                        "Write export.json, export.csv, export.html and receipts there instead of"
                                + " printing JSON.")
        private @Nullable Path to;

        @Option(
                names = "--who",
                required = true,
                paramLabel = "NAME",
                description = "Who looks: your name. It is recorded.")
        private String who = "";

        Export(Supplier<StoredRequests> desk) {
            this.desk = desk;
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            String by = Responsible.person(who);
            StoredRequests requests = desk.get();
            Subject subject = requests.subject(GivenNumber.e164(number));
            SubjectExport export = requests.shown(subject, by, null);
            if (export.size() == 0) {
                // Beside what a program may read.
                err().println(NOTHING_FOUND);
                err().flush();
            }
            if (to == null) {
                export.json(out);
                out.println();
                CallRecordLines.tell(requests, subject, err());
                err().flush();
            } else {
                out.println(requests.export(export, to).written(to));
                CallRecordLines.write(requests, subject, to, out);
            }
            return OK;
        }
    }

    @Command(
            name = "erase",
            mixinStandardHelpOptions = true,
            description = {
                "Destroy all that no law demands of a caller for whom no request waits, and note",
                "who has to be told. The log keeps an Erased entry that names nobody, and stays",
                "verifiable. May run beside the gateway, which takes the caller's name out of call",
                "detail records. For a request: subject requests approve."
            })
    static final class Erase extends AuditCommand {
        private final Supplier<LedgerSettings> configured;
        private final Supplier<StoredRequests> desk;

        @Parameters(paramLabel = "NUMBER", description = GivenNumber.DESCRIPTION)
        private String number = "";

        @Option(names = "--yes", description = "Really.")
        private boolean yes;

        @Option(
                names = "--who",
                required = true,
                paramLabel = "NAME",
                description = "Who decides: your name. It is recorded.")
        private String who = "";

        @Option(names = "--ground", paramLabel = "TEXT", description = "Why. It is recorded.")
        private String ground = "erased without a request";

        @Option(
                names = "--vacuum",
                description = "Also rewrite the database files; keeps the gateway waiting.")
        private boolean vacuum;

        Erase(Supplier<LedgerSettings> configured, Supplier<StoredRequests> desk) {
            this.configured = configured;
            this.desk = desk;
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            LedgerSettings settings = configured.get();
            String decides = Responsible.person(who);
            String why = Responsible.reason(ground);
            String e164 = GivenNumber.e164(number);
            if (!yes) {
                int entries = desk.get().count(desk.get().subject(e164));
                throw new IOException(
                        entries == 0
                                ? NOTHING_FOUND
                                : entries
                                        + " entries would lose their payload for good: add --yes");
            }
            RequestAnswers.Erasure done = desk.get().erase(e164, decides, why);
            RequestsCommand.tell(done, out); // it is done, whatever comes of the files
            CallRecordLines.left(desk.get(), desk.get().subject(e164), out);
            if (vacuum) {
                try (Ledger ledger = Ledger.openBeside(settings, Clock.systemUTC())) {
                    ledger.scrub(true);
                }
            }
            return OK;
        }
    }

    @Command(
            name = "pseudonym",
            mixinStandardHelpOptions = true,
            description = {
                "What callers are called towards assistants with caller-id: pseudonym. One line"
                        + " for",
                "each number, also of standard input: for systems that know their customers'"
                        + " numbers."
            })
    static final class Pseudonym extends AuditCommand {
        private final Supplier<LedgerSettings> configured;

        @Parameters(
                paramLabel = "NUMBER",
                arity = "0..*",
                description = {
                    "Such as +4930123456. Better - or none: they are read from standard input, one"
                            + " a",
                    "line, and stand in no list of processes and no history."
                })
        private List<String> numbers = List.of();

        Pseudonym(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            var pseudonyms = new CallerPseudonyms(KeyFiles.callerKey(configured.get().keys()));
            List<String> all = numbers;
            boolean said = all.equals(List.of(GivenNumber.ON_INPUT));
            if (all.isEmpty() || said) {
                all = GivenNumber.lines();
            }
            if (said && all.isEmpty()) {
                throw new IOException(GivenNumber.NONE);
            }
            for (String number : all) {
                String e164 = WrittenNumber.e164(number);
                if (!e164.matches("\\+[1-9][0-9]{3,14}")) {
                    throw new IOException("not a number in full, such as +4930123456");
                }
                out.println(e164 + " " + pseudonyms.of(e164));
            }
            return OK;
        }
    }
}
