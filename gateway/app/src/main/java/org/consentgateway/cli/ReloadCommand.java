package org.consentgateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

/**
 * Confined to the main thread. {@code gateway reload}: asks the running gateway, by its web
 * address.
 */
@Command(
        name = "reload",
        description = {
            "Has the running gateway read its configuration again, as SIGHUP does.",
            "It counts for calls to come, as a whole or not at all; calls under way keep what they"
                    + " have. Says what has changed, and what needs a restart."
        })
public final class ReloadCommand extends RunningGateway {
    /**
     * @param web where the gateway listens for HTTP
     */
    public ReloadCommand(Supplier<InetSocketAddress> web) {
        super(web);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        JsonNode told = ask("POST", "/reload", "this gateway is older: send it SIGHUP");
        if (!told.path("done").asBoolean()) {
            err().println(told.path("refusal").asText());
            err().flush();
            return ExitCode.WRONG_CONFIGURATION;
        }
        PrintWriter out = out();
        JsonNode changed = told.path("changed");
        out.println(
                changed.isEmpty() ? "Read again; nothing is new." : "Counts for calls to come:");
        changed.forEach(one -> out.println("  " + one.asText()));
        if (!told.path("restart").isEmpty()) {
            out.println("Needs a restart:");
            told.path("restart").forEach(one -> out.println("  " + one.asText()));
        }
        out.flush();
        return ExitCode.DONE;
    }
}
