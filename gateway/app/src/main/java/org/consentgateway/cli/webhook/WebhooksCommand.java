package org.consentgateway.cli.webhook;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.consentgateway.cli.CommandGroup;
import org.consentgateway.cli.StoreCommand;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.outbox.EventOutbox;
import org.consentgateway.ledger.outbox.Message;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.webhook.Delivery;
import org.consentgateway.webhook.Endpoint;
import org.consentgateway.webhook.EventContext;
import org.consentgateway.webhook.HttpPoster;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code webhooks list|test|map|replay|disable|enable}: the systems that are told what has
 * happened. May run beside the gateway, which heeds what is changed within seconds.
 */
@Command(
        name = "webhooks",
        subcommands = CommandLine.HelpCommand.class,
        description = "Other systems that are told what has happened (webhooks.endpoints).")
public final class WebhooksCommand extends CommandGroup {
    private WebhooksCommand() {}

    /**
     * Immutable. What the commands need of the configuration.
     *
     * @param source URL that the logs are named under
     */
    public record Configured(List<Endpoint> endpoints, LedgerSettings ledger, String source) {
        public Configured {
            endpoints = List.copyOf(endpoints);
        }
    }

    /** To be added to the root command under the name "webhooks". */
    public static CommandLine with(Supplier<Configured> configured) {
        return new CommandLine(new WebhooksCommand())
                .addSubcommand(new ListAll(configured))
                .addSubcommand(new Test(configured))
                .addSubcommand(new MapCommand(configured))
                .addSubcommand(new Replay(configured))
                .addSubcommand(new Disable(configured))
                .addSubcommand(new Enable(configured));
    }

    /** One of the commands. */
    abstract static class Sub extends StoreCommand {
        private final Supplier<Configured> configured;

        Sub(Supplier<Configured> configured) {
            this.configured = configured;
        }

        abstract int run(Configured configured, PrintWriter out)
                throws IOException, LedgerUnavailable;

        @Override
        protected final int run(PrintWriter out) throws IOException, LedgerUnavailable {
            return run(configured.get(), out);
        }
    }

    /** One that is about an endpoint. */
    abstract static class OfEndpoint extends Sub {
        @Parameters(paramLabel = "NAME", description = "Of the endpoint.")
        private String name = "";

        OfEndpoint(Supplier<Configured> configured) {
            super(configured);
        }

        abstract int run(Configured configured, Endpoint endpoint, PrintWriter out)
                throws IOException, LedgerUnavailable;

        @Override
        final int run(Configured configured, PrintWriter out)
                throws IOException, LedgerUnavailable {
            return run(configured, endpoint(configured, name), out);
        }
    }

