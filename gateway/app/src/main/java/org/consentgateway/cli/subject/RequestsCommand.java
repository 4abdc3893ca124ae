package org.consentgateway.cli.subject;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.consentgateway.cli.CommandGroup;
import org.consentgateway.cli.audit.AuditCommand;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.request.AnswerDeadline;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.SubjectRequest.Answer;
import org.consentgateway.consent.request.SubjectRequest.Answered;
import org.consentgateway.consent.request.SubjectRequest.Approved;
import org.consentgateway.consent.request.SubjectRequest.Asked;
import org.consentgateway.consent.request.SubjectRequest.Channel;
import org.consentgateway.consent.request.SubjectRequest.Confirmation;
import org.consentgateway.consent.request.SubjectRequest.Kept;
import org.consentgateway.consent.request.SubjectRequest.Kind;
import org.consentgateway.consent.request.SubjectRequest.Opened;
import org.consentgateway.consent.request.SubjectRequest.Refused;
import org.consentgateway.consent.request.SubjectRequest.Unconfirmed;
import org.consentgateway.proof.RequestAnswers;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.StoredRequests.Found;
import org.consentgateway.receipts.ReleasedReceipts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code subject requests list|show|open|approve|refuse}: what callers asked for, to be answered by
 * a person who has made sure who asks (Art. 12 DSGVO).
 */
@Command(
        name = "requests",
        description = "Requests of callers for access and erasure, answered by a person.",
        subcommands = CommandLine.HelpCommand.class)
public final class RequestsCommand extends CommandGroup {
    private static final String OVERDUE = "OVERDUE";

    private RequestsCommand() {}

    /** To be added to {@code subject} under the name "requests". */
    public static CommandLine with(Supplier<StoredRequests> desk) {
        return new CommandLine(new RequestsCommand())
                .addSubcommand(new ListRequests(desk))
                .addSubcommand(new Show(desk))
                .addSubcommand(new Open(desk))
                .addSubcommand(new Approve(desk))
                .addSubcommand(new Refuse(desk));
    }

    private static String state(Found found, Instant now) {
        if (found.unfinished()) {
            return "approved, NOT YET ERASED: approve it again";
        }
        return switch (found.answered()) {
            case Approved _ -> "approved";
            case Refused _ -> "refused";
            case Unconfirmed not ->
                    not.why() == CallBackResult.DISOWNED
                            ? "NOT THEY: who was called back did not ask"
                            : "not confirmed";
            case null -> waiting(found, now);
        };
    }

    private static String waiting(Found found, Instant now) {
        if (found.awaitsCallBack()) {
            return "to be confirmed by a call back";
        }
        return now.isBefore(found.asked().due()) ? "open" : OVERDUE;
    }

