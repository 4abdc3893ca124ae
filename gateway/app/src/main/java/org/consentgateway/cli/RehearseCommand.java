package org.consentgateway.cli;

import java.util.concurrent.Callable;
import org.consentgateway.settings.GatewayConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Confined to the main thread. {@code gateway rehearse}: for {@code scripts/run} only. */
@Command(
        name = "rehearse",
        hidden = true,
        description = {
            "Calls itself on loopback with a store that is thrown away, and ends: the JVM can",
            "record then which classes and which methods a start needs."
        })
public final class RehearseCommand implements Callable<Integer> {
    private final Rehearsing rehearsing;

    @ParentCommand private @Nullable GatewayCommand gateway;

    @Option(names = "--calls", defaultValue = "300", description = "Default: ${DEFAULT-VALUE}.")
    private int calls;

    /** What rehearses. */
    @FunctionalInterface
    public interface Rehearsing {
        void rehearse(GatewayConfig config, int calls);
    }

    public RehearseCommand(Rehearsing rehearsing) {
        this.rehearsing = rehearsing;
    }

    @Override
    public Integer call() {
        if (gateway == null) {
            throw new IllegalStateException("rehearse stands below gateway");
        }
        rehearsing.rehearse(gateway.config(), calls);
        return ExitCode.DONE;
    }
}
