package org.consentgateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that asks or changes the store beside the gateway; what the store says when it cannot
 * is told as any other failure. Confined to the main thread.
 */
public abstract class StoreCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    protected StoreCommand() {}

    /**
     * @return the exit code
     */
    protected abstract int run(PrintWriter out) throws IOException, LedgerUnavailable;

    @Override
    public final Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        PrintWriter out = spec.commandLine().getOut();
        try {
            return run(out);
        } catch (LedgerUnavailable e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            out.flush();
        }
    }
}
