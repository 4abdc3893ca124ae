package org.consentgateway.cli;

import java.util.concurrent.Callable;
import org.consentgateway.GatewayConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Confined to the main thread. {@code gateway serve}. */
@Command(
        name = "serve",
        description =
                "Answers calls until it is told to end (Ctrl-C or SIGTERM: running calls end).")
final class ServeCommand implements Callable<Integer> {
    private final Serving serving;

    @ParentCommand private @Nullable GatewayCommand gateway;

    ServeCommand(Serving serving) {
        this.serving = serving;
    }

    @Override
    public Integer call() throws Exception {
        if (gateway == null) {
            throw new IllegalStateException("serve stands below gateway");
        }
        GatewayConfig config = gateway.config();
        LogOutput.serving(config.log().format());
        serving.serve(config);
        return ExitCode.DONE;
    }
}
