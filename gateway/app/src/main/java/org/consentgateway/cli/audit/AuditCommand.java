package org.consentgateway.cli.audit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.consentgateway.cli.ConfigurationRefused;
import org.consentgateway.cli.ExitCode;
import org.consentgateway.config.FileFailure;
import org.consentgateway.ledger.proof.CheckResult;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Confined to the main thread. The frame of every command for auditors: what went wrong is said in
 * one line, since a stack trace helps none of them.
 */
public abstract class AuditCommand implements Callable<Integer> {
    protected static final int OK = 0;
    protected static final int TAMPERED = 1;
    protected static final int UNREADABLE = 2;

    protected static final JsonMapper JSON = new JsonMapper();

    @Spec private @Nullable CommandSpec spec;

    protected AuditCommand() {}

    /**
     * @return the exit code
     */
    protected abstract int run(PrintWriter out) throws IOException, LedgerUnavailable;

    @Override
    public final Integer call() {
        CommandLine line = spec().commandLine();
        try {
            return ExitCode.ofPrinted(run(line.getOut()), line, UNREADABLE);
        } catch (IOException | LedgerUnavailable e) {
            return unreadable(FileFailure.inWords(e));
        } catch (ConfigurationRefused | ParameterException e) {
            throw e; // told with an exit code of its own
        } catch (RuntimeException e) {
            // Not even a mistake of ours says that somebody has tampered.
            LoggerFactory.getLogger(AuditCommand.class).debug("A command failed", e);
            return unreadable(FileFailure.inWords(e));
        } finally {
            line.getOut().flush();
        }
    }

    protected static void print(CheckResult result, boolean json, PrintWriter out)
            throws IOException {
        if (json) {
            out.println(JSON.writeValueAsString(result.json()));
        } else {
            result.lines().forEach(out::println);
        }
    }

    /** What cannot be checked for want of a key is neither right nor wrong. */
    protected static int code(CheckResult result) {
        if (!result.passed()) {
            return TAMPERED;
        }
        return result.isComplete() ? OK : UNREADABLE;
    }

    private int unreadable(String why) {
        err().println(why);
        err().flush();
        return UNREADABLE;
    }

    protected final PrintWriter err() {
        return spec().commandLine().getErr();
    }

    /** What was typed is not what the command takes. */
    static ParameterException wrongUsage(@Nullable CommandSpec spec, String why) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
    }

    protected final ParameterException wrongUsage(String why) {
        return wrongUsage(spec, why);
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        return spec;
    }

    protected static UUID entryId(String text) throws IOException {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "\"" + text + "\" is no entry id, such as 0199f3a2-7c31-7b52-9d40-1f2e3d4c5b6a",
                    e);
        }
    }

    /** The commands' clock; they run once. */
    protected static Instant now() {
        return java.time.Clock.systemUTC().instant();
    }
}
