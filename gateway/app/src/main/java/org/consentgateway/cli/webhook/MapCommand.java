package org.consentgateway.cli.webhook;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.consentgateway.webhook.Endpoint;
import org.consentgateway.webhook.EventType;
import org.consentgateway.webhook.Mapping;
import org.consentgateway.webhook.MappingTrial;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code webhooks map}: what would be sent, without sending it. */
@Command(
        name = "map",
        mixinStandardHelpOptions = true,
        description = {
            "Show the requests that a mapping makes of an example of an event. Nothing is sent, and"
                    + " no token",
            "is shown."
        })
final class MapCommand extends WebhooksCommand.Sub {
    private static final String ALL = "all";

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "Of the endpoint; or none, with --mapping.")
    private @Nullable String name;

    @Option(
            names = "--mapping",
            paramLabel = "FILE",
            description = "A mapping that no endpoint has yet.")
    private @Nullable Path file;

    @Option(
            names = "--example",
            paramLabel = "EVENT",
            defaultValue = "consent.given",
            description = "Such as consent.withdrawn, or all (default: ${DEFAULT-VALUE}).")
    private String example = "";

    MapCommand(Supplier<WebhooksCommand.Configured> configured) {
        super(configured);
    }

    @Override
    int run(WebhooksCommand.Configured configured, PrintWriter out) throws IOException {
        if ((name == null) == (file == null)) {
            throw new IOException("either NAME of an endpoint or --mapping FILE is needed");
        }
        Endpoint endpoint =
                file == null
                        ? WebhooksCommand.endpoint(configured, String.valueOf(name))
                        : anywhere(file);
        Mapping mapping =
                endpoint.format()
                        .mapping()
                        .orElseThrow(() ->
                                new IOException(
                                        endpoint.name()
                                                + " has no mapping: it is sent the event as it"
                                                + " is"));
        var trial = new MappingTrial(endpoint, mapping, configured.source());
        for (EventType type : types()) {
            out.println("# " + type.text());
            try {
                out.print(trial.shown(type));
            } catch (Mapping.Unfit e) {
                throw new IOException(type.text() + ": " + e.getMessage(), e);
            }
        }
        return 0;
    }

    private List<EventType> types() throws IOException {
        List<String> names = EventType.names();
        if (example.equals(ALL)) {
            return names.stream().flatMap(each -> EventType.named(each).stream()).toList();
        }
        if (!names.contains(example)) {
            throw new IOException("no event " + example + "; there are " + names + ", and all");
        }
        return List.of(EventType.named(example).orElseThrow());
    }

    private static Endpoint anywhere(Path file) throws IOException {
        try {
            return new Endpoint(
                    "example",
                    URI.create("https://platform.example"),
                    EnumSet.allOf(EventType.class),
                    new Endpoint.Format(List::of, Optional::empty, Optional.of(Mapping.of(file))),
                    "example",
                    new Endpoint.Reach(false, List.of(), Duration.ofSeconds(15), 1));
        } catch (Mapping.Unfit e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
