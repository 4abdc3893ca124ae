package org.consentgateway.cli.subject;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.consentgateway.cli.CommandGroup;
import org.consentgateway.cli.audit.AuditCommand;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.request.Task;
import org.consentgateway.proof.StoredTasks;
import org.consentgateway.proof.StoredTasks.Found;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code callbacks list|show|done} and {@code complaints list|show|close}: what callers left for a
 * person to do.
 */
@Command(name = "tasks", subcommands = CommandLine.HelpCommand.class)
public final class TasksCommand extends CommandGroup {
    private TasksCommand() {}

    /** To be added to the root command under the name "callbacks". */
    public static CommandLine callBacks(Supplier<StoredTasks> tasks) {
        CommandLine line = with(tasks, Task.Kind.CALL_BACK, "done").setCommandName("callbacks");
        line.getCommandSpec()
                .usageMessage()
                .description("Callers who reached nobody and want to be called back.");
        return line;
    }

    /** To be added to the root command under the name "complaints". */
    public static CommandLine complaints(Supplier<StoredTasks> tasks) {
        CommandLine line = with(tasks, Task.Kind.COMPLAINT, "close").setCommandName("complaints");
        line.getCommandSpec().usageMessage().description("Callers who complained.");
        return line;
    }

    private static CommandLine with(Supplier<StoredTasks> tasks, Task.Kind kind, String close) {
        return new CommandLine(new TasksCommand())
                .addSubcommand(new ListTasks(tasks, kind))
                .addSubcommand(new Show(tasks, kind))
                .addSubcommand(close, new Close(tasks, kind));
    }

    private static String state(Found found, Instant now) {
        if (found.closed() != null) {
            return "done";
        }
        return found.opened().overdue(now) ? "OVERDUE" : "open";
    }

    private static String time(Instant at) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT)
                .withZone(ZoneId.systemDefault())
                .format(at);
    }

    private static String number(Task.Opened task) {
        PhoneNumber number = task.number();
        return number == null ? "-" : number.text();
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "What waits, oldest first.")
    static final class ListTasks extends AuditCommand {
        private static final String ROW = "%-7s  %-16s  %-17s  %-14s  %-8s  %s";

        private final Supplier<StoredTasks> tasks;
        private final Task.Kind kind;

        @Option(names = "--all", description = "Also what is done.")
        private boolean all;

        ListTasks(Supplier<StoredTasks> tasks, Task.Kind kind) {
            this.tasks = tasks;
            this.kind = kind;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            List<Found> found =
                    tasks.get().all(kind).stream()
                            .filter(one -> all || one.closed() == null)
                            .toList();
            if (found.isEmpty()) {
                out.println(all ? "There is nothing." : "Nothing waits.");
                return OK;
            }
            out.printf(ROW + "%n", "number", "since", "telephone", "line", "language", "state");
            for (Found one : found) {
                Task.Opened task = one.opened();
                String row =
                        String.format(
                                Locale.ROOT,
                                ROW,
                                task.reference(),
                                time(task.at()),
                                number(task),
                                task.call().line(),
                                task.notice().language(),
                                state(one, now()));
                boolean pressing = state(one, now()).equals("OVERDUE");
                out.println(pressing ? Ansi.AUTO.string("@|bold,red " + row + "|@") : row);
            }
            return OK;
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "One of them, and what became of it.")
    static final class Show extends AuditCommand {
        private final Supplier<StoredTasks> tasks;
        private final Task.Kind kind;

        @Parameters(paramLabel = "NUMBER", description = "Its number or its id.")
        private String wanted = "";

        Show(Supplier<StoredTasks> tasks, Task.Kind kind) {
            this.tasks = tasks;
            this.kind = kind;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            Found found = tasks.get().find(kind, wanted);
            Task.Opened task = found.opened();
            out.println("number      " + task.reference() + " (" + task.id() + ")");
            out.println("since       " + time(task.at()));
            out.println("telephone   " + number(task));
            out.println("call        " + task.call().callId() + ", line " + task.call().line());
            out.println(
                    "text heard  "
                            + task.notice().id()
                            + " "
                            + task.notice().version()
                            + ", "
                            + task.notice().language()
                            + ", variant "
                            + task.notice().variant());
            out.println("state       " + state(found, now()));
            Task.Closed closed = found.closed();
            if (closed != null) {
                out.println("done        " + time(closed.at()) + ", by " + closed.by());
                if (!closed.result().isEmpty()) {
                    out.println("result      " + closed.result());
                }
            }
            return OK;
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Write that it is done, and by whom.")
    static final class Close extends AuditCommand {
        private final Supplier<StoredTasks> tasks;
        private final Task.Kind kind;

        @Parameters(paramLabel = "NUMBER", description = "Its number or its id.")
        private String wanted = "";

        @Option(
                names = "--who",
                required = true,
                paramLabel = "NAME",
                description = "Who did it: your name. It is recorded.")
        private String who = "";

        @Option(
                names = "--result",
                paramLabel = "TEXT",
                description = "What came of it. Name nobody: it outlives the telephone number.")
        private String result = "";

        Close(Supplier<StoredTasks> tasks, Task.Kind kind) {
            this.tasks = tasks;
            this.kind = kind;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            if (who.isBlank()) {
                throw new IOException("--who needs a name");
            }
            Found found = tasks.get().find(kind, wanted);
            Task.Closed closed = found.closed();
            if (closed != null) {
                throw new IOException(
                        found.opened().reference()
                                + " was done on "
                                + time(closed.at())
                                + " by "
                                + closed.by());
            }
            tasks.get()
                    .close(
                            found.opened(),
                            Responsible.namesNobody(who),
                            Responsible.namesNobody(result));
            out.println(found.opened().reference() + " is done");
            return OK;
        }
    }
}