    private static String day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneId.systemDefault()).toString();
    }

    /** Overdue at its beginning, so due on the day before. */
    private static String dueDay(Asked asked) {
        return day(asked.due().minus(Duration.ofSeconds(1)));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "What waits for an answer, oldest first.")
    static final class ListRequests extends AuditCommand {
        private static final String ROW = "%-7s  %-8s  %-10s  %-10s  %-13s  %s";

        private final Supplier<StoredRequests> desk;

        @Option(names = "--all", description = "Also what was answered.")
        private boolean all;

        ListRequests(Supplier<StoredRequests> desk) {
            this.desk = desk;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            List<Found> found =
                    desk.get().all().stream()
                            .filter(one -> all || one.waits())
                            .sorted(Comparator.comparing(one -> one.asked().at()))
                            .toList();
            if (found.isEmpty()) {
                out.println(all ? "There are no requests." : "No request waits for an answer.");
                return OK;
            }
            out.printf(ROW + "%n", "number", "asks for", "since", "due", "by", "state");
            for (Found one : found) {
                Asked asked = one.asked();
                String row =
                        String.format(
                                Locale.ROOT,
                                ROW,
                                asked.reference(),
                                word(asked.kind()),
                                day(asked.at()),
                                dueDay(asked),
                                word(asked.channel()),
                                state(one, now()));
                boolean pressing = one.unfinished() || state(one, now()).equals(OVERDUE);
                out.println(pressing ? Ansi.AUTO.string("@|bold,red " + row + "|@") : row);
            }
            return OK;
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "One request, and what was answered.")
    static final class Show extends AuditCommand {
        private final Supplier<StoredRequests> desk;

        @Parameters(paramLabel = "REQUEST", description = "Its number or its id.")
        private String wanted = "";

        @Option(
                names = "--number",
                paramLabel = "TELEPHONE",
                description =
                        "Also whether it came from this telephone number; better - : one line of"
                                + " standard input.")
        private @Nullable String number;

        Show(Supplier<StoredRequests> desk) {
            this.desk = desk;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            Found found = desk.get().find(wanted);
            Asked asked = found.asked();
            out.println("request     " + asked.reference() + " (" + asked.id() + ")");
            out.println("asks for    " + word(asked.kind()));
            out.println("asked       " + asked.at() + ", by " + word(asked.channel()));
            out.println("due         " + dueDay(asked));
            out.println("state       " + state(found, now()));
            Opened opened = found.opened();
            if (opened != null && !opened.operator().isEmpty()) {
                out.println("taken by    " + opened.operator());
            }
            if (found.confirmed() != null) {
                out.println("confirmed   " + found.confirmed() + ", by a call back");
            }
            Answered answered = found.answered();
            if (answered != null) {
                out.println("answered    " + answered.at() + ", by " + answered.answer().by());
                out.println("ground      " + answered.answer().ground());
            }
            if (answered instanceof Approved approved) {
                for (Kept kept : approved.kept()) {
                    out.println("restricted  " + kept.law() + ": " + kept.records());
                }
            }
            if (number != null && opened != null) {
                Subject _ = desk.get().subject(opened, GivenNumber.e164(number));
                out.println("telephone   the request is of this number");
            }
            return OK;
        }
    }

    @Command(
            name = "open",
            mixinStandardHelpOptions = true,
            description = "Take down a request that came by letter, e-mail or in person.")
    static final class Open extends AuditCommand {
        private final Supplier<StoredRequests> desk;

        @Parameters(paramLabel = "TELEPHONE", description = GivenNumber.DESCRIPTION)
        private String number = "";

        @Option(names = "--kind", required = true, description = "access or erasure.")
        private String kind = "";

        @Option(
                names = "--by",
                required = true,
                description = "letter, email, telephone, in-person.")
        private String channel = "";

        @Option(names = "--who", required = true, paramLabel = "NAME", description = "Your name.")
        private String who = "";

        @Option(
                names = "--on",
                paramLabel = "DAY",
                description =
                        "When it came, such as 2026-11-27 (today): the time to answer begins"
                                + " there.")
        private @Nullable LocalDate on;

        Open(Supplier<StoredRequests> desk) {
            this.desk = desk;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            Instant asked =
                    desk.get()
                            .received(on)
                            .orElseThrow(() ->
                                    new IOException("--on is " + AnswerDeadline.RECEIVED_IN_WORDS));
            UUID id = desk.get().newId();
            var request =
                    new Opened(
                            id,
                            asked,
                            one(Kind.values(), kind, "--kind"),
                            channel(),
                            null,
                            who,
                            desk.get().subject(GivenNumber.e164(number)),
                            desk.get().due(asked),
                            Confirmation.NOT_NEEDED);
            desk.get()
                    .answering(answers -> {
                        answers.open(request);
                        return request;
                    });
            out.println("request " + request.reference() + ", due on " + dueDay(Asked.of(request)));
            return OK;
        }

        private Channel channel() throws IOException {
            Channel one = one(Channel.values(), channel, "--by");
            if (!one.isTakenDown()) {
                throw new IOException("--by " + channel + ": nobody sends a request by that");
            }
            return one;
        }

        private static <E extends Enum<E>> E one(E[] values, String wanted, String option)
                throws IOException {
            return Stream.of(values)
                    .filter(each -> word(each).equals(wanted))
                    .findFirst()
                    .orElseThrow(() ->
                            new IOException(
                                    option
                                            + " is one of "
                                            + Stream.of(values).map(RequestsCommand::word).toList()
                                            + ", not "
                                            + wanted));
        }
    }

    /** The request, where nobody has answered it. */
    private static Opened unanswered(Found found) throws IOException {
        Answered answered = found.answered();
        if (answered != null) {
            throw new IOException(
                    "request "
                            + answered.asked().reference()
                            + " was answered on "
                            + day(answered.at())
                            + " by "
                            + answered.answer().by());
        }
        return Objects.requireNonNull(found.opened());
    }

    @Command(
            name = "approve",
            mixinStandardHelpOptions = true,
            description = {
                "Write who approves and why, then do it: access writes export.json, .csv, .html"
                        + " and",
                "receipts for you to send; erasure destroys what no law demands. Consents to"
                        + " advertising are",
                "restricted and not erased (§ 7a UWG)."
            })
    static final class Approve extends AuditCommand {
        private final Supplier<StoredRequests> desk;

        @Parameters(paramLabel = "REQUEST", description = "Its number or its id.")
        private String wanted = "";

        @Mixin private final Responsible responsible = new Responsible();

        @Option(
                names = "--number",
                paramLabel = "TELEPHONE",
                description =
                        "Only if it came from this telephone number; finds records under all keys."
                                + " Needed where keys were rotated since it came. Better - : one"
                                + " line of standard input.")
        private @Nullable String number;

        @Option(names = "--to", paramLabel = "DIR", description = "Where the export goes (access).")
        private @Nullable Path to;

        @Option(
                names = "--code",
                description = {
                    "Also print a code by which the person fetches the receipts from the page of",
                    "receipts.listen, with the number of the request, for thirty days (access)."
                })
        private boolean code;

        @Option(
                names = "--keep-proof",
                paramLabel = "LAW",
                description =
                        "Restrict the proof of all consents instead of erasing it, and under which"
                                + " law, such as \"Art. 17(3)(e) DSGVO\".")
        private @Nullable String keepProof;

        Approve(Supplier<StoredRequests> desk) {
            this.desk = desk;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            Answer answer = responsible.answer();
            if (keepProof != null) {
                keepProof = Responsible.namesNobody(keepProof);
            }
            Found found = desk.get().find(wanted);
            if (found.unfinished()) {
                return finish(found, out);
            }
            Opened request = unanswered(found);
            if (found.awaitsCallBack()) {
                throw new IOException(
                        "request "
                                + request.reference()
                                + " waits for the call back that confirms it");
            }
            Subject subject = subject(request);
            return switch (request.kind()) {
                case ACCESS -> access(request, answer, subject, out);
                case ERASURE -> erasure(request, answer, subject, out);
            };
        }

        private int access(Opened request, Answer answer, Subject subject, PrintWriter out)
                throws IOException {
            if (to == null) {
                throw new IOException("say where the export goes: --to DIR");
            }
            if (code && desk.get().page().isEmpty()) {
                throw new IOException(
                        "--code: there is no page to fetch receipts from; set receipts.listen");
            }
            if (code && desk.get().isRenamed(request)) {
                throw new IOException(
                        "--code: the page shows no receipt of what came since the pseudonym keys"
                                + " were rotated. Send what is written to "
                                + to);
            }
            StoredRequests.Export export =
                    desk.get()
                            .export(desk.get().shown(subject, answer.by(), Asked.of(request)), to);
            if (code && export.shared()) {
                throw new IOException(
                        "--code: different people may have called from this number, and the page"
                                + " shows all of it. Look through "
                                + to
                                + ", and send what is this person's (Art. 15(4) DSGVO)");
            }
            Approved approved =
                    desk.get().answering(answers -> answers.approveAccess(request, answer));
            if (export.shared()) {
                out.println(
                        "caution: different people may have called from this number. Take out"
                                + " what is another's (Art. 15(4) DSGVO)");
            }
            out.println(export.written(to) + ": send them to the person you have made sure of");
            CallRecordLines.write(desk.get(), subject, to, out);
            if (code) {
                out.printf(
                        "code %s, until %s, at %s: tell it to that person alone, by another way"
                                + " than the number %s%n",
                        desk.get().code(approved),
                        day(approved.at().plus(ReleasedReceipts.HELD)),
                        desk.get().page(),
                        request.reference());
            }
            return OK;
        }

        private int erasure(Opened request, Answer answer, Subject subject, PrintWriter out)
                throws IOException {
            RequestAnswers.Erasure done =
                    desk.get()
                            .answering(answers ->
                                    answers.approveErasure(request, answer, subject, keepProof));
            tell(done, out);
            CallRecordLines.left(desk.get(), subject, out);
            return OK;
        }

        private int finish(Found found, PrintWriter out) throws IOException {
            Opened request = Objects.requireNonNull(found.opened());
            Subject subject = subject(request);
            tell(desk.get().answering(answers -> answers.finish(found.asked(), subject)), out);
            CallRecordLines.left(desk.get(), subject, out);
            return OK;
        }

        private Subject subject(Opened request) throws IOException {
            if (number != null) {
                return desk.get().subject(request, GivenNumber.e164(number));
            }
            if (desk.get().isRenamed(request)) {
                throw new IOException(
                        "request "
                                + request.reference()
                                + ": "
                                + StoredRequests.RENAMED
                                + ": say --number");
            }
            return request.subject();
        }
    }

    /** What was erased, what was not, and who has to learn of it. */
    static void tell(RequestAnswers.Erasure done, PrintWriter out) {
        out.println(done.erased() + " entries erased, as " + done.approved().id() + " says");
        for (Kept kept : done.approved().kept()) {
            out.println(kept.records().size() + " entries restricted and kept: " + kept.law());
        }
        if (done.erased() == 0 && done.approved().kept().isEmpty()) {
            out.println(SubjectCommand.NOTHING_FOUND);
        }
        if (done.toTell() > 0) {
            out.println(
                    done.toTell()
                            + " holders have to be told (Art. 19 DSGVO): scripts/gateway subject"
                            + " holders");
        }
    }

    @Command(
            name = "refuse",
            mixinStandardHelpOptions = true,
            description = "Write who refuses and on what ground (Art. 12(4), (5), (6) DSGVO).")
    static final class Refuse extends AuditCommand {
        private final Supplier<StoredRequests> desk;

        @Parameters(paramLabel = "REQUEST", description = "Its number or its id.")
        private String wanted = "";

        @Mixin private final Responsible responsible = new Responsible();

        Refuse(Supplier<StoredRequests> desk) {
            this.desk = desk;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            Answer answer = responsible.answer();
            Opened request = unanswered(desk.get().find(wanted));
            desk.get()
                    .answering(answers -> {
                        answers.refuse(request, answer);
                        return request;
                    });
            out.println(
                    "request "
                            + request.reference()
                            + " refused: tell the person why, and of the right to complain");
            return OK;
        }
    }
}