    static Endpoint endpoint(Configured configured, String name) throws IOException {
        for (Endpoint each : configured.endpoints()) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        List<String> names = configured.endpoints().stream().map(Endpoint::name).toList();
        throw new IOException(
                "no webhook %s is configured and enabled; there %s"
                        .formatted(
                                name,
                                names.isEmpty() ? "is none" : "are " + String.join(", ", names)));
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Each endpoint with what waits for it and what it never took.")
    static final class ListAll extends Sub {
        private static final String ROW = "%-16s  %-9s  %8s  %-16s  %s";

        ListAll(Supplier<Configured> configured) {
            super(configured);
        }

        @Override
        int run(Configured configured, PrintWriter out) throws IOException, LedgerUnavailable {
            if (configured.endpoints().isEmpty()) {
                out.println(
                        "Nobody is told anything: webhooks.endpoints has none that is enabled.");
                return 0;
            }
            InstantSource clock = InstantSource.system();
            try (Ledger ledger = Ledger.openBeside(configured.ledger(), clock)) {
                List<String> names = configured.endpoints().stream().map(Endpoint::name).toList();
                out.printf(ROW + "%n", "endpoint", "state", "waiting", "since", "given up");
                for (EventOutbox.Backlog one : ledger.outbox().standings(names, clock.instant())) {
                    out.println(
                            String.format(
                                    Locale.ROOT,
                                    ROW,
                                    one.recipient(),
                                    one.disabled().isEmpty() ? "enabled" : "disabled",
                                    one.waiting(),
                                    one.waiting() == 0 ? "-" : time(one.oldest()),
                                    one.givenUp()));
                    if (!one.disabled().isEmpty()) {
                        out.println("                  because: " + one.disabled());
                    }
                    for (Message message : ledger.outbox().givenUp(one.recipient())) {
                        out.println(
                                "                  never taken: "
                                        + message.type()
                                        + " "
                                        + message.id());
                    }
                }
            }
            return 0;
        }

        private static String time(Instant at) {
            return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT)
                    .withZone(ZoneId.systemDefault())
                    .format(at);
        }
    }

    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = {
                "Send an endpoint.test now, past the queue, and say what came back; also the public"
                        + " key by",
                "which v1a signatures are checked."
            })
    static final class Test extends OfEndpoint {
        Test(Supplier<Configured> configured) {
            super(configured);
        }

        @Override
        int run(Configured configured, Endpoint endpoint, PrintWriter out) throws IOException {
            InstantSource clock = InstantSource.system();
            try (HttpPoster poster = new HttpPoster(List.of(endpoint), clock, System::nanoTime)) {
                var delivery =
                        new Delivery(
                                configured.source(),
                                KeyFiles.webhookKey(configured.ledger().keys()).bytes(),
                                poster,
                                EventContext.NONE,
                                clock);
                out.println("public key  " + delivery.publicKey());
                String result = delivery.test(endpoint, EntryIds.next(clock.instant()));
                out.println("answer      " + result);
                return result.matches("2[0-9][0-9]") ? 0 : 1;
            }
        }
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = {
                "Send once more what has happened since then, delivered or never taken, as long as"
                        + " it is kept",
                "(webhooks.keep). Receivers know it by its id."
            })
    static final class Replay extends OfEndpoint {
        @Option(
                names = "--since",
                required = true,
                paramLabel = "TIME",
                description = "Such as 2026-11-27T09:00:00Z, or PT2H: two hours ago.")
        private String since = "";

        Replay(Supplier<Configured> configured) {
            super(configured);
        }

        @Override
        int run(Configured configured, Endpoint endpoint, PrintWriter out)
                throws IOException, LedgerUnavailable {
            InstantSource clock = InstantSource.system();
            Instant from = parse(since, clock.instant());
            try (Ledger ledger = Ledger.openBeside(configured.ledger(), clock)) {
                out.println(
                        ledger.outbox().replay(endpoint.name(), from) + " messages are sent again");
            }
            return 0;
        }

        private static Instant parse(String text, Instant now) throws IOException {
            try {
                return text.startsWith("P") ? now.minus(Duration.parse(text)) : Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw new IOException(
                        "--since must be a time such as 2026-11-27T09:00:00Z, or PT2H", e);
            }
        }
    }

    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description = "Send nothing more to an endpoint; what happens meanwhile waits for it.")
    static final class Disable extends OfEndpoint {
        @Option(
                names = "--why",
                required = true,
                paramLabel = "TEXT",
                description = "Shown by list: who, and why.")
        private String why = "";

        Disable(Supplier<Configured> configured) {
            super(configured);
        }

        @Override
        int run(Configured configured, Endpoint endpoint, PrintWriter out)
                throws IOException, LedgerUnavailable {
            if (why.isBlank() || why.length() > 200) {
                throw new IOException("--why needs a reason of 200 characters at most");
            }
            InstantSource clock = InstantSource.system();
            try (Ledger ledger = Ledger.openBeside(configured.ledger(), clock)) {
                ledger.outbox().disable(endpoint.name(), why.strip(), clock.instant());
            }
            out.println("disabled: " + endpoint.name());
            return 0;
        }
    }

    @Command(
            name = "enable",
            mixinStandardHelpOptions = true,
            description = "Send again, what has waited first.")
    static final class Enable extends OfEndpoint {
        Enable(Supplier<Configured> configured) {
            super(configured);
        }

        @Override
        int run(Configured configured, Endpoint endpoint, PrintWriter out)
                throws IOException, LedgerUnavailable {
            try (Ledger ledger = Ledger.openBeside(configured.ledger(), InstantSource.system())) {
                ledger.outbox().enable(endpoint.name());
            }
            out.println("enabled: " + endpoint.name());
            return 0;
        }
    }
}
