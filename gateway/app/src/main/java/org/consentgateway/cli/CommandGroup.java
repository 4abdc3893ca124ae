package org.consentgateway.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that only holds others, and without one of them prints how they are used. Confined to
 * the main thread.
 */
public abstract class CommandGroup implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    protected CommandGroup() {}

    @Override
    public final void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}
