package org.consentgateway.cli.access;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.consentgateway.api.access.ApiKey;
import org.consentgateway.api.access.ApiKeyRegister;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.cli.CommandGroup;
import org.consentgateway.cli.StoreCommand;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code api-keys create|list|revoke}: who may ask over the API. May run beside the gateway, which
 * heeds what is changed within seconds.
 */
@Command(
        name = "api-keys",
        subcommands = CommandLine.HelpCommand.class,
        description = "Keys of the systems that may use the API (api.listen).")
public final class ApiKeysCommand extends CommandGroup {
    private ApiKeysCommand() {}

    /** To be added to the root command under the name "api-keys". */
    public static CommandLine with(Supplier<LedgerSettings> settings) {
        return new CommandLine(new ApiKeysCommand())
                .addSubcommand(new Create(settings))
                .addSubcommand(new ListAll(settings))
                .addSubcommand(new Revoke(settings));
    }

    /** One of the commands. */
    abstract static class OnRegister extends StoreCommand {
        private final Supplier<LedgerSettings> settings;

        OnRegister(Supplier<LedgerSettings> settings) {
            this.settings = settings;
        }

        abstract void run(ApiKeyRegister register, Instant now, PrintWriter out)
                throws IOException, LedgerUnavailable;

        @Override
        protected final int run(PrintWriter out) throws IOException, LedgerUnavailable {
            InstantSource clock = InstantSource.system();
            try (Ledger ledger = Ledger.openBeside(settings.get(), clock)) {
                run(new ApiKeyRegister(ledger, clock), clock.instant(), out);
                return 0;
            }
        }

        /** Of the person who does it, which is recorded. */
        static String name(String who) throws IOException {
            if (who.isBlank() || who.length() > 80) {
                throw new IOException("--who needs your name");
            }
            return who.strip();
        }

        static String day(Instant at) {
            return DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneId.systemDefault()).format(at);
        }

        static String scopes(ApiKey key) {
            return key.scopes().stream()
                    .map(ApiScope::text)
                    .sorted()
                    .collect(Collectors.joining(" "));
        }
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = {
                "Make a key for a system. It is printed once and stored nowhere: put it where that"
                        + " system",
                "keeps its secrets. It is recorded who made it, for whom, and what it opens."
            })
    static final class Create extends OnRegister {
        private static final Period LONGEST = Period.ofYears(2);

        @Parameters(paramLabel = "NAME", description = "Of the system, such as crm.")
        private String name = "";

        @Option(
                names = "--scope",
                required = true,
                paramLabel = "SCOPE",
                description =
                        "What it may do; may be given several times. One that is not there"
                                + " tells which there are.")
        private List<String> scopes = List.of();

        @Option(
                names = "--expires",
                paramLabel = "PERIOD",
                description = "After which it opens nothing (default: P1Y; P2Y at most).")
        private String expires = "P1Y";

        @Option(names = "--who", required = true, paramLabel = "NAME", description = "Your name.")
        private String who = "";

        Create(Supplier<LedgerSettings> settings) {
            super(settings);
        }

        @Override
        void run(ApiKeyRegister register, Instant now, PrintWriter out)
                throws IOException, LedgerUnavailable {
            if (!name.matches("[A-Za-z][A-Za-z0-9_-]{0,39}")) {
                throw new IOException(
                        "NAME is a letter, then letters, digits, - or _ (up to 40), such as crm");
            }
            String by = name(who);
            Instant end = end(now);
            ApiKeyRegister.Issued issued = register.issue(name, by, wanted(), end);
            out.println(issued.text().text());
            out.println("key         " + issued.key().words().id() + " of " + name);
            out.println("opens       " + scopes(issued.key()));
            out.println("expires     " + day(end));
            out.println("It is not shown again.");
        }

        private Set<ApiScope> wanted() throws IOException {
            Set<ApiScope> wanted = EnumSet.noneOf(ApiScope.class);
            for (String text : scopes) {
                wanted.add(
                        ApiScope.of(text)
                                .orElseThrow(() ->
                                        new IOException(
                                                "no scope "
                                                        + text
                                                        + "; there are "
                                                        + String.join(" ", ApiScope.texts()))));
            }
            return wanted;
        }

        private Instant end(Instant now) throws IOException {
            Instant latest = now.atZone(ZoneOffset.UTC).plus(LONGEST).toInstant();
            try {
                Instant end =
                        expires.contains("T")
                                ? now.plus(Duration.parse(expires))
                                : now.atZone(ZoneOffset.UTC)
                                        .plus(Period.parse(expires))
                                        .toInstant();
                if (end.isAfter(now) && !end.isAfter(latest)) {
                    return end;
                }
            } catch (DateTimeParseException e) {
                // told below
            }
            throw new IOException("--expires is a time such as P90D or P1Y, P2Y at most");
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Each key with what it opens and until when; never the key itself.")
    static final class ListAll extends OnRegister {
        private static final String ROW = "%-8s  %-16s  %-8s  %-10s  %-10s  %-16s  %s%n";

        ListAll(Supplier<LedgerSettings> settings) {
            super(settings);
        }

        @Override
        void run(ApiKeyRegister register, Instant now, PrintWriter out) throws LedgerUnavailable {
            List<ApiKey> keys = register.all();
            if (keys.isEmpty()) {
                out.println("There is no key: scripts/gateway api-keys create");
                return;
            }
            out.printf(
                    Locale.ROOT, ROW, "key", "of", "state", "since", "expires", "made by", "opens");
            for (ApiKey key : keys) {
                out.printf(
                        Locale.ROOT,
                        ROW,
                        key.words().id(),
                        key.words().name(),
                        state(key, now),
                        day(key.validity().issued()),
                        day(key.validity().expires()),
                        key.words().by(),
                        scopes(key));
            }
        }

        private static String state(ApiKey key, Instant now) {
            if (key.revoked() != null) {
                return "revoked";
            }
            return key.good(now) ? "good" : "expired";
        }
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Have a key open nothing any more, within two seconds, on all nodes.")
    static final class Revoke extends OnRegister {
        @Parameters(paramLabel = "KEY", description = "As list names it, such as k3xq7zab.")
        private String id = "";

        @Option(names = "--who", required = true, paramLabel = "NAME", description = "Your name.")
        private String who = "";

        Revoke(Supplier<LedgerSettings> settings) {
            super(settings);
        }

        @Override
        void run(ApiKeyRegister register, Instant now, PrintWriter out)
                throws IOException, LedgerUnavailable {
            String by = name(who);
            ApiKey key =
                    register.all().stream()
                            .filter(each -> each.words().id().equals(id))
                            .findFirst()
                            .orElseThrow(
                                    () -> new IOException("there is no key " + id + ": see list"));
            if (key.revoked() == null) {
                register.revoke(key, by);
            }
            out.println("revoked: " + id + " of " + key.words().name());
        }
    }
}
