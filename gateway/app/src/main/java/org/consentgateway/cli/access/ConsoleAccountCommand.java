package org.consentgateway.cli.access;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.api.access.ApiPrincipal;
import org.consentgateway.cli.CommandGroup;
import org.consentgateway.cli.StoreCommand;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.account.PasswordHash;
import org.consentgateway.console.account.TotpSecret;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code console-account add|list|remove}: who may sign in to the console. May run beside the
 * gateway, which heeds what is changed with the next request; who changed it is in the log.
 */
@Command(
        name = "console-account",
        subcommands = CommandLine.HelpCommand.class,
        description = "Accounts of people who may sign in to the console (console.listen).")
public final class ConsoleAccountCommand extends CommandGroup {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ConsoleAccountCommand() {}

    /**
     * To be added to the root command under the name "console-account".
     *
     * @param accounts the file they stand in
     */
    public static CommandLine with(Supplier<LedgerSettings> settings, Supplier<Path> accounts) {
        var file = new OnFile(settings, accounts);
        return new CommandLine(new ConsoleAccountCommand())
                .addSubcommand(new Add(file))
                .addSubcommand(new ListThem(file))
                .addSubcommand(new Remove(file));
    }

    /** Immutable. The file, and the log in which each change of it stands. */
    record OnFile(Supplier<LedgerSettings> settings, Supplier<Path> accounts) {
        AccountFile file() {
            return new AccountFile(accounts.get());
        }

        /** Whose name stands in the record, before anything is changed. */
        static void checkWho(String who) throws IOException {
            if (who.isBlank() || !ConsoleAccount.isPerson(who.strip())) {
                throw new IOException("--who needs your name");
            }
        }

        void record(String what, String who) throws IOException, LedgerUnavailable {
            InstantSource clock = InstantSource.system();
            try (Ledger ledger = Ledger.openBeside(settings.get(), clock)) {
                new AccessRecords(ledger, clock, PATIENCE)
                        .accessed(
                                new ApiPrincipal("command", Set.of()),
                                what,
                                who.strip(),
                                List.of());
            }
        }
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = {
                "Let a person sign in. Asks for a password (or takes the first line of standard"
                        + " input), and prints",
                "the secret of the second factor once, for an authenticator app. What the roles"
                        + " may: config/console/README.md."
            })
    static final class Add extends StoreCommand {
        private static final int SHORTEST = 12;

        private final OnFile on;

        @Parameters(paramLabel = "NAME", description = "To sign in with, such as a.weber.")
        private String name = "";

        @Option(
                names = "--role",
                required = true,
                paramLabel = "ROLE",
                description = "viewer, service, dpo, editor, operator or admin.")
        private String role = "";

        @Option(
                names = "--person",
                required = true,
                paramLabel = "NAME",
                description = "The person's name, as records have it, such as \"Anna Weber\".")
        private String person = "";

        @Option(names = "--who", required = true, paramLabel = "NAME", description = "Your name.")
        private String who = "";

        Add(OnFile on) {
            this.on = on;
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            OnFile.checkWho(who);
            if (!ConsoleAccount.NAME.matcher(name).matches()) {
                throw new IOException("NAME is " + ConsoleAccount.NAME_IN_WORDS);
            }
            if (!ConsoleAccount.isPerson(person.strip())) {
                throw new IOException("--person is a name of 80 characters at most");
            }
            ConsoleRole as =
                    ConsoleRole.of(role)
                            .orElseThrow(() ->
                                    new IOException(
                                            "no role "
                                                    + role
                                                    + "; there are "
                                                    + String.join(" ", ConsoleRole.texts())));
            if (on.file().named(name).isPresent()) {
                throw new IOException("there is an account " + name + ": remove it first");
            }
            SecureRandom random = new SecureRandom();
            char[] password = password(out);
            PasswordHash hash = PasswordHash.of(password, random);
            Arrays.fill(password, ' ');
            TotpSecret totp = TotpSecret.mint(random);
            // Before it is done: nobody is let in without a record.
            on.record("console-account add " + name + " as " + as.text(), who);
            on.file().add(new ConsoleAccount(name, person.strip(), as, hash, totp));
            out.println("account     " + name + " of " + person.strip() + ", " + as.text());
            out.println("secret      " + totp.base32());
            out.println("for the app " + totp.uri(name));
            out.println("Put the secret into an authenticator app. It is not shown again.");
            return 0;
        }

        private char[] password(PrintWriter out) throws IOException {
            Optional<Console> terminal =
                    Optional.ofNullable(System.console()).filter(Console::isTerminal);
            char[] password = terminal.isPresent() ? asked(terminal.get(), out) : piped();
            if (password.length < SHORTEST
                    || new String(password).toLowerCase(Locale.ROOT).contains(name)) {
                throw new IOException(
                        "a password has %d characters or more, and not the name in it; some words"
                                        .formatted(SHORTEST)
                                + " that do not belong together are good");
            }
            return password;
        }

        private static char[] asked(Console terminal, PrintWriter out) throws IOException {
            out.flush();
            char[] one = read(terminal, "Password: ");
            char[] other = read(terminal, "Once more: ");
            if (!Arrays.equals(one, other)) {
                throw new IOException("these are two passwords");
            }
            return one;
        }

        private static char[] read(Console terminal, String prompt) throws IOException {
            char @Nullable [] typed = terminal.readPassword(prompt);
            if (typed == null) {
                throw new IOException("no password");
            }
            return typed;
        }

        private static char[] piped() throws IOException {
            @Nullable String line =
                    new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))
                            .readLine();
            return line == null ? new char[0] : line.toCharArray();
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Who may sign in, and as what.")
    static final class ListThem extends StoreCommand {
        private static final String ROW = "%-16s  %-10s  %s%n";

        private final OnFile on;

        ListThem(OnFile on) {
            this.on = on;
        }

        @Override
        protected int run(PrintWriter out) throws IOException {
            List<ConsoleAccount> all = on.file().all();
            if (all.isEmpty()) {
                out.println("There is no account: scripts/gateway console-account add");
                return 0;
            }
            out.printf(Locale.ROOT, ROW, "account", "role", "of");
            for (ConsoleAccount each : all) {
                out.printf(Locale.ROOT, ROW, each.name(), each.role().text(), each.person());
            }
            return 0;
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Have an account open nothing any more, whoever is signed in by it.")
    static final class Remove extends StoreCommand {
        private final OnFile on;

        @Parameters(paramLabel = "NAME", description = "As list names it.")
        private String name = "";

        @Option(names = "--who", required = true, paramLabel = "NAME", description = "Your name.")
        private String who = "";

        Remove(OnFile on) {
            this.on = on;
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            OnFile.checkWho(who);
            if (on.file().named(name).isEmpty()) {
                throw new IOException("there is no account " + name + ": see list");
            }
            on.file().remove(name);
            // Behind it: nobody is let in any longer because the store is away.
            try {
                on.record("console-account remove " + name, who);
            } catch (IOException | LedgerUnavailable | RuntimeException e) {
                throw new IOException(
                        "removed, but not recorded: " + name + " (" + e.getMessage() + ")", e);
            }
            out.println("removed: " + name);
            return 0;
        }
    }
}
